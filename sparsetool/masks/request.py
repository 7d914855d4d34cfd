"""How weights are chosen: what was asked, checked before any work, and what a record says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from ..errors import UsageError
from ..plugins import find
from ..ticket.value import Ticket
from .compatible import need_weights, plain_shapes, same_tensors

COMPUTING = ("network", "data")  # what a criterion may need that takes torch
OF_DATA = ("data", "data_root", "batches", "batch_size")


@dataclass(frozen=True)
class Choice:
    """How weights are chosen, as asked; None and `auto` stand for what was not given.

    Attributes:
        criterion: Name of a member of `criteria`.
        density: Name of a member of `densities`; by default `global` (all ranked together).
        iterations: Rounds of scoring and masking, at densities in geometric sequence; by default
            the criterion's own number, mostly 1. Later rounds rank the survivors of earlier ones.
        min_per_layer: Weights that each layer keeps at least, where it has them.
        repair: Keep the best weight of every layer that would be empty.
        parent: An earlier ticket, for criteria that compare with one.
        data: Data set to score on; by default that of the ticket's last training, or birth.
        data_root: Folder of data sets.
        batches: Batches to score on, by default 1.
        batch_size: Examples in a batch; by default the criterion's or the data set's number.
        device: Where torch computes, as for `train_cycles`.
        threads: CPU threads, as for `train_cycles`.
        update: Let the weights that stay answer to the removal, where the criterion can.
        block_size: Weights in a block, for criteria that work in blocks.

    Raises:
        UsageError: A value that cannot be, or that the criterion has no use for.
    """

    criterion: str
    density: str | None = None
    iterations: int | None = None
    min_per_layer: int = 0
    repair: bool = False
    parent: Ticket | None = None
    data: str | None = None
    data_root: str | None = None
    batches: int | None = None
    batch_size: int | None = None
    device: str = "auto"
    threads: str = "auto"
    update: bool = False
    block_size: int | None = None
    member: ModuleType = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "member", find.load("criteria", self.criterion))
        if self.density is not None:
            find.load("densities", self.density)
        for name in ("iterations", "batches", "batch_size", "block_size"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"--{_flag(name)} must be at least 1, not {value}")
        if self.min_per_layer < 0:
            raise UsageError(
                f"the least number per layer must be at least 0, not {self.min_per_layer}"
            )
        self._check_use()

    def _check_use(self) -> None:
        """Refuse options that the criterion would not look at."""
        if self.constructs and (
            self.density is not None or self.iterations or self.min_per_layer or self.repair
        ):
            raise UsageError(
                f"criterion '{self.criterion}' constructs masks by itself: give it --sparsity S "
                "and no density, iterations, least number per layer or repair"
            )
        idle = [name for name in OF_DATA if self.needs != "data" and getattr(self, name)]
        if self.needs not in COMPUTING:
            idle += [name for name in ("device", "threads") if getattr(self, name) != "auto"]
        if self.update and not hasattr(self.member, "update"):
            idle.append("update")
        if self.block_size and "block_size" not in self._own:
            idle.append("block_size")
        if idle:
            raise UsageError(
                f"criterion '{self.criterion}' has no use for --{_flag(idle[0])}: leave it out"
            )

    @property
    def needs(self) -> str:
        """What the criterion needs, as its family words it."""
        return getattr(self.member, "NEEDS", "nothing")

    @property
    def computes(self) -> bool:
        """Whether the criterion runs the network in torch."""
        return self.needs in COMPUTING

    @property
    def constructs(self) -> bool:
        """Whether the criterion makes masks itself instead of giving scores."""
        return hasattr(self.member, "construct")

    @property
    def rounds(self) -> int:
        """Rounds of scoring and masking."""
        return self.iterations or self._usual_rounds

    @property
    def floor(self) -> int:
        """Weights that each layer keeps at least."""
        return max(self.min_per_layer, int(self.repair))

    @property
    def _usual_rounds(self) -> int:
        return getattr(self.member, "DEFAULT_ITERATIONS", 1)

    @property
    def _own(self) -> Mapping[str, Any]:
        return getattr(self.member, "DEFAULTS", {})

    @property
    def settings(self) -> dict[str, Any]:
        """The criterion's own options, as asked or by default."""
        given = {"block_size": self.block_size}
        return {name: given.get(name) or usual for name, usual in self._own.items()}

    def sample(self, ticket: Ticket) -> dict[str, Any]:
        """What data it is scored on: `data`, `batches` and `batch_size`, all resolved.

        Raises:
            UsageError: No such data set.
            SparsetoolError: The data set does not fit the ticket.
        """
        from ..data.facts import check_fits, facts_of, last_data
        from ..data.naming import recorded_name

        root = self.data_root
        data = recorded_name("datasets", self.data, root) if self.data else last_data(ticket)
        facts = facts_of(data, root)
        check_fits(ticket, data, facts)
        per_class = getattr(self.member, "DEFAULT_PER_CLASS", None)
        usual = per_class * facts.classes if per_class else facts.recipe["batch_size"]
        return {
            "data": data,
            "batches": self.batches or 1,
            "batch_size": self.batch_size or usual,
        }

    def options(self, ticket: Ticket) -> dict[str, Any]:
        """Its result options for a ticket, as a record holds them."""
        several = self.rounds != 1 or self._usual_rounds != 1
        return {
            "criterion": self.criterion,
            "density": None if self.constructs else self.density or "global",
            "iterations": self.rounds if several else None,
            "min_per_layer": self.min_per_layer or None,
            "repair": self.repair,
            "update": self.update,
            **self.settings,
            **(self.sample(ticket) if self.needs == "data" else {}),
            "device": self.device if self.device != "auto" else None,
            "threads": self.threads if self.threads != "auto" else None,
        }

    def inputs(self) -> dict[str, Ticket]:
        """Further tickets it looks at, by role."""
        return {} if self.parent is None else {"parent": self.parent}

    def check_parent(self, given: bool) -> None:
        """Refuse a parent ticket that the criterion has no use for, or that is missing."""
        if (self.needs == "parent") != given:
            wrong = (
                "needs a parent ticket: give --parent FILE"
                if self.needs == "parent"
                else "takes no parent ticket: leave it out"
            )
            raise UsageError(f"criterion '{self.criterion}' {wrong}")

    def check(self, ticket: Ticket) -> None:
        """See that it can be done for a ticket.

        Raises:
            UsageError: The parent ticket is missing, or useless.
            SparsetoolError: It does not fit.
        """
        self.check_parent(self.parent is not None)
        if self.parent is not None:
            need_weights(self.parent, self.criterion, "the parent")
            ours, theirs = plain_shapes(ticket.shapes), plain_shapes(self.parent.shapes)
            same_tensors(ours, theirs, "the parent")


def _flag(name: str) -> str:
    return name.replace("_", "-")

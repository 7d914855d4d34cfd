"""How weights are chosen: what was asked, checked before any work, and what a record says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ..errors import BrokenPromise, SparsetoolError, UsageError, misspelt
from ..plugins import criteria, densities
from ..plugins.criteria import Criterion
from ..plugins.datasets import is_text
from ..plugins.densities import Density
from ..plugins.keywords import typed
from ..plugins.members import Spec
from ..plugins.own_code import MARK, is_ours
from ..ticket.value import Ticket
from .compatible import need_weights, plain_shapes, same_tensors
from .structure import pattern, tile

if TYPE_CHECKING:
    import numpy as np

COMPUTING = ("network", "data")  # what a criterion may need that takes torch
OF_DATA = ("data", "data_root", "batches", "batch_size")


@dataclass(frozen=True)
class Choice:
    """How weights are chosen, as asked; None and `auto` stand for what was not given.

    Attributes:
        criterion: A criterion's name, `FILE.py:FUNCTION` or function.
        density: A density's, likewise; by default `global` (all ranked together).
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
        n_m: Keep N of every M inputs, `N:M`, instead of a share; see `structure`.
        blocks: Blocks that live or die as a whole, `RxC`.
        channels: Whether whole channels are kept or removed, and counted; see `channels`.
        update: Adjust the kept weights to the removal, where the criterion can.
        own: Options of the criterion's and the density's own, by name.
        told: Where the scores of the last round go, by name, if anywhere; changes nothing.

    Raises:
        UsageError: A value that cannot be, or that the criterion has no use for.
    """

    criterion: Spec
    density: Spec | None = None
    iterations: int | None = None
    min_per_layer: int = 0
    repair: bool = False
    parent: Ticket | None = None
    data: str | None = None
    data_root: str | None = None
    batches: int | None = None
    batch_size: int | None = None
    device: str = "auto"
    threads: str | int = "auto"
    update: bool = False
    n_m: str | None = None
    blocks: str | None = None
    channels: bool = False
    own: Mapping[str, Any] = field(default_factory=dict)
    told: dict[str, np.ndarray] | None = None
    member: Criterion = field(init=False, repr=False)
    shares: Density = field(init=False, repr=False)

    @classmethod
    def of(cls, criterion: Spec, **how: Any) -> Choice:
        """A choice from keywords: its fields, and options of the members' own."""
        known = {each.name for each in fields(cls) if each.init}
        own = {name: value for name, value in how.items() if name not in known}
        given = {name: value for name, value in how.items() if name in known}
        return cls(criterion, **{**given, "own": {**given.get("own", {}), **own}})

    def __post_init__(self) -> None:
        object.__setattr__(self, "member", criteria.load(self.criterion))
        object.__setattr__(self, "shares", densities.load(self.density or "global"))
        object.__setattr__(self, "threads", str(self.threads))
        for name in ("iterations", "batches", "batch_size"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"--{_flag(name)} must be at least 1, not {value}")
        if self.min_per_layer < 0:
            raise UsageError(
                f"the least number per layer must be at least 0, not {self.min_per_layer}"
            )
        self._check_use()
        self._check_structure()

    def _check_structure(self) -> None:
        """Refuse a structure that is none, or that does not go with what else was asked."""
        given = {"n-m": self.n_m, "blocks": self.blocks, "channels": self.channels or None}
        asked = [flag for flag, value in given.items() if value is not None]
        if not asked:
            return
        flag = asked[0]
        if self.constructs or len(asked) > 1:
            raise UsageError(f"--{flag} is one structure, of masks by scores: give it alone")
        if self.floor and not self.channels:
            raise UsageError(f"--{flag} says what a layer keeps: no --min-per-layer or --repair")
        if self.channels and self.shares.name == "erk":
            raise UsageError("--erk shares weights by kernels: channels have --uniform, --balanced")
        if self.blocks is not None:
            tile(self.blocks)
        if self.n_m is not None:
            pattern(self.n_m)
            if self.density is not None or (self.iterations or 1) > 1:
                other = f"--{self.density}" if self.density is not None else "--iterations"
                raise UsageError(f"--n-m is a share by itself, in one round: leave out {other}")

    def _check_use(self) -> None:
        """Refuse options that the criterion would not look at."""
        if self.constructs and self.told is not None:
            raise UsageError(f"criterion '{self.name}' constructs masks: it has no --scores")
        if self.constructs and (
            self.density is not None or self.iterations or self.min_per_layer or self.repair
        ):
            raise UsageError(
                f"criterion '{self.name}' constructs masks by itself: give it --sparsity S "
                "and no density, iterations, least number per layer or repair"
            )
        idle = [name for name in OF_DATA if self.needs != "data" and getattr(self, name)]
        if self.needs not in COMPUTING:
            idle += [name for name in ("device", "threads") if getattr(self, name) != "auto"]
        if self.update and self.member.update is None:
            idle.append("update")
        idle += [name for name in self.own if name not in self._usual]
        if idle:
            known = [*self._usual, "sparsity", *(each.name for each in fields(self) if each.init)]
            meant = idle[0] not in known and misspelt(idle[0], known)
            raise UsageError(
                f"criterion '{self.name}' has no use for --{_flag(idle[0])}: "
                f"{meant or 'leave it out'}"
            )
        typed(self._usual, self.own)

    @property
    def name(self) -> str:
        """The criterion's name for a reader."""
        return self.member.name.partition(MARK)[0]

    @property
    def fault(self) -> type[SparsetoolError]:
        """What to raise where a member breaks its family's rules: a bug only if it is ours."""
        names = (self.member.name, self.shares.name)
        others = self.member.versions or self.shares.versions
        foreign = others or any(not is_ours(name) for name in names)
        return SparsetoolError if foreign else BrokenPromise

    @property
    def needs(self) -> str:
        """What the criterion needs, as its family words it."""
        return self.member.needs

    @property
    def computes(self) -> bool:
        """Whether the criterion runs the network in torch."""
        return self.needs in COMPUTING

    @property
    def constructs(self) -> bool:
        """Whether the criterion makes masks itself instead of giving scores."""
        return self.member.construct is not None

    @property
    def rounds(self) -> int:
        """Rounds of scoring and masking."""
        if self.n_m is not None:  # between all and N of M there is nothing
            return 1
        return self.iterations or self.member.rounds

    @property
    def floor(self) -> int:
        """Weights, or channels, that each layer keeps at least."""
        return max(self.min_per_layer, int(self.repair))

    @property
    def _usual(self) -> dict[str, Any]:
        return {**self.shares.options, **self.member.options}

    @property
    def settings(self) -> dict[str, Any]:
        """The members' own options, as asked or by default."""
        return {**self._usual, **typed(self._usual, self.own)}

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
        # Rows of text have many labels each, and no class to be balanced by.
        per_class = None if is_text(facts.input) else self.member.per_class
        usual = per_class * facts.classes if per_class else facts.recipe["batch_size"]
        return {
            "data": data,
            "batches": self.batches or 1,
            "batch_size": self.batch_size or usual,
        }

    def options(self, ticket: Ticket) -> dict[str, Any]:
        """Its result options for a ticket, as a record holds them."""
        several = self.rounds != 1 or self.member.rounds != 1
        return {
            "criterion": self.member.name,
            "density": None if self.constructs or self.n_m else self.shares.name,
            "iterations": self.rounds if several else None,
            "min_per_layer": self.min_per_layer or None,
            "repair": self.repair,
            "update": self.update,
            "n_m": self.n_m,
            "blocks": self.blocks,
            "channels": self.channels,
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
            raise UsageError(f"criterion '{self.name}' {wrong}")

    def check(self, ticket: Ticket) -> None:
        """See that it can be done for a ticket.

        Raises:
            UsageError: The parent ticket is missing, or useless.
            SparsetoolError: It does not fit.
        """
        self.check_parent(self.parent is not None)
        if self.parent is not None:
            need_weights(self.parent, self.name, "the parent")
            ours, theirs = plain_shapes(ticket.shapes), plain_shapes(self.parent.shapes)
            same_tensors(ours, theirs, "the parent")


def _flag(name: str) -> str:
    return name.replace("_", "-")

"""Iterative pruning: prune a part, rewind or not, train, again and again, to an exact sparsity."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..errors import UsageError
from ..masks.masking import prune
from ..masks.rewinding import rewind as rewound
from ..plugins import updates
from ..plugins.own_code import within_call
from ..ticket.counts import decimal, fraction, kept_for
from ..ticket.value import Ticket
from .cycles import train_cycles
from .settings import resolve


def steps(
    ticket: Ticket, rate: str | float, to: str | float, count: int | None = None
) -> list[dict[str, str]]:
    """What each level prunes: `rate` of the survivors, and in the end to the sparsity `to` exactly.

    There are as many levels as come nearest to it at that rate, at least one; or `count`.

    Args:
        ticket: Where the levels begin.
        rate: Fraction of the survivors that a level removes, as a decimal.
        to: Sparsity to end at, as a decimal.
        count: Levels, if it is not to be found.

    Returns:
        Arguments of `prune`: `rate` for all levels but the last, `sparsity` for that.

    Raises:
        UsageError: A value that cannot be, or a ticket that is sparser already.

    Example:
        >>> from sparsetool import init
        >>> [next(iter(step)) for step in steps(init("mlp:20"), "0.5", "0.9")]
        ['rate', 'rate', 'sparsity']
    """
    part, kept = fraction(rate, "--rate"), kept_for(ticket.total, to)
    if not part:
        raise UsageError("--rate must be above 0")
    if not 0 < kept < ticket.kept:
        raise UsageError(
            f"--to {to} keeps {kept:,} weights, the ticket {ticket.kept:,}: levels only prune, "
            "give a higher --to below 1 or a denser ticket"
        )
    usual = max(1, round(math.log(kept / ticket.kept) / math.log(1 - Fraction(part))))
    if count is not None and ticket.kept * (1 - part) ** (count - 1) <= kept:
        raise UsageError(
            f"--rate {rate} comes to --to {to} before level {count}: give fewer --levels, or a "
            "lower --rate"
        )
    each = {"rate": decimal(rate)}
    return [*[each] * ((count or usual) - 1), {"sparsity": decimal(to)}]


def pruned(ticket: Ticket, step: dict[str, str], rewind: Ticket | None) -> Ticket:
    """The ticket that a level trains: the largest weights of all layers, rewound or not."""
    rate, to = step.get("rate"), step.get("sparsity")
    small = prune(ticket, criterion="magnitude", rate=rate, sparsity=to)
    return small if rewind is None else rewound(small, to=rewind)


def trained(ticket: Ticket) -> bool:
    """Whether a ticket was ever trained: else level 0 is."""
    return ticket.epochs > 0


@within_call
def check(first: Ticket, asked: Mapping[str, Any], root: str | None = None) -> None:
    """See that the levels can be trained, before any work.

    Args:
        first: What is trained first.
        asked: Fields of `Settings`.
        root: Folder of data sets as given, or None.

    Raises:
        UsageError: They cannot.
    """
    if (named := asked.get("update")) is not None:
        update = updates.load(named)
        if update.sparsity != "kept":
            raise UsageError(
                f"{update.title} changes the sparsity, which levels do: give one that keeps it, "
                "such as rigl, or train-cycles alone"
            )
    resolve(first, asked, root)


def levels(
    ticket: Ticket,
    *,
    rate: str | float = "0.2",
    to: str | float,
    count: int | None = None,
    rewind: Ticket | None = None,
    **training: Any,
) -> Iterator[Ticket]:
    """Prune a part of the survivors, rewind or not, train, again and again, to exactly `to`.

    Without rewinding it is learning-rate rewinding (Renda, Frankle, Carbin, 2020), to the weights
    after a few epochs weight rewinding (Frankle et al., 2020), to birth iterative magnitude pruning
    (Frankle, Carbin, 2019).

    Args:
        ticket: Where to begin; one that was never trained is trained first, as level 0.
        rate: Fraction of the survivors that a level removes.
        to: Sparsity to end at.
        count: How many levels; by default as many as come nearest to `to` at that rate.
        rewind: The ticket whose values survivors get before each training, if any.
        training: What `train_cycles` takes.

    Yields:
        The trained ticket of each level.

    Raises:
        UsageError: A value that cannot be.
        SparsetoolError: Training failed, or `rewind` does not fit.
    """
    wanted = steps(ticket, rate, to, count)
    first = pruned(ticket, wanted[0], rewind) if trained(ticket) else ticket
    more = inspect.signature(train_cycles).parameters
    if "settings" not in training:
        asked = {key: value for key, value in training.items() if key not in more}
        check(first, asked, training.get("data_root"))
    if not trained(ticket):
        ticket = train_cycles(ticket, **training)
        yield ticket
    for step in wanted:
        ticket = train_cycles(pruned(ticket, step, rewind), **training)
        yield ticket

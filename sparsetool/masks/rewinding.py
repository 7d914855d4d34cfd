"""Rewinding: survivors get the values of another ticket; the mask stays."""

from __future__ import annotations

import numpy as np

from ..errors import SparsetoolError, UsageError
from ..ticket.value import Ticket
from .compatible import form, need_weights, same_tensors

WHAT = ("all", "weights", "buffers")


def rewind(ticket: Ticket, *, to: Ticket, what: str = "all", allow_zeros: bool = False) -> Ticket:
    """Give the survivors the values that they have in another ticket; the mask stays.

    With the initialisation this is the rewinding of IMP (Frankle and Carbin, 2019), with the
    weights after a few epochs that of WR (Frankle et al., 2020). Epochs trained are not reset.

    Args:
        ticket: The ticket whose mask stays.
        to: The ticket whose values are taken.
        what: `all` parameters and buffers, `weights` (all parameters, prunable or not) or
            `buffers` (such as batch-norm statistics).
        allow_zeros: Accept zeros of `to` where the mask keeps a weight; they are counted as
            `zeros` in the record.

    Raises:
        UsageError: `what` is none of these.
        SparsetoolError: `to` has other tensors, or zeros where the mask keeps a weight.
    """
    need_weights(ticket, "rewind")
    need_weights(to, "rewind", "--to")
    if what not in WHAT:
        raise UsageError(f"unknown '{what}' to rewind: give one of {', '.join(WHAT)}")
    ours, theirs = _taken(ticket, what), _taken(to, what)
    same_tensors(
        {name: form(array) for name, array in ours.items()},
        {name: form(array) for name, array in theirs.items()},
        "--to",
    )
    zeros = sum(_zeros(theirs[n], ticket.masks.get(n)) for n in ticket.prunable if n in theirs)
    if zeros and not allow_zeros:
        raise SparsetoolError(
            f"--to holds zero for {zeros:,} weights that the mask keeps (pruned there?): "
            "give a ticket that has them, or --allow-zeros"
        )
    return ticket.derive(
        "rewind",
        {"what": what if what != "all" else None, "allow_zeros": allow_zeros},
        inputs={"to": to},
        weights=theirs,
        achieved={"zeros": zeros} if zeros else {},
    )


def _taken(ticket: Ticket, what: str) -> dict[str, np.ndarray]:
    """The tensors that are rewound."""
    buffers = set(ticket.meta["buffers"])
    wanted = {"all": (True, False), "weights": (False,), "buffers": (True,)}[what]
    return {name: array for name, array in ticket.weights.items() if (name in buffers) in wanted}


def _zeros(weight: np.ndarray, mask: np.ndarray | None) -> int:
    """Zeros where the mask keeps a weight; everywhere without a mask."""
    zero = weight == 0
    return int(np.count_nonzero(zero if mask is None else zero & mask))

"""Signs: survivors keep their magnitudes and get the signs of another ticket."""

from __future__ import annotations

import numpy as np

from ..ticket import counts
from ..ticket.draws import Draws
from ..ticket.value import Ticket
from .compatible import need_weights, plain_shapes, same_tensors
from .selection import highest


def transfer_signs(
    ticket: Ticket,
    *,
    source: Ticket,
    perturb: str | float | None = None,
    seed: int | None = None,
) -> Ticket:
    """Give the surviving prunable weights another ticket's signs; their magnitudes stay.

    Where the source is zero, a weight keeps its own sign; the record counts such weights as
    `own_sign`. A weight that is itself zero stays zero. Biases and normalisation are left alone.

    Args:
        ticket: The ticket whose magnitudes and mask stay.
        source: The ticket whose signs are taken.
        perturb: Fraction of the signs, [0, 1], to flip after the transfer: exactly round(P n) of
            the n surviving weights that have a sign, drawn from all layers together; counted as
            `flipped`.
        seed: Seed of that draw; by default the ticket's.

    Raises:
        UsageError: `perturb` is not in [0, 1].
        SparsetoolError: `source` has other prunable layers or shapes.
    """
    need_weights(ticket, "transfer-signs")
    need_weights(source, "transfer-signs", "--from")
    same_tensors(plain_shapes(ticket.shapes), plain_shapes(source.shapes), "--from")
    asked = None if perturb is None else counts.decimal(perturb)
    share = None if asked is None else counts.fraction(asked, "perturb", one=True)
    achieved = {"own_sign": _without_sign(ticket, source)}
    own, other = ticket.weights, source.weights
    flips = {name: _differing(own[name], other[name]) for name in ticket.prunable}
    if share is not None:
        signed = {name: own[name] != 0 for name in ticket.prunable}
        achieved["flipped"] = round(share * sum(int(s.sum()) for s in signed.values()))
        drawn = _drawn(ticket, signed, achieved["flipped"], ticket.seed if seed is None else seed)
        for name, again in drawn.items():
            flips[name] ^= again
    return ticket.derive(
        "transfer-signs",
        {"perturb": asked},
        seed=seed,
        inputs={"from": source},
        weights={
            name: np.where(flip, -own[name], own[name])
            for name, flip in flips.items()
            if flip.any()
        },
        achieved=achieved,
    )


def _differing(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where both have a sign and it differs. Zero has none, whatever its bit says."""
    flip = np.signbit(own) != np.signbit(other)
    flip &= own != 0
    flip &= other != 0
    return flip


def _without_sign(ticket: Ticket, source: Ticket) -> int:
    """Survivors for which the source has no sign."""
    return sum(
        int(np.count_nonzero((source.weights[name] == 0) & ticket.masks.get(name, np.True_)))
        for name in ticket.prunable
    )


def _drawn(
    ticket: Ticket, signed: dict[str, np.ndarray], count: int, seed: int
) -> dict[str, np.ndarray]:
    """A uniformly random choice of `count` of the weights that have a sign."""
    scores = {}
    for name, shape in ticket.shapes.items():
        size = signed[name].size
        words = Draws(seed, "signs", ticket.epochs, name).words((size + 1) // 2)
        scores[name] = words.astype("<u8", copy=False).view("<u4")[:size].reshape(shape)
    return highest(scores, count, signed)

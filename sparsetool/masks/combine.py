"""Masks made from masks: taken, shuffled, inverted, united, intersected.

What a new mask revives has no value yet: it is zero until `rewind` gives it one.
"""

from __future__ import annotations

import numpy as np

from ..errors import SparsetoolError
from ..ticket.draws import Draws
from ..ticket.value import Ticket
from .compatible import plain_shapes, same_tensors

Masks = dict[str, np.ndarray]


def masks_of(source: Ticket, ticket: Ticket, role: str) -> Masks:
    """The masks of `source` for `ticket`, all true where `source` has none.

    Args:
        source: A ticket or masks alone.
        ticket: The ticket to mask.
        role: What to call the source, such as `--from`.

    Raises:
        SparsetoolError: `source` has other prunable layers or shapes.
    """
    same_tensors(plain_shapes(ticket.shapes), plain_shapes(source.shapes), role)
    return whole(source) | dict(source.masks)


def whole(ticket: Ticket) -> Masks:
    """Masks that keep everything."""
    return {name: np.ones(shape, dtype=bool) for name, shape in ticket.shapes.items()}


def own_masks(ticket: Ticket, verb: str) -> Masks:
    """The ticket's own masks, all true where it has none.

    Raises:
        SparsetoolError: It was never masked.
    """
    if not ticket.masks:
        raise SparsetoolError(f"there is no mask to {verb}: the ticket was never masked")
    return whole(ticket) | dict(ticket.masks)


def shuffled(ticket: Ticket, seed: int) -> Masks:
    """Masks with the same number of weights in every layer, at random positions.

    The sanity check of Su, Chen, Cai, Wu, Gao, Wang, Lee, 2020, "Sanity-checking pruning methods:
    Random tickets can win the jackpot", NeurIPS: a method whose masks lose nothing by it has found
    densities of layers, not weights.

    Args:
        ticket: A masked ticket, or masks alone.
        seed: Key of the permutations.

    Raises:
        SparsetoolError: It was never masked.
    """
    found = {}
    for name, mask in own_masks(ticket, "shuffle").items():
        order = Draws(seed, "mask", ticket.epochs, f"{name}#shuffle").permutation(mask.size)
        found[name] = mask.reshape(-1)[order].reshape(mask.shape)
    return found


def inverted(ticket: Ticket) -> Masks:
    """Masks that keep exactly what the ticket's remove.

    Raises:
        SparsetoolError: It was never masked.
    """
    return {name: ~mask for name, mask in own_masks(ticket, "invert").items()}


def united(ticket: Ticket, other: Ticket) -> Masks:
    """Masks that keep what either keeps; a ticket that was never masked keeps everything."""
    theirs = masks_of(other, ticket, "--union")
    ours = whole(ticket) | dict(ticket.masks)
    return {name: ours[name] | theirs[name] for name in ours}


def intersected(ticket: Ticket, other: Ticket) -> Masks:
    """Masks that keep what both keep; a ticket that was never masked keeps everything."""
    theirs = masks_of(other, ticket, "--intersect")
    ours = whole(ticket) | dict(ticket.masks)
    return {name: ours[name] & theirs[name] for name in ours}

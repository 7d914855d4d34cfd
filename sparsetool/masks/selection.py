"""From scores to masks: the highest live, exactly as many as asked, ties by position.

Scores may be of any ordered dtype. Where they are equal, the earlier layer (in the order given) and
the earlier flat index wins, so that a mask never depends on a sorting algorithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from ..errors import SparsetoolError

Arrays = Mapping[str, np.ndarray]
SAMPLE = 1 << 17  # scores looked at to bracket a threshold: brackets some 2% of all
Share = Callable[[Mapping[str, tuple[int, ...]], int, Mapping[str, int]], dict[str, int]]


def highest(scores: Arrays, keep: int, alive: Arrays) -> dict[str, np.ndarray]:
    """Masks that keep the `keep` highest scores of all layers together.

    Args:
        scores: Scores by name, no NaN.
        keep: How many to keep, at most as many as may live.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.

    Returns:
        For every layer a mask, bool, of its scores' shape.
    """
    room = room_of({name: score.shape for name, score in scores.items()}, alive)
    if keep in (0, sum(room.values())):
        return {name: _all_or_none(scores[name], alive.get(name), keep > 0) for name in scores}
    threshold, above = _threshold(scores, keep, alive)
    ties = keep - above
    masks = {}
    for name, score in scores.items():
        mask = score > threshold
        if name in alive:
            mask &= alive[name]
        if ties:
            level = (score == threshold).reshape(-1)
            if name in alive:
                level &= alive[name].reshape(-1)
            first = np.flatnonzero(level)[:ties]
            mask.reshape(-1)[first] = True
            ties -= first.size
        masks[name] = mask
    return masks


def room_of(shapes: Mapping[str, tuple[int, ...]], alive: Arrays) -> dict[str, int]:
    """How many weights of each layer may live: its size, or its survivors."""
    return {
        name: int(np.count_nonzero(alive[name])) if name in alive else math.prod(shape)
        for name, shape in shapes.items()
    }


def _all_or_none(score: np.ndarray, alive: np.ndarray | None, keep: bool) -> np.ndarray:
    if keep and alive is not None:
        return alive.copy()
    return np.full(score.shape, keep)


def _threshold(scores: Arrays, keep: int, alive: Arrays) -> tuple[np.generic, int]:
    """The lowest score that lives, and how many are higher; 0 < keep < all that may live.

    A sample brackets the threshold, and only scores inside the bracket are collected and ranked;
    where it misses (Floyd and Rivest, 1975, bound how rarely), all are. The result is exact either
    way; what is saved is time, and a copy of all scores.
    """
    for low, high in (_bracket(scores, keep, alive), (None, None)):
        ranked, above = _between(scores, alive, low, high)
        wanted = keep - above
        if 0 < wanted <= ranked.size:
            break
    cut = ranked.size - wanted
    ranked.partition(cut)
    threshold = ranked[cut]
    return threshold, above + int(np.count_nonzero(ranked[cut:] > threshold))


def _between(
    scores: Arrays, alive: Arrays, low: np.generic | None, high: np.generic | None
) -> tuple[np.ndarray, int]:
    """Living scores from `low` to `high` (None for no limit), and how many are above `high`."""
    found, above = [], 0
    for name, score in scores.items():
        chosen = alive.get(name)
        if high is not None:
            higher = score > high
            inside = ~higher if chosen is None else chosen & ~higher
            if chosen is not None:
                higher &= chosen
            above += int(np.count_nonzero(higher))
            chosen = inside
        if low is not None:
            inside = score >= low
            chosen = inside if chosen is None else chosen & inside
        flat = score.reshape(-1)
        found.append(flat if chosen is None else np.compress(chosen.reshape(-1), flat))
    return np.concatenate(found), above  # always a copy, which may be ranked in place


def _bracket(
    scores: Arrays, keep: int, alive: Arrays
) -> tuple[np.generic | None, np.generic | None]:
    """Limits that very likely enclose the threshold, from every so many-th score."""
    step = sum(score.size for score in scores.values()) // SAMPLE
    if step < 8:  # so few that ranking them all is as fast
        return None, None
    # One stride for all layers laid end to end, so that each is sampled by its size.
    sample, start = [], 0
    for name, score in scores.items():
        flat = score.reshape(-1)[start::step]
        sample.append(flat[alive[name].reshape(-1)[start::step]] if name in alive else flat)
        start = (start - score.size) % step
    ranked = np.sort(np.concatenate(sample))
    room = sum(room_of({name: score.shape for name, score in scores.items()}, alive).values())
    middle, margin = ranked.size * (1 - keep / room), 3 * math.sqrt(ranked.size)
    below, beyond = math.floor(middle - margin), math.ceil(middle + margin)
    return (
        ranked[below] if 0 <= below < ranked.size else None,
        ranked[beyond] if beyond < ranked.size else None,
    )


def with_shares(
    scores: dict[str, np.ndarray], shares: Mapping[str, int], alive: Arrays
) -> dict[str, np.ndarray]:
    """Masks that keep in each layer its share of highest scores.

    Args:
        scores: Scores by name; emptied layer by layer, because memory counts.
        shares: How many to keep in each layer.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.
    """
    masks: dict[str, np.ndarray] = {}
    for name in list(scores):
        layer = {name: scores.pop(name)}
        masks |= highest(layer, shares[name], alive)
    return masks


def with_floors(
    scores: Arrays, keep: int, floors: Mapping[str, int], alive: Arrays
) -> dict[str, np.ndarray]:
    """Masks that keep the highest scores of all layers together, but of each layer a least number.

    The best weights of a layer that would fall below its floor are set apart, and the others are
    ranked again for what is left, until no layer is below.

    Args:
        scores: Scores by name, no NaN.
        keep: How many to keep in all.
        floors: Least number for each layer, at most its room; their sum at most `keep`.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.
    """
    apart: dict[str, np.ndarray] = {}
    while True:
        free = {name: score for name, score in scores.items() if name not in apart}
        left = keep - sum(floors[name] for name in apart)
        masks = highest(free, left, alive)
        low = [name for name, mask in masks.items() if np.count_nonzero(mask) < floors[name]]
        if not low:
            found = {**masks, **apart}
            return {name: found[name] for name in scores}
        for name in low:
            apart |= highest({name: scores[name]}, floors[name], alive)


def shares_above(
    rule: Share,
    shapes: Mapping[str, tuple[int, ...]],
    keep: int,
    room: Mapping[str, int],
    floors: Mapping[str, int],
) -> dict[str, int]:
    """A rule's shares, none below its floor: the rule is solved again for the layers above it.

    Args:
        rule: A density's `share`.
        shapes: Shape of each prunable weight, by name.
        keep: Weights to keep in all layers together, at most the sum of `room`.
        room: Most that each layer can keep.
        floors: Least that each layer keeps, at most its room; their sum at most `keep`.
    """
    apart: dict[str, int] = {}
    while True:
        free = {name: shape for name, shape in shapes.items() if name not in apart}
        left = keep - sum(apart.values())
        shares = rule(free, left, {name: room[name] for name in free})
        low = {name: floors[name] for name, kept in shares.items() if kept < floors[name]}
        if not low:
            return shares | apart
        apart |= low


def floors_for(
    keep: int, room: Mapping[str, int], least: int, of: str = "weights"
) -> dict[str, int]:
    """The least number that each layer keeps: `least`, or its room if that is less.

    Args:
        keep: How many are kept in all.
        room: Most that each layer can keep.
        least: The least.
        of: What is counted: channels keep one in each layer whatever is asked.

    Raises:
        SparsetoolError: These are more than `keep` in all.
    """
    floors = {name: min(least, most) for name, most in room.items()}
    if sum(floors.values()) > keep:
        raise SparsetoolError(
            f"at least {least} {of} in each of {len(room)} layers are {sum(floors.values()):,} "
            f"in all, but only {keep:,} are kept: give a lower sparsity"
            + (" or --min-per-layer (--repair asks for 1)" if of == "weights" else "")
        )
    return floors


def selected(weight: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A weight on its mask and +0.0 off it, bit for bit.

    Bits, because `np.where` is five times slower on a random mask (a branch for every weight) and
    a product would leave -0.0 and NaN.

    Args:
        weight: Floating point, any shape.
        mask: Bool, true = kept, the weight's shape.
    """
    bits = np.dtype(f"i{weight.dtype.itemsize}")
    out = np.negative(mask.view(np.int8), dtype=bits)
    out &= weight.view(bits)
    return out.view(weight.dtype)

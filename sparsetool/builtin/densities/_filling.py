"""Filling layers in proportion to weights until each is full: what three rules have in common.

Balanced, uniform and ERK differ only in a layer's weight: 1, its size, the sum of its shape.
"""

from collections.abc import Mapping
from fractions import Fraction


def fill(weights: Mapping[str, int], keep: int, room: Mapping[str, int]) -> dict[str, int]:
    """Divide `keep` in proportion to `weights`, never above `room`, in exact arithmetic.

    Layer l gets min(room_l, x weight_l) with the level x at which these sum to `keep`: a layer
    that would get more than its room is full, and the level is solved again for the others.
    Integers by largest remainders (Hamilton's method), ties by name.

    Args:
        weights: Positive weight of each layer with room, by name.
        keep: What is divided, 0 <= keep <= sum of `room`.
        room: Most that each layer can get.

    Returns:
        What each layer gets, in the order of names; sums to `keep`.

    Example:
        >>> fill({"a": 1, "b": 2, "c": 3}, 10, {"a": 9, "b": 2, "c": 9})
        {'a': 2, 'b': 2, 'c': 6}
    """
    parts = dict.fromkeys(room, Fraction(0))
    # A rising level fills layers in this order; once one is not filled, the level is final, and
    # taking its part away leaves the ratio left / pull as it is.
    rising = sorted((n for n in room if room[n]), key=lambda n: Fraction(room[n], weights[n]))
    left, pull = Fraction(keep), sum(weights[name] for name in rising)
    for name in rising:
        parts[name] = min(Fraction(room[name]), left * weights[name] / pull)
        left -= parts[name]
        pull -= weights[name]
    kept = {name: int(part) for name, part in sorted(parts.items())}
    short = keep - sum(kept.values())
    # A stable sort: equal remainders stay in the order of names.
    for name in sorted(kept, key=lambda n: kept[n] - parts[n])[:short]:
        kept[name] += 1
    return kept

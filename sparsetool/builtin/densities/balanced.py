"""Keep the same number of weights in every layer, as far as layers allow."""

from collections.abc import Mapping

from ._filling import fill


def share(
    shapes: Mapping[str, tuple[int, ...]], keep: int, room: Mapping[str, int]
) -> dict[str, int]:
    """Keep the same number of weights in every layer, as far as layers allow.

    A layer with less room than its part is kept whole and the rest is divided among
    the others: the water level x with sum of min(room, x) equal to `keep`. (The authors' public
    code hands a small layer's surplus only to the layers after it, and so misses its sparsity.)

    Reference: Gadhikar, Mukherjee, Burkholz, 2023, "Why random pruning is all we
    need to start sparse", PMLR 202.

    Args:
        shapes: Shape of each prunable weight, by name (other rules need it).
        keep: Weights to keep in all layers together.
        room: Most that each layer can keep: its size, or its survivors.

    Returns:
        Weights to keep in each layer; sums to `keep`, none above its room.

    Example:
        >>> room = {"stem": 10, "body": 100, "head": 100}
        >>> share({name: (size,) for name, size in room.items()}, 90, room)
        {'body': 40, 'head': 40, 'stem': 10}
    """
    return fill(dict.fromkeys(room, 1), keep, room)

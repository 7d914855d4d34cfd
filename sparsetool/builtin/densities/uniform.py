"""Keep the same fraction of every layer."""

from collections.abc import Mapping
from math import prod

from ._filling import fill


def share(
    shapes: Mapping[str, tuple[int, ...]], keep: int, room: Mapping[str, int]
) -> dict[str, int]:
    """Keep the same fraction of every layer's size; what has no room goes to the others likewise.

    The fraction is of the layer's size, not of its survivors: in pruning, layers come out equally
    dense as far as their survivors allow.

    Args:
        shapes: Shape of each prunable weight, by name.
        keep: Weights to keep in all layers together.
        room: Most that each layer can keep: its size, or its survivors.

    Returns:
        Weights to keep in each layer; sums to `keep`, none above its room.

    Example:
        >>> shapes = {"stem": (10,), "body": (100,), "head": (15,)}
        >>> share(shapes, 25, {"stem": 10, "body": 100, "head": 2})
        {'body': 21, 'head': 2, 'stem': 2}
    """
    return fill({name: prod(shape) for name, shape in shapes.items()}, keep, room)

"""Keep densities by the Erdos-Renyi kernel: small layers denser."""

from collections.abc import Mapping

from ._filling import fill


def share(
    shapes: Mapping[str, tuple[int, ...]], keep: int, room: Mapping[str, int]
) -> dict[str, int]:
    """Keep a density proportional to sum(shape) / prod(shape) in every layer (ERK).

    The number kept is then proportional to sum(shape). Layers whose density would pass 1 (in
    pruning: that have fewer survivors) are kept whole and the factor is solved again for the rest,
    until none passes. (Clamping without solving again, as some public code does, misses the
    sparsity.)

    Reference: Evci, Gale, Menick, Castro, Elsen, 2020, "Rigging the lottery: making all tickets
    winners", ICML, section 3; for linear layers it is Mocanu et al., 2018.

    Args:
        shapes: Shape of each prunable weight, by name.
        keep: Weights to keep in all layers together.
        room: Most that each layer can keep: its size, or its survivors.

    Returns:
        Weights to keep in each layer; sums to `keep`, none above its room.

    Example:
        >>> shapes = {"stem": (4, 1, 3, 3), "body": (8, 4, 3, 3), "head": (10, 8)}
        >>> share(shapes, 200, {"stem": 36, "body": 288, "head": 80})
        {'body': 84, 'head': 80, 'stem': 36}
    """
    return fill({name: sum(shape) for name, shape in shapes.items()}, keep, room)

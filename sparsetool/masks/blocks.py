"""Sums over weights in float64, without a float64 copy of a whole layer."""

from collections.abc import Iterator

import numpy as np

BLOCK = 1 << 16  # weights at a time: 512 KiB in float64 stays in the processor's cache


def blocks(size: int) -> Iterator[slice]:
    """Slices that together cover range(size)."""
    return (slice(start, start + BLOCK) for start in range(0, size, BLOCK))


def squares(weight: np.ndarray, where: np.ndarray | None = None) -> tuple[float, float]:
    """Sum of squares of a weight, and of its part on a mask.

    numpy's pairwise sums, not BLAS, whose result depends on its number of threads.

    Args:
        weight: Any shape.
        where: Mask of the same shape; everything without it.
    """
    flat = weight.reshape(-1)
    chosen = where.reshape(-1) if where is not None else None
    whole = part = 0.0
    for block in blocks(flat.size):
        square = np.square(flat[block], dtype=np.float64)
        whole += float(square.sum())
        if chosen is not None:
            square *= chosen[block]
            part += float(square.sum())
    return whole, whole if chosen is None else part

"""Smaller photographs: the sides that 32x32 images can be averaged to, `cifar10:16` for instance.

A new pixel is the mean of the area that it covers: of 4x4 pixels at side 8, of 2x2 at 16, and at 24
of 16/9 pixels, each counted by its part inside. The mean is exact and then rounded to a whole
number, halves to the even one. Padding shrinks with the side, a pixel for every 8.

Shapes: N examples, C channels, H height, W width, S the new side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.datasets import Facts

if TYPE_CHECKING:
    import numpy as np

FULL = 32  # side of the images as they are distributed
SIDES = (8, 16, 24)
AT_ONCE = 1000  # images that are averaged at once, so that little memory is needed


def side_of(name: str, argument: str | None) -> int | None:
    """The side that an argument asks for; None without one, for images as they are.

    Raises:
        UsageError: It is not a side that can be.
    """
    if argument is None:
        return None
    if argument not in map(str, SIDES):
        sides = ", ".join(f"{name}:{side}" for side in SIDES)
        raise UsageError(
            f"data set '{name}' has no side '{argument}': {name} is {FULL}x{FULL}, and averaged "
            f"there are {sides}"
        )
    return int(argument)


def smaller(facts: Facts, side: int | None, std: Mapping[int, tuple[float, ...]]) -> Facts:
    """Facts at a side; `std` are the deviations at each.

    The mean is the same at every side, the deviation is not: averaging removes detail.
    """
    if side is None:
        return facts
    channels = facts.input[0]
    pad = facts.pad * side // FULL
    return replace(facts, input=(channels, side, side), std=std[side], pad=pad)


def shares(full: int, side: int) -> np.ndarray:
    """How much of each of `full` old pixels lies in each of `side` new ones: int64 [S, full].

    The unit is 1 / side of an old pixel, so that all are whole numbers and rows sum to `full`.
    """
    import numpy as np

    new, old = np.arange(side)[:, None] * full, np.arange(full)[None] * side
    return np.maximum(np.minimum(new + full, old + side) - np.maximum(new, old), 0)


def averaged(images: np.ndarray, side: int) -> np.ndarray:
    """Images uint8 [N, C, H, W] of side 32, averaged by area to uint8 [N, C, S, S]."""
    import numpy as np

    # Sums are whole numbers of at most 255 x 32 x 32 < 2**24, which float32 holds exactly, and so
    # is their division by a power of two.
    weights = shares(FULL, side).astype(np.float32)
    found = np.empty((*images.shape[:2], side, side), dtype=np.uint8)
    for begin in range(0, len(images), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        sums = weights @ images[part].astype(np.float32) @ weights.T
        found[part] = np.rint(sums / FULL**2)
    return found

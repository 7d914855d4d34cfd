"""Photographs of a folder averaged to small squares, `imagefolder:PATH:64` for instance.

The central square of a photograph is cut out, and a new pixel is the mean of the area that it
covers, each old pixel counted by its part inside; exact, then rounded to a whole number, halves to
the even one. They are few enough pixels to hold all photographs as one tensor, so training shifts
them by up to a pixel for every 8 of the side and mirrors them, as CIFAR's.

Shapes: N photographs, H height, W width, S the new side.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _folders, _image_sizes
from ._kept import kept

if TYPE_CHECKING:
    import numpy as np

STEP, LARGEST = 8, 128  # sides: a whole number of pixels to shift by; more would be streamed better


def split(name: str) -> tuple[str, int | None]:
    """A folder's name and the side that is asked for after it; None without one.

    Raises:
        UsageError: It is not a side that can be.

    Example:
        >>> split("photos:64"), split("photos")
        (('photos', 64), ('photos', None))
    """
    found = re.fullmatch(r"(.+):(\d+)", name)
    if found is None:
        return name, None
    side = int(found[2])
    if side % STEP or not 0 < side <= LARGEST or found[2] != str(side):
        raise UsageError(
            f"photographs cannot be averaged to a side of {found[2]}: give a multiple of {STEP} "
            f"up to {LARGEST}, as in imagefolder:{found[1]}:64"
        )
    return found[1], side


def facts(full: Facts, side: int) -> Facts:
    """The facts of a folder at a side."""
    return replace(full, input=(full.input[0], side, side), pad=side // STEP)


def averaged(pixels: np.ndarray, side: int) -> np.ndarray:
    """The central square of uint8 [H, W, 3], averaged by area to uint8 [3, S, S].

    Raises:
        ValueError: The photograph is smaller than that.
    """
    import numpy as np

    height, width = pixels.shape[:2]
    full = min(height, width)
    if full < side:
        raise ValueError(f"it has {width}x{height} pixels")
    top, left = (height - full) // 2, (width - full) // 2
    square = pixels[top : top + full, left : left + full].transpose(2, 0, 1)
    # Sums are whole numbers below 2**53, which float64 holds exactly. A quotient that is no half is
    # at least 1 / (2 full^2) away from one, far more than rounding moves it.
    weights = _image_sizes.shares(full, side).astype(np.float64)
    sums = weights @ square.astype(np.float64) @ weights.T
    return np.rint(sums / full**2).astype(np.uint8)


def load(root: Path, part: str, side: int, mark: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, 3, S, S] and labels int64 [N] of a split, averaged once and kept.

    Args:
        root: The folder of photographs.
        part: `train` or `test`.
        side: S.
        mark: Digest of the photographs.

    Raises:
        SparsetoolError: A photograph is smaller than the side, or cannot be decoded.
    """

    def make() -> tuple[np.ndarray, np.ndarray]:
        import numpy as np

        folder = _folders.Folder(root, part)
        found = np.empty((len(folder.labels), 3, side, side), dtype=np.uint8)
        for index in range(len(found)):
            try:
                found[index] = averaged(folder.pixels(index), side)
            except ValueError as error:
                raise SparsetoolError(
                    f"{folder.path(index)} cannot be averaged to {side}x{side}: {error}; "
                    "give a smaller side, or remove it"
                ) from None
        return found, folder.labels

    return kept(root, f"{side}-{part}", mark[:12], make)

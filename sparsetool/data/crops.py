"""Which part of a photograph is seen: random boxes as torchvision draws them, by keyed draws.

Reference: Szegedy et al., 2015, "Going deeper with convolutions", CVPR, section 6; the ranges and
the fallback are those of torchvision's RandomResizedCrop: 8% to all of the area, aspect ratios 3/4
to 4/3, ten attempts, then the largest central box of an allowed ratio.
"""

from __future__ import annotations

import math

import numpy as np

from ..ticket.draws import Draws

Box = tuple[int, int, int, int]  # top, left, height, width in pixels

SCALE = (0.08, 1.0)
RATIO = (3 / 4, 4 / 3)
ATTEMPTS = 10
WHOLE = 256 / 224  # in evaluation, shorter side of the photograph over the side of the view


class View:
    """How one example is seen in one epoch.

    Args:
        seed: Key of the draws.
        epochs: Epochs trained before, in all.
        index: The example's place in the whole training split, whatever is held out.

    Attributes:
        flipped: Whether it is mirrored.
    """

    def __init__(self, seed: int, epochs: int, index: int) -> None:
        draws = Draws(seed, "augmentation", epochs, f"example {index}")
        self._uniform = draws.uniform(2 * ATTEMPTS + 3)
        self.flipped = bool(self._uniform[-1] < 0.5)

    def box(self, height: int, width: int) -> Box:
        """The part of a photograph of `height` x `width` pixels."""
        return random_box(height, width, self._uniform)


def random_box(height: int, width: int, uniform: np.ndarray) -> Box:
    """A box of random area, aspect ratio and place.

    Args:
        height: Of the photograph, pixels.
        width: Likewise.
        uniform: Numbers in [0, 1): area and ratio of each attempt, then top and left.
    """
    low, high = math.log(RATIO[0]), math.log(RATIO[1])
    for attempt in range(ATTEMPTS):
        one, other = float(uniform[2 * attempt]), float(uniform[2 * attempt + 1])
        area = height * width * (SCALE[0] + (SCALE[1] - SCALE[0]) * one)
        ratio = math.exp(low + (high - low) * other)
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            top = int(uniform[2 * ATTEMPTS] * (height - h + 1))
            left = int(uniform[2 * ATTEMPTS + 1] * (width - w + 1))
            return top, left, h, w
    return central_box(height, width)


def central_box(height: int, width: int) -> Box:
    """The largest central box whose aspect ratio is allowed."""
    ratio = width / height
    h, w = height, width
    if ratio < RATIO[0]:
        h = round(width / RATIO[0])
    elif ratio > RATIO[1]:
        w = round(height * RATIO[1])
    return (height - h) // 2, (width - w) // 2, h, w

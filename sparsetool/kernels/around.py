"""What is done to images while a layer packs them, and what is added up of those that it makes.

So batch norm, a ReLU and their gradients need no passes of their own through memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .ways import GROUP, WIDTH, Way

NOTHING, NORMALISE, RECTIFY, INWARD, INWARD_AGAIN = range(5)  # kinds of `Before`
MEASURE, PASS, PASS_AGAIN = range(1, 4)  # kinds of `After`
MEASURED = 128  # pixels of an image from which on moments pay: the first four are made twice
ENOUGH = 8  # parts for each thread: one that has one less than others waits for an eighth at most


class Around(NamedTuple):
    """`Before` or `After` as loops take it, by addresses; 0 for what the other has."""

    kind: int
    numbers: int
    top: np.floating
    other: int
    slopes: int
    sums: int


class Before(NamedTuple):
    """What is done to images while they are packed: batch norm and a ReLU after it, or, to
    gradients in its result, its gradient in what it was given.

    Attributes:
        kind: NOTHING, or what is done.
        numbers: Centers, factors and shifts [3, C], of C's type; [3, 0] for nothing.
        top: The most that the ReLU leaves, or no number; of C's type.
        other: Address of what batch norm was given, for gradients; else 0.
        slopes: What a distance from the center gives to gradients, and what is added [2, C].
    """

    kind: int
    numbers: np.ndarray
    top: np.floating
    other: int
    slopes: np.ndarray

    @classmethod
    def of(
        cls, kind: int, numbers: np.ndarray, top: float, other: int = 0, slopes: Any = None
    ) -> Before:
        """With numbers of the type of `numbers`."""
        dtype = numbers.dtype
        slopes = np.empty((2, 0), dtype) if slopes is None else slopes
        return cls(kind, numbers, dtype.type(top), other, slopes)

    @classmethod
    def nothing(cls, dtype: np.dtype) -> Before:
        """Of images that are there."""
        return cls.of(NOTHING, np.empty((3, 0), dtype), np.nan)

    def around(self) -> Around:
        """For loops, while this is held."""
        numbers, slopes = self.numbers.ctypes.data, self.slopes.ctypes.data
        return Around(self.kind, numbers, self.top, self.other, slopes, 0)


class After(NamedTuple):
    """What is added up of images while they are made, for batch norm.

    Attributes:
        kind: NOTHING; MEASURE, moments of the images; PASS, gradients and their products with
            distances, or PASS_AGAIN, those that pass the ReLU after batch norm.
        numbers: Takes a number of each block and channel that its moments are about [N, C]; or
            centers, factors and shifts [3, C].
        top: The most that the ReLU leaves, or no number.
        other: Address of what batch norm was given, for gradients; else 0.
        sums: Takes the sums, side by side for examples [N, 2, C, 16].
    """

    kind: int
    numbers: np.ndarray
    top: np.floating
    other: int
    sums: np.ndarray

    @classmethod
    def nothing(cls, dtype: np.dtype) -> After:
        """Of images that nothing is added up of."""
        return cls(
            NOTHING, np.empty((0, 0), dtype), dtype.type(np.nan), 0, np.empty((0, 2, 0, 16), dtype)
        )

    @classmethod
    def measure(cls, blocks: int, channels: int, dtype: np.dtype) -> After:
        """Moments of images."""
        sums = np.zeros((blocks, 2, channels, WIDTH), dtype)
        return cls(MEASURE, np.empty((blocks, channels), dtype), dtype.type(np.nan), 0, sums)

    @classmethod
    def passing(cls, before: Before, images: int, blocks: int) -> After:
        """Of gradients in what was packed, of images at an address."""
        kind, dtype = PASS_AGAIN if before.kind == RECTIFY else PASS, before.numbers.dtype
        sums = np.zeros((blocks, 2, before.numbers.shape[1], WIDTH), dtype)
        return cls(kind, before.numbers, before.top, images, sums)

    def around(self) -> Around:
        """For loops, while this is held."""
        numbers, sums = self.numbers.ctypes.data, self.sums.ctypes.data
        return Around(self.kind, numbers, self.top, self.other, 0, sums)


def added_up(
    after: After | None, way: Way, strips: int, threads: int
) -> tuple[After | None, int, int]:
    """What is added up, if it can be; how many parts threads share, and strips of each.

    Blocks are not parted then, and are enough to keep all threads at work.
    """
    each = -(-way.down // way.strip)
    count = strips // each
    whole = not way.neighbours and way.across % GROUP == 0
    if after and whole and (count % threads == 0 or count >= ENOUGH * threads):
        return after, count, each
    return None, strips, 1

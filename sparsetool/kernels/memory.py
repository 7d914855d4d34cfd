"""Numbers of blocked images, which are made when they are asked for.

Batch norm and a ReLU after it are lazy, so that both, and an addition between them, are one pass
through memory, or none; so are an addition of gradients, that of a ReLU, and batch norm's own.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from . import compiling, pool
from .around import INWARD, INWARD_AGAIN, NORMALISE, RECTIFY, After, Before
from .ways import WIDTH


class Memory:
    """Numbers of blocked images [N, H, W, C, 16], which may not have been made yet.

    Args:
        shape: N, H, W, C, 16.
        dtype: float32 or float64.
        numbers: The numbers, if they are there.
        added_up: What was added up of them while they were made, if it was; kept until they change.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: torch.dtype,
        numbers: Tensor | None = None,
        added_up: After | None = None,
    ) -> None:
        self.shape, self.dtype = shape, dtype
        self._numbers, self.added_up = numbers, added_up
        self._made_of_this: weakref.WeakSet[Memory] = weakref.WeakSet()

    @property
    def made(self) -> bool:
        """Whether the numbers are there."""
        return self._numbers is not None

    def numbers(self) -> Tensor:
        """The numbers [N, H, W, C, 16], contiguous; made now if they were not."""
        if self._numbers is None:
            self._numbers = self._make()
        return self._numbers

    def put(self, numbers: Tensor) -> None:
        """The numbers, made elsewhere."""
        self._numbers = numbers

    def to_pack(self) -> tuple[Tensor, Before | None]:
        """Numbers to be packed, and what makes these of them meanwhile.

        What is not made yet need not go through memory then; hold this while they are read.
        """
        return self.numbers(), None

    def to_be_written(self) -> Tensor:
        """The numbers, before they change: what is to be made of them is made first."""
        for each in list(self._made_of_this):
            each.numbers()
        self.added_up = None
        return self.numbers()

    def awaited_by(self, other: Memory) -> None:
        """Another is yet to be made of these numbers."""
        self._made_of_this.add(other)

    @property
    def awaited(self) -> bool:
        """Whether others are yet to be made of these numbers."""
        return any(not each.made for each in self._made_of_this)

    def _make(self) -> Tensor:
        raise RuntimeError("numbers that are neither given nor made of others")

    def empty(self) -> Tensor:
        """Memory for as many numbers."""
        return torch.empty(self.shape, dtype=self.dtype)


class Normal(Memory):
    """Images to be normalised; an addition and a ReLU may become part of it before they are made.

    Args:
        images: As they were given.
        batch: B.
        scales: Centers, factors and shifts [3, C]: of C's type.

    Attributes:
        scales: As they were given.
        relu: Whether a ReLU is part of it.
        top: The most that it leaves, as 6 of ReLU6; else no number.
        added: Whether other images are added before it.
        given: What is normalised.
    """

    def __init__(self, images: Memory, batch: int, scales: np.ndarray) -> None:
        super().__init__(images.shape, images.dtype)
        self.given, self._batch, self.scales = images, batch, scales
        self.relu, self.added, self.top = False, False, math.nan
        self._other: Memory | None = None
        images.awaited_by(self)

    @property
    def open(self) -> bool:
        """Whether anything may become part of it, or of a copy."""
        return not self.made and not self.relu

    @property
    def free(self) -> bool:
        """Whether anything may become part of it in place: nobody waits for it as it is."""
        return self.open and not self.awaited

    def to_pack(self) -> tuple[Tensor, Before | None]:
        if self.made or self.added or self._batch % WIDTH:
            return self.numbers(), None
        kind = RECTIFY if self.relu else NORMALISE
        return self.given.numbers(), Before.of(kind, self.scales, self.top)

    def rectify(self, top: float) -> None:
        """Let a ReLU be part of it, which leaves `top` at most if that is a number."""
        self.relu, self.top = True, top

    def add(self, other: Memory) -> None:
        """Add other images."""
        self._other, self.added = other, True
        other.awaited_by(self)

    def fresh(self) -> Normal:
        """The same so far, to be made by itself."""
        copy = Normal(self.given, self._batch, self.scales)
        if self._other is not None:
            copy.add(self._other)
        return copy

    def rectified(self, top: float) -> Normal:
        """A copy that a ReLU is part of."""
        copy = self.fresh()
        copy.rectify(top)
        return copy

    def _make(self) -> Tensor:
        out, images = self.empty(), self.given.numbers()
        other = None if self._other is None else self._other.numbers()
        loop, shape = compiling.loops().normalise, outline(self.shape, self._batch)
        address = 0 if other is None or not self.relu else other.data_ptr()
        given = images.data_ptr(), shape, self.scales, self.relu, address
        to = self.scales.dtype.type(self.top), out.data_ptr(), pool.past_caches(out)
        in_blocks(lambda begin, end: loop(*given, *to, begin, end), self.shape)
        if other is not None and not self.relu:
            out += other
        self._other = None
        return out


class Inward(Memory):
    """The gradient of batch norm in what it was given.

    Args:
        ahead: The gradient in its result.
        images: As they were given.
        batch: B.
        scales: Centers, factors and shifts [3, C]: of C's type.
        slopes: What a distance from the center gives, and what is added [2, C], of that type.
        again: Whether it passes where normalised numbers are above zero, and below `top`, alone.
        top: A number, or none.
    """

    def __init__(
        self,
        ahead: Memory,
        images: Memory,
        batch: int,
        scales: np.ndarray,
        slopes: np.ndarray,
        again: bool,
        top: float,
    ) -> None:
        super().__init__(images.shape, images.dtype)
        self._given: tuple[Memory, Memory] | None = (ahead, images)
        self._batch, self._scales, self._slopes = batch, scales, slopes
        self._again, self._top = again, scales.dtype.type(top)
        for each in (ahead, images):
            each.awaited_by(self)

    def to_pack(self) -> tuple[Tensor, Before | None]:
        if self._given is None or self._batch % WIDTH:
            return self.numbers(), None
        ahead, images = (each.numbers() for each in self._given)
        kind, other = INWARD_AGAIN if self._again else INWARD, images.data_ptr()
        return ahead, Before.of(kind, self._scales, self._top, other, self._slopes)

    def _make(self) -> Tensor:
        assert self._given is not None
        ahead, images = (each.numbers() for each in self._given)
        out, loop = self.empty(), compiling.loops().inside
        given = ahead.data_ptr(), images.data_ptr(), outline(self.shape, self._batch)
        rest = self._scales, self._again, self._top, self._slopes
        to = out.data_ptr(), pool.past_caches(out)
        in_blocks(lambda begin, end: loop(*given, *rest, *to, begin, end), self.shape)
        self._given = None
        return out


class Sum(Memory):
    """Two gradients to be added.

    Args:
        first, second: Of one shape.

    Attributes:
        parts: Both, until the numbers are there.
    """

    def __init__(self, first: Memory, second: Memory) -> None:
        super().__init__(first.shape, first.dtype)
        self.parts: tuple[Memory, Memory] | None = (first, second)
        first.awaited_by(self)
        second.awaited_by(self)

    def _make(self) -> Tensor:
        assert self.parts is not None
        first, second = (each.numbers() for each in self.parts)
        self.parts = None
        return first + second


class Rectified(Memory):
    """A gradient to be passed on where images that were made are above zero, and below `top`.

    Args:
        gradient: In what was made.
        result: What was made.
        top: A number, or none.

    Attributes:
        given: The gradient and what was made, until the numbers are there.
    """

    def __init__(self, gradient: Memory, result: Memory, top: float) -> None:
        super().__init__(gradient.shape, gradient.dtype)
        self.given: tuple[Memory, Memory] | None = (gradient, result)
        self.top = top
        gradient.awaited_by(self)
        result.awaited_by(self)

    def put(self, numbers: Tensor) -> None:
        """The numbers, made elsewhere; what they are made of is let go."""
        super().put(numbers)
        self.given = None

    def _make(self) -> Tensor:
        assert self.given is not None
        numbers = [each.numbers() for each in self.given]
        self.given = None
        made: Tensor
        if math.isnan(self.top):
            made = torch.ops.aten.threshold_backward(*numbers, 0)
        else:
            made = torch.ops.aten.hardtanh_backward(*numbers, 0, self.top)
        return made


def outline(shape: tuple[int, ...], batch: int) -> tuple[int, int, int]:
    """Pixels, channels and examples of memory [N, H, W, C, 16]."""
    return shape[1] * shape[2], shape[3], batch


def in_blocks(work: Callable[[int, int], None], shape: tuple[int, ...]) -> None:
    """Share the blocks of memory [N, H, W, C, 16] among threads; `work` is given first and end."""
    pool.shared(lambda _, begin, end: work(begin, end), shape[0], pool.worth(math.prod(shape)))

"""A masked convolution, or linear layer, by its kept weights.

The examples are innermost in memory, so that a weight multiplies many of them at once; pruned
weights are never read, be they infinite. Results are the same for any batch and any threads,
but for the gradient in the weights, which is the same for the same threads.

Shapes: O and I channels out and in; B examples; H, W height and width of the input; a, b rows and
columns of the kernel.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from torch import Tensor

from . import compiling, pool
from .axes import Axis, Pair
from .ways import Kept, Pass


class Convolution:
    """A convolution with a mask, for one size of input; float32 or float64, on a CPU.

    Args:
        mask: Weights kept, bool [O, I / groups, a, b].
        size: Height and width of the input, pixels.
        stride: Of rows and columns, pixels.
        padding: Of rows and columns, pixels.
        dilation: Of rows and columns, pixels.
        groups: Of channels.

    Attributes:
        channels: O and I.
        output: Height and width of the output, pixels.

    Example:
        >>> import torch
        >>> layer = Convolution(torch.ones(1, 1, 2, 2, dtype=torch.bool), (2, 3))
        >>> images, out = torch.arange(6.0).view(2, 3, 1), torch.empty(1, 2, 1)
        >>> layer.forward(images, torch.tensor([1.0, 0.0, 0.0, 10.0]), out)
        >>> out.flatten().tolist()
        [40.0, 51.0]
    """

    def __init__(
        self,
        mask: Tensor,
        size: Pair,
        stride: Pair = (1, 1),
        padding: Pair = (0, 0),
        dilation: Pair = (1, 1),
        groups: int = 1,
    ) -> None:
        self.channels = (mask.shape[0], mask.shape[1] * groups)
        each = zip(size, mask.shape[2:], stride, padding, dilation, strict=True)
        down, across = (Axis(*numbers) for numbers in each)
        self.output = (down.output, across.output)
        if (down, across) == tuple(Axis(n, 1, 1, 0, 1) for n in size):
            down, across = _reshaped(*size)
        self._axes, self._mask, self._groups = (down, across), mask.numpy(), groups
        self._kept = int(mask.sum())

    @cached_property
    def _list(self) -> Kept:
        return Kept.of(self._mask, self._groups)

    @cached_property
    def _forward(self) -> _Plan:
        down, across = self._axes
        lines = next(down.forward()), next(across.forward())
        given = (down.size, across.size, self.channels[1])
        return _Plan.of(Pass.of(self._list, lines, given, (self.channels[0], across.output)))

    @cached_property
    def _backward(self) -> list[_Plan]:
        down, across = self._axes
        kept, given = self._list.turned(), (down.output, across.output, self.channels[0])
        return [
            _Plan.of(Pass.of(kept, (y, x), given, (self.channels[1], across.size)))
            for y in down.backward()
            for x in across.backward()
        ]

    def forward(self, images: Tensor, weight: Tensor, out: Tensor) -> None:
        """Convolve.

        Args:
            images: The input [H, W x I, B], contiguous.
            weight: [O x a x b x I / groups].
            out: Takes the result [height, width x O, B], contiguous.
        """
        self._multiply(self._forward, images, weight, out)

    def input_gradient(self, gradient: Tensor, weight: Tensor, out: Tensor) -> None:
        """The gradient in the input.

        Args:
            gradient: In the output [height, width x O, B], contiguous.
            weight: [O x a x b x I / groups].
            out: Takes the result [H, W x I, B], contiguous.
        """
        for each in self._backward:
            self._multiply(each, gradient, weight, out)

    def _multiply(self, plan: _Plan, given: Tensor, weight: Tensor, out: Tensor) -> None:
        multiply = compiling.loops().multiply
        values = weight.detach().numpy()[plan.way.source]
        threads = self._threads(given.shape[2])
        way, strips = plan.way.way(given.shape[2], values.itemsize, threads)
        offsets = plan.offsets(way.block * values.itemsize)
        numbers, _ = plan.way.strip_numbers(way)
        from_, to = given.data_ptr(), out.data_ptr()

        def part(number: int, begin: int, end: int) -> None:
            packed = pool.scratch("packed", numbers, values.dtype)
            edge = pool.scratch("edge", way.pixels * way.made * way.block, values.dtype)
            memory = packed.ctypes.data, edge.ctypes.data
            multiply(from_, to, way, plan.way.starts, offsets, values, *memory, begin, end)

        pool.shared(part, strips, threads)

    def weight_gradient(self, gradient: Tensor, images: Tensor, out: Tensor) -> None:
        """The gradient in the kept weights.

        Args:
            gradient: In the output [height, width x O, B], contiguous.
            images: The input [H, W x I, B], contiguous.
            out: Takes the result [O x a x b x I / groups]; zero off the mask.
        """
        correlate = compiling.loops().correlate
        plan, result = self._forward, out.numpy()
        threads = self._threads(images.shape[2])
        way, strips = plan.way.way(images.shape[2], result.itemsize, threads)
        offsets = plan.offsets(way.block * result.itemsize)
        numbers, ahead = plan.way.strip_numbers(way)
        sums = np.zeros((max(1, min(threads, strips)), len(offsets)))
        given, made = images.data_ptr(), gradient.data_ptr()

        def part(number: int, begin: int, end: int) -> None:
            memory = [
                pool.scratch(name, count, result.dtype)
                for name, count in (("packed", numbers), ("ahead", ahead))
            ]
            addresses = [each.ctypes.data for each in memory]
            parts = pool.scratch("parts", 16 * max(1, plan.way.largest), result.dtype)
            correlate(
                given,
                made,
                way,
                plan.way.starts,
                offsets,
                sums[number],
                *addresses,
                parts,
                begin,
                end,
            )

        pool.shared(part, strips, threads)
        result.fill(0)
        # In the order of the threads.
        result[plan.way.source] = sums.sum(0)

    def _threads(self, batch: int) -> int:
        height, width = self.output
        return pool.worth(self._kept * height * width * batch)


class Linear(Convolution):
    """A linear layer with a mask, for tokens as columns: images of one pixel, float32 or float64.

    `forward`, `input_gradient` and `weight_gradient` take tokens [1, I, B] and [1, O, B] and
    weights [O x I].

    Args:
        mask: Weights kept, bool [O, I].
    """

    def __init__(self, mask: Tensor) -> None:
        super().__init__(mask[:, :, None, None], (1, 1))


class _Plan(NamedTuple):
    """A pass, and its offsets for each size of a packed pixel's channel."""

    way: Pass
    made: dict[int, np.ndarray]

    @classmethod
    def of(cls, way: Pass) -> _Plan:
        return cls(way, {})

    def offsets(self, channel: int) -> np.ndarray:
        """Offsets in bytes, int32; of a channel of a block, bytes."""
        if channel not in self.made:
            self.made[channel] = (self.way.offsets * channel).astype(np.int32)
        return self.made[channel]


def _reshaped(height: int, width: int) -> tuple[Axis, Axis]:
    """Rows and columns for a layer that sees one pixel: as long as is good for neighbours."""
    pixels = height * width
    good = [n for n in range(4, min(pixels, 8) + 1, 4) if pixels % n == 0]
    columns = max(good, default=width)
    return Axis(pixels // columns, 1, 1, 0, 1), Axis(columns, 1, 1, 0, 1)

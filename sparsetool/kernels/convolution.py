"""A masked convolution by its kept weights.

Sixteen examples lie side by side in memory, so that a weight multiplies many of them at once;
pruned weights are never read, be they infinite. Results are the same for any batch and any threads,
but for the gradient in the weights, which is the same for the same threads.

Shapes: O and I channels out and in; N blocks of 16 examples, the last one filled up with zeros; H
and W height and width of the input; a and b rows and columns of the kernel.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from torch import Tensor

from . import compiling, pool, ways
from .around import MEASURED, NOTHING, After, Before, added_up
from .axes import Axis, Pair, reshaped
from .ways import WIDTH, Kept, Pass, Plan, Way, gathered


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
        >>> images, out = torch.zeros(1, 2, 3, 1, 16), torch.empty(1, 1, 2, 1, 16)
        >>> images[..., 0] = torch.arange(6.0).view(1, 2, 3, 1)  # one example
        >>> layer.forward(images, torch.tensor([1.0, 0.0, 0.0, 10.0]), out)
        >>> out[..., 0].flatten().tolist()
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
            down, across = reshaped(*size)
        self._axes, self._mask, self._groups = (down, across), mask.numpy(), groups
        self._given = (down.size, across.size, self.channels[1])
        self._made = (down.output, across.output, self.channels[0])
        self._kept = int(mask.sum())

    @cached_property
    def _list(self) -> Kept:
        return Kept.of(self._mask, self._groups)

    @cached_property
    def _forward(self) -> Plan:
        lines = next(self._axes[0].forward()), next(self._axes[1].forward())
        return Plan.of(Pass.of(self._list, lines, self._given, self._made))

    @cached_property
    def _backward(self) -> list[Plan]:
        down, across = self._axes
        kept = self._list.turned()
        return [
            Plan.of(Pass.of(kept, (y, x), self._made, self._given))
            for y in down.backward()
            for x in across.backward()
        ]

    @property
    def even(self) -> bool:
        """Whether pixels that come in and go out are the same, so that `gradients` works."""
        return all(axis.stride == 1 and axis.output == axis.size for axis in self._axes)

    def forward(
        self,
        images: Tensor,
        weight: Tensor,
        out: Tensor,
        bias: Tensor | None = None,
        before: Before | None = None,
        measure: bool = False,
    ) -> After | None:
        """Convolve; gives what was added up of the result, if anything was.

        Args:
            images: The input [N, H, W, I, 16], contiguous.
            weight: [O x a x b x I / groups].
            out: Takes the result [N, height, width, O, 16], contiguous.
            bias: [O], to be added.
            before: What is done to the images while they are packed.
            measure: Whether moments of the result are wanted, where they can be had meanwhile.
        """
        blocks, height, width, channels, _ = out.shape
        measure = measure and height * width >= MEASURED
        after = After.measure(blocks, channels, out.numpy().dtype) if measure else None
        return self._multiply(self._forward, images, weight, out, bias, before, after)

    def input_gradient(self, gradient: Tensor, weight: Tensor, out: Tensor) -> None:
        """The gradient in the input.

        Args:
            gradient: In the output [N, height, width, O, 16], contiguous.
            weight: [O x a x b x I / groups].
            out: Takes the result [N, H, W, I, 16], contiguous.
        """
        for each in self._backward:
            self._multiply(each, gradient, weight, out)

    def _multiply(
        self,
        plan: Plan,
        given: Tensor,
        weight: Tensor,
        out: Tensor,
        bias: Tensor | None = None,
        before: Before | None = None,
        after: After | None = None,
    ) -> After | None:
        multiply = compiling.loops().multiply
        values = weight.detach().numpy()[plan.way.source]
        channels = out.shape[3]
        start = np.zeros(channels, values.dtype)
        if bias is not None:
            start[:] = bias.detach().numpy()
        way, strips, threads = self._shares(plan, len(given), values.itemsize, ways.STRIP)
        lists = plan.lists(way.size, values), start.ctypes.data
        before = before or Before.nothing(values.dtype)
        packed = plan.way.packed_channels(way, before.kind == NOTHING) * WIDTH
        from_, to, past = given.data_ptr(), out.data_ptr(), pool.past_caches(out)
        after, count, each = added_up(after, way, strips, threads)
        does = after or After.nothing(values.dtype)
        rest = from_, to, way, before.around(), *lists, does.around()

        def part(number: int, begin: int, end: int) -> None:
            scratch = pool.scratch("packed", packed, values.dtype).ctypes.data
            multiply(*rest, scratch, past, begin * each, end * each)

        pool.shared(part, count, threads)
        return after

    def weight_gradient(
        self, gradient: Tensor, images: Tensor, out: Tensor, before: Before | None = None
    ) -> None:
        """The gradient in the kept weights.

        Args:
            gradient: In the output [N, height, width, O, 16], contiguous; zero for examples that
                fill up the last block.
            images: The input [N, H, W, I, 16], contiguous.
            out: Takes the result [O x a x b x I / groups]; zero off the mask.
            before: What is done to the images while they are packed.
        """
        correlate = compiling.loops().correlate
        plan, result = self._forward, out.numpy()
        most = self._most(plan, result.itemsize)
        way, strips, threads = self._shares(plan, len(images), result.itemsize, most)
        before = before or Before.nothing(result.dtype)
        packed = plan.way.packed_channels(way, before.kind == NOTHING) * WIDTH
        sums = np.zeros((max(1, min(threads, strips)), len(plan.way.source)))
        given, made = images.data_ptr(), gradient.data_ptr()
        rest = given, made, way, before.around(), plan.lists(way.size)

        def part(number: int, begin: int, end: int) -> None:
            scratch, parts = (
                pool.scratch(name, count, result.dtype).ctypes.data
                for name, count in (("packed", packed), ("parts", WIDTH * plan.way.largest))
            )
            correlate(*rest, sums[number].ctypes.data, scratch, parts, begin, end)

        pool.shared(part, strips, threads)
        gathered(sums, plan, result)

    def gradients(
        self,
        gradient: Tensor,
        images: Tensor,
        weight: Tensor,
        inner: Tensor,
        outer: Tensor,
        behind: Before | None = None,
        before: Before | None = None,
    ) -> After | None:
        """Both gradients at once, if `even`: each strip is computed while it is in the caches.

        Gives what was added up of the gradient in the input for what is done before, if anything.

        Args:
            gradient: In the output [N, H, W, O, 16], contiguous; zero, with what is done to it, for
                examples that fill up the last block.
            images: The input [N, H, W, I, 16], contiguous.
            weight: [O x a x b x I / groups].
            inner: Takes the gradient in the input [N, H, W, I, 16], contiguous.
            outer: Takes that in the kept weights [O x a x b x I / groups]; zero off the mask.
            behind: What is done to the gradient while it is packed.
            before: What is done to the images while they are packed.
        """
        both = compiling.loops().both
        fore, (back,), result = self._forward, self._backward, outer.numpy()
        values = weight.detach().numpy()[back.way.source]
        most = self._most(fore, result.itemsize)
        way, _, threads = self._shares(fore, len(images), result.itemsize, most)
        other, _, _ = self._shares(back, len(images), result.itemsize, most)
        strip, blocks = min(way.strip, other.strip), min(way.blocks, other.blocks)
        way, other = (each._replace(strip=strip, blocks=blocks) for each in (way, other))
        strips = -(-way.down // strip) * -(-way.batch // blocks)
        before, behind = (each or Before.nothing(result.dtype) for each in (before, behind))
        packed = fore.way.packed_channels(way, before.kind == NOTHING) * WIDTH
        packed_back = back.way.packed_channels(other, behind.kind == NOTHING) * WIDTH
        start = np.zeros(self.channels[1], result.dtype)
        sums = np.zeros((max(1, min(threads, strips)), len(fore.way.source)))
        from_ = images.data_ptr(), gradient.data_ptr(), inner.data_ptr()
        past, after = pool.past_caches(inner), None
        if before.kind != NOTHING:
            after = After.passing(before, images.data_ptr(), len(images))
        after, count, each = added_up(after, other, strips, threads)
        does = after or After.nothing(result.dtype)
        lists = fore.lists(way.size), back.lists(way.size, values), start.ctypes.data
        rest = *from_, way, other, before.around(), behind.around(), *lists, does.around()
        needed = {"packed": packed, "ahead": packed_back, "parts": WIDTH * fore.way.largest}

        def part(number: int, begin: int, end: int) -> None:
            scratch = (
                pool.scratch(name, count, result.dtype).ctypes.data
                for name, count in needed.items()
            )
            both(*rest, sums[number].ctypes.data, *scratch, past, begin * each, end * each)

        pool.shared(part, count, threads)
        gathered(sums, fore, result)
        return after

    @staticmethod
    def _most(plan: Plan, size: int) -> int:
        """Bytes of a strip where gradients in weights are computed, numbers of some bytes."""
        return ways.LONG if plan.way.largest * WIDTH * size > ways.SUMS else ways.STRIP

    def _shares(self, plan: Plan, batch: int, size: int, most: int) -> tuple[Way, int, int]:
        """Sizes, strips and threads for some blocks, numbers of some bytes, and strips of most."""
        height, width = self.output
        threads = pool.worth(self._kept * height * width * batch * WIDTH)
        return *plan.way.way(batch, size * WIDTH, threads, most), threads

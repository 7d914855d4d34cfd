"""A masked convolution as sparse matrices, one for every row of its output.

With the examples innermost in memory, a row of the output [width x out, B] is a matrix times the
rows of the input that its kernel reaches [height x width x in, B]: a sparse block-Toeplitz matrix,
the same for all rows but those at the border. Padding needs no zeros, its entries are left out, and
so are pruned weights: what no kept weight reads has no part in the result, be it infinite. No
unfolded copy of the input is made (im2col), and the matrix has no batch, so it stays in cache.

The gradient in the input is the same with the roles of both exchanged. The gradient in the weights
is, for those that the mask keeps, inner products of rows of both (a sampled product).

Shapes: O and I channels out and in; B examples; H, W height and width of the input; a, b rows and
columns of the kernel.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

Pair = tuple[int, int]
ENTRIES = 2**15  # about the most in a matrix of several rows; together they save calls


class Axis(NamedTuple):
    """Rows or columns of a convolution: which pixel goes to which.

    Attributes:
        size: Pixels that come in.
        kernel: Pixels of the kernel.
        stride: Step from one output to the next, pixels.
        padding: Zeros before and after the input, pixels.
        dilation: Step from one place of the kernel to the next, pixels.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def output(self) -> int:
        """Pixels that go out."""
        reach = self.dilation * (self.kernel - 1) + 1
        return (self.size + 2 * self.padding - reach) // self.stride + 1

    def sources(self, output: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """The input pixels that outputs see through places of the kernel, and whether they are."""
        found = output * self.stride - self.padding + place * self.dilation
        return found, (found >= 0) & (found < self.size)

    def targets(self, input: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """The outputs that see input pixels through places of the kernel, and whether they are."""
        start = input + self.padding - place * self.dilation
        found = start.div(self.stride, rounding_mode="floor")
        return found, (found * self.stride == start) & (found >= 0) & (found < self.output)


class Band(NamedTuple):
    """Blocks of rows that are made in the same way, and the sparse matrix that makes each.

    Attributes:
        blocks: For each, its first row and the first row that it is made of.
        tall: Rows in a block.
        depth: Rows that it is made of.
        starts: Where each row of the matrix starts among its entries, int32.
        columns: Column of each entry, int32.
        source: Which of the weights [O x a x b x I] each entry is, int32.
        shape: Of the matrix: [tall x width x channels, depth x width x channels].
    """

    blocks: list[Pair]
    tall: int
    depth: int
    starts: Tensor
    columns: Tensor
    source: Tensor
    shape: Pair

    def matrix(self, values: Tensor) -> Tensor:
        """The matrix with one value for each entry."""
        return torch.sparse_csr_tensor(
            self.starts, self.columns, values, self.shape, check_invariants=False
        )


class Convolution:
    """The sparse matrices of a convolution without groups, for one size of input.

    Args:
        mask: Weights kept, bool [O, I, a, b].
        size: Height and width of the input, pixels.
        stride: Of rows and columns, pixels.
        padding: Of rows and columns, pixels.
        dilation: Of rows and columns, pixels.

    Attributes:
        channels: O and I.
        output: Height and width of the output, pixels.
    """

    def __init__(
        self,
        mask: Tensor,
        size: Pair,
        stride: Pair = (1, 1),
        padding: Pair = (0, 0),
        dilation: Pair = (1, 1),
    ) -> None:
        _hear_of_beta()
        each = zip(size, mask.shape[2:], stride, padding, dilation, strict=True)
        down, across = (Axis(*numbers) for numbers in each)
        self.channels = (mask.shape[0], mask.shape[1])
        self.kernel = (down.kernel, across.kernel)
        self.size, self.output = size, (down.output, across.output)
        self._mask, self._axes = mask, (down, across)

    @cached_property
    def _forward(self) -> list[Band]:
        down, across = self._axes
        kept = _Kept.of(self._mask)
        links = (down.sources, across.sources)
        return list(_bands(kept, *links, self.output, self.size, self.channels))

    @cached_property
    def _backward(self) -> list[Band]:
        down, across = self._axes
        o, i, a, b, _ = kept = _Kept.of(self._mask)
        back = kept.in_order_of(((i * down.kernel - a) * across.kernel - b) * len(self._mask) + o)
        links = (down.targets, across.targets)
        turned = _Kept(back.i, back.o, *back[2:])
        return list(_bands(turned, *links, self.size, self.output, self.channels[::-1]))

    def forward(self, images: Tensor, weight: Tensor, out: Tensor) -> None:
        """Convolve.

        Args:
            images: The input [H, W x I, B], contiguous.
            weight: [O x a x b x I].
            out: Takes the result [height, width x O, B], contiguous.
        """
        _multiply(self._forward, images, weight, out)

    def input_gradient(self, gradient: Tensor, weight: Tensor, out: Tensor) -> None:
        """The gradient in the input.

        Args:
            gradient: In the output [height, width x O, B], contiguous.
            weight: [O x a x b x I].
            out: Takes the result [H, W x I, B], contiguous.
        """
        _multiply(self._backward, gradient, weight, out)

    def weight_gradient(self, gradient: Tensor, images: Tensor, out: Tensor) -> None:
        """The gradient in the kept weights.

        Args:
            gradient: In the output [height, width x O, B], contiguous.
            images: The input [H, W x I, B], contiguous.
            out: Takes the result [O x a x b x I]; zero off the mask.
        """
        out.zero_()
        for band in self._forward:
            sums = band.matrix(images.new_zeros(len(band.columns)))
            for row, first in band.blocks:
                block = gradient[row : row + band.tall].flatten(0, 1)
                part = images[first : first + band.depth].flatten(0, 1)
                torch.sparse.sampled_addmm(sums, block, part.t(), out=sums)
            out.index_add_(0, band.source, sums.values())


@lru_cache
def _hear_of_beta() -> None:
    """Torch says once that its compressed rows are in beta, which is nothing to a user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.eye(1).to_sparse_csr()


def _multiply(bands: list[Band], given: Tensor, weight: Tensor, out: Tensor) -> None:
    for band in bands:
        matrix = band.matrix(weight.index_select(0, band.source))
        for row, first in band.blocks:
            block = out[row : row + band.tall].flatten(0, 1)
            part = given[first : first + band.depth].flatten(0, 1)
            torch.addmm(block, matrix, part, beta=0, out=block)


class _Kept(NamedTuple):
    """The kept weights in some order, int64: the channels they go to and come from, their places
    in the kernel, and their numbers among the weights [O x a x b x I]."""

    o: Tensor
    i: Tensor
    a: Tensor
    b: Tensor
    source: Tensor

    @classmethod
    def of(cls, mask: Tensor) -> _Kept:
        ordered = mask.permute(0, 2, 3, 1)
        o, a, b, i = ordered.nonzero(as_tuple=True)
        return cls(o, i, a, b, ordered.flatten().nonzero().squeeze(1))

    def in_order_of(self, key: Tensor) -> _Kept:
        order = key.argsort()
        return _Kept(*(each[order] for each in self))


Links = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def _bands(
    kept: _Kept, down: Links, across: Links, target: Pair, given: Pair, channels: Pair
) -> Iterator[Band]:
    """The bands that make a `target` of rows and columns from a `given`, with channels of both.

    The kept weights come in the order of their channel in the target, then of the rows, columns and
    channels that they multiply: so the entries are in the order of compressed rows.
    """
    tall = max(1, min(target[0], ENTRIES // max(1, len(kept.o) * target[1])))
    places = torch.arange(int(kept.a.max()) + 1 if len(kept.a) else 1)
    found, inside = down(torch.arange(target[0]).unsqueeze(1), places)
    found = torch.where(inside, found, -1)
    alike: dict[tuple[int, ...], list[Pair]] = {}
    for row in range(0, target[0], tall):
        block = found[row : row + tall]
        used = block[block >= 0]
        first = int(used.min()) if len(used) else 0
        below = torch.where(block >= 0, block - first, -1)
        alike.setdefault(tuple(below.flatten().tolist()), []).append((row, first))
    for key, blocks in alike.items():
        below = torch.tensor(key).view(-1, len(places))  # row given for each row made and place
        pixel = torch.arange(len(below) * target[1]).unsqueeze(1)
        above = below[pixel // target[1], kept.a]
        source, seen = across(pixel % target[1], kept.b)
        seen &= above >= 0
        at = (pixel * channels[0] + kept.o)[seen]
        entry = ((above * given[1] + source) * channels[1] + kept.i)[seen].int()
        depth = int(below.max()) + 1
        shape = (len(pixel) * channels[0], depth * given[1] * channels[1])
        starts = torch.zeros(shape[0] + 1, dtype=torch.int32)
        torch.cumsum(torch.bincount(at, minlength=shape[0]), 0, dtype=torch.int32, out=starts[1:])
        weights = kept.source.int().expand(seen.shape)[seen]
        yield Band(blocks, len(below), depth, starts, entry, weights, shape)

"""The loops of sparse products, compiled by numba when they are first used.

For every few neighbouring pixels of a block of examples and every channel that comes out, the kept
weights are gone through one after another. What an output is the sum of, and in which order,
depends on its kept weights alone. Where a layer sees pixels outside of an image, a strip of its
rows is packed first, see `packing`.

Addresses are of the first number, float32 or float64, of contiguous memory. Shapes: N blocks of
WIDTH examples; H, W and C rows, columns and channels of the images given [N, H, W, C, WIDTH];
height, width and O of those made [N, height, width, O, WIDTH].
"""

from __future__ import annotations

from typing import Any

from .around import MEASURE, NOTHING, PASS, PASS_AGAIN
from .packing import jit, laid, strip
from .vectors import number
from .ways import GROUP, WIDTH
from .weights import product

_product_4, _product_1 = product(4), product(1)
_measured_4, _passing_4, _passing_again_4 = (
    product(4, after) for after in (MEASURE, PASS, PASS_AGAIN)
)


@jit
def multiply(
    given: int,
    out: int,
    way: Any,
    before: Any,
    starts: Any,
    offsets: Any,
    values: Any,
    bias: Any,
    after: Any,
    scratch: int,
    past: bool,
    begin: int,
    end: int,
) -> None:
    """Make images of images: strips `begin` to `end` of all strips of all blocks.

    Args:
        given: Address of images [N, H, W, C, WIDTH].
        out: Address of the images that are made [N, height, width, O, WIDTH].
        way: Sizes.
        before: What is done to the images while they are packed; nothing where they are not.
        starts: Where the weights of each tile and channel made begin, int64 [tiles, O + 1].
        offsets: Where the packed number is that each weight multiplies, bytes from the first that
            the pixel sees, int32.
        values: The weights, float32 or float64.
        bias: Of each channel made [O].
        after: What is added up of the images made; nothing where neighbours are no whole groups of
            a row, and else only where no other thread has strips of the same blocks.
        scratch: Address of memory for a strip's packed images.
        past: Whether they are written past the caches.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(way, item)
        base, apart = laid(given, way, before, block, first, count, scratch, values)
        make(
            base, apart, out, way, block, first, blocks, rows, starts, offsets, values, bias, after,
            past,
        )  # fmt: skip


@jit
def make(
    base: int,
    apart: int,
    out: int,
    way: Any,
    block: int,
    first: int,
    blocks: int,
    rows: int,
    starts: Any,
    offsets: Any,
    values: Any,
    bias: Any,
    after: Any,
    past: bool,
) -> None:
    """Make a strip of images; arguments as of `multiply`, `laid` and `strip`."""
    size = WIDTH * values.itemsize
    step = way.hop_across * way.channels * size
    down = way.hop_down * way.packed * way.channels * size
    image, between = way.height * way.width * way.made * size, way.column_step * way.made * size
    row = way.first_row + first * way.row_step
    to = out + block * image + (row * way.width + way.first_column) * way.made * size
    below = way.row_step * way.width * way.made * size
    beside = after.other - out
    if after.kind == MEASURE and first == 0:
        for b in range(blocks):
            here, there = base + b * apart, to + b * image
            _neighbours(
                there, between, here, step, size, True, past, starts, offsets, values, bias, after,
                beside, block + b,
            )  # fmt: skip
            for o in range(way.made):
                after.numbers[block + b, o] = number(there + o * size, values)
            after.sums[block + b] = 0
    for y in range(rows):
        if way.neighbours:
            for x in range(way.across):
                here, there = base + y * down + x * step, to + y * below + x * between
                _together(
                    there, image, here, apart, blocks, size, past, starts, offsets, values, bias,
                    after, beside, block,
                )  # fmt: skip
        else:
            for b in range(blocks):
                here, there = base + b * apart + y * down, to + b * image + y * below
                _together(
                    there, between, here, step, way.across, size, past, starts, offsets, values,
                    bias, after, beside, block + b,
                )  # fmt: skip


@jit
def _together(
    to: int,
    between: int,
    base: int,
    step: int,
    count: int,
    size: int,
    past: bool,
    starts: Any,
    offsets: Any,
    values: Any,
    bias: Any,
    after: Any,
    beside: int,
    block: int,
) -> None:
    """All channels of `count` neighbours; few at a time, the last ones if need be again."""
    for x in range(0, count, GROUP):
        if count >= GROUP:
            first = min(x, count - GROUP)
            _neighbours(
                to + first * between, between, base + first * step, step, size, True,
                past, starts, offsets, values, bias, after, beside, block,
            )  # fmt: skip
        else:
            for each in range(count):
                _neighbours(
                    to + each * between, between, base + each * step, step, size, False,
                    past, starts, offsets, values, bias, after, beside, block,
                )  # fmt: skip


@jit
def _neighbours(
    target: int,
    between: int,
    base: int,
    step: int,
    size: int,
    group: bool,
    past: bool,
    starts: Any,
    offsets: Any,
    values: Any,
    bias: Any,
    after: Any,
    beside: int,
    block: int,
) -> None:
    """All channels of a group, or of one pixel, with what is added up of a block's."""
    tiles, made = starts.shape[0], starts.shape[1] - 1
    past = past and tiles == 1  # what is made of several tiles is read again
    numbers, top = after.numbers, after.top
    for tile in range(tiles):
        does = after.kind if tile == tiles - 1 else NOTHING
        for o in range(made):
            k = starts[tile, o]
            count = starts[tile, o + 1] - k
            to = target + o * size
            at = offsets.ctypes.data + k * 4
            weights = values.ctypes.data + k * values.itemsize
            fresh, start, other = tile == 0, bias[o], to + beside
            sums = after.sums.ctypes.data + (2 * block * made + o) * size
            products = sums + made * size
            if not group:
                _product_1(
                    to, between, base, step, at, weights, count, fresh, start, past, 0, top, top,
                    top, top, 0, 0, values,
                )  # fmt: skip
            elif does == NOTHING:
                _product_4(
                    to, between, base, step, at, weights, count, fresh, start, past, 0, top, top,
                    top, top, 0, 0, values,
                )  # fmt: skip
            elif does == MEASURE:
                _measured_4(
                    to, between, base, step, at, weights, count, fresh, start, past, 0,
                    numbers[block, o], top, top, top, sums, products, values,
                )  # fmt: skip
            elif does == PASS:
                _passing_4(
                    to, between, base, step, at, weights, count, fresh, start, past, other,
                    numbers[0, o], numbers[1, o], numbers[2, o], top, sums, products, values,
                )  # fmt: skip
            else:
                _passing_again_4(
                    to, between, base, step, at, weights, count, fresh, start, past, other,
                    numbers[0, o], numbers[1, o], numbers[2, o], top, sums, products, values,
                )  # fmt: skip

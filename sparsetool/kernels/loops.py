"""The loops of sparse products, compiled by numba when they are first used.

For every few neighbouring pixels of a block of examples and every channel that comes out, the kept
weights are gone through one after another. What an output is the sum of, and in which order,
depends on its kept weights alone. Where a layer sees pixels outside of an image, a strip of its
rows is packed first into scratch memory, with zeros around.

Addresses are of the first number, float32 or float64, of contiguous memory. Shapes: N blocks of
WIDTH examples; H, W and C rows, columns and channels of the images given [N, H, W, C, WIDTH];
height, width and O of those made [N, height, width, O, WIDTH].
"""

from __future__ import annotations

from typing import Any

import numba

from .channels import inner, normal
from .vectors import clear, copy, product
from .ways import GROUP, INWARD, NORMALISE, NOTHING, RECTIFY, WIDTH

_plain, _relu = normal(False, False), normal(True, False)
_inner, _inner_again = inner(False), inner(True)
_product_4, _product_1 = product(4), product(1)
jit = numba.njit(nogil=True, cache=True)


@jit
def pack(
    given: int,
    rows: int,
    columns: int,
    channels: int,
    top: int,
    down: int,
    count: int,
    left: int,
    across: int,
    packed: int,
    scratch: int,
    before: Any,
    other: int,
    like: Any,
) -> None:
    """Pack `count` rows of one block; `other` is that block of `before.other`.

    Packed row r is row top + r * down of the images, and columns likewise; zero outside.
    """
    pixel = channels * WIDTH * like.itemsize
    for r in range(count):
        row = top + r * down
        for q in range(packed):
            column = left + q * across
            to = scratch + (r * packed + q) * pixel
            if 0 <= row < rows and 0 <= column < columns:
                skip = (row * columns + column) * pixel
                _pack_pixel(given + skip, other + skip, to, channels, before, like)
            else:
                for channel in range(channels):
                    clear(to + channel * WIDTH * like.itemsize, like)


@jit
def _pack_pixel(source: int, other: int, to: int, channels: int, before: Any, like: Any) -> None:
    vector, top = WIDTH * like.itemsize, before.top
    center, factor, shift = before.numbers[0], before.numbers[1], before.numbers[2]
    slope, level = before.slopes[0], before.slopes[1]
    if before.kind == NOTHING:
        for c in range(channels):
            copy(to + c * vector, source + c * vector, like)
    elif before.kind == NORMALISE:
        for c in range(channels):
            here, there = source + c * vector, to + c * vector
            _plain(here, center[c], factor[c], shift[c], 0, top, there, False, like)
    elif before.kind == RECTIFY:
        for c in range(channels):
            here, there = source + c * vector, to + c * vector
            _relu(here, center[c], factor[c], shift[c], 0, top, there, False, like)
    elif before.kind == INWARD:
        for c in range(channels):
            _inner(
                source + c * vector, other + c * vector, center[c], factor[c], shift[c], top,
                slope[c], level[c], to + c * vector, False, like,
            )  # fmt: skip
    else:
        for c in range(channels):
            _inner_again(
                source + c * vector, other + c * vector, center[c], factor[c], shift[c], top,
                slope[c], level[c], to + c * vector, False, like,
            )  # fmt: skip


@jit
def laid(
    given: int, way: Any, before: Any, block: int, first: int, count: int, scratch: int, like: Any
) -> Any:
    """Where the pixels lie that a strip sees: the address of the first, bytes from block to block.

    Args:
        given: Address of the images.
        way: Sizes.
        before: What is done to them while they are packed.
        block: The strip's first block.
        first: The first row that is made.
        count: Rows that are seen.
        scratch: Address of memory for packed images.
        like: Any array of the type.
    """
    size = WIDTH * like.itemsize
    image = way.rows * way.columns * way.channels * size
    top = way.top + first * way.hop_down * way.pack_down
    if way.direct and before.kind == NOTHING:
        return given + block * image + (top * way.columns + way.left) * way.channels * size, image
    apart = count * way.packed * way.channels * size
    for b in range(min(way.blocks, way.batch - block)):
        pack(
            given + (block + b) * image, way.rows, way.columns, way.channels, top, way.pack_down,
            count, way.left, way.pack_across, way.packed, scratch + b * apart, before,
            before.other + (block + b) * image, like,
        )  # fmt: skip
    return scratch, apart


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
        scratch: Address of memory for a strip's packed images.
        past: Whether they are written past the caches.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(way, item)
        base, apart = laid(given, way, before, block, first, count, scratch, values)
        make(base, apart, out, way, block, first, blocks, rows, starts, offsets, values, bias, past)


@jit
def strip(way: Any, item: int) -> Any:
    """A strip by its number: first block, first row made, blocks, rows made, and rows seen."""
    strips = (way.down + way.strip - 1) // way.strip
    block, first = (item // strips) * way.blocks, (item % strips) * way.strip
    blocks, rows = min(way.blocks, way.batch - block), min(way.strip, way.down - first)
    return block, first, blocks, rows, (rows - 1) * way.hop_down + way.reach + 1


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
    for y in range(rows):
        if way.neighbours:
            for x in range(way.across):
                here, there = base + y * down + x * step, to + y * below + x * between
                _together(
                    there, image, here, apart, blocks, size, past, starts, offsets, values, bias
                )
        else:
            for b in range(blocks):
                here, there = base + b * apart + y * down, to + b * image + y * below
                _together(
                    there, between, here, step, way.across, size, past, starts, offsets, values,
                    bias,
                )  # fmt: skip


@jit
def _together(
    to: int,
    between: int,
    base: int,
    step: int,
    number: int,
    size: int,
    past: bool,
    starts: Any,
    offsets: Any,
    values: Any,
    bias: Any,
) -> None:
    """All channels of `number` neighbours; few at a time, the last ones if need be again."""
    for x in range(0, number, GROUP):
        if number >= GROUP:
            first = min(x, number - GROUP)
            _neighbours(
                to + first * between, between, base + first * step, step, size, True,
                past, starts, offsets, values, bias,
            )  # fmt: skip
        else:
            for each in range(number):
                _neighbours(
                    to + each * between, between, base + each * step, step, size, False,
                    past, starts, offsets, values, bias,
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
) -> None:
    """All channels of a group, or of one pixel."""
    past = past and starts.shape[0] == 1  # what is made of several tiles is read again
    for tile in range(starts.shape[0]):
        for o in range(starts.shape[1] - 1):
            k = starts[tile, o]
            count = starts[tile, o + 1] - k
            to = target + o * size
            at = offsets.ctypes.data + k * 4
            weights = values.ctypes.data + k * values.itemsize
            fresh = tile == 0
            if group:
                _product_4(
                    to, between, base, step, at, weights, count, fresh, bias[o], past, values
                )
            else:
                _product_1(
                    to, between, base, step, at, weights, count, fresh, bias[o], past, values
                )

"""The loops of sparse products, compiled by numba when they are first used.

A strip of rows of some examples is packed into scratch memory in blocks, [blocks][rows][columns]
[channels][examples], with zeros for padding; then, for every few neighbouring pixels of a block and
every channel that comes out, the kept weights are gone through one after another. What an output is
the sum of, and in which order, depends on its kept weights alone.

Addresses are of the first number, float32 or float64, of contiguous memory. Shapes: B examples;
H, W and C rows, columns and channels of the images given; height, width and O of those made.
"""

from __future__ import annotations

from typing import Any

import numba

from .vectors import LANES, WIDTH, clear, copy, copy_one, fetch, product

_product_4, _product_2, _product_1 = product(4, 1), product(2, 2), product(1, 4)
AHEAD = 16  # channels whose numbers are asked for before they are packed
jit = numba.njit(nogil=True, cache=True)


@jit
def pack(
    given: int,
    rows: int,
    columns: int,
    channels: int,
    batch: int,
    start: int,
    block: int,
    blocks: int,
    top: int,
    down: int,
    count: int,
    left: int,
    across: int,
    packed: int,
    filled: int,
    scratch: int,
    like: Any,
) -> None:
    """Pack `count` rows of the examples from `start` on, in `blocks` blocks.

    Packed row r is row top + r * down of the images, and columns likewise; zero outside.
    """
    size = like.itemsize
    apart = count * packed * channels * block * size
    ahead = AHEAD * batch * size
    for r in range(count):
        row = top + r * down
        for q in range(packed):
            column = left + q * across
            inside = 0 <= row < rows and 0 <= column < columns and q < filled
            source = given + ((row * columns + column) * channels * batch + start) * size
            to = scratch + (r * packed + q) * channels * block * size
            for channel in range(channels):
                for b in range(blocks):
                    here = source + (channel * batch + b * block) * size
                    there = to + b * apart + channel * block * size
                    left_over = batch - start - b * block
                    if inside and left_over >= block:
                        for v in range(0, block, WIDTH):
                            fetch(here + v * size + ahead)
                            copy(there + v * size, here + v * size, like)
                    else:
                        for v in range(0, block, LANES):
                            clear(there + v * size, like)
                        if inside:
                            for v in range(left_over):
                                copy_one(there + v * size, here + v * size, like)


@jit
def multiply(
    given: int,
    out: int,
    way: Any,
    starts: Any,
    offsets: Any,
    values: Any,
    scratch: int,
    edge: int,
    begin: int,
    end: int,
) -> None:
    """Make images of images: strips `begin` to `end` of all strips of all examples.

    Args:
        given: Address of images [H, W, C, B].
        out: Address of the images that are made [height, width, O, B].
        way: Sizes.
        starts: Where the weights of each tile and channel made begin, int64 [tiles, O + 1].
        offsets: Where the packed number is that each weight multiplies, bytes from the first that
            the pixel sees, int32.
        values: The weights, float32 or float64.
        scratch: Address of memory for a strip's packed images.
        edge: Address of memory for [pixels, O, block] numbers: what a last block makes, which has
            fewer examples.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    size = values.itemsize
    strips = (way.down + way.strip - 1) // way.strip
    row_bytes = way.packed * way.channels * way.block * size
    step = way.hop_across * way.channels * way.block * size
    for item in range(begin, end):
        start = (item // strips) * way.blocks * way.block
        first = (item % strips) * way.strip
        blocks = min(way.blocks, (way.batch - start + way.block - 1) // way.block)
        rows = min(way.strip, way.down - first)
        count = (rows - 1) * way.hop_down + way.reach + 1
        if len(offsets) > 0:
            pack(
                given, way.rows, way.columns, way.channels, way.batch, start, way.block, blocks,
                way.top + first * way.hop_down * way.pack_down, way.pack_down, count,
                way.left, way.pack_across, way.packed, way.filled, scratch, values,
            )  # fmt: skip
        for b in range(blocks):
            examples = min(way.block, way.batch - start - b * way.block)
            whole = examples == way.block
            for y in range(rows):
                base = scratch + (b * count + y * way.hop_down) * row_bytes
                row = way.first_row + (first + y) * way.row_step
                for column in range(0, way.across, way.pixels):
                    # The last pixels are computed with those before them, if need be again.
                    x = min(column, way.across - way.pixels)
                    pixel = row * way.width + way.first_column + x * way.column_step
                    target = out + (pixel * way.made * way.batch + start + b * way.block) * size
                    between = way.column_step * way.made * way.batch * size
                    if whole:
                        _pixels(
                            target, way.batch * size, between, base + x * step, step, way.pixels,
                            starts, offsets, values,
                        )  # fmt: skip
                        continue
                    _pixels(
                        edge, way.block * size, way.made * way.block * size, base + x * step, step,
                        way.pixels, starts, offsets, values,
                    )  # fmt: skip
                    for p in range(way.pixels):
                        for o in range(way.made):
                            to = target + p * between + o * way.batch * size
                            source = edge + (p * way.made + o) * way.block * size
                            for v in range(examples):
                                copy_one(to + v * size, source + v * size, values)


@jit
def _pixels(
    target: int,
    channel_step: int,
    pixel_step: int,
    base: int,
    step: int,
    pixels: int,
    starts: Any,
    offsets: Any,
    values: Any,
) -> None:
    """All channels of some pixels of one block."""
    size = values.itemsize
    for tile in range(starts.shape[0]):
        for o in range(starts.shape[1] - 1):
            k = starts[tile, o]
            count = starts[tile, o + 1] - k
            to = target + o * channel_step
            at = offsets.ctypes.data + k * 4
            weights = values.ctypes.data + k * size
            fresh = tile == 0
            if pixels == 4:
                _product_4(to, pixel_step, base, step, at, weights, count, fresh, values)
            elif pixels == 2:
                _product_2(to, pixel_step, base, step, at, weights, count, fresh, values)
            else:
                _product_1(to, pixel_step, base, step, at, weights, count, fresh, values)

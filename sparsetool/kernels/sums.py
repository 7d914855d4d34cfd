"""The gradient in the kept weights, compiled by numba when it is first used; see `loops`.

For some pixels of a block, the gradients of one channel made stay in registers while all its kept
weights are gone through; every weight has LANES sums side by side, added up once for each strip.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .loops import jit, pack
from .vectors import LANES, clear, correlation, total

_sums_4, _sums_2, _sums_1 = correlation(4, 16), correlation(2, 32), correlation(1, 64)


@jit
def correlate(
    given: int,
    gradient: int,
    way: Any,
    starts: Any,
    offsets: Any,
    sums: Any,
    scratch: int,
    gradient_scratch: int,
    parts: Any,
    begin: int,
    end: int,
) -> None:
    """The gradient in the kept weights: what strips `begin` to `end` add to it.

    Args:
        given: Address of images [H, W, C, B].
        gradient: Address of the gradient in the images that were made [height, width, O, B].
        way: Sizes, as for `multiply`.
        starts: As for `multiply`.
        offsets: As for `multiply`.
        sums: Takes the gradient, in the order of the weights, float64; added to.
        scratch: Address of memory for a strip's packed images.
        gradient_scratch: The same for the gradient.
        parts: Memory for LANES sums of every weight of the largest tile, float32 or float64.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    none, one = np.int64(0), np.int64(1)  # literals would be another signature
    size = parts.itemsize
    strips = (way.down + way.strip - 1) // way.strip
    row_bytes = way.packed * way.channels * way.block * size
    step = way.hop_across * way.channels * way.block * size
    wide = (way.across + way.pixels - 1) // way.pixels * way.pixels
    apart = way.made * way.block * size
    for item in range(begin, end):
        start = (item // strips) * way.blocks * way.block
        first = (item % strips) * way.strip
        blocks = min(way.blocks, (way.batch - start + way.block - 1) // way.block)
        rows = min(way.strip, way.down - first)
        count = (rows - 1) * way.hop_down + way.reach + 1
        pack(
            given, way.rows, way.columns, way.channels, way.batch, start, way.block, blocks,
            way.top + first * way.hop_down * way.pack_down, way.pack_down, count,
            way.left, way.pack_across, way.packed, way.filled, scratch, parts,
        )  # fmt: skip
        pack(
            gradient, way.down, way.width, way.made, way.batch, start, way.block, blocks,
            first, one, rows, none, one, wide, way.across, gradient_scratch, parts,
        )  # fmt: skip
        for tile in range(starts.shape[0]):
            lowest, highest = starts[tile, 0], starts[tile, -1]
            memory = parts.ctypes.data - lowest * LANES * size
            for k in range(lowest, highest):
                clear(memory + k * LANES * size, parts)
            for b in range(blocks):
                for y in range(rows):
                    base = scratch + (b * count + y * way.hop_down) * row_bytes
                    ahead = gradient_scratch + (b * rows + y) * wide * apart
                    for x in range(0, way.across, way.pixels):
                        _channels(
                            memory, ahead + x * apart, apart, way.block * size, base + x * step,
                            step, way.pixels, starts[tile], offsets, parts,
                        )  # fmt: skip
            for k in range(lowest, highest):
                sums[k] += total(memory + k * LANES * size, parts)


@jit
def _channels(
    memory: int,
    ahead: int,
    apart: int,
    channel_step: int,
    base: int,
    step: int,
    pixels: int,
    starts: Any,
    offsets: Any,
    like: Any,
) -> None:
    """What some pixels of one block give the weights of one tile."""
    for o in range(len(starts) - 1):
        k = starts[o]
        count = starts[o + 1] - k
        to = memory + k * LANES * like.itemsize
        at = offsets.ctypes.data + k * 4
        here = ahead + o * channel_step
        if pixels == 4:
            _sums_4(to, here, apart, base, step, at, count, like)
        elif pixels == 2:
            _sums_2(to, here, apart, base, step, at, count, like)
        else:
            _sums_1(to, here, apart, base, step, at, count, like)

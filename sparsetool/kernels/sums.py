"""The gradient in the kept weights, compiled by numba when it is first used; see `loops`.

For some pixels of a block, the gradients of one channel made stay in registers while all its kept
weights are gone through; every weight has LANES sums side by side, added up once for each strip.
"""

from __future__ import annotations

from typing import Any

from .loops import jit, laid
from .vectors import LANES, clear_lanes, correlation, total
from .ways import GROUP, WIDTH

_sums_4, _sums_1 = correlation(4), correlation(1)


@jit
def correlate(
    given: int,
    gradient: int,
    way: Any,
    before: Any,
    starts: Any,
    offsets: Any,
    sums: Any,
    scratch: int,
    parts: Any,
    begin: int,
    end: int,
) -> None:
    """The gradient in the kept weights: what strips `begin` to `end` add to it.

    Args:
        given: Address of images [N, H, W, C, WIDTH].
        gradient: Address of that in the images that were made [N, height, width, O, WIDTH].
        way: Sizes, as for `multiply`.
        before: As for `multiply`.
        starts: As for `multiply`.
        offsets: As for `multiply`.
        sums: Takes the gradient, in the order of the weights, float64; added to.
        scratch: Address of memory for a strip's packed images.
        parts: Memory for LANES sums of every weight of the largest tile, float32 or float64.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    lanes, size = LANES * parts.itemsize, WIDTH * parts.itemsize
    strips = (way.down + way.strip - 1) // way.strip
    step = way.hop_across * way.channels * size
    down = way.hop_down * way.packed * way.channels * size
    between, below = way.made * size, way.width * way.made * size
    image = way.height * below
    for item in range(begin, end):
        block, first = (item // strips) * way.blocks, (item % strips) * way.strip
        blocks, rows = min(way.blocks, way.batch - block), min(way.strip, way.down - first)
        count = (rows - 1) * way.hop_down + way.reach + 1
        base, apart = laid(given, way, before, block, first, count, scratch, parts)
        ahead = gradient + block * image + first * below
        for tile in range(starts.shape[0]):
            lowest, highest = starts[tile, 0], starts[tile, -1]
            memory = parts.ctypes.data - lowest * lanes
            for k in range(lowest, highest):
                clear_lanes(memory + k * lanes, parts)
            for y in range(rows):
                if way.neighbours:
                    for x in range(way.across):
                        here, there = base + y * down + x * step, ahead + y * below + x * between
                        _together(
                            memory, there, image, here, apart, blocks, size, starts[tile],
                            offsets, parts,
                        )  # fmt: skip
                else:
                    for b in range(blocks):
                        here, there = base + b * apart + y * down, ahead + b * image + y * below
                        _together(
                            memory, there, between, here, step, way.across, size, starts[tile],
                            offsets, parts,
                        )  # fmt: skip
            for k in range(lowest, highest):
                sums[k] += total(memory + k * lanes, parts)


@jit
def _together(
    memory: int,
    ahead: int,
    between: int,
    base: int,
    step: int,
    number: int,
    size: int,
    starts: Any,
    offsets: Any,
    like: Any,
) -> None:
    """What `number` neighbours give the weights of one tile."""
    groups = number - number % GROUP
    for x in range(0, groups, GROUP):
        _channels(
            memory, ahead + x * between, between, base + x * step, step, size, True,
            starts, offsets, like,
        )  # fmt: skip
    for x in range(groups, number):
        _channels(
            memory, ahead + x * between, between, base + x * step, step, size, False,
            starts, offsets, like,
        )  # fmt: skip


@jit
def _channels(
    memory: int,
    ahead: int,
    between: int,
    base: int,
    step: int,
    size: int,
    group: bool,
    starts: Any,
    offsets: Any,
    like: Any,
) -> None:
    """What a group, or one pixel, gives the weights of one tile."""
    for o in range(len(starts) - 1):
        k = starts[o]
        count = starts[o + 1] - k
        to = memory + k * LANES * like.itemsize
        at = offsets.ctypes.data + k * 4
        here = ahead + o * size
        if group:
            _sums_4(to, here, between, base, step, at, count, like)
        else:
            _sums_1(to, here, between, base, step, at, count, like)

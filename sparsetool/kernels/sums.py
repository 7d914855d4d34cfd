"""The gradient in the kept weights, compiled by numba when it is first used; see `loops`.

For some pixels of a block, the gradients of one channel made stay in registers while all its kept
weights are gone through; every weight has LANES sums side by side, added up once for each strip.
"""

from __future__ import annotations

from typing import Any

from .loops import make
from .packing import jit, laid, strip
from .vectors import LANES, clear_lanes, total
from .ways import GROUP, WIDTH
from .weights import correlation

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
    size = WIDTH * parts.itemsize
    below = way.width * way.made * size
    image = way.height * below
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(way, item)
        base, apart = laid(given, way, before, block, first, count, scratch, parts)
        ahead = gradient + block * image + first * below
        _add(
            base, apart, ahead, way.made * size, below, image, way, blocks, rows, starts, offsets,
            sums, parts,
        )  # fmt: skip


@jit
def both(
    given: int,
    gradient: int,
    inner: int,
    way: Any,
    back: Any,
    before: Any,
    behind: Any,
    starts: Any,
    offsets: Any,
    back_starts: Any,
    back_offsets: Any,
    values: Any,
    bias: Any,
    after: Any,
    sums: Any,
    scratch: int,
    back_scratch: int,
    parts: Any,
    past: bool,
    begin: int,
    end: int,
) -> None:
    """The gradient in the images, and what strips add to that in the kept weights.

    Rows and columns of the images that are given and made are the same. Arguments as of `multiply`
    and `correlate`; those that belong to the gradient in the images:

    Args:
        inner: Address that takes it.
        back: Sizes of its pass; strips are those of `way`.
        behind: What is done to the gradient in what was made while it is packed.
        back_starts: Where its weights begin.
        back_offsets: Where they are.
        values: The weights.
        bias: Zeros [C].
        after: What is added up of it, as of `multiply`.
        back_scratch: Address of memory for a strip's packed gradients.
        past: Whether it is written past the caches.
    """
    size = WIDTH * parts.itemsize
    between = back.channels * size
    below = back.packed * between
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(back, item)
        ahead, behind_by = laid(gradient, back, behind, block, first, count, back_scratch, parts)
        base, apart = laid(given, way, before, block, first, count, scratch, parts)
        make(
            ahead, behind_by, inner, back, block, first, blocks, rows, back_starts, back_offsets,
            values, bias, after, past,
        )  # fmt: skip
        here = ahead - back.top * below - back.left * between
        _add(
            base, apart, here, between, below, behind_by, way, blocks, rows, starts, offsets, sums,
            parts,
        )  # fmt: skip


@jit
def _add(
    base: int,
    apart: int,
    ahead: int,
    between: int,
    below: int,
    image: int,
    way: Any,
    blocks: int,
    rows: int,
    starts: Any,
    offsets: Any,
    sums: Any,
    parts: Any,
) -> None:
    """What a strip adds to the gradient in the kept weights.

    Args:
        base: Address of the first pixel that the strip sees.
        apart: From block to block there, bytes.
        ahead: Address of the gradient in its first pixel.
        between: From pixel to pixel there, bytes.
        below: From row to row there, bytes.
        image: From block to block there, bytes.
        way: Sizes.
        blocks: Of the strip.
        rows: Of the strip.
        starts: As for `correlate`.
        offsets: As for `correlate`.
        sums: As for `correlate`.
        parts: As for `correlate`.
    """
    lanes, size = LANES * parts.itemsize, WIDTH * parts.itemsize
    step = way.hop_across * way.channels * size
    down = way.hop_down * way.packed * way.channels * size
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
                        memory, there, image, here, apart, blocks, size, starts[tile], offsets,
                        parts,
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

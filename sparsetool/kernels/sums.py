"""The gradient in the kept weights, compiled by numba when it is first used; see `loops`.

For some pixels of a block, the gradients of one channel made stay in registers while all its kept
weights are gone through; every weight has LANES sums side by side, added up once for each strip.
"""

from __future__ import annotations

from typing import Any

from .loops import make
from .packing import jit, laid, strip
from .vectors import LANES, add_total, clear_lanes, whole
from .ways import GROUP, WIDTH
from .weights import correlation

_sums, _sums_one = correlation(GROUP), correlation(1)


@jit
def correlate(
    given: int,
    gradient: int,
    way: Any,
    before: Any,
    kept: Any,
    sums: int,
    scratch: int,
    parts: int,
    begin: int,
    end: int,
) -> None:
    """The gradient in the kept weights: what strips `begin` to `end` add to it.

    Args:
        given: Address of images [N, H, W, C, WIDTH].
        gradient: Address of that in the images that were made [N, height, width, O, WIDTH].
        way: Sizes, as for `multiply`.
        before: As for `multiply`.
        kept: As for `multiply`; the weights themselves are not read.
        sums: Address of what takes the gradient, in the order of the weights, float64; added to.
        scratch: Address of memory for a strip's packed images.
        parts: Address of memory for LANES sums of every weight of the largest tile.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    between = way.made * way.size
    below = way.width * between
    image = way.height * below
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(way, item)
        base, apart = laid(given, way, before, block, first, count, scratch)
        ahead = gradient + block * image + first * below
        _add(
            base, apart, ahead, between, below, image, way, blocks, rows, kept, sums, parts,
            before.top,
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
    kept: Any,
    back_kept: Any,
    bias: int,
    after: Any,
    sums: int,
    scratch: int,
    back_scratch: int,
    parts: int,
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
        back_kept: Its weights.
        bias: Address of zeros [C].
        after: What is added up of it, as of `multiply`.
        back_scratch: Address of memory for a strip's packed gradients.
        past: Whether it is written past the caches.
    """
    between = back.channels * back.size
    below = back.packed * between
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(back, item)
        ahead, behind_by = laid(gradient, back, behind, block, first, count, back_scratch)
        base, apart = laid(given, way, before, block, first, count, scratch)
        make(
            ahead, behind_by, inner, back, block, first, blocks, rows, back_kept, bias, after, past
        )
        here = ahead - back.top * below - back.left * between
        _add(
            base, apart, here, between, below, behind_by, way, blocks, rows, kept, sums, parts,
            before.top,
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
    kept: Any,
    sums: int,
    parts: int,
    like: Any,
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
        kept: As for `correlate`.
        sums: As for `correlate`.
        parts: As for `correlate`.
        like: Any number of the type.
    """
    lanes = LANES * way.size // WIDTH
    step = way.hop_across * way.channels * way.size
    down = way.hop_down * way.packed * way.channels * way.size
    for tile in range(kept.tiles):
        starts = kept.starts + tile * (way.made + 1) * 8
        lowest, highest = whole(starts, 0), whole(starts, way.made)
        memory = parts - lowest * lanes
        clear_sums(memory, lowest, highest, lanes, like)
        for y in range(rows):
            if way.neighbours:
                for x in range(way.across):
                    here, there = base + y * down + x * step, ahead + y * below + x * between
                    neighbours(
                        memory, there, image, here, apart, blocks, way, starts, kept.offsets, like
                    )
            else:
                for b in range(blocks):
                    here, there = base + b * apart + y * down, ahead + b * image + y * below
                    neighbours(
                        memory, there, between, here, step, way.across, way, starts, kept.offsets,
                        like,
                    )  # fmt: skip
        add_totals(memory, lowest, highest, lanes, sums, like)


@jit
def clear_sums(memory: int, begin: int, end: int, lanes: int, like: Any) -> None:
    """Clear the sums, of `lanes` bytes, of weights `begin` to `end`; `memory` is of weight 0."""
    for k in range(begin, end):
        clear_lanes(memory + k * lanes, like)


@jit
def add_totals(memory: int, begin: int, end: int, lanes: int, sums: int, like: Any) -> None:
    """Add them up, to `sums`."""
    for k in range(begin, end):
        add_total(memory + k * lanes, sums + k * 8, like)


@jit
def neighbours(
    memory: int,
    ahead: int,
    between: int,
    base: int,
    step: int,
    count: int,
    way: Any,
    starts: int,
    offsets: int,
    like: Any,
) -> None:
    """What `count` neighbours give the weights of one tile."""
    groups = count - count % GROUP
    for x in range(0, groups, GROUP):
        _channels(
            memory, ahead + x * between, between, base + x * step, step, True, way, starts, offsets,
            like,
        )  # fmt: skip
    for x in range(groups, count):
        _channels(
            memory, ahead + x * between, between, base + x * step, step, False, way, starts,
            offsets, like,
        )  # fmt: skip


@jit
def _channels(
    memory: int,
    ahead: int,
    between: int,
    base: int,
    step: int,
    group: bool,
    way: Any,
    starts: int,
    offsets: int,
    like: Any,
) -> None:
    """What a group, or one pixel, gives the weights of one tile."""
    lanes = LANES * way.size // WIDTH
    for o in range(way.made):
        k = whole(starts, o)
        count = whole(starts, o + 1) - k
        to, at, here = memory + k * lanes, offsets + k * 4, ahead + o * way.size
        if group:
            _sums(to, here, between, base, step, at, count, like)
        else:
            _sums_one(to, here, between, base, step, at, count, like)

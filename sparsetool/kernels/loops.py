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
from .vectors import clear, number, put, whole
from .ways import GROUP, WIDTH
from .weights import product

_product, _product_one = product(GROUP), product(1)
_measured, _passing, _passing_again = (product(GROUP, each) for each in (MEASURE, PASS, PASS_AGAIN))


@jit
def multiply(
    given: int,
    out: int,
    way: Any,
    before: Any,
    kept: Any,
    bias: int,
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
        kept: The weights.
        bias: Address of what is added to each channel made [O].
        after: What is added up of the images made; nothing where neighbours are no whole groups of
            a row, and else only where no other thread has strips of the same blocks.
        scratch: Address of memory for a strip's packed images.
        past: Whether they are written past the caches.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    for item in range(begin, end):
        block, first, blocks, rows, count = strip(way, item)
        base, apart = laid(given, way, before, block, first, count, scratch)
        make(base, apart, out, way, block, first, blocks, rows, kept, bias, after, past)


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
    kept: Any,
    bias: int,
    after: Any,
    past: bool,
) -> None:
    """Make a strip of images; arguments as of `multiply`, `laid` and `strip`."""
    step = way.hop_across * way.channels * way.size
    down = way.hop_down * way.packed * way.channels * way.size
    pixel = way.made * way.size
    image, between = way.height * way.width * pixel, way.column_step * pixel
    row = way.first_row + first * way.row_step
    to = out + block * image + (row * way.width + way.first_column) * pixel
    below = way.row_step * way.width * pixel
    beside = after.other - out
    if after.kind == MEASURE and first == 0:
        for b in range(blocks):
            here, there = base + b * apart, to + b * image
            _neighbours(
                there, between, here, step, True, past, way, kept, bias, after, beside, block + b
            )
            about = after.numbers + (block + b) * pixel // WIDTH
            for o in range(way.made):
                put(
                    number(there + o * way.size, after.top),
                    about + o * way.size // WIDTH,
                    after.top,
                )
            for o in range(2 * way.made):
                clear(after.sums + 2 * (block + b) * pixel + o * way.size, after.top)
    for y in range(rows):
        if way.neighbours:
            for x in range(way.across):
                here, there = base + y * down + x * step, to + y * below + x * between
                together(
                    there, image, here, apart, blocks, past, way, kept, bias, after, beside, block
                )
        else:
            for b in range(blocks):
                here, there = base + b * apart + y * down, to + b * image + y * below
                together(
                    there, between, here, step, way.across, past, way, kept, bias, after, beside,
                    block + b,
                )  # fmt: skip


@jit
def together(
    to: int,
    between: int,
    base: int,
    step: int,
    count: int,
    past: bool,
    way: Any,
    kept: Any,
    bias: int,
    after: Any,
    beside: int,
    block: int,
) -> None:
    """All channels of `count` neighbours; a group at a time, the last ones if need be again."""
    group = count >= GROUP
    for x in range(0, count, GROUP if group else 1):
        first = min(x, count - GROUP) if group else x
        _neighbours(
            to + first * between, between, base + first * step, step, group, past, way, kept, bias,
            after, beside, block,
        )  # fmt: skip


@jit
def _neighbours(
    target: int,
    between: int,
    base: int,
    step: int,
    group: bool,
    past: bool,
    way: Any,
    kept: Any,
    bias: int,
    after: Any,
    beside: int,
    block: int,
) -> None:
    """All channels of a group, or of one pixel, with what is added up of a block's."""
    size, made, top = way.size, way.made, after.top
    each = size // WIDTH
    past = past and kept.tiles == 1  # what is made of several tiles is read again
    for tile in range(kept.tiles):
        does = after.kind if tile == kept.tiles - 1 else NOTHING
        starts = kept.starts + tile * (made + 1) * 8
        for o in range(made):
            k = whole(starts, o)
            count = whole(starts, o + 1) - k
            to = target + o * size
            at, weights = kept.offsets + k * 4, kept.values + k * each
            fresh, start, other = tile == 0, number(bias + o * each, top), to + beside
            sums = after.sums + (2 * block * made + o) * size
            products = sums + made * size
            if not group:
                _product_one(
                    to, between, base, step, at, weights, count, fresh, start, past, 0, top, top,
                    top, top, 0, 0, top,
                )  # fmt: skip
            elif does == NOTHING:
                _product(
                    to, between, base, step, at, weights, count, fresh, start, past, 0, top, top,
                    top, top, 0, 0, top,
                )  # fmt: skip
            elif does == MEASURE:
                about = number(after.numbers + (block * made + o) * each, top)
                _measured(
                    to, between, base, step, at, weights, count, fresh, start, past, 0, about, top,
                    top, top, sums, products, top,
                )  # fmt: skip
            else:
                norm = after.numbers + o * each
                center = number(norm, top)
                factor = number(norm + made * each, top)
                shift = number(norm + 2 * made * each, top)
                if does == PASS:
                    _passing(
                        to, between, base, step, at, weights, count, fresh, start, past, other,
                        center, factor, shift, top, sums, products, top,
                    )  # fmt: skip
                else:
                    _passing_again(
                        to, between, base, step, at, weights, count, fresh, start, past, other,
                        center, factor, shift, top, sums, products, top,
                    )  # fmt: skip

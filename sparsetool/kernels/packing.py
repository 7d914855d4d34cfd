"""Where the pixels lie that a strip sees, compiled by numba when it is first used; see `loops`.

Where a layer sees pixels outside of an image, or something is done to images before, the rows that
a strip of it sees are packed first into scratch memory, with zeros around.
"""

from __future__ import annotations

from typing import Any

import numba

from .around import INWARD, NORMALISE, NOTHING, RECTIFY
from .channels import inner, normal
from .vectors import clear, copy
from .ways import WIDTH

_plain, _relu = normal(False, False), normal(True, False)
_inner, _inner_again = inner(False), inner(True)
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
def strip(way: Any, item: int) -> Any:
    """A strip by its number: first block, first row made, blocks, rows made, and rows seen."""
    strips = (way.down + way.strip - 1) // way.strip
    block, first = (item // strips) * way.blocks, (item % strips) * way.strip
    blocks, rows = min(way.blocks, way.batch - block), min(way.strip, way.down - first)
    return block, first, blocks, rows, (rows - 1) * way.hop_down + way.reach + 1

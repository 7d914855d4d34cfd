"""Where the pixels lie that a strip sees, compiled by numba when it is first used; see `loops`.

Where a layer sees pixels outside of an image, or something is done to images before, the rows that
a strip of it sees are packed first into scratch memory, with zeros around.
"""

from __future__ import annotations

from typing import Any

import numba

from .around import INWARD, NORMALISE, NOTHING, RECTIFY
from .channels import inner, normal
from .vectors import clear, copy, number
from .ways import WIDTH

_plain, _relu = normal(False, False), normal(True, False)
_inner, _inner_again = inner(False), inner(True)
jit = numba.njit(nogil=True, cache=True)


@jit
def pack(given: int, way: Any, top: int, count: int, scratch: int, before: Any, other: int) -> None:
    """Pack `count` rows of one block; `other` is that block of `before.other`.

    Packed row r is row top + r * way.pack_down of the images, and columns likewise from way.left
    on; zero outside.
    """
    pixel, like = way.channels * way.size, before.top
    whole = way.pack_across == 1 and before.kind == NOTHING
    first = max(0, -way.left) if whole else way.packed  # of the columns that are copied as one
    last = max(first, min(way.packed, way.columns - way.left))
    for r in range(count):
        row = top + r * way.pack_down
        to = scratch + r * way.packed * pixel
        if not 0 <= row < way.rows:
            _clear(to, to + way.packed * pixel, way.size, like)
            continue
        from_ = (row * way.columns + way.left) * pixel
        for q in range(first):
            column = way.left + q * way.pack_across
            skip, there = from_ + q * way.pack_across * pixel, to + q * pixel
            if 0 <= column < way.columns:
                _pack_pixel(given + skip, other + skip, there, way, before)
            else:
                _clear(there, there + pixel, way.size, like)
        for here in range(first * pixel, last * pixel, way.size):
            copy(to + here, given + from_ + here, like)
        _clear(to + last * pixel, to + way.packed * pixel, way.size, like)


@jit
def _clear(begin: int, end: int, size: int, like: Any) -> None:
    for to in range(begin, end, size):
        clear(to, like)


@jit
def _pack_pixel(source: int, other: int, to: int, way: Any, before: Any) -> None:
    vector, top = way.size, before.top
    row = vector // WIDTH * way.channels  # bytes
    center, factor, shift = before.numbers, before.numbers + row, before.numbers + 2 * row
    slope, level = before.slopes, before.slopes + row
    for c in range(way.channels):
        here, there, n = source + c * vector, to + c * vector, vector // WIDTH * c
        if before.kind == NOTHING:
            copy(there, here, top)
            continue
        norm = number(center + n, top), number(factor + n, top), number(shift + n, top)
        if before.kind == NORMALISE:
            _plain(here, norm[0], norm[1], norm[2], 0, top, there, False, top)
        elif before.kind == RECTIFY:
            _relu(here, norm[0], norm[1], norm[2], 0, top, there, False, top)
        elif before.kind == INWARD:
            _inner(
                here, other + c * vector, norm[0], norm[1], norm[2], top,
                number(slope + n, top), number(level + n, top), there, False, top,
            )  # fmt: skip
        else:
            _inner_again(
                here, other + c * vector, norm[0], norm[1], norm[2], top,
                number(slope + n, top), number(level + n, top), there, False, top,
            )  # fmt: skip


@jit
def laid(
    given: int, way: Any, before: Any, block: int, first: int, count: int, scratch: int
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
    """
    pixel = way.channels * way.size
    image = way.rows * way.columns * pixel
    top = way.top + first * way.hop_down * way.pack_down
    if way.direct and before.kind == NOTHING:
        return given + block * image + (top * way.columns + way.left) * pixel, image
    apart = count * way.packed * pixel
    for b in range(min(way.blocks, way.batch - block)):
        skip = (block + b) * image
        pack(given + skip, way, top, count, scratch + b * apart, before, before.other + skip)
    return scratch, apart


@jit
def strip(way: Any, item: int) -> Any:
    """A strip by its number: first block, first row made, blocks, rows made, and rows seen."""
    strips = (way.down + way.strip - 1) // way.strip
    block, first = (item // strips) * way.blocks, (item % strips) * way.strip
    blocks, rows = min(way.blocks, way.batch - block), min(way.strip, way.down - first)
    return block, first, blocks, rows, (rows - 1) * way.hop_down + way.reach + 1

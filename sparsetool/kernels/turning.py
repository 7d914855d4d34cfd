"""Turning images to blocks of examples and back, compiled by numba when it is first used.

Shapes: N blocks of WIDTH examples; B examples; P numbers of an example, channels innermost.
"""

from __future__ import annotations

from typing import Any

import numba

from .ways import WIDTH

_jit = numba.njit(nogil=True, cache=True)


@_jit
def to_blocks(images: Any, out: Any, begin: int, end: int) -> None:
    """Images [B, P] in blocks `begin` to `end` of `out` [N, P, WIDTH], filled up with zeros."""
    batch, numbers = images.shape
    for block in range(begin, end):
        first = block * WIDTH
        if first + WIDTH <= batch:
            for p in range(numbers):
                for example in range(WIDTH):
                    out[block, p, example] = images[first + example, p]
        else:
            for p in range(numbers):
                for example in range(WIDTH):
                    there = first + example < batch
                    out[block, p, example] = images[first + example, p] if there else 0


@_jit
def from_blocks(blocks: Any, out: Any, begin: int, end: int) -> None:
    """Blocks `begin` to `end` of [N, P, WIDTH] as images `out` [B, P]."""
    batch, numbers = out.shape
    for block in range(begin, end):
        first = block * WIDTH
        examples = min(WIDTH, batch - first)
        if examples == WIDTH:
            for p in range(numbers):
                for example in range(WIDTH):
                    out[first + example, p] = blocks[block, p, example]
        else:
            for p in range(numbers):
                for example in range(examples):
                    out[first + example, p] = blocks[block, p, example]

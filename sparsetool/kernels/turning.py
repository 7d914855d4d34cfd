"""Turning images to blocks of examples and back, compiled by numba when it is first used.

Shapes: N blocks of WIDTH examples; B examples; P numbers of an example, channels innermost.
Addresses are in bytes, as in `vectors`.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .vectors import INT, LONG, Code, number, put
from .ways import WIDTH

_jit = numba.njit(nogil=True, cache=True)


@intrinsic
def transpose(context: Any, source: Any, step: Any, to: Any, to_step: Any, like: Any) -> Any:
    """WIDTH rows of WIDTH numbers, `step` apart, as columns; rows of the result `to_step` apart.

    Squares on both sides of the diagonal are exchanged: of half the width, then of a quarter.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, WIDTH)
        source, step, to, to_step = arguments[:4]

        def row(address: Any, step: Any, at: int) -> Any:
            return builder.add(address, builder.mul(step, LONG(at)))

        def chosen(a: Any, b: Any, places: list[int]) -> Any:
            mask = ir.Constant(ir.VectorType(INT, WIDTH), places)
            return builder.shuffle_vector(a, b, mask)

        rows = [code.load(row(source, step, at)) for at in range(WIDTH)]
        side = WIDTH // 2
        while side:
            upper = [n + (n & side and WIDTH - side) for n in range(WIDTH)]
            lower = [n + (WIDTH if n & side else side) for n in range(WIDTH)]
            for at in (at for at in range(WIDTH) if not at & side):
                pair = rows[at], rows[at + side]
                rows[at], rows[at + side] = chosen(*pair, upper), chosen(*pair, lower)
            side //= 2
        for at, vector in enumerate(rows):
            code.store(vector, row(to, to_step, at))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, like), generate


@_jit
def to_blocks(given: int, out: int, shape: Any, begin: int, end: int, like: Any) -> None:
    """Images [B, P] in blocks `begin` to `end` of [N, P, WIDTH], filled up with zeros.

    Args:
        given: Address of the images.
        out: Address of the blocks.
        shape: B, P and bytes of a number.
        begin: The first block.
        end: The block after the last.
        like: Zero, of their type.
    """
    batch, numbers, size = shape
    example, vector = numbers * size, WIDTH * size
    for block in range(begin, end):
        from_, to = given + block * WIDTH * example, out + block * numbers * vector
        examples = min(WIDTH, batch - block * WIDTH)
        squares = numbers // WIDTH if examples == WIDTH else 0
        for square in range(squares):
            skip = square * vector
            transpose(from_ + skip, example, to + skip * WIDTH, vector, like)
        for p in range(squares * WIDTH, numbers):
            for e in range(WIDTH):
                here = from_ + e * example + p * size
                there = to + p * vector + e * size
                put(number(here, like) if e < examples else like, there, like)


@_jit
def from_blocks(given: int, out: int, shape: Any, begin: int, end: int, like: Any) -> None:
    """Blocks `begin` to `end` of [N, P, WIDTH] as images [B, P]; arguments as of `to_blocks`."""
    batch, numbers, size = shape
    example, vector = numbers * size, WIDTH * size
    for block in range(begin, end):
        from_, to = given + block * numbers * vector, out + block * WIDTH * example
        examples = min(WIDTH, batch - block * WIDTH)
        squares = numbers // WIDTH if examples == WIDTH else 0
        for square in range(squares):
            skip = square * vector
            transpose(from_ + skip * WIDTH, vector, to + skip, example, like)
        for p in range(squares * WIDTH, numbers):
            for e in range(examples):
                put(number(from_ + p * vector + e * size, like), to + e * example + p * size, like)

"""Loops of linear layers on tokens as rows, compiled by numba when they are first used.

Tokens come and go as rows, as all around such layers wants them. A few blocks of sixteen at a time
are turned into scratch memory, multiplied and turned back while they are in the caches.

Shapes: B tokens in N blocks of WIDTH; I and O numbers of a token that goes in and comes out.
Addresses are of the first number, float32 or float64, of contiguous memory.
"""

from __future__ import annotations

from typing import Any

from .loops import together
from .packing import jit
from .sums import add_totals, clear_sums, neighbours
from .turning import from_blocks, to_blocks
from .vectors import LANES, whole
from .ways import WIDTH


@jit
def multiply_rows(
    given: int,
    out: int,
    batch: int,
    way: Any,
    kept: Any,
    bias: int,
    after: Any,
    zero: Any,
    scratch: int,
    made: int,
    begin: int,
    end: int,
) -> None:
    """Make rows of rows: strips `begin` to `end` of all strips of blocks.

    Args:
        given: Address of tokens [B, I].
        out: Address of those that are made [B, O].
        batch: B.
        way: Sizes of the pass.
        kept: The weights.
        bias: Address of what is added to each number made [O].
        after: That nothing is added up.
        zero: Of their type.
        scratch: Address of memory for a strip's tokens in blocks.
        made: The same for those that are made.
        begin: Number of the first strip.
        end: Number of the strip after the last.
    """
    for item in range(begin, end):
        block, last = item * way.blocks, min((item + 1) * way.blocks, way.batch)
        _in(given, scratch, batch, way.channels, way.size, block, last, zero)
        _make(scratch, made, way, kept, bias, after, last - block)
        _out(made, out, batch, way.made, way.size, block, last, zero)


@jit
def both_rows(
    given: int,
    gradient: int,
    inner: int,
    batch: int,
    way: Any,
    back: Any,
    kept: Any,
    back_kept: Any,
    bias: int,
    after: Any,
    zero: Any,
    sums: int,
    scratch: int,
    ahead: int,
    made: int,
    parts: int,
    begin: int,
    end: int,
) -> None:
    """The gradient in the tokens, and what strips add to that in the kept weights.

    Arguments as of `multiply_rows`, and:

    Args:
        gradient: Address of that in the tokens made [B, O].
        inner: Address that takes that in the tokens given [B, I].
        way: Sizes of the pass forward, whose strips are those of `back`.
        back: Sizes of the pass back.
        back_kept: Its weights.
        bias: Address of zeros [I].
        sums: Address of what takes the gradient in the weights, in their order, float64; added to.
        ahead: Address of memory for a strip's gradients in blocks.
        parts: Address of memory for LANES sums of every weight.
    """
    lanes, weights = LANES * way.size // WIDTH, whole(kept.starts, kept.tiles * (way.made + 1) - 1)
    clear_sums(parts, 0, weights, lanes, zero)
    for item in range(begin, end):
        block, last = item * way.blocks, min((item + 1) * way.blocks, way.batch)
        _in(gradient, ahead, batch, way.made, way.size, block, last, zero)
        _in(given, scratch, batch, way.channels, way.size, block, last, zero)
        _make(ahead, made, back, back_kept, bias, after, last - block)
        _out(made, inner, batch, way.channels, way.size, block, last, zero)
        for tile in range(kept.tiles):
            starts = kept.starts + tile * (way.made + 1) * 8
            neighbours(
                parts, ahead, way.made * way.size, scratch, way.channels * way.size, last - block,
                way, starts, kept.offsets, zero,
            )  # fmt: skip
    add_totals(parts, 0, weights, lanes, sums, zero)


@jit
def _in(
    rows: int, blocks: int, batch: int, numbers: int, size: int, block: int, last: int, zero: Any
) -> None:
    shape = batch, numbers, size // WIDTH
    to_blocks(rows, blocks - block * numbers * size, shape, block, last, zero)


@jit
def _out(
    blocks: int, rows: int, batch: int, numbers: int, size: int, block: int, last: int, zero: Any
) -> None:
    shape = batch, numbers, size // WIDTH
    from_blocks(blocks - block * numbers * size, rows, shape, block, last, zero)


@jit
def _make(given: int, made: int, way: Any, kept: Any, bias: int, after: Any, blocks: int) -> None:
    """Blocks of blocks, all of which are neighbours."""
    between, step = way.made * way.size, way.channels * way.size
    together(made, between, given, step, blocks, False, way, kept, bias, after, 0, 0)

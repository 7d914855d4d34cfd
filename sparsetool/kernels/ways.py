"""How a masked layer is gone through: which pixels are computed together, in which order.

Of two kinds, forward and backward: the gradient in the input is made of the gradient in the output
as images are of images, with the roles of both exchanged; with a stride, in several passes, one for
each place that a pixel can have in a step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .axes import Line, Pair

TILE = 64  # channels given whose weights are gone through one after another: they fit the caches
TOGETHER = 128  # examples that are packed together: they are neighbours in memory
STRIP = 2**21
NUMBERS = 64  # pixels x examples that are computed together: half the registers of AVX2


class Way(NamedTuple):
    """Sizes of one pass through a layer, all integers.

    Attributes:
        batch: B.
        block: Examples in a block.
        blocks: Blocks that are packed together.
        pixels: Neighbouring pixels that are computed together; pixels x block is 64.
        rows, columns, channels: H, W and C.
        width: Of the images made, pixels.
        made: O.
        first_row, first_column: Of the pixels made.
        row_step, column_step: From one pixel made to the next.
        down, across: How many are made.
        top, left: The pixel given that is packed first for the first pixel made; may be outside.
        pack_down, pack_across: From one packed pixel to the next, pixels given.
        hop_down, hop_across: From one pixel made to the next, packed pixels.
        reach: Packed rows that one row made sees, but one.
        packed: Packed columns.
        filled: Packed columns that are not zero by intent.
        strip: Rows made at a time.
        tiles: Groups of channels given whose weights are gone through one after another.
    """

    batch: int
    block: int
    blocks: int
    pixels: int
    rows: int
    columns: int
    channels: int
    width: int
    made: int
    first_row: int
    first_column: int
    row_step: int
    column_step: int
    down: int
    across: int
    top: int
    left: int
    pack_down: int
    pack_across: int
    hop_down: int
    hop_across: int
    reach: int
    packed: int
    filled: int
    strip: int
    tiles: int


class Kept(NamedTuple):
    """The kept weights, int64: the channels they make and are given, their places in the kernel,
    and their numbers among the weights [O x a x b x I]."""

    made: np.ndarray
    given: np.ndarray
    row: np.ndarray
    column: np.ndarray
    source: np.ndarray

    @classmethod
    def of(cls, mask: np.ndarray, groups: int) -> Kept:
        """From a mask [O, I / groups, a, b]."""
        ordered = mask.transpose(0, 2, 3, 1)
        source = np.flatnonzero(ordered)
        o, a, b, i = np.unravel_index(source, ordered.shape)
        group = o // (mask.shape[0] // groups)
        return cls(o, group * mask.shape[1] + i, a, b, source)

    def turned(self) -> Kept:
        """The same for the gradient in the input."""
        return Kept(self.given, self.made, self.row, self.column, self.source)


class Pass(NamedTuple):
    """A pass through a layer, for batches of any size.

    Attributes:
        down, across: The pixels that are made.
        given: Rows, columns and channels of the images given.
        width: Of the images made, pixels.
        made: Channels made.
        pixels: Neighbouring pixels that are computed together.
        starts: Where the weights of each tile and channel made begin, int64 [tiles, made + 1].
        offsets: Packed numbers of an example from the first that a pixel sees to the one that each
            weight multiplies, int64.
        source: Which of the weights [O x a x b x I] each is, int64.
    """

    down: Line
    across: Line
    given: tuple[int, int, int]
    width: int
    made: int
    pixels: int
    starts: np.ndarray
    offsets: np.ndarray
    source: np.ndarray

    @classmethod
    def of(
        cls, kept: Kept, lines: tuple[Line, Line], given: tuple[int, int, int], made: Pair
    ) -> Pass:
        """The pass that makes some pixels, of the weights that reach them.

        Args:
            kept: Weights.
            lines: Rows and columns of the pixels that are made.
            given: Rows, columns and channels of the images given.
            made: Channels and width of the images made.
        """
        down, across = lines
        channels, width = made
        reached = np.isin(kept.row, list(down.places)) & np.isin(kept.column, list(across.places))
        o, i, a, b, source = (each[reached] for each in kept)
        tile = i // TILE
        rows = _looked_up(down.places, a)
        columns = _looked_up(across.places, b)
        order = np.lexsort((i, columns, rows, o, tile))
        tiles = -(-given[2] // TILE)
        counts = np.bincount(tile * channels + o, minlength=tiles * channels)
        ends = np.concatenate([[0], np.cumsum(counts)])
        starts = ends[np.arange(tiles)[:, None] * channels + np.arange(channels + 1)]
        pixels = 4 if across.number >= 4 else 2 if across.number >= 2 else 1
        packed = _packed(across, pixels)
        offsets = ((rows * packed + columns) * given[2] + i)[order]
        lists = starts.astype(np.int64), offsets, source[order]
        return cls(down, across, given, width, channels, pixels, *lists)

    @property
    def largest(self) -> int:
        """Weights of the largest tile."""
        return int((self.starts[:, -1] - self.starts[:, 0]).max())

    def way(self, batch: int, size: int, threads: int) -> tuple[Way, int]:
        """Sizes for a batch, and how many strips there are.

        Args:
            batch: Examples.
            size: Of a number, bytes.
            threads: That share the strips.
        """
        block = NUMBERS // self.pixels
        rows, columns, channels = self.given
        packed = _packed(self.across, self.pixels)
        row = packed * channels * size  # bytes of a packed row of one example
        least = self.down.hop + self.down.reach  # about what a row made needs
        blocks = max(1, min(TOGETHER, batch) // block)
        while blocks * block > NUMBERS and blocks * block * row * least > STRIP:
            blocks //= 2
        strip = (STRIP // (blocks * block * row) - self.down.reach) // self.down.hop
        strip = max(1, min(self.down.number, strip))
        while True:
            strips = -(-self.down.number // strip) * -(-batch // (blocks * block))
            if strips >= threads or (strip == 1 and blocks == 1):
                break
            if strip > 1:
                strip = -(-strip // 2)
            else:
                blocks = -(-blocks // 2)
        filled = (self.across.number - 1) * self.across.hop + self.across.reach + 1
        way = Way(
            batch, block, blocks, self.pixels, rows, columns, channels, self.width, self.made,
            self.down.first, self.across.first, self.down.step, self.across.step,
            self.down.number, self.across.number, self.down.low, self.across.low,
            self.down.pack, self.across.pack, self.down.hop, self.across.hop,
            self.down.reach, packed, filled, strip, len(self.starts),
        )  # fmt: skip
        return way, strips

    def strip_numbers(self, way: Way) -> Pair:
        """Numbers of scratch memory that a strip needs, packed and made."""
        rows = (way.strip - 1) * way.hop_down + way.reach + 1
        packed = way.blocks * way.block * rows * way.packed * way.channels
        wide = -(-way.across // way.pixels) * way.pixels
        return packed, way.blocks * way.block * way.strip * wide * way.made


def _packed(across: Line, pixels: int) -> int:
    """Packed columns, enough for the last of groups of neighbouring pixels."""
    wide = -(-across.number // pixels) * pixels
    return (wide - 1) * across.hop + across.reach + 1


def _looked_up(places: dict[int, int], at: np.ndarray) -> np.ndarray:
    table = np.zeros(max(places, default=0) + 1, np.int64)
    table[list(places)] = list(places.values())
    return table[at]

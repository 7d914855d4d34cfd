"""How a masked layer is gone through: which pixels are computed together, in which order.

Of two kinds, forward and backward: the gradient in the input is made of the gradient in the output
as images are of images, with the roles of both exchanged; with a stride, in several passes, one for
each place that a pixel can have in a step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .axes import Line

TILE = 64  # channels given whose weights are gone through one after another: they fit the caches
STRIP = 2**19  # bytes of packed images at a time: about a cache of the second level
LONG = 2**21  # the same where the gradients of weights do not fit that cache beside them
SUMS = 2**18  # bytes of these that do
WIDTH = 16  # examples in a block, and numbers in the vectors of a product
GROUP = 4  # neighbouring pixels that are computed together: half the registers of AVX2


class Way(NamedTuple):
    """Sizes of one pass through a layer, all integers.

    Attributes:
        batch: Blocks of examples in all, N.
        blocks: Blocks that a strip has.
        neighbours: What is computed together: 0 columns, 1 blocks.
        direct: 1 where images are read as they are if nothing is done to them, 0 where they are
            packed first.
        rows, columns, channels: H, W and C.
        height, width: Of the images made, pixels.
        made: O.
        first_row, first_column: Of the pixels made.
        row_step, column_step: From one pixel made to the next.
        down, across: How many are made.
        top, left: The pixel given that is packed first for the first pixel made; may be outside.
        pack_down, pack_across: From one packed pixel to the next, pixels given.
        hop_down, hop_across: From one pixel made to the next, packed pixels.
        reach: Packed rows that one row made sees, but one.
        packed: Packed columns.
        strip: Rows made at a time.
        size: Of a block's channel, bytes.
    """

    batch: int
    blocks: int
    neighbours: int
    direct: int
    rows: int
    columns: int
    channels: int
    height: int
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
    strip: int
    size: int


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
        made: Rows, columns and channels of the images made.
        direct: Whether images can be read as they are: no pixel is seen outside of them.
        starts: Where the weights of each tile and channel made begin, int64 [tiles, made + 1].
        offsets: Packed channels from the first that a pixel sees to the one that each weight
            multiplies, int64.
        source: Which of the weights [O x a x b x I] each is, int64.
    """

    down: Line
    across: Line
    given: tuple[int, int, int]
    made: tuple[int, int, int]
    direct: bool
    starts: np.ndarray
    offsets: np.ndarray
    source: np.ndarray

    @classmethod
    def of(
        cls,
        kept: Kept,
        lines: tuple[Line, Line],
        given: tuple[int, int, int],
        made: tuple[int, int, int],
    ) -> Pass:
        """The pass that makes some pixels, of the weights that reach them.

        Args:
            kept: Weights.
            lines: Rows and columns of the pixels that are made.
            given: Rows, columns and channels of the images given.
            made: Rows, columns and channels of the images made.
        """
        down, across = lines
        channels = made[2]
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
        direct = down.inside(given[0]) and across.inside(given[1])
        packed = given[1] if direct else across.packed
        offsets = ((rows * packed + columns) * given[2] + i)[order]
        lists = starts.astype(np.int64), offsets, source[order]
        return cls(down, across, given, made, direct, *lists)

    @property
    def largest(self) -> int:
        """Weights of the largest tile."""
        return int((self.starts[:, -1] - self.starts[:, 0]).max())

    def way(self, batch: int, size: int, threads: int, most: int) -> tuple[Way, int]:
        """Sizes for a batch, and how many strips there are.

        Args:
            batch: Blocks of examples.
            size: Of a block's channel, bytes.
            threads: That share the strips.
            most: Bytes of packed images of a strip, if it has more than one row and block.
        """
        _, columns, channels = self.given
        packed = columns if self.direct else self.across.packed
        row = packed * channels * size  # bytes of a packed row of one block
        neighbours = self.across.number < GROUP <= batch  # blocks, where columns are too few
        least = GROUP if neighbours else 1
        strip = (most // (least * row) - self.down.reach) // self.down.hop
        strip = max(1, min(self.down.number, strip))
        image = ((strip - 1) * self.down.hop + self.down.reach + 1) * row
        blocks = max(1, min(batch, most // image)) // least * least or least
        while True:
            strips = -(-self.down.number // strip) * -(-batch // blocks)
            if strips >= threads or (strip == 1 and blocks == least):
                break
            if strip > 1:
                strip = -(-strip // 2)
            else:
                blocks = -(-blocks // (2 * least)) * least
        way = Way(
            batch, blocks, int(neighbours), int(self.direct), *self.given, *self.made,
            self.down.first, self.across.first, self.down.step, self.across.step,
            self.down.number, self.across.number, self.down.low, self.across.low,
            self.down.pack, self.across.pack, self.down.hop, self.across.hop,
            self.down.reach, packed, strip, size,
        )  # fmt: skip
        return way, strips

    def packed_channels(self, way: Way, plain: bool) -> int:
        """Channels of blocks that the packed images of a strip have; if `plain` nothing is done to
        them meanwhile."""
        if self.direct and plain:
            return 0
        rows = (way.strip - 1) * way.hop_down + way.reach + 1
        return way.blocks * rows * way.packed * way.channels


class Lists(NamedTuple):
    """The kept weights of a pass as loops take them, by addresses.

    Attributes:
        tiles: How many tiles there are.
        starts: Where the weights of each tile and channel made begin, int64 [tiles, made + 1].
        offsets: Where the packed number is that each weight multiplies, bytes from the first that
            a pixel sees, int32.
        values: The weights in their order, float32 or float64; 0 where they are not read.
    """

    tiles: int
    starts: int
    offsets: int
    values: int = 0


class Plan(NamedTuple):
    """A pass, and its offsets for each size of a packed pixel's channel."""

    way: Pass
    made: dict[int, np.ndarray]

    @classmethod
    def of(cls, way: Pass) -> Plan:
        return cls(way, {})

    def lists(self, channel: int, values: np.ndarray | None = None) -> Lists:
        """For a channel of a block of so many bytes; valid while the plan and `values` are held."""
        if channel not in self.made:
            self.made[channel] = (self.way.offsets * channel).astype(np.int32)
        starts, offsets = self.way.starts, self.made[channel]
        given = 0 if values is None else values.ctypes.data
        return Lists(len(starts), starts.ctypes.data, offsets.ctypes.data, given)


def gathered(sums: np.ndarray, plan: Plan, out: np.ndarray) -> None:
    """Add what threads found of the gradient in the kept weights, in their order."""
    out.fill(0)
    out[plan.way.source] = sums.sum(0)


def _looked_up(places: dict[int, int], at: np.ndarray) -> np.ndarray:
    table = np.zeros(max(places, default=0) + 1, np.int64)
    table[list(places)] = list(places.values())
    return table[at]

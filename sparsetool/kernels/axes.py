"""Which pixels of one axis of a convolution see which others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

Pair = tuple[int, int]


class Axis(NamedTuple):
    """Rows or columns of a convolution: which pixel goes to which.

    Attributes:
        size: Pixels that come in.
        kernel: Pixels of the kernel.
        stride: Step from one output to the next, pixels.
        padding: Zeros before and after the input, pixels.
        dilation: Step from one place of the kernel to the next, pixels.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def output(self) -> int:
        """Pixels that go out."""
        reach = self.dilation * (self.kernel - 1) + 1
        return (self.size + 2 * self.padding - reach) // self.stride + 1

    def forward(self) -> Iterator[Line]:
        """Every output pixel is made alike."""
        sees = {a: a * self.dilation - self.padding for a in range(self.kernel)}
        yield Line.of(0, 1, self.output, self.stride, sees)

    def backward(self) -> Iterator[Line]:
        """Input pixels a stride apart are made alike, of the outputs that saw them."""
        for first in range(min(self.stride, self.size)):
            away = {a: first + self.padding - a * self.dilation for a in range(self.kernel)}
            sees = {a: s // self.stride for a, s in away.items() if s % self.stride == 0}
            yield Line.of(first, self.stride, -(-(self.size - first) // self.stride), 1, sees)


class Line(NamedTuple):
    """Pixels of an axis that are made alike.

    Attributes:
        first: The first of them.
        step: From one to the next.
        number: How many.
        hop: From what one sees to what the next sees, packed pixels.
        pack: From one packed pixel to the next.
        low: The first pixel that the first one sees; may be outside.
        reach: Packed pixels that one sees, but one.
        places: For places of the kernel, the packed pixel that the first one sees through them.
    """

    first: int
    step: int
    number: int
    hop: int
    pack: int
    low: int
    reach: int
    places: dict[int, int]

    @classmethod
    def of(cls, first: int, step: int, number: int, hop: int, sees: dict[int, int]) -> Line:
        low, high = min(sees.values(), default=0), max(sees.values(), default=0)
        pack = 1
        if low == high:  # pixels between those that are seen are not packed
            hop, pack = 1, hop
        places = {a: seen - low for a, seen in sees.items()}
        return cls(first, step, number, hop, pack, low, high - low, places)

    @property
    def packed(self) -> int:
        """Packed pixels that those made see."""
        return (self.number - 1) * self.hop + self.reach + 1

    def inside(self, size: int) -> bool:
        """Whether all that is seen is there already, pixel after pixel; of an image's size."""
        return self.pack == 1 and self.low >= 0 and self.low + self.packed <= size


def reshaped(height: int, width: int) -> tuple[Axis, Axis]:
    """Rows and columns for a layer that sees one pixel: as long as is good for neighbours."""
    pixels = height * width
    good = [n for n in range(4, min(pixels, 8) + 1, 4) if pixels % n == 0]
    columns = max(good, default=width)
    return Axis(pixels // columns, 1, 1, 0, 1), Axis(columns, 1, 1, 0, 1)

"""What files hold where weights are expected: arrays, sparse tensors, and what no array can be.

Nothing is made dense or copied before its shape is known to be the one wanted, so that a small file
cannot ask for much memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ml_dtypes
import numpy as np

from ..errors import SparsetoolError

# Types beyond numpy's own, by their names in safetensors.
SMALL = {
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "F8_E4M3FNUZ": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "F8_E5M2FNUZ": np.dtype(ml_dtypes.float8_e5m2fnuz),
}
WIDENED = {np.dtype(np.float16), *SMALL.values()}


@dataclass(frozen=True)
class Odd:
    """A tensor that is no array of numbers: `kind` in words, such as `quantised`."""

    kind: str
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sparse:
    """A sparse tensor: values at positions; what is not stored is zero.

    Attributes:
        shape: Of the dense tensor.
        index: int64 [dimensions, N].
        values: [N].
    """

    shape: tuple[int, ...]
    index: np.ndarray
    values: np.ndarray

    def dense(self) -> np.ndarray:
        """The dense tensor; values stored twice at one position add up."""
        array = np.zeros(self.shape, self.values.dtype)
        self._check()
        if np.count_nonzero(self.stored()) == len(self.values):
            array[tuple(self.index)] = self.values  # a sum would lose the sign of -0.0
        else:
            np.add.at(array, tuple(self.index), self.values)
        return array

    def stored(self) -> np.ndarray:
        """Which positions are stored, bool."""
        array = np.zeros(self.shape, bool)
        self._check()
        array[tuple(self.index)] = True
        return array

    def _check(self) -> None:
        shape = np.array(self.shape, np.int64)[:, None]
        if self.index.size and ((self.index < 0) | (self.index >= shape)).any():
            raise ValueError("an index outside the sparse tensor")


def of_rows(
    shape: tuple[int, ...], starts: np.ndarray, columns: np.ndarray, values: np.ndarray
) -> Sparse:
    """A compressed matrix [R, C]: row i has the entries from starts[i] to starts[i + 1]."""
    counts = np.diff(starts)
    wrong = len(starts) != shape[0] + 1 or starts[0] != 0 or (counts < 0).any()
    if wrong or starts[-1] != len(columns) or len(columns) != len(values):
        raise ValueError("rows that do not fit the sparse tensor")
    return Sparse(shape, np.stack([np.repeat(np.arange(shape[0]), counts), columns]), values)


Found = np.ndarray | Sparse | Odd


@dataclass
class Contents:
    """What was taken from a file.

    Attributes:
        entries: Tensors by name, in the file's order.
        said: Lines for whoever imports it.
    """

    entries: dict[str, Found]
    said: list[str] = field(default_factory=list)


def strided(
    flat: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> np.ndarray:
    """A tensor as a view of its storage [N]; offset and strides count elements.

    Raises:
        ValueError: It would reach outside the storage.
    """
    whole = all(isinstance(n, int) and n >= 0 for n in (offset, *shape, *strides))
    if not whole or len(shape) != len(strides):
        raise ValueError("a tensor with impossible strides")
    if 0 in shape:
        return np.empty(shape, flat.dtype)
    last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    if last >= len(flat):
        raise ValueError("a tensor larger than its storage")
    steps = [s * flat.itemsize for s in strides]
    return np.ndarray(shape, flat.dtype, flat.view(np.uint8), offset * flat.itemsize, steps)


def of_numbers(array: np.ndarray) -> Found:
    """An array if it holds numbers that can be kept; text, dates and records are `Odd`."""
    if array.dtype.kind in "fiubc" and array.dtype.itemsize <= 16 and array.dtype.char not in "gG":
        return array
    return Odd(f"numpy {array.dtype.name}", array.shape)


def plain(text: object) -> str:
    """A name from a file as it can be printed in one line: no control characters, not endless."""
    shown = "".join(c if c.isprintable() else "?" for c in str(text))
    return shown if len(shown) <= 100 else f"{shown[:97]}..."


def some(names: Iterable[object], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    words = [plain(name) for name in names]
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def shapes(entries: Mapping[str, Found | np.ndarray], most: int = 3) -> str:
    """The first few names with their shapes, and how many more there are."""
    return some((f"{plain(k)} {list(a.shape)}" for k, a in entries.items()), most) or "nothing"


def numbers(found: Found, key: str, name: str) -> np.ndarray:
    """A found tensor, whose shape is known to be sound, as an array; half precision is widened.

    Raises:
        SparsetoolError: It is nothing that an array can hold.
    """
    if isinstance(found, Odd):
        raise SparsetoolError(
            f"{name}: {plain(key)} is a {found.kind} tensor, which a ticket cannot hold: "
            "save it as ordinary floating-point numbers where it was made"
        )
    if isinstance(found, Sparse):
        try:
            found = found.dense()
        except (ValueError, IndexError) as error:
            raise SparsetoolError(f"{name}: {plain(key)} is damaged: {error}") from None
    array = found.astype(np.float32) if found.dtype in WIDENED else found
    if array.dtype.kind == "c":
        count = int(np.count_nonzero(array.imag))
        raise SparsetoolError(
            f"{name}: {plain(key)} holds complex numbers ({count:,} of {array.size:,} with an "
            "imaginary part), a ticket holds real ones"
        )
    return np.array(array, order="C")


def size(found: Found) -> int:
    """Elements of a tensor, made dense."""
    return math.prod(found.shape)

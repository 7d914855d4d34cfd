"""Weights of an ONNX file, read without the onnx package.

An ONNX file is one protocol-buffer message. Only four kinds of it are looked at: the model
(graph: 7, properties: 14), its graph (initializers: 5), a tensor (dimensions: 1, type: 2, values:
4, 5, 7, 10, 11, name: 8, raw bytes: 9, place of external data: 14), a property (key: 1, value: 2).

Reference: https://onnx.ai/onnx/api/classes.html, onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..errors import SparsetoolError
from .found import SMALL, Found, Odd, plain

TYPES: dict[int, np.dtype] = {
    1: np.dtype("<f4"),
    2: np.dtype("u1"),
    3: np.dtype("i1"),
    4: np.dtype("<u2"),
    5: np.dtype("<i2"),
    6: np.dtype("<i4"),
    7: np.dtype("<i8"),
    9: np.dtype("?"),
    10: np.dtype("<f2"),
    11: np.dtype("<f8"),
    16: SMALL["BF16"],
}
PLAIN: dict[int, np.dtype] = {
    4: np.dtype("<f4"),
    10: np.dtype("<f8"),
}  # values outside the raw bytes, by field


def fields(view: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message.

    Raises:
        ValueError: It is no message.
    """
    at = 0
    while at < len(view):
        key, at = _number(view, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(view, at)
            yield key >> 3, value
            continue
        if kind == 2:
            length, at = _number(view, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError("an unknown kind of field")
        if at + length > len(view):
            raise ValueError(f"it ends inside a field, after {len(view):,} bytes")
        yield key >> 3, view[at : at + length]
        at += length


def _number(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(view) and shift < 70:
        byte = view[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("a number without end")


def looks_like(view: memoryview) -> bool:
    """Whether a file is a model of ONNX: its version first, and a graph in it."""
    if bytes(view[:1]) != b"\x08":
        return False
    try:
        return any(number == 7 for number, _ in fields(view))
    except (ValueError, IndexError):
        return False


def read(view: memoryview, name: str) -> dict[str, Found]:
    """Initializers by name.

    Raises:
        SparsetoolError: It is damaged, or keeps its weights in another file.
    """
    try:
        found = {}
        for number, graph in fields(view):
            if number == 7 and isinstance(graph, memoryview):
                for inner, tensor in fields(graph):
                    if inner == 5 and isinstance(tensor, memoryview):
                        key, array = _tensor(tensor, name)
                        found[key] = array
        return found
    except (ValueError, IndexError, TypeError, OverflowError, UnicodeDecodeError) as error:
        raise SparsetoolError(f"{name} is a damaged ONNX file: {plain(error)}") from None


def properties(view: memoryview) -> dict[str, memoryview]:
    """What a model says of itself, by key."""
    found = {}
    for number, held in fields(view):
        if number == 14 and isinstance(held, memoryview):
            pair = dict(fields(held))
            key, value = pair.get(1), pair.get(2)
            if isinstance(key, memoryview) and isinstance(value, memoryview):
                found[bytes(key).decode()] = value
    return found


def _tensor(view: memoryview, name: str) -> tuple[str, Found]:
    shape: list[int] = []
    listed: list[np.ndarray] = []
    kind, key = 0, ""
    raw: memoryview | None = None
    for number, value in fields(view):
        if number == 1:
            shape += [value] if isinstance(value, int) else _numbers(value)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8 and isinstance(value, memoryview):
            key = bytes(value).decode()
        elif number == 9 and isinstance(value, memoryview):
            raw = value
        elif number in PLAIN and isinstance(value, memoryview):
            listed.append(np.frombuffer(value, PLAIN[number]))
        elif number in (5, 7, 11):
            listed.append(np.array([value] if isinstance(value, int) else _numbers(value)))
        elif number == 14 and value == 1:
            raise SparsetoolError(f"{name} keeps its weights in another file: save it as one file")
    if kind not in TYPES:
        return key, Odd(f"type-{kind} ONNX", tuple(shape))
    if raw is not None:
        return key, np.frombuffer(raw, TYPES[kind]).reshape(shape)
    flat = np.concatenate(listed) if listed else np.empty(0)
    if kind in (10, 16):  # half precision, listed as the integers of its bits
        return key, flat.astype(np.uint16).view(TYPES[kind]).reshape(shape)
    return key, flat.astype(TYPES[kind]).reshape(shape)


def _numbers(view: memoryview) -> list[int]:
    found, at = [], 0
    while at < len(view):
        value, at = _number(view, at)
        found.append(value - (1 << 64) if value >> 63 else value)
    return found

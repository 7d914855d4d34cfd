"""JSON as it may come from anywhere, parsed so that nothing in it surprises who uses it.

Refused are what the standard library lets pass: two equal keys in one object, NaN and Infinity,
numbers too large to compute with, halves of surrogate pairs, and texts that nest or spread so far
that their values would take many times the memory of the text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

DEPTH = 64  # of lists and objects within each other
DIGITS = 40  # of one whole number
VALUES = 2_000_000  # in one text: at most some 200 MB as Python objects
SHOWN = 60  # characters of a foreign text that a message repeats


def parse(text: bytes | str) -> Any:
    """The value of a JSON text.

    Args:
        text: UTF-8, or text.

    Raises:
        ValueError: It is no JSON, or JSON that nobody should use; the message says why.
    """
    if isinstance(text, bytes):
        text = text.decode()
    if text.count(",") + text.count("[") + text.count("{") > VALUES:
        raise ValueError(f"it holds more than {VALUES:,} values")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_real,
            parse_int=_whole,
        )
    except RecursionError:
        raise ValueError(f"it nests more than {DEPTH} deep") from None
    _check_depth_and_text(value)
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"the key {shown(twice)} is there twice")
    return found


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def _real(text: str) -> float:
    number = float(text)
    if number - number != 0:  # infinite
        raise ValueError(f"the number {shown(text)} is too large")
    return number


def _whole(text: str) -> int | float:
    if len(text) > DIGITS:
        raise ValueError(f"a whole number has {len(text)} digits")
    return -0.0 if text == "-0" else int(text)  # as other readers of safetensors have it


def _check_depth_and_text(value: Any) -> None:
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        if depth > DEPTH:
            raise ValueError(f"it nests more than {DEPTH} deep")
        if isinstance(item, dict):
            todo += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            todo += [(part, depth + 1) for part in item]
        elif isinstance(item, str) and not item.isascii():
            try:
                item.encode()
            except UnicodeEncodeError:
                raise ValueError("a text holds half a surrogate pair") from None


def shown(value: Any) -> str:
    """A foreign value for a message: in one line, printable, and cut where it is long."""
    text = value if isinstance(value, str) else _brief(value)
    if len(text) > SHOWN:
        text = f"{text[: SHOWN - 3]}..."
    return "".join(c if c.isprintable() else "?" for c in text)


def _brief(value: Any) -> str:
    """The beginning of a value's JSON, without writing all of a large one."""
    if isinstance(value, dict):
        return f"an object of {len(value)} entries"
    if isinstance(value, list) and len(value) > 8:
        return f"a list of {len(value)}"
    if isinstance(value, list):
        return f"[{', '.join(map(_brief, value))}]"
    return json.dumps(value)

"""JSON Lines: what measuring verbs write and what plots read.

The fields are in `sparsetool guide formats`, "JSON Lines".

One row is one thing measured on one ticket (or on one pair of tickets). A row is known by the
fields of `IDENTITY`; two rows that agree in them are repeats, and readers drop the second.
"""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import SparsetoolError
from ..ticket.json_text import parse, shown
from . import targets

Row = dict[str, Any]
LOOKED_AT = 1 << 20  # bytes of what is no JSON, to tell a ticket
IDENTITY = ("measure", "digest", "digests", "split", "options", "labels")


def identity(row: Row) -> str | None:
    """What a row measured, as one string; None for a row that names no ticket (a training log)."""
    if "digest" not in row and "digests" not in row:
        return None
    known = {key: row[key] for key in IDENTITY if row.get(key) not in (None, {})}
    return json.dumps(known, sort_keys=True)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """The rows without repeats; the first of equal ones stays."""
    kept: dict[str | int, Row] = {}
    for number, row in enumerate(rows):
        known = identity(row)
        kept.setdefault(number if known is None else known, row)
    return list(kept.values())


def encode(rows: Iterable[Row]) -> bytes:
    """Rows as JSON Lines.

    Raises:
        SparsetoolError: A number is not finite, which JSON cannot say.
    """
    write, text = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode, []
    for row in rows:
        try:
            text.append(write(row))
        except ValueError:
            for key, value in row.items():
                _finite(value, f"{row.get('file', 'a row')}: {key}")
            raise
    return "".join(line + "\n" for line in text).encode(errors="replace")


def _finite(value: Any, what: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise SparsetoolError(f"{what} is {value}, not a finite number")
    if isinstance(value, dict):
        for key, item in value.items():
            _finite(item, f"{what}.{key}")
    elif isinstance(value, list | tuple):
        for item in value:
            _finite(item, what)


def decode(data: bytes | memoryview, name: str) -> list[Row]:
    """Rows of JSON Lines; empty lines are passed over.

    Args:
        data: The whole input.
        name: What to call it in errors.

    Raises:
        SparsetoolError: A line is no JSON object, or has a field that is not what it must be.
    """
    rows: list[Row] = []
    for number, line in enumerate(io.BytesIO(data), start=1):
        if not line.strip():
            continue
        try:
            row = parse(line)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise SparsetoolError(_no_lines(data, name, number)) from None
        except ValueError as error:
            raise SparsetoolError(f"{name}, line {number}: {error}") from None
        if not isinstance(row, dict):
            raise SparsetoolError(f"{name}, line {number}: not a JSON object")
        for key, value in row.items():
            if key in FIELDS and not FIELDS[key][0](value):
                found, wanted = shown(value), FIELDS[key][1]
                raise SparsetoolError(f"{name}, line {number}: {key} is {found}, not {wanted}")
        rows.append({sys.intern(key): value for key, value in row.items()})  # one text for all rows
    return rows


def _no_lines(data: bytes | memoryview, name: str, number: int) -> str:
    """What is said of an input that is no JSON, such as a ticket."""
    from ..ticket.format import looks_safe

    if looks_safe(data) and b'"sparsetool":' in bytes(data[:LOOKED_AT]):
        file = "FILE" if name == targets.STDIN_NAME else name
        return f"{name} is a ticket, not lines of JSON: 'sparsetool eval {file}' writes them"
    return f"{name}, line {number}: not JSON; wanted the lines that eval, show or lmc write"


def enough(start: bytearray) -> int | None:
    """Nothing of a stream that does not begin as JSON Lines do; of others everything."""
    begins = bytes(start[:64]).lstrip()
    return 0 if begins and not begins.startswith(b"{") else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_figure(value: Any) -> bool:
    """A number, or one for each of several; None where there is none."""
    parts = value if isinstance(value, list) else [value]
    return all(part is None or type(part) in (int, float) for part in parts)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and None not in value and _is_figure(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _are_labels(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str | int | float) for v in value.values())


# What fields that readers look at must be, where a row has them.
FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("file", "digest", "measure", "run"), (_is_text, "a text")),
    "split": (lambda value: value is None or _is_text(value), "a text"),
    **dict.fromkeys(("files", "digests"), (_are_texts, "a list of texts")),
    **dict.fromkeys(
        ("sparsity", "epochs", "cycles", "loss", "error", "accuracy"), (_is_figure, "a number")
    ),
    **dict.fromkeys(("alpha", "eigenvalues"), (_are_numbers, "a list of numbers")),
    "labels": (_are_labels, "an object of labels"),
    "options": (lambda value: isinstance(value, dict), "an object of options"),
}


def read(paths: Iterable[str], example: str) -> list[Row]:
    """Rows of several inputs without repeats (`-`, or no path at all, is standard input).

    A row that names no file gets the name of the one it was in.

    Raises:
        SparsetoolError: An input cannot be read, or there is no row in any.
    """
    names = list(paths) or ["-"]
    targets.at_most_one_stdin(names)
    found = [
        {"file": path, **row}
        for path in names
        for row in decode(*targets.read(path, example, enough))
    ]
    if not found:
        raise SparsetoolError(f"{' '.join(names)}: no lines; the command before probably failed")
    return distinct(found)

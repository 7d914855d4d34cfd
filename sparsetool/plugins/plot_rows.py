"""What plots take from the lines of measures: numbers, labels, short names of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError, UsageError, nearest

LARGEST = 1e100  # of what is drawn: its square is a number too


def number(row: Mapping[str, Any], name: str) -> float:
    """A numeric field or label of a row; of a pair of tickets the second's.

    Raises:
        UsageError: The row has no such number; the message names those it has.
    """
    value = row.get(name, row.get("labels", {}).get(name))
    if isinstance(value, list) and value:
        value = value[-1]
    try:
        found = value if isinstance(value, int) else float(value)
        if not abs(found) < LARGEST:
            raise ValueError
        return found
    except (TypeError, ValueError):
        known = [k for k, v in row.items() if isinstance(v, int | float)]
        file = row.get("file", "the input")
        raise UsageError(
            f"a line of {file} has no number '{name}': {nearest(name, known)}"
        ) from None


def label(row: Mapping[str, Any], name: str) -> str:
    """A label of a row as text; empty where it has none."""
    value = row.get("labels", {}).get(name, row.get(name, ""))
    return str(value)


def check_label(rows: Sequence[Mapping[str, Any]], name: str | None) -> None:
    """Refuse a label that was asked for and that no row has; None was not asked for.

    Raises:
        UsageError: No row has it; the message names the nearest labels there are.
    """
    held = [{*row, *row.get("labels", {})} for row in rows]
    if name is not None and not any(name in names for names in held):
        known = sorted({key for row in rows for key in row.get("labels", {})})
        raise UsageError(f"no line has the label '{name}': {nearest(name, known)}")


def short(files: Iterable[str]) -> dict[str, str]:
    """Each file's name without its suffix, and with as many folders as tell the files apart.

    Example:
        >>> short(["a/one.st", "a/two.st", "b/two.st"])
        {'a/one.st': 'one', 'a/two.st': 'a/two', 'b/two.st': 'b/two'}
    """
    parts = {file: (Path(file).parent / Path(file).stem).parts for file in files}
    depth = dict.fromkeys(parts, 1)
    while True:
        names = {file: "/".join(parts[file][-depth[file] :]) for file in parts}
        alike = [f for f, name in names.items() if list(names.values()).count(name) > 1]
        longer = [file for file in alike if depth[file] < len(parts[file])]
        if not longer:
            return names
        for file in longer:
            depth[file] += 1


def only(rows: Iterable[Mapping[str, Any]], *fields: str) -> list[Mapping[str, Any]]:
    """The rows that have all these fields, or labels of these names.

    Raises:
        SparsetoolError: None has; the message names the nearest fields there are.
    """
    left = list(rows)
    for name in fields:
        having = [r for r in left if r.get(name, r.get("labels", {}).get(name)) is not None]
        if not having:
            known = sorted({key for row in left for key in (*row, *row.get("labels", {}))})
            raise SparsetoolError(f"no line has '{name}': {nearest(name, known)}")
        left = having
    return left


def numbers(row: Mapping[str, Any], name: str, count: int | None = None) -> list[float]:
    """A field of a row that is a list of numbers, one for each of several places.

    Args:
        row: The row.
        name: The field.
        count: How many there must be, if that is known.

    Raises:
        UsageError: It is no such list.
    """
    value = row.get(name)
    if (
        not isinstance(value, list)
        or not all(type(part) in (int, float) and abs(part) < LARGEST for part in value)
        or len(value) != (len(value) if count is None else count)
    ):
        many = "a list of numbers" if count is None else f"a list of {count} numbers"
        raise UsageError(f"'{name}' of a line of {row.get('file', 'the input')} is not {many}")
    return value

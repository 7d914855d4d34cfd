"""Tables in HTML for a notebook, which gives them its own colours: light or dark is its choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

MOST = 60  # rows that are shown
LONGEST = 8  # numbers of a list that are shown
RIGHT = ' style="text-align:right"'


def cell(value: Any) -> str:
    """A value as a reader wants it, in HTML.

    Example:
        >>> cell(0.123456), cell(12345), cell([1, 2]), cell(None)
        ('0.1235', '12,345', '1, 2', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return escape(str(value))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{escape(str(key))}={cell(each)}" for key, each in value.items())
    if isinstance(value, Sequence):
        if len(value) <= LONGEST:
            return ", ".join(map(cell, value))
        numbers = all(isinstance(each, int | float) for each in value)
        ends = f", {min(value):.4g} to {max(value):.4g}" if numbers else ""
        return f"{len(value):,} {'numbers' if numbers else 'entries'}{ends}"
    return escape(str(value))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table with a column for each field that a row has, in the order in which they come.

    Args:
        rows: What is shown; of many, the first.
    """
    names = [*dict.fromkeys(name for row in rows for name in row)]
    sides = [_side([row.get(name) for row in rows]) for name in names]
    head = "".join(
        f"<th{side}>{escape(name.replace('_', ' '))}</th>"
        for name, side in zip(names, sides, strict=True)
    )
    lines = [
        "".join(f"<td{s}>{cell(row.get(n))}</td>" for n, s in zip(names, sides, strict=True))
        for row in rows[:MOST]
    ]
    more = f"<p>and {len(rows) - MOST:,} more</p>" if len(rows) > MOST else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{_lines(lines)}</tbody></table>{more}"


def facts(held: Mapping[str, Any]) -> str:
    """A table of two columns: what, and its value.

    Args:
        held: Values by what they are.
    """
    return f"<table><tbody>{_lines(_fact(*each) for each in held.items())}</tbody></table>"


def _fact(name: str, value: Any) -> str:
    left = ' style="text-align:left"'
    return f"<th{left}>{escape(name.replace('_', ' '))}</th><td{left}>{cell(value)}</td>"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<tr>{line}</tr>" for line in lines)


def _side(values: Iterable[Any]) -> str:
    """Numbers stand right, so that their digits are below each other."""
    numbers = all(isinstance(value, int | float | None) for value in values)
    return RIGHT if numbers else ' style="text-align:left"'

"""Panels beside and below each other: the lines of each value of a label or field."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...plugins.plot_rows import check_label
from ...plugins.plots import axis
from ._pairing import is_number

Row = Mapping[str, Any]


def values(rows: Sequence[Row], name: str) -> list[str]:
    """The values of a label or field, numbers ascending, words as they come; one for no name.

    Raises:
        UsageError: No row has it.
    """
    if not name:
        return [""]
    check_label(rows, name)
    found = list(dict.fromkeys(_value(row, name) for row in rows))
    numeric = all(is_number(value) for value in found if value)
    return sorted(found, key=lambda v: float(v or -math.inf)) if numeric else found


def holding(rows: Sequence[Row], wanted: Mapping[str, str]) -> list[Row]:
    """The rows that have these values of labels or fields."""
    return [row for row in rows if all(_value(row, n) == v for n, v in wanted.items())]


def title(wanted: Mapping[str, str]) -> str:
    """The words above the panel of these values: `sparsity 90.00%, split test`."""
    return ", ".join(_words(name, value) for name, value in wanted.items())


def _words(name: str, value: str) -> str:
    if not value:
        return f"no {name}"
    shown = axis(name)
    return f"{name} {shown.write(float(value)) if shown.percent and is_number(value) else value}"


def _value(row: Row, name: str) -> str:
    """A label or field of a row as text; of a pair of tickets the second's."""
    found = row.get("labels", {}).get(name, row.get(name, ""))
    return str(found[-1] if isinstance(found, list) and found else found)

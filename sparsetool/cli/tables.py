"""Tables for a person at a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .jsonl import Row

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Column:
    """One column of the table on a terminal.

    Attributes:
        key: Field of the row; a row without it leaves the cell empty.
        heading: Its heading, with the unit; by default the key.
        form: How a number is written, as `format` takes it (`.2%`, `,`).
    """

    key: str
    heading: str = ""
    form: str = ""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        value = row.get(self.key)
        if value is None:
            return ""
        if isinstance(value, dict):  # options, as they are typed
            return " ".join(f"--{key.replace('_', '-')} {each}" for key, each in value.items())
        return format(value, self.form) if self.form else str(value)


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return os.isatty(1)


def console() -> Console:
    """A rich console on standard output (which honours NO_COLOR and TERM=dumb)."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def label_columns(rows: Sequence[Row]) -> list[Column]:
    """A column for every label that a row has."""
    keys = sorted({key for row in rows for key in row.get("labels", {})})
    return [Column(f"labels.{key}", key) for key in keys]


def table(rows: Sequence[Row], columns: Sequence[Column]) -> Any:
    """A rich table of rows; a column named `labels.KEY` shows that label."""
    from rich import box
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    flat = [{**r, **{f"labels.{k}": v for k, v in r.get("labels", {}).items()}} for r in rows]
    for column in columns:
        values = [row.get(column.key) for row in flat]
        numeric = all(isinstance(value, int | float | None) for value in values)
        shown.add_column(column.heading or column.key, justify="right" if numeric else "left")
    for row in flat:
        shown.add_row(*(column.cell(row) for column in columns))
    return shown

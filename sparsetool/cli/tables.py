"""Tables for a person at a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import standard_output
from .jsonl import Row

if TYPE_CHECKING:
    from rich.console import Console

WRAPPED = 30  # characters; a longer cell, such as a path, is wrapped


@dataclass(frozen=True)
class Column:
    """One column of the table on a terminal.

    Attributes:
        key: Field of the row; a row without it leaves the cell empty.
        heading: Its heading, with the unit; by default the key.
        form: How a value is written: as `format` takes it (`.2%`, `,`), or a function.
        spare: How soon it is left out where a terminal is too narrow, the largest first; 0 is never
            left out.
    """

    key: str
    heading: str = ""
    form: str | Callable[[Any], str] = ""
    spare: int = 0

    def cell(self, row: Row) -> str:
        """The text in this column."""
        value = row.get(self.key)
        if value is None:
            return ""
        if isinstance(value, dict):  # options, as they are typed
            return " ".join(f"--{key.replace('_', '-')} {each}" for key, each in value.items())
        if callable(self.form):
            return self.form(value)
        return format(value, self.form) if self.form else str(value)

    @property
    def title(self) -> str:
        """What stands above it."""
        return self.heading or self.key


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return os.isatty(standard_output.descriptor())


def console() -> Console:
    """A rich console on standard output (which honours NO_COLOR and TERM=dumb)."""
    from rich.console import Console

    descriptor = standard_output.descriptor()
    file = None if descriptor == 1 else os.fdopen(descriptor, "w", closefd=False)
    return Console(highlight=False, soft_wrap=False, file=file)


def label_columns(rows: Sequence[Row]) -> list[Column]:
    """A column for every label that a row has."""
    keys = sorted({key for row in rows for key in row.get("labels", {})})
    return [Column(f"labels.{key}", key) for key in keys]


def fitting(
    flat: Sequence[Row], columns: Sequence[Column], width: int
) -> tuple[list[Column], list[Column]]:
    """The columns that hold something and fit, and those left out for want of room.

    Args:
        flat: The rows, with labels beside their fields.
        columns: All columns.
        width: Characters in a line.
    """
    held = [c for c in columns if not flat or any(c.cell(row) for row in flat)]
    wide = {
        c.key: 3 + min(max(len(c.title), *(len(c.cell(row)) for row in flat), 0), WRAPPED)
        for c in held
    }
    out: list[Column] = []
    while sum(wide[column.key] for column in held) > width + 1:
        spare = max(held, key=lambda column: column.spare)
        if not spare.spare:
            break
        held.remove(spare)
        out.append(spare)
    return held, [column for column in columns if column in out]


def table(rows: Sequence[Row], columns: Sequence[Column], width: int = 1000) -> Any:
    """A rich table of rows; a column named `labels.KEY` shows that label.

    Columns that are empty are left out, and those that can be spared where they do not fit `width`.
    """
    from rich import box
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    flat = [{**r, **{f"labels.{k}": v for k, v in r.get("labels", {}).items()}} for r in rows]
    chosen, out = fitting(flat, columns, width)
    for column in chosen:
        values = [row.get(column.key) for row in flat]
        numeric = all(isinstance(value, int | float | None) for value in values)
        shown.add_column(column.title, justify="right" if numeric else "left")
    for row in flat:
        shown.add_row(*(column.cell(row) for column in chosen))
    if out:
        names = ", ".join(column.title for column in out)
        shown.caption = f"no room for: {names}; --json has them"
        shown.caption_justify = "left"
    return shown


def markdown(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """A Markdown table of rows; a column named `labels.KEY` shows that label."""
    flat = [{**r, **{f"labels.{k}": v for k, v in r.get("labels", {}).items()}} for r in rows]
    cells = [[column.cell(row).replace("|", "\\|") for column in columns] for row in flat]
    head = [column.title for column in columns]
    lines = [head, ["---"] * len(columns), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

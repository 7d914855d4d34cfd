"""Tables for a person at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

from . import standard_output
from .colours import theme
from .jsonl import Row

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NARROW = 12  # characters; a longer word is folded before a table gives way to a list
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
            typed = (f"--{key.replace('_', '-')} {each}" for key, each in value.items())
            return " ".join(each.strip() for each in typed)
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
    return Console(highlight=False, soft_wrap=False, file=file, theme=theme())


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
    wide = {c.key: 3 + _room(c, flat) for c in held}
    out: list[Column] = []
    while sum(wide[column.key] for column in held) > width + 1:
        spare = max(held, key=lambda column: column.spare)
        if not spare.spare:
            break
        held.remove(spare)
        out.append(spare)
    return held, [column for column in columns if column in out]


def _room(column: Column, flat: Sequence[Row]) -> int:
    """Characters that a column wants; its heading is wrapped between words."""
    widest = max((len(column.cell(row)) for row in flat), default=0)
    return max(_longest_word(column.title), min(widest, WRAPPED))


def _least(column: Column, flat: Sequence[Row]) -> int:
    """Characters without which a column cannot be read: its numbers whole, its texts folded."""
    cells = [column.cell(row) for row in flat]
    if _numeric(column, flat):
        return max(map(len, [*cells, *column.title.split()]), default=0)
    return max(_longest_word(column.title), min(NARROW, max(map(_longest_word, [*cells, ""]))))


def _numeric(column: Column, flat: Sequence[Row]) -> bool:
    return all(isinstance(row.get(column.key), int | float | None) for row in flat)


def listed(heads: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> Any:
    """Rows for which a terminal is too narrow: the first cell, below it the others by name."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    shown: list[Any] = []
    for first, *rest in rows:
        name = Text.assemble(first)
        name.stylize("bold")
        cells = zip(heads[1:], rest, strict=True)
        told = [Text.assemble(f"{head}: ", cell) for head, cell in cells if str(cell)]
        shown += [name, Padding(Text("; ").join(told), (0, 0, 0, 4))]
    return Group(*shown)


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def table(rows: Sequence[Row], columns: Sequence[Column], width: int | None = None) -> Any:
    """A rich table of rows; a column named `labels.KEY` shows that label.

    Columns that are empty are left out, and those that can be spared where they do not fit. Where
    there is too little room for the rest, texts are folded, and where even that does not help, rows
    are listed: neither texts nor numbers are cut.

    Args:
        rows: The rows.
        columns: All columns.
        width: Characters in a line; by default those of the terminal.
    """
    from rich import box
    from rich.table import Table

    width = console().width if width is None else width
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    flat = [{**r, **{f"labels.{k}": v for k, v in r.get("labels", {}).items()}} for r in rows]
    chosen, out = fitting(flat, columns, width)
    if sum(3 + _least(column, flat) for column in chosen) > width + 1:
        every, _ = fitting(flat, columns, sys.maxsize)
        cells = [[column.cell(row) for column in every] for row in flat]
        return listed([column.title for column in every], cells)
    widest = {c.key: max((len(c.cell(row)) for row in flat), default=0) for c in chosen}
    tight = sum(3 + max(len(c.title), widest[c.key]) for c in chosen) > width + 1
    for column in chosen:
        numeric = _numeric(column, flat)
        title = column.title
        if numeric and tight:
            title = fill(title, max(widest[column.key], 1), break_long_words=False)
        justify: Any = "right" if numeric else "left"
        shown.add_column(title, justify=justify, no_wrap=numeric, overflow="fold")
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

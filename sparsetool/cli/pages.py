"""Pages of the manual as a terminal shows them; imports rich, so it is imported when needed."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, MarkdownElement, TableElement
from rich.measure import Measurement
from rich.table import Table

from .colours import code_theme
from .tables import listed

LINK = re.compile(r"\[[^\]]+\]\(([\w-]+)\.md\)")


class WholeTable(TableElement):
    """A table of which no word is cut: where it is too wide, its rows are listed."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table: Any
        (table,) = super().__rich_console__(console, options)
        free = options.update(max_width=10_000)  # else a measure never says that it is too wide
        room = options.max_width - Measurement.get(console, free, table).minimum
        if room >= 0:
            _fit(table, room)
            yield table
            return
        assert self.header is not None
        assert self.header.row is not None
        assert self.body is not None
        heads = [str(cell.content) for cell in self.header.row.cells]
        yield ""
        yield listed(heads, [[cell.content for cell in row.cells] for row in self.body.rows])


def _fit(table: Table, room: int) -> None:
    """Widths of columns that cut no word; the narrowest are the first to get more."""
    cells = [[str(column.header), *map(str, column.cells)] for column in table.columns]
    widths = [
        max(cell_len(word) for cell in each for word in cell.split() or [""]) for each in cells
    ]
    wanted = [max(map(cell_len, each)) for each in cells]
    while room and any(have < want for have, want in zip(widths, wanted, strict=True)):
        _, at = min((widths[at], at) for at in range(len(widths)) if widths[at] < wanted[at])
        widths[at] += 1
        room -= 1
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


class Page(Markdown):
    """A page; a link to another one is that topic's name."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "table_open": WholeTable,
    }

    def __init__(self, text: str) -> None:
        theme: Any = code_theme()  # the stubs say that a theme is a name
        super().__init__(LINK.sub(r"`\1`", text), code_theme=theme)

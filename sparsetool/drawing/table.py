"""The numbers of a picture as a table: CSV in full, Markdown and the terminal for readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..plugins.plots import Axis, Figure, Panel, Series

Cells = list[dict[str, Any]]


def cells(figure: Figure) -> Cells:
    """One entry for every number drawn, with the columns in order and numbers in full."""
    several = len({panel.y.name for panel in figure.panels}) < len(figure.panels)
    found: Cells = []
    for panel in figure.panels:
        entries = _image(panel) if panel.image is not None else _points(panel)
        if several:
            entries = [{"panel": panel.title, **entry} for entry in entries]
        _join(found, entries, ("panel", panel.legend, panel.x.name))
    return found


def _join(found: list[dict[str, Any]], more: list[dict[str, Any]], keys: Sequence[str]) -> None:
    """Add another panel's values to the entry of the same point; a new entry where they differ."""
    places = {tuple(entry.get(key) for key in keys): entry for entry in reversed(found)}
    alone = []
    for entry in more:
        same = places.get(tuple(entry.get(key) for key in keys))
        if same is not None and all(same.get(key, value) == value for key, value in entry.items()):
            same.update(entry)
        else:
            alone.append(entry)
    # Points of one line stand together, but not those of panels with titles.
    in_line = bool(found and alone) and "panel" not in alone[0]
    found += alone
    if in_line:
        _, name, x = keys
        first = {entry.get(name): at for at, entry in reversed(list(enumerate(found)))}
        found.sort(key=lambda entry: (first[entry.get(name)], _number(entry.get(x))))


def _number(value: Any) -> float:
    """A number as it is or as `Axis.write` writes it; 0 for what is none."""
    try:
        return float(str(value).removesuffix("%"))
    except ValueError:
        return 0.0


def _points(panel: Panel) -> Cells:
    x, y = panel.x, panel.y
    found: Cells = []
    for series in panel.series:
        for at, value in enumerate(series.y):
            entry: dict[str, Any] = {panel.legend: series.name, x.name: _place(x, series.x[at])}
            entry |= {k: column[at] for k, column in series.extra.items() if k not in entry}
            entry[y.name] = value
            if series.low is not None and series.high is not None:
                entry |= {f"{y.name}_low": series.low[at], f"{y.name}_high": series.high[at]}
            found.append(entry)
    return found


def _place(axis: Axis, value: float) -> float | str:
    return axis.ticks[int(value)] if axis.ticks else value


def _image(panel: Panel) -> Cells:
    assert panel.image is not None
    rows, columns = np.nonzero(panel.image)
    return [{"row": int(r), "column": int(c)} for r, c in zip(rows, columns, strict=True)]


def to_csv(figure: Figure) -> bytes:
    """Comma-separated values with a header line, every number in full (fractions stay so)."""
    entries = cells(figure)
    names = list(dict.fromkeys(key for entry in entries for key in entry))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(entries)
    return text.getvalue().encode()


def readable(figure: Figure) -> tuple[list[str], list[list[str]]]:
    """Headings and rows as a reader wants them: percentages, mean ± half width, nothing empty."""
    if any(panel.image is not None for panel in figure.panels):
        entries = cells(figure)
        return list(entries[0] if entries else {}), [list(map(str, e.values())) for e in entries]
    headings: dict[str, None] = {}
    rows: list[dict[str, str]] = []
    for panel in figure.panels:
        made: list[dict[str, str]] = []
        for series in panel.series:
            for at in range(len(series.y)):
                row = _row(panel, series, at)
                if len(figure.panels) > 1 and panel.title:
                    row = {"panel": panel.title, **row}
                headings.update(dict.fromkeys(row))
                made.append(row)
        _join(rows, made, ("panel", panel.legend, panel.x.name))
    return list(headings), [[row.get(name, "") for name in headings] for row in rows]


def _row(panel: Panel, series: Series, at: int) -> dict[str, str]:
    from ..plugins.plots import axis

    x, y = panel.x, panel.y
    row = {panel.legend: series.name, x.name: x.write(series.x[at])}
    for name, column in series.extra.items():
        row.setdefault(name, axis(name).write(column[at]))
    value = y.write(series.y[at])
    if series.low is not None and series.extra.get("n", [1] * len(series.y))[at] > 1:
        value += f" ± {y.write(series.y[at] - series.low[at])}"
    row[y.name] = value
    return row


def to_markdown(figure: Figure) -> bytes:
    """A Markdown table whose columns are aligned, so that it reads well as it is."""
    headings, rows = readable(figure)
    words = [name.replace("_", " ") for name in headings]
    widths = [max(3, *map(len, column)) for column in zip(words, *rows, strict=True)]
    right = [_numeric([row[at] for row in rows]) for at in range(len(headings))]

    def line(values: Sequence[str], pad: Callable[[str, int, bool], str]) -> str:
        return "| " + " | ".join(map(pad, values, widths, right)) + " |"

    def pad(text: str, width: int, to_right: bool) -> str:
        return text.rjust(width) if to_right else text.ljust(width)

    def rule(text: str, width: int, to_right: bool) -> str:
        return "-" * (width - 1) + (":" if to_right else "-")

    parts = [line(words, pad), line(words, rule), *(line(row, pad) for row in rows)]
    return "".join(part + "\n" for part in parts).encode()


def _numeric(values: Sequence[str]) -> bool:
    return all(not value or value[0] in "-0123456789." for value in values)


def to_rich(figure: Figure) -> Any:
    """The readable table for a terminal."""
    from rich import box
    from rich.table import Table

    headings, rows = readable(figure)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=figure.title or None)
    for at, name in enumerate(headings):
        right = _numeric([row[at] for row in rows])
        table.add_column(name.replace("_", " "), justify="right" if right else "left")
    for row in rows:
        table.add_row(*row)
    return table

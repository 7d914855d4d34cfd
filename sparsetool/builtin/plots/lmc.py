"""Loss and error along the straight line between two tickets.

Lines of `lmc`, one for each pair and split; test solid, train dotted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...plugins.plot_rows import check_label, label, numbers, only, short
from ...plugins.plots import Axis, Figure, Panel, Series, View, axis
from ._grouping import named

READS = "rows"
TAKES = ("y", "group")
ALPHA = Axis("alpha", "position on the line (0: first ticket, 1: second)")


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """A panel of losses and one of errors, or one of the field asked for."""
    rows = only(sources, "alpha", view.y or "loss")
    check_label(rows, view.group)
    drawn = [view.y] if view.y else ["loss", "error"]
    return Figure(
        tuple(
            Panel(ALPHA, named(axis(y), rows), _lines(rows, y, view)) for y in drawn if y in rows[0]
        )
    )


def _pair(row: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """The names of a row's tickets, of the second in what order its units are."""
    names = [known[name] for name in row.get("files", ())]
    return [*names[:-1], f"{names[-1]} aligned"] if row.get("aligned") and names else names


def _lines(rows: Sequence[Mapping[str, Any]], y: str, view: View) -> tuple[Series, ...]:
    colours: dict[str, int] = {}
    splits = {row.get("split") for row in rows}
    known = short(name for row in rows for name in row.get("files", ()))
    drawn = []
    for row in rows:
        pair = label(row, view.group) if view.group else " to ".join(_pair(row, known))
        colour = colours.setdefault(pair, len(colours))
        name = ", ".join(filter(None, [pair, row.get("split")])) if len(splits) > 1 else pair
        look = "dotted" if row.get("split") == "train" and len(splits) > 1 else "solid"
        places = numbers(row, "alpha")
        drawn.append(Series(name, places, numbers(row, y, len(places)), look=look, colour=colour))
    return tuple(drawn)

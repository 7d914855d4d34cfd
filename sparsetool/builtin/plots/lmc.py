"""Loss and error along the straight line between two tickets.

Lines of `lmc`, one for each pair and split; test solid, train dotted. `--rows target` draws a row
of panels for each value of a label or field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...plugins.plot_rows import check_label, label, numbers, only, short
from ...plugins.plots import Axis, Figure, Panel, Series, View, axis
from ._grouping import named
from ._panels import holding, title, values

READS = "rows"
TAKES = ("y", "group")
ALPHA = Axis("alpha", "position on the line (0: first ticket, 1: second)")


def figure(sources: Sequence[Mapping[str, Any]], view: View, *, rows: str = "") -> Figure:
    """A panel of losses and one of errors, or one of the field asked for.

    Args:
        sources: Lines of `lmc`.
        view: What to show.
        rows: Label or field with a row of panels for each value.
    """
    found = only(sources, "alpha", view.y or "loss")
    check_label(found, view.group)
    drawn = [view.y] if view.y else [y for y in ("loss", "error") if y in found[0]]
    several = len({row.get("split") for row in found}) > 1
    colours: dict[str, int] = {}
    panels = []
    for value in values(found, rows):
        wanted = {rows: value} if rows else {}
        here = holding(found, wanted)
        for y in drawn:
            lines = _lines(here, y, view, several, colours)
            panels.append(Panel(ALPHA, named(axis(y), found), lines, title=title(wanted)))
    return Figure(tuple(panels), columns=len(drawn))


def _pair(row: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """The names of a row's tickets, of the second in what order its units are."""
    names = [known[name] for name in row.get("files", ())]
    return [*names[:-1], f"{names[-1]} aligned"] if row.get("aligned") and names else names


def _lines(
    rows: Sequence[Mapping[str, Any]], y: str, view: View, several: bool, colours: dict[str, int]
) -> tuple[Series, ...]:
    """The lines of one panel; a pair has the same colour in all, and of several splits each."""
    known = short(name for row in rows for name in row.get("files", ()))
    drawn = []
    for row in rows:
        pair = label(row, view.group) if view.group else " to ".join(_pair(row, known))
        colour = colours.setdefault(pair, len(colours))
        name = ", ".join(filter(None, [pair, row.get("split")])) if several else pair
        look = "dotted" if row.get("split") == "train" and several else "solid"
        places = numbers(row, "alpha")
        drawn.append(Series(name, places, numbers(row, y, len(places)), look=look, colour=colour))
    return tuple(drawn)

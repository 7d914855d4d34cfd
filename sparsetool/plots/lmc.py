"""Loss and error along the straight line between two tickets.

Lines of `lmc`, one for each pair and split; test solid, train dotted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import Axis, Figure, Panel, Series, View, axis, label, only

READS = "rows"
ALPHA = Axis("alpha", "position on the line (0: first ticket, 1: second)")


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """A panel of losses and one of errors, or one of the field asked for."""
    rows = only(sources, "alpha", view.y or "loss")
    drawn = [view.y] if view.y else ["loss", "error"]
    return Figure(
        tuple(Panel(ALPHA, axis(y), _lines(rows, y, view)) for y in drawn if y in rows[0])
    )


def _lines(rows: Sequence[Mapping[str, Any]], y: str, view: View) -> tuple[Series, ...]:
    colours: dict[str, int] = {}
    splits = {row.get("split") for row in rows}
    drawn = []
    for row in rows:
        stems = [Path(name).stem for name in row.get("files", ())]
        pair = label(row, view.group) if view.group else " to ".join(stems)
        colour = colours.setdefault(pair, len(colours))
        name = f"{pair}, {row['split']}" if len(splits) > 1 else pair
        look = "dotted" if row.get("split") == "train" and len(splits) > 1 else "solid"
        drawn.append(Series(name, row["alpha"], row[y], look=look, colour=colour))
    return tuple(drawn)

"""The spectral density of the Hessian, one line per ticket.

Lines of `hessian --density`, whose field `spectrum` has the lists `eigenvalue` and `density`. What
lies nine powers of ten below the peak is no more than the tail of a smoothing and is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...plugins.plot_rows import check_label, label, only, short
from ...plugins.plots import Axis, Figure, Panel, Series, View

READS = "rows"
TAKES = ("group",)
X = Axis("eigenvalue", "Hessian eigenvalue")
Y = Axis("density", "spectral density (per unit of eigenvalue)", log=True)

SHOWN = 1e-9


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel with a logarithmic vertical axis."""
    drawn = []
    rows = only(sources, "spectrum")
    check_label(rows, view.group)
    names = short(label(row, "file") for row in rows)
    for row in rows:
        name = label(row, view.group) if view.group else names[label(row, "file")]
        lines = row["spectrum"]
        drawn.append(Series(name, lines["eigenvalue"], lines["density"], look="plain"))
    peak = max(max(series.y, default=0.0) for series in drawn)
    return Figure((Panel(X, replace(Y, least=peak * SHOWN or None), tuple(drawn)),))

"""The spectral density of the Hessian, one line per ticket.

Lines of `hessian --density`, whose field `spectrum` has the lists `eigenvalue` and `density`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import Axis, Figure, Panel, Series, View, label, only

READS = "rows"
X = Axis("eigenvalue", "Hessian eigenvalue")
Y = Axis("density", "spectral density (per unit of eigenvalue)", log=True)


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel with a logarithmic vertical axis."""
    drawn = []
    for row in only(sources, "spectrum"):
        name = label(row, view.group) if view.group else Path(label(row, "file")).stem
        lines = row["spectrum"]
        drawn.append(Series(name, lines["eigenvalue"], lines["density"], look="plain"))
    return Figure((Panel(X, Y, tuple(drawn)),))

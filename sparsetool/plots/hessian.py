"""The largest Hessian eigenvalue against epochs or sparsity.

Lines of `hessian`; of their `eigenvalues` the largest is drawn, mean and 95% interval over seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import Figure, View, only
from ._grouping import panel

READS = "rows"


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel; by default against `epochs`."""
    x, y = view.x or "epochs", view.y or "eigenvalue"
    rows = [
        {**row, "eigenvalue": max(row["eigenvalues"])}
        for row in only(sources, "eigenvalues", x)
        if row["eigenvalues"]
    ]
    return Figure((panel(rows, x, y, view),))

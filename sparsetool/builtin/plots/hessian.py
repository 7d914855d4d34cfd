"""The largest Hessian eigenvalue against epochs or sparsity.

Lines of `hessian`; of their `eigenvalues` the largest is drawn, mean and 95% interval over seeds.
Tickets of one epoch and several sparsities are lines of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...plugins.plot_rows import label, only
from ...plugins.plots import Figure, View
from ._grouping import panel

READS = "rows"
TAKES = ("x", "y", "group")


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel; by default against `epochs`."""
    x, y = view.x or "epochs", view.y or "eigenvalue"
    rows = [
        {**row, "eigenvalue": max(row["eigenvalues"])}
        for row in only(sources, "eigenvalues", x)
        if row["eigenvalues"]
    ]
    if view.group is None and x == "epochs" and _several_sparsities(rows):
        view = replace(view, group="sparsity")
    return Figure((panel(rows, x, y, view),))


def _several_sparsities(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows of one epoch, no label apart, differ in sparsity."""
    if any("method" in row.get("labels", {}) for row in rows):
        return False
    told = [row for row in rows if "sparsity" in row]
    pairs = {(label(row, "epochs"), label(row, "sparsity")) for row in told}
    return len(pairs) > len({epochs for epochs, _ in pairs})

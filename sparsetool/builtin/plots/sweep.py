"""A figure against sparsity, epochs, cost or a label; means over seeds by label.

Lines of `eval` with labels, such as `--label method=lrr --label seed=0`. Shaded is the 95%
confidence interval of the mean over seeds (Student's t); a group of dense tickets is a level across
the picture. With the label `training`, cyclic is solid and standard dotted.

`--y accuracy,loss_barrier` draws two panels and makes one table. With `--x train_flops` lines of
`flops` on the same tickets lend their costs. `--x LABEL` puts the label's values side by side.
`--x density --log` spreads high sparsities. Of tickets the test figures in their lineage are drawn.
`--difference cyclic,standard` draws the first minus the second, paired by seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...plugins.plots import Figure, Panel, View
from ._grouping import Colours, panel
from ._pairing import having, minus

READS = "rows"
TAKES = ("x", "y", "group", "difference")


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """A panel for each figure asked for; by default `accuracy` by `sparsity` and `method`."""
    colours: Colours = {}
    x, names = view.x or "sparsity", (view.y or "accuracy").split(",")
    if x == "density":
        sources = [_with_density(row) for row in sources]
    return Figure(tuple(_panel(having(sources, x, y), x, y, view, colours) for y in names))


def _with_density(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with the density that its sparsity leaves, of a pair of tickets the second's."""
    found = row.get("sparsity")
    if isinstance(found, list) and found:
        found = found[-1]
    return (
        row
        if "density" in row or not isinstance(found, int | float)
        else {"density": round(1 - found, 12), **row}
    )


def _panel(
    rows: Sequence[Mapping[str, Any]], x: str, y: str, view: View, colours: Colours
) -> Panel:
    if view.difference is None:
        drawn = panel(rows, x, y, view, colours)
        return replace(drawn, x=replace(drawn.x, falling=True)) if x == "density" else drawn
    drawn = panel(minus(rows, x, y, view.difference), x, y, view, colours)
    what, _, unit = drawn.y.label.partition(" (")
    unit = unit.replace("%)", "percentage points)")
    label = f"{what}, {view.difference.replace(',', ' minus ')}{unit and f' ({unit}'}"
    return replace(drawn, y=replace(drawn.y, label=label))

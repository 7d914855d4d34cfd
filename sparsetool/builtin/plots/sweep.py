"""A figure against sparsity, epochs, cost or a label; means over seeds by label.

Lines of `eval` with labels, such as `--label method=lrr --label seed=0`. Shaded is the 95%
confidence interval of the mean over seeds (Student's t); a group of dense tickets is a level across
the picture. With the label `training`, cyclic is solid and standard dotted.

`--y accuracy,loss_barrier` draws two panels and makes one table. With `--x train_flops` lines of
`flops` on the same tickets lend their costs. `--x LABEL` puts the label's values side by side.
`--difference cyclic,standard` draws the first minus the second, paired by seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import UsageError
from ...plugins.plots import Figure, Panel, View
from ._grouping import Colours, panel
from ._pairing import having, minus

READS = "rows"
TAKES = ("x", "y", "group", "difference")


def figure(sources: Sequence[Mapping[str, Any]], view: View, *, log: bool = False) -> Figure:
    """A panel for each figure asked for; by default `accuracy` by `sparsity` and `method`.

    Args:
        sources: Rows with labels.
        view: What the person at the shell asked for.
        log: Draw the horizontal axis on a logarithmic scale.
    """
    colours: Colours = {}
    x, names = view.x or "sparsity", (view.y or "accuracy").split(",")
    panels = [_panel(having(sources, x, y), x, y, view, colours) for y in names]
    return Figure(tuple(_logarithmic(each) if log else each for each in panels))


def _logarithmic(drawn: Panel) -> Panel:
    """The panel with a logarithmic horizontal axis.

    Raises:
        UsageError: It has values that such an axis cannot show.
    """
    values = [value for series in drawn.series for value in series.x]
    if drawn.x.ticks or not all(value > 0 for value in values):
        raise UsageError(f"--log wants numbers above 0 as {drawn.x.name}: leave it out")
    return replace(drawn, x=replace(drawn.x, log=True))


def _panel(
    rows: Sequence[Mapping[str, Any]], x: str, y: str, view: View, colours: Colours
) -> Panel:
    if view.difference is None:
        return panel(rows, x, y, view, colours)
    drawn = panel(minus(rows, x, y, view.difference), x, y, view, colours)
    what, _, unit = drawn.y.label.partition(" (")
    unit = unit.replace("%)", "percentage points)")
    label = f"{what}, {view.difference.replace(',', ' minus ')}{unit and f' ({unit}'}"
    return replace(drawn, y=replace(drawn.y, label=label))

"""A figure against sparsity, epochs, cost or a label; means over seeds by label.

Lines of `eval` with labels, such as `--label method=lrr --label seed=0`. Shaded is the 95%
confidence interval of the mean over seeds (Student's t); a group of dense tickets is a level across
the picture. With the label `training`, cyclic is solid and standard dotted, in one colour.

`--y accuracy,loss_barrier` draws two panels and makes one table. With `--x train_flops` lines of
`flops` on the same tickets lend their costs. `--x LABEL` puts the label's values side by side.
`--x density --log` spreads high sparsities. Of tickets the test figures in their lineage are drawn.
`--difference cyclic,standard` draws the first minus the second, paired by seed. `--x cycles` counts
the cycles that were trained, with `--cycle 150` cycles of so many epochs. `--panels split --rows
target` draws a panel for each value of a label or field, beside each other and below each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import UsageError
from ...plugins.plots import Figure, Panel, View
from ._grouping import Colours, panel
from ._pairing import having, minus
from ._panels import holding, title, values

READS = "rows"
TAKES = ("x", "y", "group", "difference")


def figure(
    sources: Sequence[Mapping[str, Any]],
    view: View,
    *,
    cycle: int = 0,
    panels: str = "",
    rows: str = "",
) -> Figure:
    """A panel for each figure asked for; by default `accuracy` by `sparsity` and `method`.

    Args:
        sources: Lines of measures.
        view: What to show.
        cycle: Epochs in a cycle, for --x cycles; 0: as cycles were trained.
        panels: Label or field with a panel for each value.
        rows: Label or field with a row of panels for each value.
    """
    colours: Colours = {}
    x, names = view.x or "sparsity", (view.y or "accuracy").split(",")
    if x == "density":
        sources = [_with_density(row) for row in sources]
    if cycle and x != "cycles":
        raise UsageError("--cycle EPOCHS is for --x cycles: give both, or leave it out")
    if x == "cycles":
        sources = _with_cycles(sources, cycle)
    told = {y: having(sources, x, y) for y in names}
    every = [row for found in told.values() for row in found]
    across, down = values(every, panels), values(every, rows)
    drawn = []
    for low in down:
        for y in names:
            for right in across:
                wanted = {rows: low, panels: right}
                wanted.pop("", None)
                here = holding(told[y], wanted)
                drawn.append(replace(_panel(here, x, y, view, colours), title=title(wanted)))
    return Figure(tuple(drawn), columns=len(names) * len(across))


def _with_cycles(rows: Sequence[Mapping[str, Any]], cycle: int) -> Sequence[Mapping[str, Any]]:
    """Rows with the cycles that their epochs are, of a pair of tickets the second's.

    Without a length of cycles they are those trained, which lines of measures tell.
    """
    if not cycle:
        if not any("cycles" in row or "cycles" in row.get("labels", {}) for row in rows):
            raise UsageError("no line has 'cycles': give --cycle EPOCHS to count them by epochs")
        return rows
    return [_counted(row, cycle) for row in rows]


def _counted(row: Mapping[str, Any], cycle: int) -> Mapping[str, Any]:
    found = row.get("epochs")
    if isinstance(found, list) and found:
        found = found[-1]
    return {**row, "cycles": found / cycle} if isinstance(found, int | float) else row


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
    return replace(drawn, y=replace(drawn.y, label=label, positive=False))

"""A figure against sparsity, epochs, cost or a label; means over seeds by label.

Lines of `eval` with labels, such as `--label method=lrr --label seed=0`. Shaded is the 95%
confidence interval of the mean over seeds (Student's t); a group of dense tickets is a level across
the picture. With the label `training`, cyclic is solid and standard dotted, in one colour.

`--y accuracy,loss_barrier` draws two panels and makes one table. With `--x train_flops` lines of
`flops` on the same tickets lend their costs. `--x LABEL` puts the label's values side by side.
`--x density --log` spreads high sparsities. Of tickets the test figures in their lineage are drawn.
`--difference cyclic,standard` draws the first minus the second, paired by seed. `--x cycles --cycle
150` counts cycles of so many epochs. `--panels split --rows target` draws a panel for each value of
a label or field, beside each other and below each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import UsageError
from ...plugins.plot_rows import check_label, label
from ...plugins.plots import Figure, Panel, View
from ._grouping import Colours, panel
from ._pairing import categories, having, minus

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
        cycle: Epochs in a cycle, for --x cycles.
        panels: Label or field with a panel for each value.
        rows: Label or field with a row of panels for each value.
    """
    colours: Colours = {}
    x, names = view.x or "sparsity", (view.y or "accuracy").split(",")
    if x == "density":
        sources = [_with_density(row) for row in sources]
    if (x == "cycles") != (cycle > 0):
        raise UsageError("--x cycles and --cycle EPOCHS go together: give both or neither")
    if x == "cycles":
        sources = [_with_cycles(row, cycle) for row in sources]
    told = {y: having(sources, x, y) for y in names}
    every = [row for found in told.values() for row in found]
    across, down = _values(every, panels), _values(every, rows)
    drawn = []
    for low in down:
        for y in names:
            for right in across:
                wanted = {rows: low, panels: right}
                wanted.pop("", None)
                here = [r for r in told[y] if all(label(r, n) == v for n, v in wanted.items())]
                title = ", ".join(f"{name} {value}" for name, value in wanted.items())
                drawn.append(replace(_panel(here, x, y, view, colours), title=title))
    return Figure(tuple(drawn), columns=len(names) * len(across))


def _values(rows: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    """The values of a label or field, numbers ascending, words as they come; one for no name."""
    if not name:
        return [""]
    check_label(rows, name)
    found = list(dict.fromkeys(label(row, name) for row in rows))
    return found if categories(rows, name) else sorted(found, key=float)


def _with_cycles(row: Mapping[str, Any], cycle: int) -> Mapping[str, Any]:
    """A row with the cycles that its epochs are, of a pair of tickets the second's."""
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

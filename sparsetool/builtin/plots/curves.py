"""Loss and accuracy of training, epoch by epoch.

Logs that `train-cycles --log FILE` writes, one or several: test solid, train dotted. `--y lr` draws
another field of them, `--x cycles` counts cycles instead of epochs. Of a ticket the ends of its
cycles are drawn, which its lineage holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...plugins.plot_rows import check_label, label, number, only, short
from ...plugins.plots import Axis, Figure, Panel, Series, View, axis

READS = "rows"
TAKES = ("x", "y", "group")
SPLITS = (("test", "solid"), ("train", "dotted"))


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """A panel of losses and one of accuracies, or one of the field asked for."""
    x = view.x or "epochs"
    check_label(sources, view.group)
    if view.y:
        rows = only(_cycles(sources, x), x, view.y)
        look = "steps" if view.y == "lr" else "solid"  # an epoch's rate, not one between two
        drawn = [_series(name, of, x, view.y, look) for name, of in _runs(rows, view).items()]
        return Figure((Panel(axis(x), axis(view.y), tuple(drawn)),))
    rows = only(_cycles(sources, x), x, "train_loss")
    return Figure(tuple(_panel(rows, view, axis(x), axis(y)) for y in ("loss", "accuracy")))


def _cycles(rows: Sequence[Mapping[str, Any]], x: str) -> Sequence[Mapping[str, Any]]:
    """The rows with `cycles`, parts of a cycle included, where that is the horizontal axis."""
    if x != "cycles":
        return rows
    most: dict[str, int] = {}
    for row in rows:
        if "epoch" in row:
            file = label(row, "file")
            most[file] = max(most.get(file, 0), int(number(row, "epoch")))
    return [
        {
            **row,
            "cycles": number(row, "cycle") - 1 + number(row, "epoch") / most[label(row, "file")],
        }
        if "epoch" in row and "cycle" in row
        else row
        for row in rows
    ]


def _panel(rows: Sequence[Mapping[str, Any]], view: View, x: Axis, y: Axis) -> Panel:
    drawn = []
    runs = _runs(rows, view)
    for colour, (name, members) in enumerate(runs.items()):
        for split, look in SPLITS:
            held = [row for row in members if row.get(f"{split}_{y.name}") is not None]
            if held:
                called = f"{name}, {split}" if len(runs) > 1 else split
                drawn.append(_series(called, held, x.name, f"{split}_{y.name}", look, colour))
    return Panel(x, y, tuple(drawn))


def _runs(rows: Sequence[Mapping[str, Any]], view: View) -> dict[str, list[Mapping[str, Any]]]:
    """Rows of each run, by label or else by file."""
    runs: dict[str, list[Mapping[str, Any]]] = {}
    known = short(label(row, "file") for row in rows)
    for row in rows:
        name = label(row, view.group) if view.group else known[label(row, "file")]
        runs.setdefault(name, []).append(row)
    return runs


def _series(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    x: str,
    y: str,
    look: str = "solid",
    colour: int | None = None,
) -> Series:
    ordered = sorted(rows, key=lambda row: number(row, x))
    places = [number(row, x) for row in ordered]
    return Series(name, places, [number(row, y) for row in ordered], look=look, colour=colour)

"""Rows with labels become lines: means and 95% intervals over seeds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...analysis.statistics import mean_interval
from ...errors import SparsetoolError
from ...plugins.plot_rows import check_label, label, number
from ...plugins.plots import Axis, Panel, Series, View, axis
from ._pairing import categories

TRAINING = "training"  # the label of how a ticket was trained
# Ways that share a colour; others have colours of their own.
LOOKS = {"": "solid", "cyclic": "solid", "standard": "dotted"}
BESIDE = ("sparsity", "epochs", "train_flops")  # told in the table beside what is drawn
DENSE = {"sparsity": 0, "density": 1}  # where dense tickets stand
COSTS = ("train_flops", "train_flops_all")  # differ a little from seed to seed
Row = Mapping[str, Any]
Colours = dict[tuple[str, ...], int]


def panel(rows: Sequence[Row], x: str, y: str, view: View, colours: Colours | None = None) -> Panel:
    """One panel of `y` against `x` with a line for each group: the mean over its rows at every x.

    A group whose rows are all dense becomes a band across a picture over sparsity. Groups that
    differ in the label `training` alone, of `LOOKS`, share a colour. Where x is a label of words,
    its values stand side by side, in the order in which they come, and points are drawn. Where
    every seed of a group has one row, not all at one x, as each at a peak of its own, nothing is
    averaged: these are points, too; so are several sparsities after as many epochs, by cost.

    Args:
        rows: Rows that all have `x` and `y`.
        x: Field or label on the horizontal axis.
        y: Field on the vertical axis.
        view: What the person at the shell asked for.
        colours: Colours of groups, which panels of one picture share; new groups are added.

    Raises:
        UsageError: No row has the label asked for.
        SparsetoolError: Two rows of one group, seed and x: a label is missing that tells them
            apart.
    """
    names = _labels(rows, view.group, x)
    ticks = categories(rows, x)
    across = replace(axis(x), ticks=ticks, label=x.replace("_", " ")) if ticks else axis(x)
    series = _lines(rows, across, y, names, {} if colours is None else colours)
    return Panel(across, named(axis(y), rows), series, legend=", ".join(names) or "line")


def _lines(
    rows: Sequence[Row], x: Axis, y: str, names: Sequence[str], colours: Colours
) -> tuple[Series, ...]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(label(row, name) for name in names), []).append(row)
    series = []
    for values, members in groups.items():
        told = dict(zip(names, values, strict=True))
        training = told.pop(TRAINING, "")
        name = ", ".join(value for value in values if value) or y.replace("_", " ")
        alone = not x.ticks and _alone(members, x)
        one = _line(members, x, y, name, alone)
        if x.name in DENSE and all(at == DENSE[x.name] for at in one.x):
            series.append(replace(one, look="band"))
            continue
        look = LOOKS.get(training, "solid")
        kind = tuple(told.values()) if training in LOOKS else (*told.values(), training)
        colour = colours.setdefault(kind, len(colours))
        look = f"{look} points" if x.ticks or alone or _branches(members, x) else look
        series.append(replace(one, look=look, colour=colour))
    return tuple(series)


def _labels(rows: Sequence[Row], asked: str | None, x: str) -> list[str]:
    known = sorted({key for row in rows for key in row.get("labels", {})})
    names = asked.split(",") if asked else [n for n in ("method",) if n in known and n != x]
    for name in names:
        check_label(rows, name)
    # Splits and ways of training are never averaged over, asked or not.
    names += [TRAINING] if TRAINING in known and TRAINING not in (*names, x) else []
    names += (
        ["split"] if len({row.get("split") for row in rows}) > 1 and "split" not in names else []
    )
    return names


def _alone(rows: Sequence[Row], x: Axis) -> bool:
    """Whether every seed has one row, and these do not stand at one point."""
    seeds = [label(row, "seed") for row in rows]
    once = "" not in seeds and len(set(seeds)) == len(seeds)
    return once and len({_point(row, x) for row in rows}) > 1


def _branches(rows: Sequence[Row], x: Axis) -> bool:
    """Whether points by cost are several sparsities after as many epochs: no course of one run."""
    if x.name not in COSTS or not all("sparsity" in row and "epochs" in row for row in rows):
        return False
    places = {(str(row["sparsity"]), str(row["epochs"])) for row in rows}
    return len({epochs for _, epochs in places}) < len(places)


def _line(rows: Sequence[Row], x: Axis, y: str, name: str, alone: bool) -> Series:
    at: dict[Hashable, list[Row]] = {}
    for count, row in enumerate(rows):
        at.setdefault(count if alone else _point(row, x), []).append(row)
    for members in at.values():
        seeds = [label(row, "seed") for row in members]
        if "" not in seeds and len(set(seeds)) < len(seeds):
            known = sorted({key for row in members for key in row.get("labels", {})} - {"seed"})
            apart = [key for key in known if len({label(row, key) for row in members}) > 1]
            raise SparsetoolError(
                f"{name}: two lines of one seed at {x.name} {_place(members[:1], x):g}; "
                f"give --group {','.join(apart) or 'a label that tells them apart'}, "
                "or plot fewer lines"
            )
    drawn = [(_place(members, x), members) for members in at.values()]
    places = sorted(drawn, key=lambda point: point[0])
    found = [mean_interval([number(row, y) for row in members]) for _, members in places]
    extra: dict[str, list[Any]] = {"n": [len(members) for _, members in places]}
    for beside in BESIDE:
        if beside not in (x.name, y) and all(beside in row for row in rows):
            extra[beside] = [_mean(members, beside) for _, members in places]
    return Series(
        name,
        [place for place, _ in places],
        [mean for mean, _ in found],
        [mean - half for mean, half in found],
        [mean + half for mean, half in found],
        extra=extra,
    )


def _point(row: Row, x: Axis) -> Hashable:
    """What rows of several seeds agree in that make one point."""
    if x.ticks:
        return label(row, x.name)
    if x.name in COSTS and "sparsity" in row and "epochs" in row:
        return str(row["sparsity"]), str(row["epochs"])  # lists where a row is of a pair
    return number(row, x.name)


def _place(rows: Sequence[Row], x: Axis) -> float:
    """Where the point of these rows stands."""
    if x.ticks:
        return x.ticks.index(label(rows[0], x.name))
    return _mean(rows, x.name) if x.name in COSTS else number(rows[0], x.name)


def _mean(rows: Iterable[Row], name: str) -> float | int:
    values = [number(row, name) for row in rows]
    mean = sum(values) / len(values)
    return int(mean) if mean == int(mean) and name == "epochs" else mean


def named(y: Axis, rows: Sequence[Row]) -> Axis:
    """The vertical axis, telling the split where all rows are of one (`test accuracy (%)`)."""
    splits = {row.get("split") for row in rows}
    (split,) = splits if len(splits) == 1 else (None,)
    if not split:
        return y
    beside = y.name.partition("_")[0] not in ("accuracy", "error", "loss")
    return replace(y, label=f"{y.label}, {split} split" if beside else f"{split} {y.label}")

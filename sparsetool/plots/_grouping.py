"""Rows with labels become lines: means and 95% intervals over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..analysis.confidence import mean_interval
from ..errors import SparsetoolError, UsageError
from ..registry import nearest
from . import Axis, Panel, Series, View, axis, label, number

TRAINING = "training"  # the label that says cyclic (solid) or standard (dotted)
BESIDE = ("sparsity", "epochs", "train_flops")  # told in the table beside what is drawn
Row = Mapping[str, Any]


def panel(rows: Sequence[Row], x: str, y: str, view: View) -> Panel:
    """One panel of `y` against `x` with a line for each group: the mean over its rows at every x.

    A group whose rows are all dense becomes a band across a picture over sparsity. Groups that
    differ in the label `training` alone share a colour; `standard` is dotted.

    Raises:
        UsageError: No row has the label asked for.
        SparsetoolError: Two rows of one group, seed and x: a label is missing that tells them
            apart.
    """
    names = _labels(rows, view.group)
    series = _lines(rows, x, y, names)
    return Panel(axis(x), _named(axis(y), rows), series, legend=", ".join(names) or "line")


def _lines(rows: Sequence[Row], x: str, y: str, names: Sequence[str]) -> tuple[Series, ...]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(label(row, name) for name in names), []).append(row)
    colours: dict[tuple[str, ...], int] = {}
    series = []
    for values, members in groups.items():
        told = dict(zip(names, values, strict=True))
        training = told.pop(TRAINING, "")
        name = ", ".join(value for value in values if value) or y.replace("_", " ")
        one = _line(members, x, y, name)
        if x == "sparsity" and all(at == 0 for at in one.x):
            series.append(replace(one, look="band"))
            continue
        look = "dotted" if training == "standard" else "solid"
        colour = colours.setdefault(tuple(told.values()), len(colours))
        series.append(replace(one, look=look, colour=colour))
    return tuple(series)


def _labels(rows: Sequence[Row], asked: str | None) -> list[str]:
    known = sorted({key for row in rows for key in row.get("labels", {})})
    names = asked.split(",") if asked else [n for n in ("method",) if n in known]
    for name in names:
        if name not in known and not any(name in row for row in rows):
            raise UsageError(f"no line has the label '{name}': {nearest(name, known)}")
    # Splits and ways of training are never averaged over, asked or not.
    names += [TRAINING] if TRAINING in known and TRAINING not in names else []
    names += (
        ["split"] if len({row.get("split") for row in rows}) > 1 and "split" not in names else []
    )
    return names


def _line(rows: Sequence[Row], x: str, y: str, name: str) -> Series:
    at: dict[float, list[Row]] = {}
    for row in rows:
        at.setdefault(number(row, x), []).append(row)
    for place, members in at.items():
        seeds = [label(row, "seed") for row in members]
        if "" not in seeds and len(set(seeds)) < len(seeds):
            raise SparsetoolError(
                f"{name}: two lines of one seed at {x} {place:g}; "
                "give --group a label that tells them apart, or plot fewer lines"
            )
    places = sorted(at)
    found = [mean_interval([number(row, y) for row in at[place]]) for place in places]
    extra: dict[str, list[Any]] = {"n": [len(at[place]) for place in places]}
    for beside in BESIDE:
        if beside not in (x, y) and all(beside in row for row in rows):
            extra[beside] = [_mean(at[place], beside) for place in places]
    return Series(
        name,
        places,
        [mean for mean, _ in found],
        [mean - half for mean, half in found],
        [mean + half for mean, half in found],
        extra=extra,
    )


def _mean(rows: Iterable[Row], name: str) -> float | int:
    values = [number(row, name) for row in rows]
    mean = sum(values) / len(values)
    return int(mean) if mean == int(mean) and name == "epochs" else mean


def _named(y: Axis, rows: Sequence[Row]) -> Axis:
    """The vertical axis, telling the split where all rows are of one (`test accuracy (%)`)."""
    splits = {row.get("split") for row in rows}
    (split,) = splits if len(splits) == 1 else (None,)
    return replace(y, label=f"{split} {y.label}") if split else y

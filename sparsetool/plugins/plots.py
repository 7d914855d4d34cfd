"""Plots: the numbers of a picture; the folder drawing draws them.

A member states what it reads and takes, and defines one function of one signature:

    READS = "rows" | "tickets" | "tickets or names"
    TAKES = ("x", "group")   # fields of View that it looks at; `plot` refuses the others

    def figure(sources, view) -> Figure:
        '''The numbers of the picture.'''

with `sources` JSON lines (dicts), pairs (name, Ticket), or pairs in which the ticket is None where
the name is no file.

Keyword parameters with defaults are options of the kind's own. Every `Figure` is drawn alike
(`drawing`: picture, characters, table), so that a new kind of plot is one file of arithmetic.
Numbers stay in the units of `sparsetool guide formats` (fractions, nats, epochs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from . import members


@dataclass(frozen=True)
class View:
    """What the person at the shell asked to see.

    Attributes:
        x: Field on the horizontal axis, or None for the kind's own.
        y: Field on the vertical axis, or None for the kind's own.
        group: Label that tells lines apart, or None for the kind's own.
        layer: A layer's name, for kinds that show one.
        difference: Two values of one label, such as `cyclic,standard`: the first's figures minus
            the second's are drawn; None for the figures themselves.
    """

    x: str | None = None
    y: str | None = None
    group: str | None = None
    layer: str | None = None
    difference: str | None = None


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        name: Field it shows, as a table heads its column.
        label: What a reader sees, with the unit.
        percent: Whether values are fractions to be written as percentages.
        log: Whether the scale is logarithmic.
        least: Where a logarithmic scale begins at the latest: smaller values lie below it.
        ticks: Names of the positions 0, 1, 2, ... where they are no numbers.
        falling: Whether values fall from left to right.
        positive: Whether values are never below zero, nor are intervals drawn there.
    """

    name: str
    label: str
    percent: bool = False
    log: bool = False
    least: float | None = None
    ticks: tuple[str, ...] = ()
    falling: bool = False
    positive: bool = False

    def write(self, value: float) -> str:
        """A value for a reader: `93.61%`, `0.01`, or the position's name."""
        if self.ticks:
            return self.ticks[int(value)]
        return f"{value:.2%}" if self.percent else f"{value:.6g}"


@dataclass(frozen=True)
class Series:
    """One line, band or set of bars.

    Attributes:
        name: Its name in the legend.
        x: Positions; a band may have none.
        y: Values, one per position (one alone for a band).
        low: Lower ends of the interval around each value, where there is one.
        high: Upper ends, likewise.
        look: `solid`, `dotted`, `plain` (no markers), `steps` (likewise, in stairs), `points`
            (`solid points` or, hollow, `dotted points`: no line), or `band` (a level across the
            whole picture).
        colour: Index into the palette; by default the series' own number.
        extra: Further columns for the table, one value per position.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    look: str = "solid"
    colour: int | None = None
    extra: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """One set of axes, with lines or with an image.

    Attributes:
        x: Horizontal axis.
        y: Vertical axis.
        series: What is drawn.
        image: Booleans [rows, columns] drawn as cells instead of series (true is dark).
        cell: Rows and columns of the image that make one unit of the axes.
        title: Words above it.
        legend: What tells the series apart, as a table heads the column of their names.
    """

    x: Axis
    y: Axis
    series: tuple[Series, ...] = ()
    image: np.ndarray | None = None
    cell: tuple[int, int] = (1, 1)
    title: str = ""
    legend: str = "line"


@dataclass(frozen=True)
class Figure:
    """A picture: one panel or several.

    Attributes:
        panels: The panels, row by row.
        title: Words above all.
        columns: Panels beside each other in a row; 0: all.
    """

    panels: tuple[Panel, ...]
    title: str = ""
    columns: int = 0


AXES = {
    "sparsity": Axis("sparsity", "sparsity (% of prunable weights that are zero)", percent=True),
    "accuracy": Axis("accuracy", "accuracy (%)", percent=True, positive=True),
    "accuracy_top5": Axis(
        "accuracy_top5", "label among the first five (%)", percent=True, positive=True
    ),
    "ece": Axis("ece", "expected calibration error (%)", percent=True, positive=True),
    "bits_per_character": Axis("bits_per_character", "bits per character", positive=True),
    "error": Axis("error", "error (%)", percent=True, positive=True),
    "loss": Axis("loss", "loss (nats, mean per example)", positive=True),
    "epochs": Axis("epochs", "epochs trained in all"),
    "train_flops": Axis("train_flops", "training cost (FLOPs)", log=True),
    "train_flops_all": Axis("train_flops_all", "training cost of all ancestors (FLOPs)", log=True),
    "rate": Axis("rate", "learning rate"),
    "density": Axis("density", "density (% of weights kept)", percent=True, positive=True),
    "eigenvalue": Axis("eigenvalue", "largest Hessian eigenvalue"),
    "sign_flips": Axis("sign_flips", "sign flips (weights kept in both tickets)", positive=True),
    "sign_agreement": Axis(
        "sign_agreement", "sign agreement (% of weights kept)", percent=True, positive=True
    ),
    "mask_iou": Axis(
        "mask_iou", "mask overlap (kept in both, % of kept in either)", percent=True, positive=True
    ),
    "effective_sparsity": Axis(
        "effective_sparsity", "effective sparsity (% zero or on no path)", percent=True
    ),
    "train_loss": Axis("train_loss", "training loss (nats, mean per example)", positive=True),
    "test_loss": Axis("test_loss", "test loss (nats, mean per example)", positive=True),
    "val_loss": Axis("val_loss", "validation loss (nats, mean per example)", positive=True),
    "train_accuracy": Axis("train_accuracy", "training accuracy (%)", percent=True, positive=True),
    "test_accuracy": Axis("test_accuracy", "test accuracy (%)", percent=True, positive=True),
    "val_accuracy": Axis("val_accuracy", "validation accuracy (%)", percent=True, positive=True),
    "lr": Axis("lr", "learning rate"),
    "cycles": Axis("cycles", "cycles trained in all"),
    "loss_barrier": Axis("loss_barrier", "loss barrier (nats)", positive=True),
    "error_barrier": Axis("error_barrier", "error barrier (%)", percent=True, positive=True),
}


def axis(name: str) -> Axis:
    """The axis of a field; a field unknown here is labelled with its name."""
    return AXES.get(name, Axis(name, name.replace("_", " ")))


class Draw(Protocol):
    """The numbers of a picture."""

    def __call__(self, sources: Sequence[Any], view: View, /, **options: Any) -> Figure: ...


@dataclass(frozen=True)
class Plot:
    """A kind of plot, wherever it comes from.

    Attributes:
        name: Its name.
        figure: Gives the numbers of the picture.
        reads: `rows`, `tickets` or `tickets or names`.
        takes: The fields of `View` that it looks at.
        options: Its own options with their defaults.
    """

    name: str
    figure: Draw
    reads: str = "rows"
    takes: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def load(spec: members.Spec) -> Plot:
    """The kind of plot that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such kind.
        SparsetoolError: It cannot be imported, or does not take what a plot is given.
    """
    held = members.found("plots", spec)
    figure, state = held.function("figure"), held.constants
    if figure is None:
        raise members.lacking(held, "figure")
    takes = tuple(state.get("TAKES", ()))
    return Plot(held.name, figure, state.get("READS", "rows"), takes, held.options)

"""Figures as pictures: PNG, SVG and PDF by matplotlib, with the same bytes every time.

Colours are those of Okabe and Ito, 2008, "Color universal design", which people with any kind of
colour vision tell apart; lines differ in markers too, so that a print in grey can be read.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..plugins.plots import Axis, Figure, Panel
from . import lines
from .paper import Paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MatplotlibFigure

SUFFIXES = (".png", ".svg", ".pdf")
STYLE: dict[Any, Any] = {
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.wspace": 0.04,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": "small",
    "legend.title_fontsize": "small",
    "svg.hashsalt": "sparsetool",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def draw(figure: Figure, suffix: str, mark: str, paper: Paper | None = None) -> bytes:
    """The picture's bytes.

    Args:
        figure: What to draw.
        suffix: One of `SUFFIXES`.
        mark: Text kept in the file's metadata, by which a later run knows the picture.
        paper: Size, letters and style, where they are not the usual ones.
    """
    asked = paper or Paper()
    with _without_messages():
        from matplotlib import rc_context

        made = drawn(figure, asked)
        out = io.BytesIO()
        with rc_context(STYLE), asked.used():
            made.savefig(out, format=suffix[1:], dpi=200, metadata=_metadata(suffix, mark))
    return out.getvalue()


def drawn(figure: Figure, paper: Paper | None = None) -> MatplotlibFigure:
    """The picture as a figure of matplotlib, which no window and no backend knows.

    Args:
        figure: What to draw.
        paper: Size, letters and style, where they are not the usual ones.
    """
    from matplotlib import rc_context

    from .inline import Inline

    asked = paper or Paper()
    with rc_context(STYLE), asked.used():
        count = len(figure.panels)
        columns = figure.columns or count
        rows = -(-count // columns)
        legend = 1.6 if _beside(figure) else 0.0
        tall = 1.4 if _upright(figure.panels[0].x) else 0.0  # names of layers stand upright
        high = 4.4 if count == 1 else 4.0 if rows == 1 else 3.2
        usual = (_width(figure) * columns + legend, (high + tall) * rows)
        made = Inline(figsize=asked.size(*usual))
        made.source = figure
        boxes = [*made.subplots(rows, columns, squeeze=False).flat]
        for panel, axes in zip(figure.panels, boxes, strict=True):
            _panel(panel, axes)
        _legend(figure, made, boxes)
        if figure.title:
            made.suptitle(figure.title)
    return made


@contextlib.contextmanager
def _without_messages() -> Iterator[None]:
    """Without matplotlib's messages about fonts and folders."""
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _metadata(suffix: str, mark: str) -> dict[str, Any]:
    if suffix == ".png":
        return {"Software": None, "Comment": mark}
    if suffix == ".svg":
        return {"Date": None, "Creator": "sparsetool", "Description": mark}
    return {"CreationDate": None, "Creator": "sparsetool", "Producer": None, "Keywords": mark}


def _width(figure: Figure) -> float:
    usual = 6.4 if 1 in (len(figure.panels), figure.columns) else 5.0
    axes = [panel.x for panel in figure.panels]
    wanted = max(0.24 * len(x.ticks) if _upright(x) else 0.08 * _letters(x) for x in axes)
    return min(max(usual, 1.5 + wanted), 14.0)


def _panel(panel: Panel, axes: Axes) -> None:
    if panel.image is not None:
        _image(panel, axes)
    drawn = [series for series in panel.series if series.look != "band"]
    for number, series in enumerate(panel.series):
        if panel.x.ticks and series.look.endswith("points"):
            # Side by side, so that none hides another at the same place.
            aside = 0.5 * ((drawn.index(series) + 0.5) / len(drawn) - 0.5)
            series = replace(series, x=[place + aside for place in series.x])
        lines.series(series, number, axes, panel)
    across = [x for series in drawn for x in series.x]
    _axis(panel.x, axes.xaxis)
    _axis(panel.y, axes.yaxis)
    for axis, ruler, values in (
        (panel.x, axes.xaxis, across),
        (panel.y, axes.yaxis, [y for series in panel.series for y in series.y]),
    ):
        _count(axis, ruler, values)
    axes.set_title(panel.title)
    if panel.x.ticks and any(series.look.endswith("points") for series in drawn):
        axes.set_xlim(-0.5, len(panel.x.ticks) - 0.5)
    if _upright(panel.x):
        axes.tick_params(axis="x", labelrotation=90, labelsize="x-small")


def _upright(axis: Axis) -> bool:
    """Whether tick labels are too many or too long to be written horizontally."""
    return _letters(axis) > 130


def _letters(axis: Axis) -> int:
    """Letters side by side that the names of places take, lying, as far apart as any two need."""
    longest = [max(map(len, name.splitlines())) for name in _names(axis)]
    pairs = zip(longest, longest[1:] or longest, strict=False)
    return len(longest) * max((2 + (a + b + 1) // 2 for a, b in pairs), default=0)


def _names(axis: Axis) -> list[str]:
    """Names of places, in several lines where they are lists, or a network on its data."""
    return [name.replace(", ", ",\n").replace("@", "\n@") for name in axis.ticks]


def _legend(figure: Figure, made: Any, boxes: Any) -> None:
    """Inside a single panel with few lines; else beside the panels, covering nothing."""
    held: dict[str, Any] = {}
    for axes in reversed(boxes):  # a line has one name and look in all panels
        handles, names = axes.get_legend_handles_labels()
        held |= dict(zip(names, handles, strict=True))
    if not held:
        return
    order = dict.fromkeys(series.name for panel in figure.panels for series in panel.series)
    names = [name for name in order if name in held]
    handles = [held[name] for name in names]
    told = figure.panels[0].legend
    named = told if told not in ("line", "method") else ""
    title = "\n".join(filter(None, [named, lines.interval_words(figure)])) or None
    if _beside(figure):
        where = "outside right upper"
        made.legend(handles, names, loc=where, title=title)
    else:
        boxes[0].legend(title=title)


def _beside(figure: Figure) -> bool:
    """Whether the legend stands beside the panels, for want of an empty place inside."""
    first = figure.panels[0]
    crowded = (
        len(first.series) > 6
        or _upright(first.x)
        or any(series.look == "plain" for series in first.series)
    )
    return len(first.series) > 1 and (len(figure.panels) > 1 or crowded)


def _image(panel: Panel, axes: Axes) -> None:
    assert panel.image is not None
    rows, columns = panel.image.shape
    height, width = panel.cell
    axes.imshow(
        panel.image,
        cmap="Greys",
        vmin=0,
        vmax=1,
        interpolation="nearest",
        extent=(0, columns / width, rows / height, 0),
        aspect=height / width if rows * columns else "auto",
    )
    axes.grid(False)


def _axis(axis: Axis, ruler: Any) -> None:
    from matplotlib.ticker import (
        FuncFormatter,
        LogFormatterSciNotation,
        LogLocator,
        NullFormatter,
    )

    ruler.set_label_text(axis.label)
    if axis.log and ruler.axis_name == "x":
        ruler.axes.set_xscale("log")
        ruler.set_minor_locator(LogLocator(subs=(2, 3, 5, 7)))  # names of 8 and 9 would collide
        ruler.set_minor_formatter(LogFormatterSciNotation(minor_thresholds=(1, 1)))
    elif axis.log:
        ruler.axes.set_yscale("log")
    if axis.least is not None:
        low, high = ruler.get_view_interval()
        ruler.set_view_interval(max(low, axis.least), high, ignore=True)
    if axis.ticks:
        ruler.set_ticks(range(len(axis.ticks)), _names(axis))
    if axis.percent:
        low, high = ruler.get_view_interval()
        whole = 1 + 0.02 * (1 - low)  # beyond it lie only parts of confidence intervals
        ruler.set_view_interval(low, min(high, whole), ignore=True)
        ruler.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}"))
        if axis.log:
            ruler.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ruler.set_minor_formatter(NullFormatter())
    if axis.falling:
        ruler.set_inverted(True)


def _count(axis: Axis, ruler: Any, values: list[float]) -> None:
    """Whole numbers at the ticks of what is counted."""
    from matplotlib.ticker import MaxNLocator

    if axis.log or axis.percent or axis.ticks or not values:
        return
    if all(float(value).is_integer() for value in values):
        ruler.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))

"""Lines, marks, levels and their intervals on paper, and the words of a legend about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..plugins.plots import Axis, Figure, Panel, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Black and yellow last: black is the dense level's, yellow is weak on white.
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#000000", "#F0E442"),
)
DENSE = "#555555"
MARKERS = ("osD^vPX*", "hp<>d8H.")  # of the first lines, and of those that have their colours again
AGAIN = (0, (7, 1.5))  # dashes of the latter
DASHES = ("-", "--", "-.", (0, (4, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (2, 1)), "-", "--")
LEVELS = ("--", ":", "-.")  # of dense levels, which have one colour
MARKS = 12  # on a long line
RINGS = 3  # lines that coincide, around each of which the one below is seen
ALIKE = 0.002  # of the range: lines nearer to each other than this cannot be told apart


def series(drawn: Series, number: int, axes: Axes, panel: Panel) -> None:
    """Draw one series.

    Args:
        drawn: The series.
        number: Its place among all of the panel.
        axes: Where to draw.
        panel: The panel, whose other series it may coincide with.
    """
    which = number if drawn.colour is None else drawn.colour
    turn, place = divmod(which, len(COLOURS))
    colour, marker = COLOURS[place], MARKERS[turn % len(MARKERS)][place]
    if drawn.look == "band":
        _level(drawn, axes, panel.y)
        return
    below, above = _coinciding(drawn, number, panel)
    wider = min(above, RINGS)
    count = len(drawn.x)
    marked = drawn.look not in ("plain", "steps") or count == 1
    every = max(1, -(-count // MARKS)) if count > 15 else 1
    axes.plot(
        drawn.x,
        drawn.y,
        color=colour,
        label=drawn.name,
        # What lies below others is wider and shows at their sides and in their gaps.
        linewidth=1.5 + 1.7 * wider,
        linestyle=_dashes(drawn.look, which, below) if count > 1 else "",
        drawstyle="steps-pre" if drawn.look == "steps" else "default",
        marker=marker if marked else None,
        markevery=(number * every // max(len(panel.series), 1), every) if every > 1 else None,
        markersize=5 + 4 * wider,
        markerfacecolor="white" if drawn.look.startswith("dotted") else colour,
    )
    _interval(drawn, axes, panel.y, colour)


def _coinciding(drawn: Series, number: int, panel: Panel) -> tuple[int, int]:
    """How many series that lie where this one lies are drawn before it, and after it."""
    values = [y for each in panel.series for y in each.y]
    room = ALIKE * (max(values) - min(values)) if values else 0.0

    def alike(other: Series) -> bool:
        if other.look == "band" or len(drawn.x) < 2 or list(other.x) != list(drawn.x):
            return False
        return all(abs(a - b) <= room for a, b in zip(other.y, drawn.y, strict=True))

    before = sum(alike(other) for other in panel.series[:number])
    return before, sum(alike(other) for other in panel.series[number + 1 :])


def _dashes(look: str, number: int, below: int) -> Any:
    """Lines without markers differ in their dashes, those with markers need not."""
    if look.endswith("points"):
        return ""
    if below:  # dashed, so that what lies below is seen between
        return (4 * below, (4, 4))
    if look in ("plain", "steps"):
        return DASHES[number % len(DASHES)]
    if look == "dotted":
        return ":"
    return AGAIN if number >= len(COLOURS) else "-"


def _level(drawn: Series, axes: Axes, y: Axis) -> None:
    """A level across the whole picture."""
    if drawn.low is not None and drawn.high is not None:
        low, high = (inside(y, ends)[0] for ends in (drawn.low, drawn.high))
        axes.axhspan(low, high, color=DENSE, alpha=0.15, linewidth=0)
    before = sum(line.get_color() == DENSE for line in axes.lines)
    dashes = LEVELS[before % len(LEVELS)]
    axes.axhline(drawn.y[0], color=DENSE, linewidth=1.2, linestyle=dashes, label=drawn.name)


def inside(y: Axis, ends: Sequence[float]) -> list[float]:
    """Ends of an interval as they are drawn: where values can be."""
    least, most = 0.0 if y.positive else -math.inf, 1.0 if y.percent else math.inf
    return [min(max(end, least), most) for end in ends]


def _interval(drawn: Series, axes: Axes, y: Axis, colour: str) -> None:
    if drawn.low is None or drawn.high is None or list(drawn.low) == list(drawn.y):
        return
    low, high = inside(y, drawn.low), inside(y, drawn.high)
    if len(drawn.x) == 1 or drawn.look.endswith("points"):
        down = [max(value - end, 0.0) for value, end in zip(drawn.y, low, strict=True)]
        up = [max(end - value, 0.0) for value, end in zip(drawn.y, high, strict=True)]
        axes.errorbar(drawn.x, drawn.y, (down, up), color=colour, capsize=3, fmt="none")
    else:
        axes.fill_between(drawn.x, low, high, color=colour, alpha=0.15, linewidth=0)


def interval_words(figure: Figure) -> str:
    """What the bands and bars are, for the legend; empty where there are none."""
    drawn = [
        each
        for panel in figure.panels
        for each in panel.series
        if each.low is not None and list(each.low) != list(each.y) and "n" in each.extra
    ]
    counts = sorted({int(n) for each in drawn for n in each.extra["n"] if int(n) > 1})
    if not counts:
        return ""
    many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    bars = all(len(each.x) == 1 or each.look.endswith("points") for each in drawn)
    return f"{'bars' if bars else 'shaded'}: 95%, t, {many} seeds"

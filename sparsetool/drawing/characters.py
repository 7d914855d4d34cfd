"""Figures in a terminal: plain characters that any font and any log can show."""

from __future__ import annotations

import itertools

import numpy as np

from ..plugins.plots import Axis, Figure, Panel, Series

MARKERS = "ox+*#%@&"
LEVELS = "-=~"  # of dense levels
WIDTH, HEIGHT = 64, 18  # characters inside the frame


def draw(figure: Figure, columns: int = 80) -> str:
    """The picture as lines of at most `columns` characters, panels below each other."""
    width = max(20, min(WIDTH, columns - 14))
    panels = [_image(p, width) if p.image is not None else _panel(p, width) for p in figure.panels]
    return "\n".join([*([figure.title] if figure.title else []), *panels])


def _ends(values: list[float], axis: Axis) -> tuple[float, float]:
    log = axis.log
    if log:
        values = [value for value in values if value > 0]
    if axis.least is not None:
        values = [max(value, axis.least) for value in values]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low == high:
        pad = abs(low) * 0.05 or 0.5
        low, high = (low / 2, high * 2) if log else (low - pad, high + pad)
    return low, high


def _scaled(values: list[float], ends: tuple[float, float], cells: int, log: bool) -> list[int]:
    data = np.asarray(values, dtype=float)
    low, high = ends
    if log:
        data, low, high = np.log(np.maximum(data, low)), float(np.log(low)), float(np.log(high))
    part = (data - low) / (high - low)
    return [int(cell) for cell in np.clip(np.rint(part * (cells - 1)), 0, cells - 1)]


def _panel(panel: Panel, width: int) -> str:
    lines = [s for s in panel.series if s.look != "band"]
    across = [float(x) for s in (lines or panel.series) for x in s.x]
    tall = [float(v) for s in panel.series for v in [*s.y, *(s.low or ()), *(s.high or ())]]
    x_ends, y_ends = _ends(across, panel.x), _ends(tall, panel.y)
    grid = [[" "] * width for _ in range(HEIGHT)]
    legend = []
    levels = itertools.cycle(LEVELS)
    for number, series in enumerate(panel.series):
        mark = MARKERS[number % len(MARKERS)]
        rows = _scaled(list(series.y), y_ends, HEIGHT, panel.y.log)
        if series.look == "band":
            level = next(levels)
            grid[HEIGHT - 1 - rows[0]] = [level] * width
            legend.append(f"{level} {series.name}")
            continue
        columns = _scaled([float(x) for x in series.x], x_ends, width, panel.x.log)
        _trace(grid, columns, rows, series)
        for column, row in zip(columns, rows, strict=True):
            grid[HEIGHT - 1 - row][column] = mark
        legend.append(f"{mark} {series.name}")
    return _framed(panel, grid, x_ends, y_ends, legend)


def _trace(grid: list[list[str]], columns: list[int], rows: list[int], series: Series) -> None:
    """Dots between neighbouring points."""
    if series.look.endswith("points"):
        return
    for at in range(len(columns) - 1):
        steps = max(abs(columns[at + 1] - columns[at]), abs(rows[at + 1] - rows[at]), 1)
        for step in range(1, steps):
            column = round(columns[at] + (columns[at + 1] - columns[at]) * step / steps)
            row = round(rows[at] + (rows[at + 1] - rows[at]) * step / steps)
            if grid[HEIGHT - 1 - row][column] in " -":
                grid[HEIGHT - 1 - row][column] = "."


def _number(axis: Axis, value: float) -> str:
    if axis.ticks:
        return str(int(value))
    return f"{100 * value:.4g}%" if axis.percent else f"{value:.4g}"


def _framed(
    panel: Panel,
    grid: list[list[str]],
    x_ends: tuple[float, float],
    y_ends: tuple[float, float],
    legend: list[str],
) -> str:
    low, high = (_number(panel.y, end) for end in y_ends)
    margin = max(len(low), len(high))
    out = [*([panel.title] if panel.title else []), panel.y.label]
    for at, cells in enumerate(grid):
        edge = high if at == 0 else low if at == len(grid) - 1 else ""
        out.append(f"{edge:>{margin}} |{''.join(cells).rstrip()}")
    left, right = (_number(panel.x, end) for end in x_ends)
    width = len(grid[0])
    out.append(" " * margin + " +" + "-" * width)
    out.append(" " * (margin + 2) + left + right.rjust(width - len(left)))
    out.append(" " * (margin + 2) + panel.x.label)
    out.append(" " * (margin + 2) + "   ".join(legend))
    return "\n".join(out) + "\n"


def _image(panel: Panel, width: int) -> str:
    """An image in few characters: the darker, the more of the cell is kept."""
    assert panel.image is not None
    image = panel.image.astype(float)
    step = max(1, -(-image.shape[1] // width))
    tall = 2 * step  # a character is about twice as tall as wide
    shades = " .:-=+*#%@"
    out = [panel.title, f"down: {panel.y.label}, across: {panel.x.label}"]
    for top in range(0, image.shape[0], tall):
        row = [
            image[top : top + tall, left : left + step].mean()
            for left in range(0, image.shape[1], step)
        ]
        out.append("".join(shades[round(share * (len(shades) - 1))] for share in row))
    return "\n".join(out) + "\n"

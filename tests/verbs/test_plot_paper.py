"""Pictures for a paper: size, letters, what bands are, lines that coincide, tickets as they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sparsetool.builtin.plots import curves, sweep
from sparsetool.drawing import picture
from sparsetool.drawing.lines import interval_words
from sparsetool.drawing.paper import inches
from sparsetool.errors import UsageError
from sparsetool.plugins.plots import Axis, Panel, Series, View, axis
from tests.verbs.lines import LINES, LOG, measured, table, written
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

ROWS = [
    measured("x", seed, sparsity, accuracy)
    for sparsity in (0.5, 0.9)
    for seed, accuracy in enumerate((0.9, 0.99, 1.0))
]


@pytest.fixture
def axes() -> Iterator[Axes]:
    paper, axes = plt.subplots()
    yield axes
    plt.close(paper)


def test_size_of_a_picture(shell: Shell) -> None:
    name = written(shell, "l.jsonl", LINES)
    line = ("plot", "sweep", name, "-o", "a.png", "--width", "84mm", "--font-size", "8")
    shell.ok(*line)
    first = (shell / "a.png").read_bytes()
    wide, tall = struct.unpack(">II", first[16:24])
    assert wide == pytest.approx(84 / 25.4 * 200, abs=1)
    assert tall / wide == pytest.approx(4.4 / 6.4, abs=0.01)
    assert "up to date" in shell.ok(*line).err
    shell.refuses(1, *line[:-1], "9", says="--force")
    shell.refuses(2, *line[:-2], "--style", "ggplo", "--force", says="did you mean ggplot")
    shell.refuses(2, "plot", "sweep", name, "--height", "3", says="-o FILE")


def test_lengths() -> None:
    found = [inches(text, "--width") for text in ("3.3", "3.3in", "84mm", "8.4cm", "240pt")]
    assert found == pytest.approx([3.3, 3.3, 3.307, 3.307, 3.321], abs=1e-3)
    for text in ("wide", "80", "0.1", "-3"):
        with pytest.raises(UsageError, match="--width"):
            inches(text, "--width")


def test_the_legend_says_what_is_shaded_and_nothing_is_above_all(axes: Axes) -> None:
    figure = sweep.figure(ROWS, View())
    assert interval_words(figure) == "shaded: 95%, t, 3 seeds"
    picture._panel(figure.panels[0], axes)
    ends = [y for shade in axes.collections for y in shade.get_paths()[0].vertices[:, 1]]
    assert max(figure.panels[0].series[0].high) > 1.01, "the table says all of it"
    assert max(ends) == 1.0
    single = sweep.figure(ROWS[::3], View())
    assert interval_words(single) == ""


def test_density_on_a_logarithmic_axis(shell: Shell, axes: Axes) -> None:
    name = written(shell, "l.jsonl", LINES)
    found = table(shell.ok("plot", "sweep", name, "--x", "density", "--log", "--table", "-").out)
    assert sorted({float(row["density"]) for row in found}) == [0.1, 0.5, 1.0]
    figure = sweep.figure(LINES, View(x="density"))
    assert [s.look for s in figure.panels[0].series if s.name == "dense"] == ["band"]
    assert figure.panels[0].x.falling
    shell.refuses(2, "plot", "sweep", name, "--log", says="--x density --log")


def drawn(axes: Axes, *series: Series, x: Axis | None = None) -> list[Line2D]:
    picture._panel(Panel(x or axis("epochs"), axis("loss"), series), axes)
    return list(axes.lines)


def test_points_without_a_line_stand_where_they_are(axes: Axes) -> None:
    points, _ = drawn(
        axes,
        Series("a", [20, 20, 50], [2.0, 3.0, 1.0], look="solid points"),
        Series("b", [20, 50], [1.0, 2.0]),
    )
    assert list(points.get_xdata()) == [20, 20, 50]
    assert points.get_linestyle() == "None"
    low, high = axes.get_xlim()
    assert 10 < low < 20
    assert 50 < high < 60


def test_a_lone_point_is_a_mark(axes: Axes) -> None:
    lone, line = drawn(axes, Series("a", [1], [2.0], look="plain"), Series("b", [1, 2], [1.0, 2.0]))
    assert (lone.get_linestyle(), lone.get_marker()) == ("None", "o")
    assert line.get_linestyle() == "-"


def test_lines_that_coincide_are_told_apart(axes: Axes) -> None:
    x, y = list(range(50)), [float(k) for k in range(50)]
    first, other, second = drawn(
        axes, Series("a", x, y), Series("b", x, [50 - v for v in y]), Series("c", x, y)
    )
    assert first.get_linewidth() > second.get_linewidth() == other.get_linewidth()
    assert (first.get_linestyle(), other.get_linestyle(), second.get_linestyle()) == (*"--", "--")
    offset, every = first.get_markevery()
    assert every == 5, "a mark at every fifth of 50 points"
    assert second.get_markevery()[0] != offset


def test_learning_rates_are_stairs_and_counts_are_whole(axes: Axes) -> None:
    (panel,) = curves.figure(LOG, View(y="lr", x="cycles")).panels
    assert list(panel.series[0].x) == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2])
    assert panel.y.label == "learning rate"
    picture._panel(panel, axes)
    assert axes.lines[0].get_drawstyle() == "steps-pre"
    axes.clear()
    drawn(axes, Series("a", [1, 2], [0.5, 0.7]), x=axis("rounds"))
    assert all(float(tick).is_integer() for tick in axes.get_xticks())
    assert not all(float(tick).is_integer() for tick in axes.get_yticks())


def test_tickets_are_drawn_from_their_lineage(shell: Shell, shelf: Shelf) -> None:
    shell.ok("eval", shelf["trained"], "-o", "e.jsonl", "--threads", "1")
    by_eval = table(shell.ok("plot", "sweep", "e.jsonl", "--table", "-").out)
    (found,) = table(shell.ok("plot", "sweep", shelf["trained"], "--table", "-").out)
    assert found["method"] == "trained"
    for name in ("sparsity", "accuracy", "epochs"):
        assert float(found[name]) == pytest.approx(float(by_eval[0][name]), rel=1e-12)
    lines = table(shell.ok("plot", "curves", shelf["trained"], "--x", "cycles", "--table", "-").out)
    assert {(row["line"], row["cycles"]) for row in lines} == {("test", "1"), ("train", "1")}
    shell.refuses(1, "plot", "sweep", shelf["mlp"], says="sparsetool eval")

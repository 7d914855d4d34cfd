"""What a picture calls its lines, and what of a long scale it shows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sparsetool import init
from sparsetool.builtin.plots import density, hessian, layers, lmc, sweep
from sparsetool.drawing import characters, picture
from sparsetool.plugins.plot_rows import short
from sparsetool.plugins.plots import View
from tests.verbs.shell import Shell


def lines(shell: Shell, name: str, rows: list[dict]) -> Path:
    (shell / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return shell / name


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.st", "b.st"], ["a", "b"]),
        (["x/a.st", "y/a.st", "y/b.st"], ["x/a", "y/a", "b"]),
        (["k/x/a.st", "m/x/a.st"], ["k/x/a", "m/x/a"]),
        (["a.st", "./a.st"], ["a", "a"]),
        (["a.st", "a.st"], ["a"]),
        (["", "standard input"], ["", "standard input"]),
    ],
)
def test_files_of_one_name_are_told_apart_by_their_folders(
    files: list[str], names: list[str]
) -> None:
    assert list(short(files).values()) == names


def measured(file: str, epochs: int, sparsity: float, value: float, **labels: str) -> dict:
    spectrum = {"eigenvalue": [0.0, 1.0, 2.0], "density": [10.0, 1e-40, 1e-3]}
    return {
        "file": file,
        "digest": file,
        "measure": "hessian",
        "split": "train",
        "epochs": epochs,
        "sparsity": sparsity,
        "eigenvalues": [value],
        "spectrum": spectrum,
        "labels": labels,
    }


def test_tickets_of_several_sparsities_are_no_seeds_of_one_line() -> None:
    rows = [measured(f"{s}/c{e}.st", e, s, 10 * s + e) for s in (0.0, 0.9) for e in (1, 2)]
    (panel,) = hessian.figure(rows, View()).panels
    assert {series.name: list(series.y) for series in panel.series} == {
        "0.0": [1.0, 2.0],
        "0.9": [10.0, 11.0],
    }
    assert panel.y.label == "largest Hessian eigenvalue, train split"
    # One sparsity an epoch is one line, as labels are: they say what belongs together.
    series = [measured(f"c{e}.st", e, 1 - 0.8**e, e) for e in (1, 2, 3)]
    assert [len(s.x) for s in hessian.figure(series, View()).panels[0].series] == [3]
    named = [{**row, "labels": {"method": "x", "seed": row["file"]}} for row in rows]
    assert [s.name for s in hessian.figure(named, View()).panels[0].series] == ["x"]


def test_tails_of_a_smoothing_do_not_stretch_the_scale() -> None:
    figure = density.figure([measured("c/a.st", 1, 0, 1), measured("d/a.st", 1, 0, 1)], View())
    (panel,) = figure.panels
    assert [series.name for series in panel.series] == ["c/a", "d/a"]
    assert panel.y.least == pytest.approx(1e-8)
    assert list(panel.series[0].y) == [10.0, 1e-40, 1e-3]  # the numbers stay
    text = characters.draw(figure)
    assert "1e-08" in text
    assert "1e-40" not in text
    _, (low, _) = shown(figure)
    assert low == pytest.approx(1e-8)


def shown(figure: Any) -> list[Any]:
    """From where to where the axes of a picture go."""
    drawn: list[Any] = []
    painted = picture._axis

    def seen(axis: Any, ruler: Any) -> None:
        painted(axis, ruler)
        drawn.append(ruler.get_view_interval())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "_axis", seen)
        picture.draw(figure, ".svg", "x")
    return drawn


def test_no_room_is_left_for_more_than_all() -> None:
    rows = [
        {"accuracy": accuracy, "epochs": 10, "labels": {"method": "x", "seed": seed}}
        for seed, accuracy in enumerate((0.7, 0.9, 1.0))
    ]
    figure = sweep.figure(rows, View(x="epochs"))
    (series,) = figure.panels[0].series
    assert series.high[0] > 1.1  # of the interval
    _, (low, high) = shown(figure)
    assert low < 0.7
    assert 1 < high < 1.02


@pytest.mark.parametrize("difference", [None, "y,x"])
def test_intervals_end_where_values_do(difference: str | None) -> None:
    """Of accuracies at zero, but not of their differences."""
    rows = [
        {"accuracy": accuracy, "epochs": epochs, "labels": {"method": method, "seed": seed}}
        for seed, accuracy in enumerate((0.0, 0.1, 0.3))
        for epochs in (10, 20)
        for method in "xy"
        if difference or method == "x"
    ]
    for row in rows:
        row["accuracy"] *= row["labels"]["method"] == "x" or 2.5
    figure = sweep.figure(rows, View(x="epochs", difference=difference))
    (series,) = figure.panels[0].series
    assert series.low[0] < -0.2
    _, (low, _) = shown(figure)
    assert (low > -0.1) == (difference is None)


def test_an_aligned_line_says_so() -> None:
    row = {"files": ["p/a.st", "q/a.st"], "split": "test", "alpha": [0, 1], "loss": [1, 2]}
    row |= {"error": [0.1, 0.2], "labels": {}}
    rows = [{**row, "aligned": aligned} for aligned in (False, True)]
    (first, _) = lmc.figure(rows, View()).panels
    assert [series.name for series in first.series] == ["p/a to q/a", "p/a to q/a aligned"]


def test_layers_of_files_of_one_name() -> None:
    tickets = [("x/a.st", init("mlp:4")), ("y/a.st", init("mlp:4", seed=1))]
    (panel,) = layers.figure(tickets, View()).panels
    assert [series.name for series in panel.series] == ["x/a", "y/a"]


def test_logs_of_one_name_are_two_runs(shell: Shell) -> None:
    for folder in ("x", "y"):
        (shell / folder).mkdir()
        rows = [{"epochs": e, "train_loss": 1.0 / e, "lr": 0.1} for e in (1, 2)]
        lines(shell, f"{folder}/log.jsonl", rows)
    out = shell.ok("plot", "curves", "x/log.jsonl", "y/log.jsonl", "--y", "lr").out
    found = csv.DictReader(io.StringIO(out.decode()))
    assert [row["line"] for row in found] == ["x/log"] * 2 + ["y/log"] * 2

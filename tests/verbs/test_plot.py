"""`plot`: the numbers of every kind of picture."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.lines import GRID, LINES, LOG, T, accuracies, measured, table, written
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


@pytest.fixture
def lines(shell: Shell) -> str:
    return written(shell, "lines.jsonl", LINES)


def test_means_and_intervals_over_seeds(shell: Shell, lines: str) -> None:
    found = table(shell.ok("plot", "sweep", lines, "--table", "-").out)
    assert [(row["method"], float(row["sparsity"])) for row in found] == GRID
    for row, (method, sparsity) in zip(found, GRID, strict=True):
        values = np.array(accuracies(method, sparsity))
        half = T[2] * values.std(ddof=1) / math.sqrt(3)
        assert float(row["accuracy"]) == pytest.approx(values.mean(), rel=1e-12)
        assert float(row["accuracy_low"]) == pytest.approx(values.mean() - half, rel=1e-9)
        assert float(row["accuracy_high"]) == pytest.approx(values.mean() + half, rel=1e-9)
        assert (row["n"], row["epochs"]) == ("3", "9")


def test_repeats_are_dropped(shell: Shell, lines: str) -> None:
    """The same digest, measure and labels twice is one measurement; other labels are another."""
    once = shell.ok("plot", "sweep", lines).out
    assert shell.ok("plot", "sweep", lines, lines).out == once
    text = (shell / lines).read_bytes()
    assert shell.ok("plot", "sweep", stdin=text + text).out == once
    again = [{**row, "labels": {**row["labels"], "method": "other"}} for row in LINES[:3]]
    more = table(shell.ok("plot", "sweep", lines, written(shell, "more.jsonl", again)).out)
    assert [row["n"] for row in more if row["method"] == "other"] == ["3"]


def test_other_axes_and_groups(shell: Shell) -> None:
    rows = [
        {**measured("m", 0, 0.9, 0.5 + e / 100, part=part), "digest": f"{part}{e}"}
        | {"epochs": e, "train_flops": 1e9 * e}
        for e in (5, 10)
        for part in ("a", "b")
    ]
    name = written(shell, "rows.jsonl", rows)
    done = shell.ok("plot", "sweep", name, "--x", "epochs", "--y", "loss", "--group", "part")
    found = table(done.out)
    assert [(row["part"], row["epochs"], row["sparsity"]) for row in found] == [
        *(("a", "5", "0.9"), ("a", "10", "0.9")),
        *(("b", "5", "0.9"), ("b", "10", "0.9")),
    ]
    assert [float(row["loss"]) for row in found] == [1 - 0.55, 1 - 0.6, 1 - 0.55, 1 - 0.6]
    flops = shell.ok("plot", "sweep", name, "--x", "train_flops", "--group", "part,method")
    assert [row["part, method"] for row in table(flops.out)] == ["a, m", "a, m", "b, m", "b, m"]
    assert [float(row["train_flops"]) for row in table(flops.out)] == [5e9, 1e10] * 2


def test_seeds_each_at_a_place_of_its_own_are_points(shell: Shell) -> None:
    """As tickets at their peaks: no mean and no interval; others there have all of them."""
    ends = {0: 20, 1: 30, 2: 20}
    peaks = [
        {**measured("to the peak", seed, 0.9, 0.8 + seed / 100), "epochs": end}
        for seed, end in ends.items()
    ]
    whole = [
        {**measured("whole", seed, 0.9, 0.9 + seed / 100), "epochs": end, "digest": f"{seed} {end}"}
        for seed in ends
        for end in (20, 30)
    ]
    name = written(shell, "rows.jsonl", [*peaks, *whole])
    found = table(shell.ok("plot", "sweep", name, "--x", "epochs").out)
    assert [(row["epochs"], row["n"]) for row in found[:3]] == [
        ("20", "1"),
        ("20", "1"),
        ("30", "1"),
    ]
    assert [float(row["accuracy"]) for row in found[:3]] == pytest.approx([0.8, 0.82, 0.81])
    assert all(row["accuracy_low"] == row["accuracy"] for row in found[:3])
    assert [(row["epochs"], row["n"]) for row in found[3:]] == [("20", "3"), ("30", "3")]


def test_two_runs_of_one_seed_are_not_averaged(shell: Shell) -> None:
    rows = [measured("m", 0, 0.9, 0.5, cycle=1), measured("m", 0, 0.9, 0.6, cycle=2)]
    name = written(shell, "rows.jsonl", rows)
    shell.refuses(1, "plot", "sweep", name, says=("one seed", "--group"))
    assert len(table(shell.ok("plot", "sweep", name, "--group", "cycle").out)) == 2


def test_curves(shell: Shell) -> None:
    name = written(shell, "log.jsonl", LOG)
    found = table(shell.ok("plot", "curves", name).out)
    for field, key in (("loss", "train_loss"), ("accuracy", "train_accuracy")):
        drawn = [float(row[field]) for row in found if row["line"] == "train" and row[field]]
        assert drawn == [row[key] for row in LOG]
    drawn = [float(row["accuracy"]) for row in found if row["line"] == "test" and row["accuracy"]]
    assert drawn == [row["test_accuracy"] for row in LOG if "test_accuracy" in row]
    other = written(shell, "other.jsonl", LOG[:2])
    rates = table(shell.ok("plot", "curves", name, other, "--y", "lr").out)
    assert [(row["line"], float(row["lr"])) for row in rates] == [
        *(("log", row["lr"]) for row in LOG),
        *(("other", row["lr"]) for row in LOG[:2]),
    ]


def test_curves_of_a_training(shell: Shell, shelf: Shelf) -> None:
    train = ("train-cycles", "--epochs", "1", "--n", "2", shelf["half"], "-o", "t.st")
    shell.ok(*train, "--log", "log.jsonl")
    last = table(shell.ok("plot", "curves", "log.jsonl", "--y", "test_accuracy").out)[-1]
    figures = reading.lineage(shell / "t.st")[-1]["figures"]
    assert float(last["test_accuracy"]) == figures["test_accuracy"]
    assert last["epochs"] == "2"


def test_lmc(shell: Shell) -> None:
    rows = [
        {"files": ["d/a.st", "d/b.st"], "digests": ["1", "2"], "split": split, "measure": "lmc"}
        | {"alpha": [0, 0.5, 1], "loss": [1, height, 2], "error": [0.1, 0.2, 0.3], "labels": {}}
        for split, height in (("train", 5), ("test", 7))
    ]
    found = table(shell.ok("plot", "lmc", written(shell, "lmc.jsonl", rows)).out)
    drawn = [(row["line"], row["alpha"], row["loss"]) for row in found if row["loss"]]
    assert drawn[1] == ("a to b, train", "0.5", "5")
    assert drawn[4] == ("a to b, test", "0.5", "7")
    assert [row["error"] for row in found if row["error"]] == ["0.1", "0.2", "0.3"] * 2


def test_hessian_and_its_density(shell: Shell) -> None:
    spectrum = {"eigenvalue": [-1.0, 0.0, 3.0], "density": [0.1, 0.5, 0.01]}
    rows = [
        {"file": f"c{e}.st", "digest": f"{e}{seed}", "epochs": e, "sparsity": 0.9}
        | {"measure": "hessian", "eigenvalues": [10.0 * e + seed, 1.0], "spectrum": spectrum}
        | {"labels": {"seed": str(seed)}}
        for e in (1, 2)
        for seed in (0, 1)
    ]
    name = written(shell, "h.jsonl", rows)
    found = table(shell.ok("plot", "hessian", name).out)
    assert [float(row["eigenvalue"]) for row in found] == [10.5, 20.5]
    half = T[1] * np.std([10, 11], ddof=1) / math.sqrt(2)
    assert float(found[0]["eigenvalue_high"]) == pytest.approx(10.5 + half, rel=1e-9)
    drawn = table(shell.ok("plot", "density", written(shell, "one.jsonl", rows[:1])).out)
    assert [float(row["eigenvalue"]) for row in drawn] == spectrum["eigenvalue"]
    assert [float(row["density"]) for row in drawn] == spectrum["density"]


def test_signs(shell: Shell) -> None:
    rows = [
        {"files": ["a", "b"], "digests": [str(k), str(k + 1)], "sparsity": [0.5, 0.5]}
        | {"epochs": [k, k + 1], "measure": "diff", "sign_flips": 100 - k}
        | {"sign_agreement": 0.9, "labels": {}}
        for k in range(3)
    ]
    found = table(shell.ok("plot", "signs", written(shell, "d.jsonl", rows)).out)
    assert [(row["epochs"], float(row["sign_flips"])) for row in found] == [
        *(("1", 100.0), ("2", 99.0), ("3", 98.0)),
    ]


def test_layers_and_masks_of_tickets(shell: Shell, shelf: Shelf) -> None:
    found = table(shell.ok("plot", "layers", shelf["half"], shelf["mlp"]).out)
    masks = reading.masks(shelf["half"])
    assert [row["layer"] for row in found] == [*reading.meta(shelf["half"])["prunable"]] * 2
    for row in found[:3]:
        mask = masks[row["layer"]]
        assert float(row["density"]) == pytest.approx(mask.mean(), rel=1e-12)
        assert (int(row["kept"]), int(row["prunable"])) == (mask.sum(), mask.size)
    assert {row["density"] for row in found[3:]} == {"1.0"}
    for layer, mask in masks.items():
        drawn = np.zeros(mask.shape, dtype=bool)
        for row in table(shell.ok("plot", "mask", "--layer", layer, shelf["half"]).out):
            drawn[int(row["row"]), int(row["column"])] = True
        assert np.array_equal(drawn, mask)
    shell.refuses(1, "plot", "mask", shelf["mlp"], says="dense")
    says = (r"'fc1.weigh'", "did you mean fc1.weight")
    shell.refuses(2, "plot", "mask", "--layer", "fc1.weigh", shelf["half"], says=says)


def test_a_kernel_is_a_tile() -> None:
    from sparsetool.builtin.plots.mask import tiles

    mask = np.random.default_rng(0).random((3, 2, 5, 4)) < 0.5
    image, cell = tiles(mask)
    assert image.shape == (15, 8)
    assert cell == (5, 4)
    for out in range(3):
        for into in range(2):
            tile = image[5 * out : 5 * out + 5, 4 * into : 4 * into + 4]
            assert np.array_equal(tile, mask[out, into])


def test_schedules_of_a_training_are_what_was_trained(shell: Shell, shelf: Shelf) -> None:
    train = ("train-cycles", "--epochs", "3", "--n", "2", shelf["half"], "-o", "t.st")
    shell.ok(*train, "--log", "log.jsonl")
    log = [json.loads(line) for line in (shell / "log.jsonl").read_text().splitlines()]
    found = {
        float(row["epochs"]): float(row["rate"])
        for row in table(shell.ok("plot", "schedule", "t.st").out)
    }
    steps = 12  # 1437 examples in batches of 128
    for line in log:
        at = line["epochs"] - 1 + (steps - 1) / steps
        rate = next(rate for x, rate in found.items() if math.isclose(x, at))
        assert rate == pytest.approx(line["lr"], rel=1e-12)
    assert max(found.values()) == pytest.approx(0.1)
    shell.refuses(1, "plot", "schedule", shelf["half"], says="never trained")


def test_schedules_by_name(shell: Shell) -> None:
    found = table(shell.ok("plot", "schedule", "step-warmup:150x2", "constant:10").out)
    rate = {
        Fraction(row["epochs"]).limit_denominator(98): float(row["rate"])
        for row in found
        if row["line"] == "step-warmup:150x2"
    }
    last = Fraction(97, 98)  # the last of 98 steps in an epoch
    assert rate[9 + last] == pytest.approx(0.1)  # reference.md: peak (t + 1) / (W B)
    assert rate[4 + last] == pytest.approx(0.1 * 5 / 10)
    assert rate[69 + last] == pytest.approx(0.1)
    assert rate[Fraction(70)] == pytest.approx(0.01)
    assert rate[Fraction(130)] == pytest.approx(0.001)
    assert rate[150 + 9 + last] == pytest.approx(0.1)
    assert max(rate) == 299 + last
    shell.refuses(2, "plot", "schedule", "step-warmap", says="did you mean step-warmup")
    shell.refuses(2, "plot", "schedule", "cosine:ten", says="EPOCHSxCYCLES")

"""`plot sweep` where a point needs several lines: differences, costs, words, two panels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.verbs.lines import T, measured, table, written
from tests.verbs.shell import Shell

ACCURACY = {  # by training and sparsity, of three seeds
    ("cyclic", 0.5): (0.91, 0.93, 0.92),
    ("cyclic", 0.9): (0.85, 0.89, 0.84),
    ("standard", 0.5): (0.90, 0.90, 0.91),
    ("standard", 0.9): (0.86, 0.80, 0.81),
}
PAI = [
    measured("snip", seed, sparsity, accuracy, training=training)
    for (training, sparsity), accuracies in ACCURACY.items()
    for seed, accuracy in enumerate(accuracies)
]
DENSE = [measured("dense", seed, 0.0, 0.95) for seed in range(3)]


def test_a_difference_is_paired_by_seed(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", [*DENSE, *PAI[::-1]])
    done = shell.ok("plot", "sweep", name, "--difference", "cyclic,standard")
    found = table(done.out)
    assert [(row["method"], row["sparsity"], row["n"]) for row in found] == [
        *(("snip", "0.5", "3"), ("snip", "0.9", "3")),
    ]
    for row in found:
        pair = [np.array(ACCURACY[t, float(row["sparsity"])]) for t in ("cyclic", "standard")]
        gains = pair[0] - pair[1]
        half = T[2] * gains.std(ddof=1) / math.sqrt(3)
        assert float(row["accuracy"]) == pytest.approx(gains.mean(), rel=1e-9)
        assert float(row["accuracy_high"]) == pytest.approx(gains.mean() + half, rel=1e-9)
    other = shell.ok("plot", "sweep", name, "--difference", "standard,cyclic")
    assert [float(row["accuracy"]) for row in table(other.out)] == [
        pytest.approx(-float(row["accuracy"])) for row in found
    ]


def test_a_difference_wants_both_sides(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", PAI[1:])
    shell.refuses(1, "plot", "sweep", name, "--difference", "cyclic,standard", says="no partner")
    name = written(shell, "whole.jsonl", PAI)
    for pair in ("cyclic,other", "cyclic", "cyclic,standard,other"):
        shell.refuses(2, "plot", "sweep", name, "--difference", pair, says=("A,B of one label"))


def test_costs_come_from_lines_of_flops(shell: Shell) -> None:
    """One point for each sparsity and length, at the mean cost of its seeds."""
    costs = [
        {"digest": row["digest"], "measure": "flops", "train_flops": 1e9 * (at + 1), "labels": {}}
        for at, row in enumerate(PAI[:6])
    ]
    name = written(shell, "rows.jsonl", [*PAI[:6], *costs])
    found = table(shell.ok("plot", "sweep", name, "--x", "train_flops").out)
    assert [(row["sparsity"], row["n"], float(row["train_flops"])) for row in found] == [
        *(("0.5", "3", 2e9), ("0.9", "3", 5e9)),
    ]
    assert float(found[0]["accuracy"]) == pytest.approx(0.92)
    shell.refuses(1, "plot", "sweep", written(shell, "no.jsonl", PAI), "--x", "train_flops")


def test_labels_of_words_stand_side_by_side(shell: Shell) -> None:
    rows = [
        measured(method, seed, 0.9, accuracy + seed / 10, start=start)
        for method, start, accuracy in (("lrr", "warm-up", 0.5), ("lrr", "random", 0.3))
        for seed in range(2)
    ]
    name = written(shell, "rows.jsonl", rows)
    found = table(shell.ok("plot", "sweep", name, "--x", "start", "-o", "dots.svg").out or b"")
    assert not found, "a picture alone"
    found = table(shell.ok("plot", "sweep", name, "--x", "start").out)
    assert [(row["method"], row["start"]) for row in found] == [
        *(("lrr", "warm-up"), ("lrr", "random")),
    ]
    assert [float(row["accuracy"]) for row in found] == pytest.approx([0.55, 0.35])
    assert b">random<" in (shell / "dots.svg").read_bytes()
    by_method = table(shell.ok("plot", "sweep", name, "--x", "method", "--group", "start").out)
    assert [(row["start"], row["method"]) for row in by_method] == [
        *(("warm-up", "lrr"), ("random", "lrr")),
    ]


def test_two_figures_in_one_table(shell: Shell) -> None:
    """Barriers beside accuracies: a pair's line stands at its later ticket."""
    cycles = [
        {**measured(method, seed, 0.9, 0.8 + k / 100), "epochs": k, "digest": f"{method}{seed}{k}"}
        for method in ("random", "lrr")
        for seed in range(2)
        for k in (1, 2, 3)
    ]
    pairs = [
        {"files": ["a", "b"], "digests": [f"{k - 1}", f"{row['labels']}{k}"], "measure": "lmc"}
        | {"sparsity": [0.9, 0.9], "epochs": [k - 1, k], "split": "test"}
        | {"loss_barrier": k / 10, "labels": row["labels"]}
        for row in cycles
        for k in [row["epochs"]]
        if k > 1
    ]
    name = written(shell, "rows.jsonl", [*cycles, *pairs])
    done = shell.ok("plot", "sweep", name, "--x", "epochs", "--y", "accuracy,loss_barrier")
    found = table(done.out)
    assert [(row["method"], row["epochs"], row["n"]) for row in found] == [
        *((method, str(k), "2") for method in ("random", "lrr") for k in (1, 2, 3)),
    ]
    assert [row["loss_barrier"] for row in found] == ["", "0.2", "0.3"] * 2
    assert [float(row["accuracy"]) for row in found] == pytest.approx([0.81, 0.82, 0.83] * 2)
    shell.ok(
        "plot", "sweep", name, "--x", "epochs", "--y", "accuracy,loss_barrier", "--table", "t.md"
    )
    head, _, first, *_ = (shell / "t.md").read_text().splitlines()
    assert "accuracy" in head
    assert "loss barrier" in head
    assert "81.00%" in first


def test_the_largest_eigenvalue_beside_accuracy(shell: Shell) -> None:
    rows = [measured("random", 0, 0.9, 0.8)]
    rows.append({**rows[0], "measure": "hessian", "split": "train", "eigenvalues": [3.0, 7.0]})
    del rows[1]["accuracy"]
    done = shell.ok("plot", "sweep", written(shell, "r.jsonl", rows), "--y", "accuracy,eigenvalue")
    (row,) = table(done.out)
    assert (row["accuracy"], row["eigenvalue"]) == ("0.8", "7.0")

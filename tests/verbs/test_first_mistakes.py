"""What somebody types who has an experiment of their own and has read the help alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsetool import init, mask, train_cycles
from sparsetool.cli.syntax import grammar
from sparsetool.errors import SparsetoolError
from sparsetool.recipes import planning, sweep
from tests.verbs.shell import Shell

NET = """
import torch
def make(classes, input):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, classes))
def unused(): pass
"""
ROWS = """
import numpy
def pair():
    labels = numpy.arange(40) % 4
    images = (numpy.ones((40, 1, 8, 8)) * labels[:, None, None, None]).astype("float32")
    return (images, labels), (images, labels)
"""
LINE = (
    "init net.py:make --data rows.py:pair --seed {seed} | mask --random --global 0.5"
    " | train-cycles --model net.py:make --data=rows.py:pair --epochs 1"
)


@pytest.fixture
def own(shell: Shell) -> Shell:
    (shell / "net.py").write_text(NET)
    (shell / "rows.py").write_text(ROWS)
    return shell


# -- one's own network -----------------------------------------------------------------------------


def test_a_file_without_its_function_is_answered_with_what_it_has(own: Shell) -> None:
    own.refuses(2, "init", "net.py", says="not 'net.py': net.py has make, unused")
    own.refuses(2, "init", "net:make", says="for what is in net.py type net.py:make")
    own.refuses(2, "init", "net.unused", says="for what is in net.py type net.py:unused")
    own.refuses(2, "init", "nut:make", says="unknown model 'nut': ")
    (own / "net.py").write_text("def another(): pass")  # the same process sees it
    own.refuses(2, "init", "net.py", says="net.py has another$")
    (own / "net.py").write_text("def make(:")
    own.refuses(2, "init", "net.py", says="FILE.py:FUNCTION, not 'net.py'")


def test_a_network_that_wants_something_else_is_told_what_it_is_given(own: Shell) -> None:
    (own / "net.py").write_text("def f(*rest, n_classes, depth=3): pass")
    says = "f wants 'n_classes', but it is given classes .or num_classes. and input"
    own.refuses(1, "init", "net.py:f", says=says)


GUESSES = {
    ("init", "--model", "net.py:make"): "init FILE.py:FUNCTION",
    ("init", "mlp", "--seed", "0-2"): "a ticket for each of several is --seeds 0-2",
    ("mask", "--net.py:make", "--global", "0.5"): "your own is --criterion net.py:make",
    ("levels", "--to", "0.9", "--criterion", "snip"): "else repeat prune, train-cycles",
}


@pytest.mark.parametrize("words", GUESSES, ids=" ".join)
def test_what_was_meant_is_said(own: Shell, words: tuple[str, ...]) -> None:
    own.refuses(2, *words, says=GUESSES[words])


def test_a_sweep_measures_ones_own_network_on_ones_own_data() -> None:
    """The line names the code, so the measure that the sweep adds may run it."""
    (case,) = sweep.cases(LINE, {"seed": ["3"]}, "o", grammar())
    asked = "eval --quiet --label seed=3 --data rows.py:pair --model net.py:make o/seed-3.st"
    assert asked in case.script
    (plain,) = sweep.cases("init mlp --data digits --seed {seed}", {"seed": ["3"]}, "o", grammar())
    assert "eval --quiet --label seed=3 o/seed-3.st" in plain.script


def test_a_sweep_of_ones_own_is_planned(own: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "starts", lambda: (0.5, 2.0))
    done = own.ok("sweep", "--seed", "0-2", LINE, "--plan")
    assert json.loads(done.out)["trainings"] == 3
    assert json.loads(done.out)["train_flops"] == 3 * 6 * 40 * 256 * 0.5
    assert "timing steps of net.py:make on rows.py:pair\n" in done.err


# -- one's own criterion, schedule and so on -------------------------------------------------------


def test_scores_may_be_tensors_of_torch() -> None:
    start = init("mlp:8")

    def scores(ticket: Any, evidence: Any) -> Any:
        return {n: p.abs() for n, p in ticket.model().named_parameters()}  # with gradients

    asked: dict[str, Any] = dict(density="global", sparsity=0.8)
    kept = {n: m.tobytes() for n, m in mask(start, criterion=scores, **asked).masks.items()}
    ours = {n: m.tobytes() for n, m in mask(start, criterion="magnitude", **asked).masks.items()}
    assert kept == ours


def nothing(*given: Any) -> None:
    """As a function that forgot to return."""


def square(shapes: Any, keep: Any, room: Any) -> Any:
    return [keep]


def rate(step: Any, cycle: Any) -> Any:
    return RATES["now"]


def batch(images: Any, targets: Any, moment: Any) -> Any:
    return images


RATES: dict[str, Any] = {}
WRONG: dict[str, tuple[str, Callable[..., Any]]] = {
    "must return a dict by name of weight, not list [296]": ("density", square),
    "must return a torch.optim.Optimizer, not nothing": ("optimizer", nothing),
    "must return a sparsetool.plugins.updates.Moved, not nothing": ("update", nothing),
    "must return a pair (images, targets), not Tensor": ("extra", batch),
}


@pytest.mark.parametrize("says", WRONG)
def test_what_a_function_forgot_to_return_is_said(says: str) -> None:
    option, function = WRONG[says]
    how: dict[str, Any] = {"density": "uniform", option: function}
    training = {name: how.pop(name) for name in ("optimizer", "update", "extra") if name in how}

    def made() -> Any:
        start = mask(init("mlp:8"), criterion="random", sparsity=0.5, **how)
        return train_cycles(start, epochs=1, **training)

    with pytest.raises(SparsetoolError) as failed:
        made()
    assert says in str(failed.value)


@pytest.mark.parametrize("given", [None, "0.1", -0.1, float("inf"), float("nan"), [0.1]])
def test_a_rate_that_is_none_is_said(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATES, "now", given)
    with pytest.raises(SparsetoolError, match="must return a number from 0, the learning rate"):
        train_cycles(init("mlp:8"), epochs=1, schedule=rate)


def test_a_criterion_in_a_file_is_called_as_it_is_typed(own: Shell) -> None:
    (own / "mine.py").write_text("def score(ticket, evidence): return ticket.weights\n")
    own.ok("init", "mlp:8", "-o", "start.st")
    asked = ("--criterion", "mine.py:score", "--sparsity", "0.5", "start.st")
    own.refuses(2, "mask", *asked, says="mask: --criterion mine.py:score ranks by a share")
    asked = ("--magnitude", "--sparsity", "0.5", "start.st")
    own.refuses(2, "mask", *asked, says="mask: --magnitude ranks by a share")


# -- tables and pictures ---------------------------------------------------------------------------


@pytest.fixture
def lines(shell: Shell) -> Path:
    rows = [
        {"accuracy": 0.5, "sparsity": 0.9, "labels": {"criterion": name, "seed": seed}}
        for name in ("mine", "random")
        for seed in ("0", "1")
    ]
    path = shell / "lines.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_comparison_of_nothing_names_what_there_is(shell: Shell, lines: Path) -> None:
    says = "give --between A,B or --against B, values of one label; found criterion: mine, random"
    shell.refuses(2, "compare", "accuracy", "lines.jsonl", says=says)


def test_a_file_in_the_place_of_what_is_asked_for(shell: Shell, lines: Path) -> None:
    says = "'lines.jsonl' is a file: before it goes what"
    shell.refuses(2, "compare", "--against", "random", "lines.jsonl", says=says)
    shell.refuses(2, "plot", "lines.jsonl", "-o", "a.png", says=says)


def test_lines_that_differ_in_a_label_are_told_which(shell: Shell, lines: Path) -> None:
    shell.refuses(1, "plot", "sweep", "lines.jsonl", says="--group criterion, or plot fewer lines")
    shell.ok("plot", "sweep", "--group", "criterion", "lines.jsonl")

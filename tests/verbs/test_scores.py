"""`mask --scores`, warnings of rounding, `--dense-products`, `flops --bits`, a frozen Hessian."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import load

from sparsetool import Ticket
from sparsetool.kernels.products import SparseProducts
from tests.verbs import reading
from tests.verbs.screen import on_terminal
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell
from tests.verbs.training_records import TRAIN, trainings


def test_scores_are_what_was_ranked(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--magnitude", "--global", "0.9", shelf["mlp"], "-o", "m.st")
    shell.ok(*line)
    plain = (shell / "m.st").read_bytes()
    shell.ok(*line, "--scores", "s.st")  # the mask is there: it is made again for the scores
    assert (shell / "m.st").read_bytes() == plain, "scores are no result option"
    scores = load((shell / "s.st").read_bytes())
    ticket = Ticket.load(str(shelf["mlp"]))
    assert set(scores) == set(ticket.prunable)
    for name, score in scores.items():
        assert np.array_equal(score, np.abs(ticket.weights[name]))
    masks = reading.masks(shell / "m.st")
    kept = np.concatenate([scores[name][mask] for name, mask in masks.items()])
    gone = np.concatenate([scores[name][~mask] for name, mask in masks.items()])
    assert kept.min() >= gone.max()
    assert "s.st is up to date" in shell.ok(*line, "--scores", "s.st").err
    other = ("mask", "--random", "--global", "0.9", shelf["mlp"], "-o", "n.st")
    assert shell.call(*other, "--scores", "s.st").code == 1
    shell.ok(*other, "--scores", "r.st")
    assert load((shell / "r.st").read_bytes()).keys() == scores.keys()


def test_scores_of_several_files(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--magnitude", "--global", "0.5", shelf["mlp"], shelf["half"])
    shell.ok(*line, "--scores", "{}.scores", "--out-dir", "a")
    shell.ok(*line, "--scores", "s.safetensors", "--out-dir", "b")
    for file in ("mlp", "half"):
        name = shelf[file].stem
        mine = (shell / f"{name}.scores").read_bytes()
        assert mine == (shell / f"{name}.s.safetensors").read_bytes()


def test_no_scores_where_there_are_none(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--phew", "--sparsity", "0.9", shelf["mlp"], "-o", "m.st", "--scores", "s.st")
    shell.refuses(2, *line, says="no --scores")
    line = ("mask", "--from", shelf["half"], shelf["mlp"], "-o", "m.st", "--scores", "s.st")
    shell.refuses(2, *line, says="--scores")


@pytest.mark.parametrize("criterion", ["snip", "force-snip"])
def test_several_rounds_depend_on_rounding(criterion: str, shell: Shell, shelf: Shelf) -> None:
    line = ("mask", f"--{criterion}", "--global", "0.9", shelf["mlp"])
    assert "depends on rounding" in shell.ok(*line, "--iterations", "2", "-o", "two.st").err
    assert "rounding" not in shell.ok(*line, "--iterations", "1", "-o", "one.st").err


def test_dense_products_are_recorded(
    shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    enabled: list[bool] = []
    real = SparseProducts.__init__

    def made(self: SparseProducts, *args: object, **how: object) -> None:
        enabled.append(bool(how["enabled"]))
        real(self, *args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(SparseProducts, "__init__", made)
    plain = shell.ok(*TRAIN, "--no-store", shelf["half"]).out
    dense = shell.ok(*TRAIN, "--no-store", "--dense-products", shelf["half"]).out
    assert enabled == [True, False]
    assert "dense_products" not in trainings(plain)[-1]["options"]
    assert trainings(dense)[-1]["options"]["dense_products"] is True


def test_memory_is_in_the_table(shell: Shell, shelf: Shelf) -> None:
    """16-bit weights at 20% and a bit each: 86.25% of dense, but for the biases."""
    shell.ok("init", "mlp:1000", "-o", "a.st")
    shell.ok("mask", "--random", "--global", "0.2", "a.st", "-o", "b.st")
    row = json.loads(shell.ok("flops", "--bits", "16", "--json", "b.st").out)
    assert row["memory"]["packed_relative"] == pytest.approx(0.8625, abs=0.003)
    assert row["options"]["bits"] == 16
    text = on_terminal(shell, "flops", "--bits", "16", "b.st")
    assert f"{row['memory']['packed_relative']:.2%}" in text


FROZEN = """
from torch import nn


def net(classes, input):
    made = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), nn.ReLU(), nn.Linear(4, 10))
    made[1].requires_grad_(False)
    return made
"""


def test_frozen_parameters_are_said(shell: Shell) -> None:
    (shell / "net.py").write_text(FROZEN)
    shell.ok("init", "net.py:net", "-o", "a.st")
    line = ("hessian", "--model", "net.py:net", "--examples", "50", "a.st")
    row = json.loads(shell.ok(*line, "--json").out)
    assert row["frozen"] == ["1.weight", "1.bias"]
    assert row["dimension"] == 64 * 4 + 4 + 4 * 10 + 10
    assert row["largest"] == row["eigenvalues"][0]

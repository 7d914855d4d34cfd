"""What `init` says: what goes in and comes out, what was turned, and what stays dense."""

from __future__ import annotations

import re

import pytest

from tests.reference.unusual_networks import LEGAL
from tests.verbs import reading
from tests.verbs.shell import Shell

DATA = """
import numpy as np


def photos():
    draw = np.random.default_rng(0)
    part = draw.integers(0, 256, (20, 8, 6, 3)).astype(np.uint8), np.arange(20) % 5
    return part, part
"""


@pytest.fixture
def nets(shell: Shell) -> Shell:
    (shell / "net.py").write_text(LEGAL)
    (shell / "data.py").write_text(DATA)
    return shell


def test_input_and_classes_are_always_said(nets: Shell) -> None:
    line = ("init", "mlp:4", "--data", "cifar100", "-o", "a.st")
    for _ in ("made", "up to date"):
        assert "input 3x32x32, 100 classes" in nets.ok(*line).err
    err = nets.ok("init", "mlp:4", "--data", "data.py:photos", "-o", "b.st").err
    assert "input 3x8x6, 5 classes; the data's channels are last" in err
    assert reading.meta(nets / "b.st")["input"] == [3, 8, 6]
    assert nets.ok("init", "mlp:4", "--quiet", "-o", "c.st").err == ""


def test_one_line_tells_of_matrices_that_stay_dense(nets: Shell) -> None:
    done = nets.ok("init", "net.py:lstm", "-o", "a.st")
    told = [line for line in done.lines if "not prunable" in line]
    assert len(told) == 1
    assert "1,536 weights in 2 matrices are not prunable (cell.weight_ih_l0," in told[0]
    assert "--prune-also" in told[0]
    done = nets.ok("prune", "--magnitude", "--global", "0.9", "a.st", "-o", "b.st")
    assert "1,536 weights in 2 matrices outside the prunable list are left dense" in done.err
    assert "prunable list" not in nets.ok("init", "mlp", "-o", "c.st").err


def test_prune_also_takes_them_in_and_a_script_repeats_it(nets: Shell) -> None:
    done = nets.ok("init", "net.py:lstm", "--prune-also", "cell", "-o", "a.st")
    assert "not prunable" not in done.err
    nets.ok("mask", "--random", "--erk", "0.8", "a.st", "-o", "b.st")
    train = ("--epochs", "1", "--threads", "1", "--no-store", "--model", "net.py:lstm")
    nets.ok("train-cycles", *train, "b.st", "-o", "c.st")
    total = sum(reading.prunable(nets / "a.st").values())
    assert total == 1536 + 160
    assert reading.kept(nets / "c.st") == reading.to_keep("0.8", total)
    text = nets.ok("show", "--script", "c.st").out.decode()
    assert re.search(r"init net\.py:lstm[^\n]* --prune-also cell", text)
    nets.refuses(2, "init", "net.py:lstm", "--prune-also", "x", "-o", "d.st", says="no further")


@pytest.mark.parametrize(
    "name", ["complicated", "stateful", "not_finite", "nothing", "fails", "unused_lazy"]
)
def test_what_cannot_be_taken_is_one_line(nets: Shell, name: str) -> None:
    nets.refuses(1, "init", f"net.py:{name}", "-o", "a.st", says="init: ")
    assert not (nets / "a.st").exists()


def test_weights_without_a_gradient_are_told_of_once(nets: Shell) -> None:
    nets.ok("init", "net.py:frozen", "-o", "a.st")
    nets.ok("mask", "--random", "--uniform", "0.5", "a.st", "-o", "b.st")
    train = (
        "--n",
        "2",
        "--epochs",
        "1",
        "--threads",
        "1",
        "--no-store",
        "--model",
        "net.py:frozen",
    )
    done = nets.ok("train-cycles", *train, "b.st", "-o", "c.st")
    assert done.err.count("got no gradient") == 1


def test_flops_names_what_it_does_not_cover(nets: Shell) -> None:
    nets.ok("init", "net.py:standardised", "-o", "a.st")
    nets.ok("mask", "--random", "--uniform", "0.5", "a.st", "-o", "b.st")
    row = nets.ok("flops", "--json", "--model", "net.py:standardised", "b.st")
    assert b'"masked_in_vain": ["1.weight"]' in row.out

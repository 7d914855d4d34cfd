"""Networks of one's own at every verb that computes: run only where --model names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sparsetool.plugins import own_code
from tests.verbs import reading
from tests.verbs.shell import Shell

NET = """
import torch

def factory(classes, input):
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(64, 12), torch.nn.ReLU(), torch.nn.Linear(12, classes)
    )
"""
ROWS = """
import torch

def pair():
    made = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (30, 1, 8, 8), generator=made).to(torch.uint8)
    return (images, torch.arange(30) % 10), (images[:10], torch.arange(10))
"""
SNIP = ("mask", "--snip", "--global", "0.5", "--threads", "1")


@pytest.fixture(autouse=True)
def _strangers() -> Iterator[None]:
    """Every test begins, and leaves, as a process that was told of no code."""
    forget()
    yield
    forget()


def forget() -> None:
    own_code._ALLOWED.get().clear()
    own_code._LOADED.clear()


@pytest.fixture
def start(shell: Shell) -> Path:
    """A ticket of a network in net.py."""
    (shell / "net.py").write_text(NET)
    shell.ok("init", "net.py:factory", "-o", "start.st")
    forget()
    return shell / "start.st"


@pytest.mark.parametrize(
    "line",
    [
        SNIP,
        ("mask", "--phew", "--sparsity", "0.5"),
        ("mask", "--synflow", "--erk", "0.5", "--iterations", "2"),
        ("prune", "--taylor", "--global", "0.5", "--threads", "1"),
    ],
    ids=lambda line: line[1],
)
def test_a_criterion_that_computes_wants_the_model_named(
    line: tuple[str, ...], start: Path, shell: Shell
) -> None:
    computes = line[1] != "--phew"  # which looks at the ticket alone
    if computes:
        says = r"never run.*--model net\.py:factory"
        shell.refuses(1, *line, "start.st", "-o", "m.st", says=says)
    shell.refuses(2, *line, "start.st", "--model", "mlp", "-o", "m.st", says="not mlp")
    shell.ok(*line, "--model", "net.py:factory", "start.st", "-o", "m.st")
    record = reading.lineage(shell / "m.st")[-1]
    assert "model" not in record["options"]
    assert reading.kept(shell / "m.st") == (64 * 12 + 12 * 10) // 2


def test_a_criterion_that_only_ranks_does_not(start: Path, shell: Shell) -> None:
    shell.ok("mask", "--magnitude", "--global", "0.5", "start.st", "-o", "m.st")
    shell.ok("prune", "--global", "0.9", "m.st", "-o", "p.st")


def test_a_file_that_changed_is_not_run(start: Path, shell: Shell) -> None:
    (shell / "net.py").write_text(NET + "\n")
    how = (*SNIP, "--model", "net.py:factory", "start.st", "-o", "m.st")
    shell.refuses(1, *how, says="net.py has changed")


def test_import_takes_a_network_of_ones_own(shell: Shell) -> None:
    (shell / "net.py").write_text(NET)
    module = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(64, 12), torch.nn.ReLU(), torch.nn.Linear(12, 10)
    )
    torch.save(module.state_dict(), shell / "theirs.pt")
    line = ("import", "theirs.pt", "--model", "net.py:factory", "-o", "ours.st")
    shell.ok(*line)
    forget()
    assert "up to date" in shell.ok(*line).err
    forget()
    shell.refuses(1, "eval", "ours.st", says=r"never run.*--model net\.py:factory")
    (row,) = (
        json.loads(line)
        for line in shell.ok("eval", "--model", "net.py:factory", "ours.st").out.splitlines()
    )
    assert row["examples"] == 360


def test_the_script_of_such_a_ticket_names_the_model_where_it_is_needed(
    start: Path, shell: Shell
) -> None:
    named = ("--model", "net.py:factory")
    shell.ok("mask", "--random", "--uniform", "0.2", "start.st", "-o", "a.st")
    shell.ok("train-cycles", "--epochs", "1", "--threads", "1", *named, "a.st", "-o", "b.st")
    shell.ok("prune", "--taylor", "--global", "0.5", "--threads", "1", *named, "b.st", "-o", "c.st")
    shell.ok("prune", "--global", "0.6", "c.st", "-o", "d.st")
    script = shell.ok("show", "--script", "d.st").out.decode()
    by_verb = {}
    for line in script.replace("\\\n", "").split("|"):
        verb = line.split("sparsetool ")[1].split()
        by_verb[" ".join(verb[:2])] = "--model net.py:factory" in line
    assert by_verb == {
        "init net.py:factory@sha256:" + script.split("@sha256:")[1].split()[0].strip("'"): False,
        "mask --random": False,
        "train-cycles --batch-size": True,
        "prune --taylor": True,
        "prune --magnitude": False,
    }
    other = Shell(shell / "other", shell.state)
    (other / "net.py").write_text(NET)
    done = other.bash(script)
    assert done.code == 0, done.err
    assert reading.digest(other / "d.st") == reading.digest(shell / "d.st")


def test_ones_own_code_may_import_torchvision(shell: Shell) -> None:
    """Also beside a torch that its compiled operators were not built for, as pip pairs them."""
    (shell / "net.py").write_text("import torchvision" + NET)
    (shell / "rows.py").write_text(
        ROWS.replace("pair():", "pair():\n    import torchvision.datasets")
    )
    ran = shell.run("init", "net.py:factory", "--data", "rows.py:pair", "-o", "own.st")
    assert (ran.code, (shell / "own.st").exists()) == (0, True), ran.err


def test_a_schedule_is_drawn_where_the_data_are_not_at_hand(shell: Shell) -> None:
    (shell / "rows.py").write_text(ROWS)
    shell.ok("init", "mlp:4", "--data", "rows.py:pair", "-o", "a.st")
    how = ("--epochs", "2", "--threads", "1", "--data", "rows.py:pair")
    shell.ok("train-cycles", *how, "a.st", "-o", "b.st")
    forget()
    (shell / "rows.py").unlink()
    shell.ok("plot", "schedule", "b.st", "--table", "rate.csv")
    assert len((shell / "rate.csv").read_text().splitlines()) > 2


FORWARD = """
import os, sys
from torch import nn
class Net(nn.Module):
    def __init__(self, width, act):
        super().__init__()
        self.layer, self.act, self.steps = nn.Linear(width, 10), act, 0
    def forward(self, images):
        self.steps += self.training
        if self.steps > 2:
            self.act()
        return self.layer(images.flatten(1))
def talk():
    print("by Python")
    os.write(1, b"by a library in C")
    os.system("echo by a process")
def fail():
    raise ValueError("first line\\nsecond" + "x" * 400)
def talks(classes, input): return Net(64, talk)
def leaves(classes, input): return Net(64, lambda: sys.exit(0))
def fails(classes, input): return Net(64, fail)
"""
LESSON = ("train-cycles", "--epochs", "1", "--batch-size", "256", "--threads", "1", "--no-store")


def test_what_a_forward_pass_does_in_training(shell: Shell) -> None:
    """It prints: not into the pipe. It exits or fails: one line and exit 1, no result."""
    (shell / "net.py").write_text(FORWARD)
    for name, says in (("talks", ""), ("leaves", "exits with 0"), ("fails", "net.py fails: Value")):
        shell.ok("init", f"net.py:{name}", "-o", f"{name}.st")
        done = shell.call(*LESSON, "--model", f"net.py:{name}", f"{name}.st")
        if says:
            assert (done.code, done.out) == (1, b""), done.err
            assert says in done.lines[-1]
            assert len(done.lines[-1]) <= 300
            assert "Traceback" not in done.err
        else:
            assert reading.lineage(done.out)[-1]["verb"] == "train-cycles"
            for words in ("by Python", "by a library in C", "by a process"):
                assert words in done.err

"""`train-cycles --track`: with stand-ins for the packages, which need not be installed."""

from __future__ import annotations

import importlib.util
import json
import sys

import pytest

from sparsetool.plugins import find
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

LINE = ("train-cycles", "--epochs", "1", "--n", "2", "--batch-size", "500", "a.st", "-o", "b.st")
# What the real ones do, written to a file: one line for each call.
TELL = """
import json, os

def tell(*what):
    with open(os.environ["TOLD"], "a") as file:
        file.write(json.dumps(what) + "\\n")
"""
STUBS = {
    "wandb": TELL
    + """
class Held:
    step = 0
    def log(self, figures, step):
        tell("log", step, figures)
        if os.environ.get("BREAK") == str(step):
            raise RuntimeError("no route")
    def finish(self):
        tell("finish")

def init(**given):
    tell("init", given)
    if os.environ.get("BREAK") == "init":
        raise ValueError("no key")
    return Held()
""",
    "trackio": TELL
    + """
def init(**given):
    tell("init", given)

def log(figures, step):
    tell("log", step, figures)

def finish():
    tell("finish")
""",
    "tensorboard": "",
    "torch.utils.tensorboard": TELL
    + """
class SummaryWriter:
    def __init__(self, folder, purge_step):
        tell("init", {"folder": folder, "purge_step": purge_step})
    def add_text(self, name, text):
        pass
    def add_scalar(self, name, value, step):
        tell("log", step, {name: value})
    def flush(self):
        pass
    def close(self):
        tell("finish")
""",
}


@pytest.fixture
def ready(shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A folder with a ticket, and the stand-ins in this process."""
    (shell / "a.st").write_bytes(shelf["mlp"].read_bytes())
    shell.env["TOLD"] = str(shell.state.parent / "told")
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: True if name in STUBS else real(name, *a)
    )
    for name, text in STUBS.items():
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, None))  # type: ignore[arg-type]
        exec(text, vars(module))
        monkeypatch.setitem(sys.modules, name, module)
    return shell


def told(shell: Shell) -> list[list]:
    with open(shell.env["TOLD"], encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("name", find.members("trackers"))
def test_every_epoch_is_told_and_the_ticket_is_as_without(ready: Shell, name: str) -> None:
    ready.ok(*LINE, "--no-store")
    plain = (ready / "b.st").read_bytes()
    (ready / "b.st").unlink()
    ready.ok(*LINE, "--track", f"{name}:here", "--log", "log.jsonl")
    assert (ready / "b.st").read_bytes() == plain
    lines = [json.loads(line) for line in (ready / "log.jsonl").read_text().splitlines()]
    calls = told(ready)
    assert calls[0][0] == "init"
    assert "here" in str(calls[0][1])
    assert lines[0]["run"][:12] in str(calls[0][1])
    assert calls[-1] == ["finish"]
    found: dict[int, dict[str, float]] = {}
    for _, step, figures in calls[1:-1]:
        found.setdefault(step, {}).update(figures)
    assert list(found) == [1, 2]
    for line in lines:
        assert found[line["epochs"]]["test_accuracy"] == line["test_accuracy"]
        assert found[line["epochs"]]["train_loss"] == line["train_loss"]


@pytest.mark.parametrize(("name", "steps"), [("wandb", [1, 2]), ("trackio", [2])])
def test_a_training_that_goes_on_continues_there(ready: Shell, name: str, steps: list[int]) -> None:
    ready.ok(*LINE[:-2], "--stop-after", "1", "-o", "one.st")
    ready.ok(*LINE, "--track", name)
    assert [call[1] for call in told(ready) if call[0] == "log"] == steps


def test_one_that_is_not_installed_or_known_is_refused_before_any_work(shell: Shell) -> None:
    """The input is not looked for, let alone torch imported."""
    for name in find.members("trackers"):
        package = str(find.constant("trackers", name, "PACKAGE"))
        if importlib.util.find_spec(package) is None:
            shell.refuses(1, *LINE, "--track", f"{name}:x", says=f"pip install {package}")
    shell.refuses(2, *LINE, "--track", "wand", says="unknown tracker 'wand'.*wandb")


def test_one_that_cannot_begin_is_refused_and_one_that_fails_later_is_left(ready: Shell) -> None:
    ready.env["BREAK"] = "init"
    ready.refuses(1, *LINE, "--track", "wandb", says="tracker 'wandb' cannot begin.*no key")
    ready.env["BREAK"] = "1"
    done = ready.ok(*LINE, "--track", "wandb")
    assert done.err.count("tracker 'wandb' fails, and is told no more: RuntimeError: no route") == 1
    assert [call[1] for call in told(ready) if call[0] == "log"] == [1]
    assert (ready / "b.st").exists()

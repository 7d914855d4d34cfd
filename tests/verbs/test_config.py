"""`--config FILE.toml`: options from a file, and what is typed comes first."""

from __future__ import annotations

import json

import pytest

from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

TEXT = """
epochs = 30
lr = 0.05
drops = [20, 27]
val = 0.1
deterministic = true
[train-cycles]
weight_decay = 0.002
[levels]
rate = 0.5
"""


def settings(out: bytes) -> dict[str, object]:
    return {row["setting"]: row["value"] for row in map(json.loads, out.splitlines())}


def test_a_file_gives_options_and_the_command_line_wins(shell: Shell, shelf: Shelf) -> None:
    (shell / "c.toml").write_text(TEXT)
    line = ("train-cycles", "--show-config", shelf["half"], "--lr", "0.2", "--config", "c.toml")
    found = settings(shell.ok(*line).out)
    wanted = {"epochs": 30, "lr": 0.2, "drops": "20,27", "val": "0.1"}
    wanted |= {"weight-decay": 0.002, "deterministic": True}
    assert wanted.items() <= found.items()


def test_the_result_is_that_of_the_options_typed(shell: Shell, shelf: Shelf) -> None:
    (shell / "c.toml").write_text("epochs = 1\nlr = 0.05\n[levels]\nrate = 0.5\n")
    typed = ("--threads", "1", shelf["half"], "--no-store")
    by_file = shell.ok("train-cycles", "--config", "c.toml", *typed).out
    assert by_file == shell.ok("train-cycles", "--epochs", "1", "--lr", "0.05", *typed).out
    shell.ok("levels", "--to", "0.75", "--config", "c.toml", "--out-dir", "d", *typed)
    assert (shell / "d" / "level-1.st").exists()
    assert not (shell / "d" / "level-2.st").exists(), "half of the survivors at once"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("epoch = 3", 2, r"--config c.toml: train-cycles has no --epoch: did you mean epochs"),
        ("epochs = 'x'", 2, r"epochs"),
        ("epochs = 0", 2, r"--epochs must be at least 1"),
        ("epochs", 1, r"c.toml is no TOML"),
        ("train-cycles = 3", 1, r"'train-cycles' is no table"),
        (None, 1, r"cannot read --config c.toml"),
    ],
)
def test_a_bad_file(shell: Shell, shelf: Shelf, text: str | None, code: int, says: str) -> None:
    if text is not None:
        (shell / "c.toml").write_text(text)
    shell.refuses(code, "train-cycles", "--config", "c.toml", shelf["half"], says=says)

"""`defaults` and `train-cycles --show-config`: every setting, and where it comes from."""

from __future__ import annotations

import json

from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def rows(out: bytes) -> dict[str, tuple[object, str]]:
    found = (json.loads(line) for line in out.splitlines())
    return {row["setting"]: (row["value"], row["why"]) for row in found}


def test_defaults_of_a_data_set(shell: Shell) -> None:
    found = rows(shell.ok("defaults", "cifar10").out)
    assert found["epochs"] == (150, "recipe of cifar10")
    assert found["batch-size"] == (512, "recipe of cifar10")
    assert found["drops"][0] == "70,130"
    assert found["warmup"][0] == "10"
    assert rows(shell.ok("defaults").out)["epochs"] == (15, "recipe of digits")
    shell.refuses(2, "defaults", "cifar11", says="cifar10")


def test_what_a_training_would_use_and_why(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", "--show-config", shelf["half"], "--lr", "0.2", "--epochs", "30")
    found = rows(shell.ok(*line, "--n", "2", "-o", "t.st").out)
    assert found["lr"] == (0.2, "given")
    assert found["n"] == (2, "cycles")
    assert found["data"] == ("digits", "the ticket's")
    assert found["seed"] == (3, "the ticket's")
    assert found["momentum"] == (0.9, "recipe of digits")
    assert found["schedule"] == ("step-warmup", "default")
    assert found["drops"][0] == "14,26"
    assert found["threads"] == (1, "auto: one for images of fewer than 16x16 pixels")
    assert found["device"][1].startswith("auto: ")
    assert not (shell / "t.st").exists()
    assert not shell.state.exists()
    flat = rows(shell.ok(*line, "--schedule", "constant", "--threads", "1").out)
    assert "drops" not in flat
    assert flat["schedule"] == ("constant", "given")
    assert flat["threads"] == (1, "given")
    moved = rows(shell.ok(*line, "--update", "rigl").out)
    assert moved["update"] == ("rigl", "given")


def test_a_typed_shape_is_given(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", "--show-config", shelf["half"], "--drops", "3", "--epochs", "6")
    assert rows(shell.ok(*line).out)["drops"] == ("3", "given")

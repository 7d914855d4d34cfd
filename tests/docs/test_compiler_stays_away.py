"""Training and measuring import no compiler: that would take as long as importing torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TELLING = """
import atexit, json, sys
names = ("torch", "torch._dynamo", "torch._inductor", "sympy")
atexit.register(lambda: print(json.dumps([n for n in names if n in sys.modules]), file=sys.stderr))
from sparsetool.cli import main
main.main(sys.argv[1:])
"""


def imported(folder: Path, *args: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", TELLING, *args],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adamw"])
def test_training_compiles_nothing(tmp_path: Path, optimizer: str) -> None:
    assert imported(tmp_path, "init", "mlp:8", "-o", "a.st") == ["torch"]
    train = ("train-cycles", "--epochs", "1", "--no-store", "a.st", "-o", "b.st")
    assert imported(tmp_path, *train, "--optimizer", optimizer, "--lr", "0.01") == ["torch"]
    assert imported(tmp_path, "eval", "b.st") == ["torch"]

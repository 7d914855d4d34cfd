"""Training and measuring import no compiler: that would take as long as importing torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TELLING = """
import contextlib, json, sys
from sparsetool.cli import main
names = ("torch", "torch._dynamo", "torch._inductor", "sympy")
for line in sys.stdin:
    with contextlib.suppress(SystemExit):
        main.main(line.split())
    print(json.dumps([name for name in names if name in sys.modules]), file=sys.stderr)
"""
TRAIN = "train-cycles --epochs 1 --no-store --quiet a.st --lr 0.01 --optimizer"


def test_training_compiles_nothing(tmp_path: Path) -> None:
    lines = ["init mlp:8 --quiet -o a.st"]
    lines += [
        f"{TRAIN} {optimizer} -o {optimizer}.st" for optimizer in ("sgd", "nesterov", "adamw")
    ]
    lines += ["eval sgd.st nesterov.st adamw.st --quiet -o e.jsonl"]
    done = subprocess.run(
        [sys.executable, "-c", TELLING],
        cwd=tmp_path,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == ""
    assert (tmp_path / "e.jsonl").read_text().count("\n") == 3
    assert [json.loads(line) for line in done.stderr.splitlines()] == [["torch"]] * len(lines)

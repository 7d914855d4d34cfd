"""The main job as a person types it: SCULPT-ing as a pipeline, and as a script of files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

SCULPT = """set -o pipefail
sparsetool init {model} --data digits \\
  | sparsetool mask --random --balanced 0.5 \\
  | sparsetool train-cycles --n {n} --epochs {epochs} \\
  | sparsetool prune --magnitude --global 0.9 \\
  | sparsetool train-cycles --n 1 --epochs {epochs} -o sculpt.st
echo "${{PIPESTATUS[@]}}"
sparsetool eval sculpt.st"""


@pytest.mark.parametrize(
    ("model", "cycles", "epochs", "prunable", "better_than"),
    [("mlp", 2, 3, 50_200, 0.7), ("resnet20", 1, 1, 270_608, 0.0)],
)
def test_the_pipeline(
    model: str, cycles: int, epochs: int, prunable: int, better_than: float, shell: Shell
) -> None:
    result = shell.bash(SCULPT.format(model=model, n=cycles, epochs=epochs))
    assert result.code == 0, result.err
    statuses, row = result.out.decode().splitlines()
    assert statuses == "0 0 0 0 0"
    measured = json.loads(row)
    assert reading.kept(shell / "sculpt.st") == reading.to_keep("0.9", prunable)
    assert measured["sparsity"] == pytest.approx(0.9, abs=0.5 / prunable)
    assert measured["epochs"] == (cycles + 1) * epochs
    assert measured["accuracy"] >= better_than
    verbs = [record["verb"] for record in reading.lineage(shell / "sculpt.st")]
    trained = ["train-cycles"] * cycles
    assert verbs == ["init", "mask", *trained, "prune", "train-cycles"]
    assert reading.off_mask_bits(shell / "sculpt.st") == 0
    assert "Traceback" not in result.err
    names = {"init", "mask", "train-cycles", "prune", "eval"}
    assert {line.split(":")[0] for line in result.lines} <= names


SCRIPT = """set -e
sparsetool init mlp --seed 1 -o init.st
sparsetool mask --random --balanced 0.5 init.st -o half.st
sparsetool train-cycles --n 2 --epochs 6 half.st -o cycled.st --save-epoch 3:warm.st --keep cycles
sparsetool prune --global 0.9 cycled.st -o pruned.st
sparsetool train-cycles --epochs 6 pruned.st -o sculpt.st --log sculpt.jsonl
for k in 1 2; do
  sparsetool prune --rate 0.2 level-$((k-1)).st | sparsetool rewind --to early.st |
    sparsetool train-cycles --epochs 4 -o level-$k.st
done"""
PREPARED = "level-0.st"


def prepared(shell: Shell, shelf: Shelf) -> Shell:
    shell.ok("init", "mlp", "--seed", "1", "-o", "start.st")
    shell.ok(
        "train-cycles", "--epochs", "2", "--save-epoch", "1:early.st", "start.st", "-o", PREPARED
    )
    (shell / "start.st").unlink()
    return shell


def tickets(shell: Shell) -> dict[str, bytes]:
    found = [*shell.cwd.glob("*.st"), *shell.cwd.glob("cycles/*.st")]
    return {str(path.relative_to(shell.cwd)): path.read_bytes() for path in found}


def run_killed(shell: Shell, until: str) -> None:
    """The script, all its processes killed as soon as the file is there."""
    process = subprocess.Popen(
        ["bash", "-c", SCRIPT],
        cwd=shell.cwd,
        env=shell.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    end = time.monotonic() + 100
    while not (shell / until).exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_script_of_files_killed_and_rerun(tmp_path: Path, shell: Shell, shelf: Shelf) -> None:
    """Rerun as it stands it finishes; once more, it does no work; the bytes are the same."""
    prepared(shell, shelf)
    for until in ("half.st", "cycled.st", "level-1.st"):
        run_killed(shell, until)
    result = shell.bash("set -o pipefail\n" + SCRIPT)
    assert result.code == 0, result.err
    after = tickets(shell)
    before = shell.snapshot()

    again = shell.bash("set -o pipefail\n" + SCRIPT, torch=False)
    assert again.code == 0, again.err
    targets = ["init", "half", "cycled", "pruned", "sculpt", "level-1", "level-2"]
    for name in targets:
        assert f"{name}.st is up to date" in again.err
    assert shell.snapshot() == before, "a file was touched"

    other = prepared(Shell(tmp_path / "other", tmp_path / "other-state"), shelf)
    for line in SCRIPT.splitlines()[1:6]:
        other.ok(*line.split()[1:])
    assert tickets(other).items() <= after.items()
    assert {f"{name}.st" for name in targets} <= set(after)
    assert [json.loads(x)["epochs"] for x in (shell / "sculpt.jsonl").open()] == list(range(13, 19))

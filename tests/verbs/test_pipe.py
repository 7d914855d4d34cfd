"""`pipe`: a pipeline in one process does what the shell's would."""

from __future__ import annotations

import json

import pytest

from tests.verbs.shell import Shell

TRAIN = ("train-cycles", "--epochs", "1", "--batch-size", "500", "--n", "2")
LINE = f"init mlp:20 --seed 3 ! mask --random --balanced 0.5 ! {' '.join(TRAIN)}"
OWN = """
import os, signal
from torch import nn

print("imported")

def small(classes, input):
    print("made")
    return nn.Sequential(nn.Flatten(), nn.Linear(64, classes))

def stopping(step, cycle):
    if step == 1:
        os.kill(os.getpid(), signal.SIGINT)
    return cycle.peak
"""


def by_hand(shell: Shell) -> bytes:
    """What the shell's pipeline makes, without its run folder."""
    made = shell.ok("init", "mlp:20", "--seed", "3", "-o", "-").out
    made = shell.ok("mask", "--random", "--balanced", "0.5", "-o", "-", stdin=made).out
    return shell.ok(*TRAIN, "--no-store", "-o", "-", stdin=made).out


def test_the_bytes_are_those_of_the_shells_pipeline(shell: Shell) -> None:
    wanted = by_hand(shell)
    piped = shell.ok("pipe", LINE)
    assert piped.out == wanted
    assert not shell.snapshot(), "no file is left"
    said = [line.partition(":")[0] for line in piped.lines]
    assert said == ["init", "mask", *["train-cycles"] * (len(said) - 2)]
    shell.ok("pipe", f"{LINE} -o a.st")
    assert (shell / "a.st").read_bytes() == wanted
    again = shell.ok("pipe", f"{LINE} -o a.st")
    assert "a.st is up to date" in again.err


def test_run_folders_are_those_of_the_shells_pipeline(shell: Shell) -> None:
    shell.ok("pipe", LINE)
    made = shell.ok("init", "mlp:20", "--seed", "3", "-o", "-").out
    made = shell.ok("mask", "--random", "--balanced", "0.5", "-o", "-", stdin=made).out
    assert "epoch 1/1" not in shell.ok(*TRAIN, "-o", "a.st", stdin=made).err, "found, not trained"
    (run,) = map(json.loads, shell.ok("runs").out.splitlines())
    assert run["command"].startswith("sparsetool pipe 'init")


def test_words_in_quotes_or_not_with_the_program_or_not(shell: Shell) -> None:
    wanted = shell.ok("pipe", "init mlp:20 ! mask --random --balanced 0.5").out
    unquoted = ("init", "mlp:20", "!", "sparsetool", "mask", "--random", "--balanced", "0.5")
    assert shell.ok("pipe", *unquoted).out == wanted
    assert shell.ok("pipe", "sparsetool init mlp:20 | mask --random --balanced 0.5").out == wanted
    assert shell.ok("pipe", "mask --random --balanced 0.5", stdin=shell.ok(
        "init", "mlp:20", "-o", "-").out).out == wanted  # fmt: skip
    rows = shell.ok("pipe", "init mlp:20 \\\n  ! mask --random --balanced 0.5 ! show").out
    assert json.loads(rows)["sparsity"] == 0.5


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("init mlp:20 ! msk --random", "stage 2 of 2: unknown verb 'msk'.*mask"),
        ("init mlp:20 ! mask --rndom", "stage 2 of 2, mask: no such option: --rndom.*--random"),
        ("init mlp:20 ! train-cycles --cycles 4", "stage 2 of 2, train-cycles: .*--n N"),
        ("init ! show", "stage 1 of 2, init: missing argument"),
        ("init mlp:20 ! show ! eval", "stage 2 of 3: show makes no ticket"),
        ("init mlp:20 -o a.st ! show", "stage 1 of 2: init writes to -o"),
        ("init mlp:20 ! ! show", "a stage is empty"),
        ("init mlp:20 !", "a stage is empty"),
        ("init 'mlp:20", "no line of words"),
    ],
)
def test_what_is_no_pipeline_is_refused_before_any_work(shell: Shell, line: str, says: str) -> None:
    shell.refuses(2, "pipe", line, says=says)


def test_it_is_for_one_process(shell: Shell) -> None:
    shell.env["RANK"] = "0"
    shell.refuses(2, "pipe", LINE, says="one process")


def test_a_stage_that_fails_is_named_and_those_behind_it_are_not_begun(shell: Shell) -> None:
    done = shell.call("pipe", "init mlp:20 ! mask --from none.st ! eval -o e.jsonl")
    assert (done.code, done.out) == (1, b"")
    assert done.lines[-2].startswith("mask: cannot read none.st")
    assert done.lines[-1] == "pipe: stage 2 of 3 failed: mask; those behind it were not begun"
    assert not shell.snapshot()
    last = shell.call("pipe", "init mlp:20 ! prune --global 1.5")
    assert (last.code, last.lines[-1]) == (2, "pipe: stage 2 of 2 failed: prune")


def test_code_is_run_only_in_stages_that_name_it_and_prints_nowhere(shell: Shell) -> None:
    (shell / "net.py").write_text(OWN)
    mask = "init net.py:small ! mask --random --balanced 0.5"
    made = shell.run("pipe", f"{mask} --model net.py:small", env={"PYTHONUNBUFFERED": "1"})
    assert made.code == 0, made.err
    assert "made" in made.err
    (shell / "made.st").write_bytes(made.out)
    assert json.loads(shell.ok("show", "made.st").out)["sparsity"] == 0.5
    (shell / "made.st").unlink()
    done = shell.call("pipe", f"{mask} ! train-cycles --epochs 1")
    assert done.code == 1
    assert "--model net.py:small" in done.lines[-2]
    assert "stage 3 of 3" in done.lines[-1]


def test_ctrl_c_and_a_time_limit_keep_progress(shell: Shell) -> None:
    (shell / "own.py").write_text(OWN)
    line = f"{LINE} --schedule own.py:stopping"
    stopped = shell.call("pipe", line)
    assert (stopped.code, stopped.out) == (130, b"")
    assert "stopped by SIGINT" in stopped.lines[-1]
    assert shell.call("pipe", line).code == 130, "in the second cycle"
    assert shell.call("pipe", line).code == 0
    assert shell.call("pipe", f"{LINE} --time-limit 0.001s --n 3").code == 75


def test_options_after_a_quoted_line_are_its_last_verbs(shell: Shell) -> None:
    shell.call("pipe", "init mlp:4 ! mask --random --uniform 0.5", "-o", "after.st")
    shell.call("pipe", "init mlp:4 ! mask --random --uniform 0.5 -o inside.st")
    assert (shell / "after.st").read_bytes() == (shell / "inside.st").read_bytes()

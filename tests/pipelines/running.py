"""Training runs as processes that a test watches by their log, stops and starts again."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

SHORT = ("train-cycles", "--n", "3", "--epochs", "4", "--threads", "1")
LONG = ("train-cycles", "--n", "3", "--epochs", "20", "--threads", "1")
ENOUGH = 25  # epochs of LONG after which the first of its three cycles is long over
LIMIT_S = 150


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def logged(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def started(shell: Shell, shelf: Shelf, *more: object, line=LONG, **popen) -> subprocess.Popen:
    return shell.start(*line, shelf["half"], "--log", "l.jsonl", *more, **popen)


def wait_for_epochs(shell: Shell, process: subprocess.Popen, epochs: int = ENOUGH) -> None:
    end = time.monotonic() + LIMIT_S
    while logged(shell / "l.jsonl") < epochs:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "no progress"
        time.sleep(0.005)


def ended(process: subprocess.Popen) -> tuple[int, bytes, str]:
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out or b"", err.decode()


def unfinished(shell: Shell) -> dict:
    (row,) = map(json.loads, shell.ok("runs", "--json").out.splitlines())
    assert not row["finished"]
    return row


def finishes(shell: Shell, shelf: Shelf, wanted: bytes, *, line=LONG) -> str:
    """The same command again: the uninterrupted run's bytes, each epoch once in the log."""
    code, out, err = ended(started(shell, shelf, line=line))
    assert code == 0, err
    assert out == wanted
    total = int(line[2]) * int(line[4])
    assert [row["epochs"] for row in rows(shell / "l.jsonl")] == list(range(1, total + 1))
    return err

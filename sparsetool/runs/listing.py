"""Run folders as a person looks after them: what is there, and how to be rid of it."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from ..errors import SparsetoolError
from .glance import glance
from .where import names as names_of_runs
from .where import remove, state_folder


def list_runs(*names: str) -> list[dict[str, Any]]:
    """The run folders in which trainings at the shell keep their progress.

    Args:
        names: Names of runs, or beginnings of one name each; without any, all.

    Returns:
        For each `run` (its name), `model`, `sparsity` (fraction), `n` (cycles asked for), `done`
        (cycles finished), `epochs` (done), `progress` (fraction), `finished`, `age` (seconds since
        anything in it changed), `bytes`, `command`, `output`, `path`.

    Raises:
        SparsetoolError: No run begins with a name, or several do.

    Example:
        >>> [run for run in list_runs() if run["bytes"] < 0]
        []
    """
    root, now = str(state_folder() / "runs"), time.time()
    return [_row(root, name, now) for name in _named(names)]


def remove_run(name: str) -> None:
    """Remove a run folder: the same command would train anew.

    Args:
        name: The run's name, or the beginning of it.

    Raises:
        SparsetoolError: No run begins so, or several do; or a process is working on it.
    """
    for found in _named([name]):
        remove(state_folder() / "runs" / found)


def _named(asked: Sequence[str]) -> list[str]:
    """The runs asked for, or all of those known."""
    known = names_of_runs()
    if not asked:
        return known
    chosen = []
    for name in asked:
        first = last = bisect_left(known, name)
        while last < len(known) and known[last].startswith(name):
            last += 1
        if last - first != 1:
            kind = "no run begins" if last == first else f"{last - first} runs begin"
            raise SparsetoolError(f"{kind} with '{name}': 'sparsetool runs' lists them")
        chosen.append(known[first])
    return chosen


def _row(root: str, name: str, now: float) -> dict[str, Any]:
    folder = f"{root}/{name}"
    seen = glance(folder)
    return {
        "run": name,
        "model": seen.model,
        "sparsity": seen.sparsity,
        "n": seen.n,
        "done": seen.done,
        "epochs": seen.epochs,
        "progress": seen.progress,
        "finished": seen.finished,
        "age": max(0.0, round(now - seen.touched, 1)),
        "bytes": seen.bytes,
        "command": seen.command,
        "output": seen.output,
        "path": folder,
    }

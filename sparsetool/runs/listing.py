"""Run folders as a person looks after them: what is there, and how to be rid of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError
from .folder import folders, remove
from .glance import glance


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
    return [_row(path) for path in _named(names)]


def remove_run(name: str) -> None:
    """Remove a run folder: the same command would train anew.

    Args:
        name: The run's name, or the beginning of it.

    Raises:
        SparsetoolError: No run begins so, or several do; or a process is working on it.
    """
    for path in _named([name]):
        remove(path)


def _named(names: Sequence[str]) -> list[Path]:
    known = folders()
    chosen = []
    for name in names:
        found = [path for path in known if path.name.startswith(name)]
        if len(found) != 1:
            kind = "no run begins" if not found else f"{len(found)} runs begin"
            raise SparsetoolError(f"{kind} with '{name}': 'sparsetool runs' lists them")
        chosen += found
    return chosen if names else known


def _row(path: Path) -> dict[str, Any]:
    seen = glance(path)
    facts = seen.facts
    n, each = _count(facts.get("n")), _count(_first(facts.get("options")).get("epochs"))
    finished = bool(n) and seen.finished >= n
    left = _count(_first(facts.get("options")).get("from_epoch"))
    progress = seen.epochs / (n * each - left) if n * each > left else 0.0
    return {
        "run": path.name,
        "model": _text(facts.get("model")),
        "sparsity": _number(facts.get("sparsity")),
        "n": n,
        "done": seen.finished,
        "epochs": seen.epochs,
        "progress": 1.0 if finished else min(1.0, progress),
        "finished": finished,
        "age": max(0.0, round(time.time() - seen.touched, 1)),
        "bytes": seen.bytes,
        "command": _text(facts.get("command")),
        "output": _text(facts.get("output")),
        "path": str(path),
    }


# What a damaged run.json holds in the place of a fact counts for nothing.


def _count(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _number(value: Any) -> float:
    return float(value) if type(value) in (int, float) and 0 <= value <= 1 else 0.0


def _text(value: Any) -> str:
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _first(options: Any) -> dict[str, Any]:
    found = options[0] if isinstance(options, list) and options else {}
    return found if isinstance(found, dict) else {}

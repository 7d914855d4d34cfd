"""List, show and remove the run folders in which training keeps its progress.

RUN is a run's name or the beginning of one; without any, all runs are listed.

    sparsetool runs
    sparsetool runs --remove 3f2a
    sparsetool runs --remove-finished
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..measure import Column, Report


def ago(seconds: float) -> str:
    """How long ago, in the largest unit that is not below 1."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def size(count: int) -> str:
    """Bytes in the largest unit that is not below 1."""
    for unit, length in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= length:
            return f"{count / length:.3g} {unit}"
    return f"{count} B"


COLUMNS = (
    Column("run", "run", ".12"),
    Column("model"),
    Column("sparsity", "sparsity", ".4g", spare=1),
    Column("done", "cycles", ","),
    Column("n", "of", ","),
    Column("progress", "progress", ".0%"),
    Column("age", "last", ago),
    Column("bytes", "size", size, spare=2),
    Column("epochs", "epochs", ",", spare=4),
    Column("output", "output", spare=3),
    Column("command", "command", spare=5),
)


def verb(
    run: Annotated[
        list[str] | None, o.argument("Runs to show; all without any.", "[RUN ...]")
    ] = None,
    remove: Annotated[bool, o.option("--remove", help="Remove the named runs.")] = False,
    remove_finished: Annotated[
        bool, o.option("--remove-finished", help="Remove every finished run.")
    ] = False,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...runs.folder import (
        folders as run_folders,
    )
    from ...runs.folder import (
        remove as remove_run,
    )
    from ...runs.folder import (
        state_folder,
    )

    if remove and not run:
        raise UsageError("no runs named: name them, or give --remove-finished")
    if remove_finished and run:
        raise UsageError("--remove-finished takes no names: use --remove for the named ones")
    report = Report("runs", [], output, force, json, quiet)
    chosen = _named(run_folders(), run)
    rows = [_row(path) for path in chosen]
    if remove or remove_finished:
        for path, row in zip(chosen, rows, strict=True):
            if remove or row["finished"]:
                remove_run(path)
                report.say(f"removed {path.name}: {row['bytes']:,} bytes")
        return
    report.emit(rows, COLUMNS)
    if not rows:
        report.say(f"no runs in {state_folder()}")


def _named(folders: list[Path], names: list[str] | None) -> list[Path]:
    if not names:
        return folders
    chosen = []
    for name in names:
        found = [path for path in folders if path.name.startswith(name)]
        if len(found) != 1:
            kind = "no run begins" if not found else f"{len(found)} runs begin"
            raise SparsetoolError(f"{kind} with '{name}': 'sparsetool runs' lists them")
        chosen += found
    return chosen


def _row(path: Path) -> dict[str, Any]:
    from ...runs.glance import glance

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

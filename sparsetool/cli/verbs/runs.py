"""List, show and remove the run folders in which training keeps its progress.

RUN is a run's name or the beginning of one; without any, all runs are listed.

    sparsetool runs
    sparsetool runs --remove 3f2a
    sparsetool runs --remove-finished
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..measure import Column, Report

COLUMNS = (
    Column("run", "run", ".12"),
    Column("model"),
    Column("sparsity", "sparsity", ".4g"),
    Column("n", "cycles", ","),
    Column("done", "done", ","),
    Column("epochs", "epochs done", ","),
    Column("finished", "finished"),
    Column("bytes", "bytes", ","),
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
        raise UsageError("remove which? name the runs, or give --remove-finished")
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
    from ...runs.folder import (
        RunFolder,
        size,
    )

    folder = RunFolder(path)
    n = int(folder.facts.get("n", 0))
    lines = folder.lines()
    done = len(list(path.glob("cycle-*.st")))
    return {
        "run": path.name,
        "model": folder.facts.get("model", ""),
        "sparsity": folder.facts.get("sparsity", 0.0),
        "n": n,
        "done": done,
        "epochs": len(lines),
        "finished": bool(n) and done >= n,
        "bytes": size(path),
        "path": str(path),
    }

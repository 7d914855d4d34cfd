"""List, show and remove the run folders in which training keeps its progress.

RUN is a run's name or the beginning of one; without any, all runs are listed.

    sparsetool runs
    sparsetool runs --remove 3f2a
    sparsetool runs --remove-finished
"""

from __future__ import annotations

import shutil
import sys
import time
from bisect import bisect_left
from pathlib import Path
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..measure import Report


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
    from ...runs import folder
    from ..run_table import details, listing

    if remove and not run:
        raise UsageError("no runs named: name them, or give --remove-finished")
    if remove_finished and run:
        raise UsageError("--remove-finished takes no names: use --remove for the named ones")
    report = Report("runs", [], output, force, json, quiet)
    root, now = str(folder.state_folder() / "runs"), time.time()
    rows = [_row(root, name, now) for name in _named(folder.names(), run)]
    if remove or remove_finished:
        _remove([row for row in rows if remove or row["finished"]], report)
        return
    if report.on_screen and rows:
        columns = shutil.get_terminal_size().columns
        sys.stdout.write(details(rows) if run else listing(rows, columns))
    else:
        report.emit(rows, ())
    if not rows:
        report.say(f"no runs in {folder.state_folder()}")


def _remove(rows: list[dict[str, Any]], report: Report) -> None:
    """Remove runs; one that cannot be removed stops no other.

    Raises:
        SparsetoolError: Some could not be removed; it says why of the first.
    """
    from ...runs import folder

    kept = []
    for row in rows:
        try:
            folder.remove(Path(row["path"]))
        except SparsetoolError as error:
            kept.append(str(error))
        else:
            report.say(f"removed {row['run']}: {row['bytes']:,} bytes")
    if kept:
        more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
        raise SparsetoolError(f"{kept[0]}{more}")


def _named(known: list[str], asked: list[str] | None) -> list[str]:
    """The runs asked for, of those known (sorted)."""
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
    from ...runs.glance import glance

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

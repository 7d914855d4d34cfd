"""List, show and remove the run folders in which training keeps its progress.

RUN is a run's name or the beginning of one; without any, all runs are listed.

    sparsetool runs
    sparsetool runs --remove 3f2a
    sparsetool runs --remove-finished
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import UsageError
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
    from ...runs import folder
    from ...runs.listing import list_runs

    if remove and not run:
        raise UsageError("no runs named: name them, or give --remove-finished")
    if remove_finished and run:
        raise UsageError("--remove-finished takes no names: use --remove for the named ones")
    report = Report("runs", [], output, force, json, quiet)
    rows = list_runs(*(run or []))
    if remove or remove_finished:
        for row in rows:
            if remove or row["finished"]:
                folder.remove(Path(row["path"]))
                report.say(f"removed {row['run']}: {row['bytes']:,} bytes")
        return
    report.emit(rows, COLUMNS)
    if not rows:
        report.say(f"no runs in {folder.state_folder()}")

"""List, show and remove the run folders in which training keeps its progress.

RUN is a run's name or the beginning of one; without any, all runs are listed. --follow shows the
epochs of a run, one a line, as they are trained; it ends with exit code 0 when the run has
finished, with 1 where it was stopped. Without RUN it is the run that is being trained now.

    sparsetool runs
    sparsetool runs --follow
    sparsetool runs --remove 3f2a
    sparsetool runs --remove-finished
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..measure import Report
from ..train.following import follow_run


def verb(
    run: Annotated[
        list[str] | None, o.argument("Runs to show; all without any.", "[RUN ...]")
    ] = None,
    follow: Annotated[
        bool, o.option("--follow", help="Show epochs as they are trained, until the run ends.")
    ] = False,
    remove: Annotated[bool, o.option("--remove", help="Remove the named runs.")] = False,
    remove_finished: Annotated[
        bool, o.option("--remove-finished", help="Remove every finished run.")
    ] = False,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...runs import where
    from ...runs.listing import list_runs
    from ..run_table import details, listing

    if remove and not run:
        raise UsageError("no runs named: name them, or give --remove-finished")
    if remove_finished and run:
        raise UsageError("--remove-finished takes no names: use --remove for the named ones")
    report = Report("runs", [], output, force, json, quiet)
    if follow:
        if remove or remove_finished or output is not None or len(run or []) > 1:
            raise UsageError("--follow takes one RUN or none, and neither -o nor --remove")
        follow_run(run[0] if run else None, report)
        return
    rows = list_runs(*(run or []))
    if remove or remove_finished:
        _remove([row for row in rows if remove or row["finished"]], report)
        return
    if report.on_screen:
        columns = shutil.get_terminal_size().columns
        told = details(rows) if run else listing(rows, columns)
        report.text(told if rows else "")
    else:
        report.emit(rows, ())
    if not rows:
        report.say(f"no runs in {where.state_folder()}")


def _remove(rows: list[dict[str, Any]], report: Report) -> None:
    """Remove runs; one that cannot be removed stops no other.

    Raises:
        SparsetoolError: Some could not be removed; it says why of the first.
    """
    from ...runs import where

    kept = []
    for row in rows:
        try:
            where.remove(Path(row["path"]))
        except SparsetoolError as error:
            kept.append(str(error))
        else:
            report.say(f"removed {row['run']}: {row['bytes']:,} bytes")
    if kept:
        more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
        raise SparsetoolError(f"{kept[0]}{more}")

"""`runs --follow`: a line for each epoch on a terminal, the lines of the log elsewhere."""

from __future__ import annotations

import time
from pathlib import Path

from ...errors import ReaderGone
from .. import targets
from ..measure import Report
from ..run_table import printable
from .progress import epoch_line

LOOK = 0.5  # seconds between two looks at the log
AT_FIRST = 10  # epochs shown on a terminal of those that are trained already


def follow_run(name: str | None, report: Report) -> None:
    """Show a run's epochs until it ends.

    Args:
        name: The run's name or its beginning; None is the run that is being trained now.
        report: Where they are shown.

    Raises:
        SparsetoolError: No such run, or it ends unfinished.
        ReaderGone: Whoever read standard output has left.
    """
    from ...runs.following import follow, the_one_trained
    from ...runs.glance import glance
    from ...runs.listing import list_runs
    from ...ticket.format import canonical_json

    (row,) = list_runs(name or the_one_trained())
    key, folder = row["run"], row["path"]
    report.say(f"{key[:8]}: {printable(row['command'])}")
    shown = AT_FIRST if report.on_screen else None
    for lines in follow(Path(folder), _wait):
        if report.on_screen:
            if shown is not None and len(lines) > shown:
                report.say(f"{len(lines) - shown:,} epochs came before these; --json shows all")
                lines = lines[-shown:]
            run = glance(folder)
            told = [epoch_line(line, run.n, run.each) for line in lines]
        else:
            told = [canonical_json({"run": key, **line}) for line in lines]
        shown = None
        report.text("".join(f"{each}\n" for each in told))
    report.say(f"{key[:8]} has finished")


def _wait() -> None:
    time.sleep(LOOK)
    if targets.reader_has_left():
        raise ReaderGone("the reader of the pipe is gone")

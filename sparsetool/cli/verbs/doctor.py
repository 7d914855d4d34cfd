"""Check this machine: libraries, devices, folders, data sets, and what to do.

Each check is ok, a warning (it works, but not as well as it could) or a problem; exit code 1 if
there is a problem.

    sparsetool doctor
    sparsetool doctor --json --data-root /data
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping

from ...errors import SparsetoolError
from .. import options as o
from ..measure import Report
from ..tables import on_terminal

WIDEST = 110  # characters


def verb(
    data_root: o.DataRoot = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from dataclasses import asdict

    from ...doctor.health import examine

    report = Report("doctor", [], output, force, json, quiet)
    report.target()
    rows = [{"measure": "doctor", **asdict(finding)} for finding in examine(data_root)]
    if output is None and on_terminal() and not json:
        report.text("".join(map(_lines, rows)))
    else:
        report.emit(rows, ())
    problems = [row["check"] for row in rows if row["state"] == "problem"]
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
        raise SparsetoolError(f"{count}: {', '.join(problems)}")


def _lines(row: Mapping[str, str]) -> str:
    """A finding, and below it what to do, as wide as a reader's eye or terminal."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    begin = f"{row['state']:8} {row['check']:18} "
    room = max(width - len(begin), 20)
    words = [row["found"], *([f"-> {row['advice']}"] if row["advice"] else [])]
    parts = [
        part
        for text in words
        for part in textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    ]
    blank = "\n" + " " * len(begin)
    return f"{begin}{blank.join(parts)}\n"

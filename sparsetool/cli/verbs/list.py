"""List what there is to choose from: criteria, densities, schedules, networks, data sets.

Without FAMILY the families are listed. Members of installed packages (entry points in the group
sparsetool.FAMILY) stand beside ours; your own are FILE.py:FUNCTION, see 'sparsetool guide
adding-a-member'.

    sparsetool list
    sparsetool list criteria
    sparsetool list schedules --json
"""

from __future__ import annotations

from typing import Annotated

from ...plugins.listing import list_members
from .. import options as o
from ..measure import Column, Report


def _offers() -> list[tuple[str, str]]:
    return [(row["family"], row["summary"]) for row in list_members()]


def verb(
    family: Annotated[
        str | None, o.argument("Family to list; without it, all families.", "[FAMILY]", _offers)
    ] = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    report = Report("list", (), output, force, json, quiet)
    rows = list_members(family)
    if family is None:
        report.emit(rows, [Column("family"), Column("members"), Column("summary")])
        return
    columns = [Column("name"), Column("summary"), Column("options")]
    if any(row["from"] != "sparsetool" for row in rows):
        columns.append(Column("from"))
    report.emit(rows, columns)

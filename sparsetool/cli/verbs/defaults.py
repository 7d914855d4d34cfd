"""List the training defaults of a data set, each with where it comes from.

What 'train-cycles' would use for a ticket on this machine, 'train-cycles --show-config' says.

    sparsetool defaults cifar10
    sparsetool defaults digits --json
"""

from __future__ import annotations

from typing import Annotated, Any

from .. import options as o
from ..measure import Column, Report

COLUMNS = (Column("setting"), Column("value"), Column("why"))


def verb(
    data: Annotated[str, o.argument("Data set.", "[DATA]", o.members_of("datasets"))] = "digits",
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...data.naming import as_name
    from ...training.explained import defaults

    report = Report("defaults", (), output, force, json, quiet)
    rows: list[dict[str, Any]] = defaults(as_name(data))
    report.emit(rows, COLUMNS)

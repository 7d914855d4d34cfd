"""List what there is to choose from: criteria, densities, schedules, networks, data sets.

Without FAMILY the families are listed. Members of installed packages (entry points in the group
sparsetool.FAMILY) stand beside ours; your own are FILE.py:FUNCTION, see 'sparsetool guide
adding-a-member'.

    sparsetool list
    sparsetool list criteria
    sparsetool list schedules --json
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ...errors import UsageError, nearest
from ...plugins import find, keywords
from .. import options as o
from ..measure import Column, Report

FAMILIES = {
    "criteria": "Which weights live: mask --NAME, prune --NAME",
    "densities": "How many weights each layer keeps: mask --NAME S, prune --NAME S",
    "schedules": "The learning rate of every step: train-cycles --schedule NAME",
    "optimizers": "How a step changes the weights: train-cycles --optimizer NAME",
    "updates": "How the mask moves while training: train-cycles --update NAME",
    "models": "Networks: init NAME",
    "datasets": "Data sets: --data NAME",
    "plots": "Kinds of pictures: plot NAME",
    "engines": "Programs that run a recipe's jobs: recipe --as NAME",
}


def _families() -> dict[str, str]:
    return {family: words for family, words in FAMILIES.items() if find.members(family)}


def _offers() -> list[tuple[str, str]]:
    return list(_families().items())


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
    known = _families()
    if family is None:
        rows: list[dict[str, Any]] = [
            {"family": name, "summary": words, "members": len(find.members(name))}
            for name, words in known.items()
        ]
        report.emit(rows, [Column("family"), Column("members"), Column("summary")])
        return
    plural = {word: name for name, word in find.SINGULAR.items()}
    name = plural.get(family, family)
    if name not in known:
        raise UsageError(f"unknown family '{family}': {nearest(family, tuple(known))}")
    rows = [_row(name, member) for member in find.members(name)]
    columns = [Column("name"), Column("summary"), Column("options")]
    if any(row["from"] != "sparsetool" for row in rows):
        columns.append(Column("from"))
    report.emit(rows, columns)


def _row(family: str, name: str) -> dict[str, Any]:
    where = find.member(family, name)
    options = keywords.options_of(family, where.source, where.function)
    given: Mapping[str, Any] = {each.name: each.default for each in options}
    return {
        "family": family,
        "name": name,
        "summary": find.summary(family, name),
        "from": " ".join(where.package) if where.package else "sparsetool",
        "options": given,
    }

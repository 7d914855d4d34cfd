"""List ready experiments, print one as a shell script, or say how much work it is.

A recipe is a plain bash script that chains verbs; its knobs are variables at its top. Those set
when it is printed are written into it; those set when it is run come first. SCALE is smoke, demo
(the default), small, photos or paper. --plan times some training steps and runs nothing else; its
FLOPs take a mask's density as the same in every layer. --as writes the same experiment as jobs,
each one verb on files, for a program that runs jobs on many machines.

    sparsetool recipe
    sparsetool recipe sculpt | bash
    SCALE=small sparsetool recipe sculpt | bash
    SCALE=small sparsetool recipe sculpt --plan
    SCALE=paper sparsetool recipe sculpt --as slurm -o sculpt.sh
    sparsetool recipe mine.sh --as make -o mine.mk
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from .. import jobs_as
from .. import options as o
from ..jsonl import Row
from ..measure import Column, Report
from ..tables import table

if TYPE_CHECKING:
    from ...recipes.recording import Grammar

LIST = (Column("recipe"), Column("summary"))
PLAN = (Column("recipe"), Column("scale"), *jobs_as.COLUMNS)


def _offers() -> list[tuple[str, str]]:
    from ... import recipes

    return [(name, recipes.summary(name)) for name in recipes.names()]


def verb(
    name: Annotated[
        str | None,
        o.argument(
            "Recipe to print, or a script FILE.sh; without it, all are listed.", "[NAME]", _offers
        ),
    ] = None,
    plan: jobs_as.Plan = False,
    engine: jobs_as.Engine = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ... import recipes

    report = Report("recipe", (), output, force, json, quiet)
    jobs_as.check(plan, engine)
    if name is None:
        if plan or engine is not None:
            raise UsageError("no recipe named: 'sparsetool recipe' lists them")
        report.emit([{"recipe": n, "summary": recipes.summary(n)} for n in recipes.names()], LIST)
        return
    text = recipes.recipe(name)
    if plan:
        report.emit([_plan(name, report)], PLAN, _details)
    elif engine is not None:
        report.text(_jobs(name, engine))
    else:
        script, knobs = recipes.with_knobs(text, os.environ)
        if knobs:
            words = " ".join(f"{knob}={quote(value)}" for knob, value in knobs.items())
            report.say(f"the script has {words}")
        report.text(script)


def _jobs(name: str, engine: str) -> str:
    """A recipe's jobs in the words of an engine."""
    from ...recipes import recorded
    from ...recipes.jobs import jobs

    recording = recorded(name, os.environ, grammar := _grammar())
    found = jobs(recording.calls, grammar)
    given = {k: v for k, v in recording.knobs.items() if k in os.environ and k != "JOBS"}
    scale = {"SCALE": recording.knobs["SCALE"]} if "SCALE" in recording.knobs else {}
    words = [*(f"{k}={quote(v)}" for k, v in {**scale, **given}.items()), "sparsetool recipe"]
    return jobs_as.text(engine, f"{' '.join(words)} {name}", found)


def _grammar() -> Grammar:
    from ..syntax import grammar

    return grammar()


def _plan(name: str, report: Report) -> Row:
    from ...recipes import planning, recorded

    grammar = _grammar()
    calls = recorded(name, os.environ, grammar).calls
    knobs = recorded(name, os.environ, grammar, only_knobs=True).knobs
    outside = {key: value for key, value in os.environ.items() if key not in knobs}
    jobs = planning.at_once(knobs)
    row = {
        "recipe": name,
        "scale": knobs.get("SCALE", ""),
        **jobs_as.planned(calls, jobs, report.say),
        "knobs": {key: value for key, value in knobs.items() if key not in planning.SCALES},
    }
    if "SCALE" not in knobs:  # a script of the user's own has no other size
        return row
    paper = recorded(name, {**outside, "SCALE": "paper"}, grammar)
    shown = {key: value for key, value in paper.knobs.items() if key not in planning.SCALES}
    return {**row, "paper": {**planning.counts(paper.calls), "knobs": shown}}


def _details(row: Row) -> Iterable[Any]:
    """How long it takes, and what differs from the paper's size."""
    from ...recipes.planning import about

    yield f"{about(row['seconds'])} on this machine's {row['device']}, {row['jobs']} at once"
    if "paper" not in row:
        return
    paper = row["paper"]
    beside: list[Row] = [
        {"what": column.heading, "here": column.cell(row), "paper": column.cell(paper)}
        for column in PLAN[2:]
    ]
    beside += [
        {"what": knob, "here": value, "paper": paper["knobs"].get(knob, "")}
        for knob, value in row["knobs"].items()
    ]
    differing = [line for line in beside if line["here"] != line["paper"]]
    if differing:
        yield "where it differs from the paper's size:"
        columns = (Column("what", " "), Column("here", row["scale"]), Column("paper"))
        yield table(differing, columns)

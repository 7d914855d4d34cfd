"""Run one pipeline of verbs for every combination of lists of values, and measure what comes out.

LINE is a pipeline as typed in a shell, with {NAME} where a value of --NAME goes and without -o;
'init' and the others need no 'sparsetool' before them. A list is VALUE,VALUE or, of whole numbers,
FIRST-LAST. Each result is DIR/NAME-VALUE_... .st, its figures (eval on the test split, labelled
with the values) are in the .jsonl of that name; {} in LINE is that name without an ending. A line
that ends with a measuring verb gives those figures alone. Your own network and data, where LINE
names them, are named for eval too ('sparsetool guide experiments').

    sparsetool sweep --seed 0-2 --s .8,.9 'mask --snip --erk {s} --seed {seed} a.st | train-cycles'
    sparsetool sweep --lr 0.05,0.1 'train-cycles --val 0.1 --lr {lr} a.st | eval --split val' --plan

What several pipelines have in common is made once. The same line again carries on where the first
was stopped. --as writes the jobs for another program instead, such as one for many machines.
"""

from __future__ import annotations

import os
import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ...errors import SparsetoolError, UsageError
from .. import jobs_as, main
from .. import options as o
from ..jsonl import Row, read
from ..measure import Column, Report

if TYPE_CHECKING:
    from ...plugins.engines import Job
    from ...recipes.local import Outcome
    from ...recipes.recording import Grammar
    from ...recipes.sweep import Case

CONTEXT = {"ignore_unknown_options": True}  # lists have any name
FORMS = {"accuracy": ".2%", "sparsity": ".4g"}
PLAN = (*jobs_as.COLUMNS, Column("seconds", "seconds here", ",.0f"))
APART = {"digest", "digests", "measure", "labels", "options"}
MAIN = {"file", "split", "loss", "accuracy"}  # figures for which there must be room


def verb(
    words: Annotated[
        list[str], o.argument("Lists of values, and the pipeline.", "[--NAME LIST ...] LINE")
    ],
    out_dir: Annotated[
        str, o.option("--out-dir", metavar="DIR", help="Folder of all results.")
    ] = "sweep",
    jobs: Annotated[
        int | None, o.option("--jobs", metavar="N", help="Jobs at once; default: 1 on each GPU.")
    ] = None,
    gpus: Annotated[
        str | None,
        o.option("--gpus", metavar="LIST", help="GPUs that the jobs share out: 0,1,..."),
    ] = None,
    plan: jobs_as.Plan = False,
    engine: jobs_as.Engine = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    report = Report("sweep", (), output, force, json, quiet)
    o.positive(jobs, "--jobs")
    jobs_as.check(plan, engine)
    from ...recipes import recording
    from ...recipes.jobs import jobs as jobs_of
    from ...recipes.sweep import script
    from ..syntax import grammar

    syntax = grammar()
    cases = _cases(words, out_dir, syntax)
    calls = recording.record("sweep", script(cases), os.environ, syntax).calls
    if plan:
        report.emit([jobs_as.planned(calls, jobs or 1, report.say)], PLAN)
        return
    found = jobs_of(calls, syntax)
    if engine is not None:
        line = shlex.join(["sparsetool", "sweep", *words])
        report.text(jobs_as.text(engine, line, found))
        return
    report.target()
    names = gpus.split(",") if gpus else [None]
    _run(found, [names[k % len(names)] for k in range(jobs or len(names))], out_dir, report)
    rows = read([case.lines for case in cases], "sparsetool sweep")
    report.emit(rows, _columns(rows))
    for line in over_seeds(rows):
        report.say(line)


def _cases(words: Sequence[str], folder: str, syntax: Grammar) -> list[Case]:
    """The pipelines; every verb's words are looked at before any work."""
    from ...recipes.sweep import cases, values

    lists: dict[str, list[str]] = {}
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word.startswith("--"):
            name, equals, text = word[2:].partition("=")
            text = text if equals else next(left, "")
            if not text:
                raise UsageError(f"--{name} wants a list of values: --{name} VALUE,VALUE")
            lists[name] = values(text)
        else:
            rest.append(word)
    if len(rest) != 1:
        raise UsageError(
            f"one pipeline in quotes was wanted, beside lists such as --seed 0,1: found {len(rest)}"
        )
    found = cases(rest[0], lists, folder.rstrip("/") or "/", syntax)
    for case in found:
        for stage in case.stages:
            main.load_verb(stage[0], stage[1:]).make_context(stage[0], [*stage[1:]])
    return found


def _run(jobs: Sequence[Job], places: Sequence[str | None], folder: str, report: Report) -> None:
    """Run the jobs and say how far they are.

    Raises:
        SparsetoolError: Some failed.
    """
    from ...recipes import local

    def ended(job: Job, outcome: Outcome) -> None:
        count = len(outcome.done) + len(outcome.failed)
        failed = any(job is each for each, _ in outcome.failed)
        words = f"failed: {outcome.failed[-1][1]}" if failed else job.outputs[0]
        report.say(f"{count}/{len(jobs)} {words}")

    outcome = local.run(jobs, places, Path(folder, "logs"), ended)
    if outcome.failed:
        job, said = outcome.failed[0]
        skipped = f", {len(outcome.skipped)} that need them not begun" * bool(outcome.skipped)
        raise SparsetoolError(
            f"{len(outcome.failed)} of {len(jobs)} jobs failed{skipped}; the first, "
            f"{job.outputs[0]}: {said}; the same line again carries on"
        )


def _columns(rows: Sequence[Row]) -> list[Column]:
    """A column for each plain figure that the lines have."""
    keys = dict.fromkeys(key for row in rows for key in row if key not in APART)
    plain = [key for key in keys if all(not isinstance(row.get(key), list | dict) for row in rows)]
    numbers = [key for key in plain if any(isinstance(row.get(key), float) for row in rows)]
    return [
        Column(
            key,
            key,
            FORMS.get(key, ".4g" if key in numbers else ""),
            spare=0 if key in MAIN else 1 + place,
        )
        for place, key in enumerate(plain)
    ]


def over_seeds(rows: Sequence[Row]) -> Iterator[str]:
    """The mean accuracy over seeds, and its interval, at every other value."""
    from ...analysis.statistics import mean_interval

    groups: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        labels = row.get("labels", {})
        if "seed" in labels and isinstance(row.get("accuracy"), float):
            rest = ", ".join(f"{k} {v}" for k, v in labels.items() if k != "seed")
            groups[rest].append(row["accuracy"])
    for rest, found in groups.items():
        if len(found) > 1:
            mean, half = mean_interval(found)
            about = f"{mean:.2%} +- {half:.2%} (95%, t, {len(found)} seeds)"
            yield f"{rest}: accuracy {about}" if rest else f"accuracy {about}"

"""List ready experiments, print one as a shell script, or say how much work it is.

A recipe is a plain bash script that chains verbs; its knobs are variables at its top, which may be
set from outside. SCALE is smoke, demo (the default), small or paper.

    sparsetool recipe
    sparsetool recipe sculpt | bash
    SCALE=small sparsetool recipe sculpt --plan
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Annotated

from .. import options as o
from ..errors import UsageError
from ..report import Column, Report

LIST = (Column("recipe"), Column("summary"))
PLAN = (
    Column("recipe"),
    Column("scale"),
    Column("trainings", "trainings", ","),
    Column("cycles", "cycles", ","),
    Column("epochs", "epochs", ","),
    Column("calls", "calls of verbs", ","),
)


def _offers() -> list[tuple[str, str]]:
    from .. import recipes

    return [(name, recipes.summary(name)) for name in recipes.names()]


def verb(
    name: Annotated[
        str | None, o.argument("Recipe to print; without it, all are listed.", "[NAME]", _offers)
    ] = None,
    plan: Annotated[
        bool, o.option("--plan", help="Say how many trainings and epochs it is; run nothing.")
    ] = False,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from .. import recipes

    report = Report("recipe", (), output, force, json, quiet)
    if name is None:
        if plan:
            raise UsageError("plan which recipe? 'sparsetool recipe' lists them")
        report.emit([{"recipe": n, "summary": recipes.summary(n)} for n in recipes.names()], LIST)
        return
    if not plan:
        report.text(recipes.text(name))
        return
    calls = recipes.calls(name, os.environ)
    trainings = recipes.trainings(calls)
    row = {
        "recipe": name,
        "scale": os.environ.get("SCALE", "demo"),
        "trainings": len(trainings),
        "cycles": sum(training.cycles for training in trainings),
        "epochs": sum(training.epochs for training in trainings),
        "calls": len(calls),
        "verbs": dict(sorted(Counter(words[0] for words in calls).items())),
    }
    report.emit([row], PLAN)

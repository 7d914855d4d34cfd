"""What an experiment costs, and its jobs in the words of an engine: for recipes and sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from ..errors import UsageError
from . import options as o
from .measure import Column

if TYPE_CHECKING:
    from ..plugins.engines import Job
    from ..recipes.recording import Call

Plan = Annotated[
    bool, o.option("--plan", help="Say how much work it is and how long it takes here.")
]
Engine = Annotated[
    str | None,
    o.option(
        "--as",
        metavar="ENGINE",
        help="As jobs for snakemake, make or slurm.",
        values=o.members_of("engines"),
    ),
]
COLUMNS = (
    Column("trainings", "trainings", ","),
    Column("cycles", "cycles", ","),
    Column("epochs", "epochs", ","),
    Column("train_flops", "training FLOPs", ".3g"),
    Column("calls", "calls of verbs", ","),
)


def check(plan: bool, engine: str | None) -> None:
    """Refuse both at once, and an engine that is not there, before any work.

    Raises:
        UsageError: Both are given, or the engine is unknown.
    """
    if plan and engine is not None:
        raise UsageError("--plan and --as exclude each other: give one")
    if engine is not None:
        from ..plugins import engines

        engines.load(engine)


def planned(calls: Sequence[Call], jobs: int, say: Callable[[str], None]) -> dict[str, Any]:
    """How much work the calls are, and how long they take here, `jobs` at once."""
    from ..plugins.own_code import allow
    from ..recipes import planning
    from ..recipes.recording import named_code

    for call in calls:  # steps of these networks are timed
        for spec in named_code(call.verb, call.options, call.positions).values():
            allow(spec)
    time = planning.duration(calls, jobs, say)
    return {**planning.counts(calls), "seconds": time.seconds, "device": time.device, "jobs": jobs}


def text(engine: str, line: str, jobs: Sequence[Job]) -> str:
    """The file that an engine runs.

    Args:
        engine: Its name.
        line: What was typed, without `--as`.
        jobs: What it is to run.
    """
    from ..plugins import engines

    member = engines.load(engine)
    title = [
        f"Made by: {line} --as {engine}",
        f"{len(jobs)} jobs, each one verb on files. Run: {member.run}",
    ]
    return member.text("\n".join(title), jobs)

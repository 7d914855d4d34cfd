"""Prune a part of the survivors, rewind or not, train, again and again, to an exact sparsity.

Every level is a file in --out-dir, level-K.st, and so is what it started from, level-K.start.st. A
ticket that was never trained is trained first, to level-0.st. Stopped at any moment, the same
command carries on. All other options are those of train-cycles, for the training of each level:
with --keep DIR its cycles go to DIR/level-K, and --log FILE is level-K.FILE ({} in it is level-K).

    sparsetool levels --to 0.9 --out-dir lrr dense.st
    sparsetool levels --to 0.9 --rewind warm.st --out-dir wr dense.st
    sparsetool levels --to 0.9 --rate 0.5 --rewind init.st --epochs 10 --out-dir imp init.st
"""

from __future__ import annotations

import functools
import inspect
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..config import Config
from ..own_options import with_own_options
from . import train_cycles

# Options of `train-cycles` that mean nothing here, or another thing.
OTHERS = {
    *("files", "to", "save_epoch", "stop_after", "out_dir", "jobs", "track"),
    *("output", "from_epoch", "until_peak", "patience", "min_gain", "most_cycles", "show_config"),
}
OUTSIDE = ("data_root", "model", "eval_every", "no_store")  # of training, no settings
FURTHER = ("keep", "keep_every", "log")  # files of a level, beside its tickets


def _with_training(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options of `train-cycles`; those not its own come as `asked`."""
    mine = inspect.signature(verb, eval_str=True).parameters
    training: Any = train_cycles.verb
    theirs = inspect.signature(training.offered[0]).parameters
    more = [p for name, p in theirs.items() if name not in OTHERS and name not in mine]

    @functools.wraps(verb)
    def call(*args: Any, own: Mapping[str, Any], **given: Any) -> None:
        asked = {p.name: given.pop(p.name, p.default) for p in more if p.name != "own"}
        verb(*args, **given, asked={**asked, **own})

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [*(p for name, p in mine.items() if name != "asked"), *more]
    parameters = [p.replace(kind=kind) for p in parameters]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call


@with_own_options("schedules", "optimizers", "updates", "extras")
@_with_training
def verb(
    file: o.File = None,
    to: Annotated[
        str | None, o.option("--to", metavar="S", help="Sparsity of the last level, exactly.")
    ] = None,
    rate: Annotated[
        str, o.option("--rate", metavar="R", help="Part of the survivors that a level prunes.")
    ] = "0.2",
    levels: Annotated[
        int | None,
        o.option("--levels", metavar="K", help="How many; default: as --rate comes nearest."),
    ] = None,
    rewind: Annotated[
        str | None,
        o.option("--rewind", metavar="FILE", help="Survivors get this ticket's values each time."),
    ] = None,
    out_dir: Annotated[
        str | None, o.option("--out-dir", metavar="DIR", help="Where the levels go.")
    ] = None,
    final: Annotated[
        str | None,
        o.option("--final", metavar="FILE", help="Also write the last level's ticket there."),
    ] = None,
    n: Annotated[int, o.option("--n", metavar="N", help="Cycles at each level.")] = 1,
    time_limit: Annotated[
        str | None,
        o.option("--time-limit", metavar="TIME", help="Stop after 90s, 30m, 1:30:00; exit 75."),
    ] = None,
    config: Config = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
    *,
    asked: Mapping[str, Any],
) -> None:
    from ...training import levels as science
    from ..stop import seconds
    from ..transform import VerbCall

    o.positive(n, "--n")
    o.positive(levels, "--levels")
    if to is None or out_dir is None:
        raise UsageError("levels wants --to S, where to end, and --out-dir DIR for its files")
    if "RANK" in os.environ:
        raise UsageError("levels trains in one process: on several ranks, train-cycles by level")
    further = {name: asked[name] for name in FURTHER}
    asked = {name: value for name, value in asked.items() if name not in FURTHER}
    o.positive(further["keep_every"], "--keep-every")
    train_cycles.check_tickets(further["keep"], further["keep_every"], peak=False, counted=True)
    limit = seconds(time_limit)
    end = None if limit is None else time.monotonic() + limit
    main = VerbCall(
        "levels", file, others=o.given(rewind=rewind), model=asked["model"], quiet=quiet
    )
    ticket = main.read()
    wanted = science.steps(ticket, rate, to, levels)
    origin = main.inputs.get("rewind")
    first = science.pruned(ticket, wanted[0], origin) if science.trained(ticket) else ticket
    science.check(first, {k: v for k, v in asked.items() if k not in OUTSIDE}, asked["data_root"])
    folder = Path(out_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SparsetoolError(f"cannot make the folder {out_dir}: {error.strerror}") from None
    level = _Level(folder, n, end, asked, further, force, quiet)
    if not science.trained(ticket):
        ticket = level.train(0, level.keep(0, ticket))
    for number, step in enumerate(wanted, 1):
        small = science.pruned(ticket, step, origin)
        ticket = level.train(number, level.keep(number, small))
    if final is not None:
        level.put(final, ticket)


class _Level:
    """How levels are trained, each from a file to a file."""

    def __init__(
        self,
        folder: Path,
        n: int,
        end: float | None,
        asked: Mapping[str, Any],
        further: Mapping[str, Any],
        force: bool,
        quiet: bool,
    ) -> None:
        self.folder, self.n, self.end = folder, n, end
        self.asked, self.further, self.force, self.quiet = asked, further, force, quiet

    def keep(self, number: int, ticket: Any) -> str:
        """Write what a level trains, unless it is there."""
        path = str(self.folder / f"level-{number}.start.st")
        self.put(path, ticket)
        return path

    def put(self, path: str, ticket: Any) -> None:
        """Write a ticket, unless it is there."""
        from ..targets import Target
        from ..transform import VerbCall

        job = VerbCall("levels", output=path, force=self.force, quiet=self.quiet)
        target = Target(Path(path))
        if not job.present(target, lambda old: old.digest == ticket.digest):
            job.write(target, ticket)

    def train(self, number: int, path: str) -> Any:
        """Train a level, or find it trained."""
        from ...ticket.value import Ticket
        from ..train.request import Session
        from ..transform import VerbCall

        made = str(self.folder / f"level-{number}.st")
        rest, more = dict(self.asked), self.further
        keep, _, log = train_cycles.further_files(made, more["keep"], {}, more["log"])
        session = Session(
            job=VerbCall("levels", path, made, self.force, self.quiet),
            n=self.n,
            keep=keep,
            keep_every=more["keep_every"],
            log=log,
            data_root=rest.pop("data_root"),
            model=rest.pop("model"),
            eval_every=rest.pop("eval_every"),
            limit=None if self.end is None else max(0.001, self.end - time.monotonic()),
            stored=not rest.pop("no_store"),
        )
        session.run({key: value for key, value in rest.items() if value is not None})
        return Ticket.load(made)

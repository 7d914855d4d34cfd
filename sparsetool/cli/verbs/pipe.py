"""Run a pipeline of verbs in one process, as the shell would, with torch imported once.

LINE is verbs with ! between them, with or without 'sparsetool' before each, in quotes or not. Every
verb reads, keeps and says what it would in a shell's pipeline; only the last one may have an -o.
Where one fails, its exit code is the pipeline's, and those behind it are not begun.

    sparsetool pipe 'init resnet20 ! mask --random --balanced 0.5 ! train-cycles --n 4 -o a.st'
    sparsetool pipe 'prune --rate 0.2 a.st ! train-cycles ! eval'
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Annotated, Any

import typer

from ...errors import UsageError, nearest
from ...plugins import find
from ...plugins.own_code import within_call
from .. import main, standard_output
from .. import options as o
from ..hints import for_option
from ..parsing import click
from ..syntax import makes_tickets

CONTEXT = {"ignore_unknown_options": True, "allow_interspersed_args": False}
BETWEEN = {"!", "|"}
FAILURES = (1, 2, 70)  # others are no failures: somebody stopped it


def verb(
    words: Annotated[list[str], o.argument("Verbs with their options, ! between them.", "LINE")],
) -> None:
    if "RANK" in os.environ:
        raise UsageError(
            "pipe is one process: on several ranks, give torchrun 'train-cycles' alone"
        )
    stages = _stages(words)
    for number, stage in enumerate(stages, 1):
        _check(stage, f"stage {number} of {len(stages)}", number == len(stages))
    read: IO[bytes] | None = None
    for number, stage in enumerate(stages, 1):
        last = number == len(stages)
        with contextlib.ExitStack() as held:
            made = None if last else tempfile.TemporaryFile()  # noqa: SIM115 - `_reading` closes it
            held.enter_context(_reading(read))
            if made is not None:
                held.enter_context(standard_output.sent_to(made.fileno()))
            code = within_call(main.run)(list(stage))
        if code:
            if code in FAILURES:
                behind = "" if last else "; those behind it were not begun"
                main.complain("pipe", f"stage {number} of {len(stages)} failed: {stage[0]}{behind}")
            raise typer.Exit(code)
        read = made


def _stages(words: Sequence[str]) -> list[list[str]]:
    """The words of each verb."""
    try:
        if len(words[0].split()) > 1:  # in quotes, a line that goes on keeps its backslash
            words = [*shlex.split(words[0].replace("\\\n", " ")), *words[1:]]
    except ValueError as error:
        raise UsageError(f"this is no line of words: {error}") from None
    found: list[list[str]] = [[]]
    for word in words:
        if word in BETWEEN:
            found.append([])
        elif found[-1] or word != main.PROGRAM:
            found[-1].append(word)
    if not all(found):
        raise UsageError("a stage is empty: give verbs with one ! between two of them")
    return found


def _check(stage: Sequence[str], name: str, last: bool) -> None:
    """Refuse what is no call of a verb, or no part of a pipeline, before any work."""
    verb, rest = stage[0], list(stage[1:])
    known = find.members("verbs")
    if verb not in known:
        raise UsageError(f"{name}: unknown verb '{verb}': {nearest(verb, known)}")
    if not last and not makes_tickets(verb):
        raise UsageError(f"{name}: {verb} makes no ticket, so it can only be the last")
    try:
        context: Any = main.load_verb(verb, rest).make_context(verb, rest)
    except click.exceptions.ClickException as error:
        raise UsageError(f"{name}, {verb}: {for_option(error)}") from None
    if not last and context.params.get("output") not in (None, "-"):
        raise UsageError(f"{name}: {verb} writes to -o, so nothing flows on: only the last may")


@contextlib.contextmanager
def _reading(made: IO[bytes] | None) -> Iterator[None]:
    """While it lasts, standard input is what the stage before made."""
    if made is None:
        yield
        return
    before: Any = sys.stdin
    with made:
        made.seek(0)
        sys.stdin = made
        try:
            yield
        finally:
            sys.stdin = before

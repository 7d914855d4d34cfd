"""Engines: programs that run jobs on many machines, each from a file of its own kind.

A member states how a person starts it and defines one function of one signature:

    RUN = "make -j 4 -f FILE"

    def text(title, jobs) -> str
        '''The file: comments that begin with `title`, and the jobs.'''

The jobs are verbs on files, in an order in which they can run.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from ..errors import SparsetoolError
from . import members

PLAIN = re.compile(r"[\w./+,@-]+")


@dataclass(frozen=True)
class Job:
    """One verb on files.

    Attributes:
        words: The verb and its words; every result goes to a file.
        inputs: Files of other jobs that it reads.
        outputs: Files it writes.
        depth: Jobs on the longest way to it, itself included.
    """

    words: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    depth: int

    @property
    def line(self) -> str:
        """The command, as typed in a shell."""
        return shlex.join(["sparsetool", *self.words])


def folders(jobs: Iterable[Job]) -> list[str]:
    """Folders that the jobs write to."""
    found = {str(PurePosixPath(file).parent) for job in jobs for file in job.outputs}
    return sorted(found - {".", "/"})


def final(jobs: Sequence[Job]) -> list[str]:
    """Files that no job reads."""
    read = {file for job in jobs for file in job.inputs}
    return [file for job in jobs for file in job.outputs if file not in read]


def check_names(jobs: Iterable[Job], engine: str) -> None:
    """Refuse names of files that mean something else in an engine's file.

    Raises:
        SparsetoolError: A name holds a blank, a colon, a brace or the like.
    """
    for job in jobs:
        for file in (*job.inputs, *job.outputs):
            if not PLAIN.fullmatch(file):
                raise SparsetoolError(
                    f"{engine} cannot name the file '{file}': set OUT and the like to letters, "
                    "digits and ./+,@-_ alone"
                )


class Text(Protocol):
    """The file of an engine: comments that begin with `title`, and the jobs."""

    def __call__(self, title: str, jobs: Sequence[Job], /) -> str: ...


@dataclass(frozen=True)
class Engine:
    """An engine, wherever it comes from.

    Attributes:
        name: Its name.
        text: Writes its file.
        run: How a person starts that file.
    """

    name: str
    text: Text
    run: str


def load(spec: members.Spec) -> Engine:
    """The engine that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such engine.
        SparsetoolError: It cannot be imported, or does not take what an engine is given.
    """
    held = members.found("engines", spec)
    text = held.function("text")
    if text is None:
        raise members.lacking(held, "text")
    return Engine(held.name, text, str(held.constants.get("RUN", "")))

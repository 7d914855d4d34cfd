"""A recipe as jobs: each is one verb that reads files and writes files.

What went through a pipe becomes a file of its own, named after the file at the pipe's end:
`mask ... init.st | train-cycles -o x.st` is a job that writes `x.mask.st` and one that reads it. A
call made twice is one job; one that only shows something is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath

from ..errors import SparsetoolError
from ..plugins.engines import Job
from .recording import Call, Grammar


def jobs(calls: Sequence[Call], grammar: Grammar) -> list[Job]:
    """The jobs, each after those whose files it reads.

    Args:
        calls: A recipe's calls, in order.
        grammar: What the words after each verb are.

    Raises:
        SparsetoolError: A call reads standard input from something that is no call, or two write
            one file.
    """
    distinct = once(calls)
    piped = _piped(distinct, grammar)
    made: dict[str, Job] = {}
    found = []
    for place, call in distinct.items():
        result = piped.get(place)
        if not call.outputs and result is None:
            continue
        sources = [piped[parent] for parent in call.parents]
        inputs = tuple(dict.fromkeys(f for f in (*sources, *call.inputs) if f in made))
        outputs = tuple(dict.fromkeys([*([result] if result else []), *call.outputs]))
        depth = 1 + max((made[file].depth for file in inputs), default=0)
        job = Job(_on_files(call, sources, result, grammar), inputs, outputs, depth)
        for file in outputs:
            if file in made:
                raise SparsetoolError(f"two jobs write {file}: {made[file].line}; {job.line}")
            made[file] = job
        found.append(job)
    return found


def once(calls: Sequence[Call]) -> dict[int, Call]:
    """Calls by place, without repeats; their parents are such places.

    A repeat has the words of an earlier call and reads through its pipe what that one read.
    """
    first: dict[tuple[tuple[str, ...], tuple[int, ...]], int] = {}
    same: dict[int, int] = {-1: -1}
    found: dict[int, Call] = {}
    for place, call in enumerate(calls):
        parents = tuple(same[parent] for parent in call.parents)
        same[place] = first.setdefault((call.words, parents), place)
        if same[place] == place:
            found[place] = replace(call, parents=parents)
    return found


def _piped(calls: Mapping[int, Call], grammar: Grammar) -> dict[int, str]:
    """A file for every result that goes through a pipe and ends in a file.

    Args:
        calls: Calls by place, without repeats.
        grammar: What the words after each verb are.
    """
    ends = {place: call.outputs[0] for place, call in calls.items() if call.outputs}
    read = set()
    for place in reversed(list(calls)):  # so the first to read a result names it
        if place in ends:
            read |= set(calls[place].parents)
            ends |= {p: ends[place] for p in calls[place].parents if not _outputs(calls, p)}
    if -1 in read:
        lost = next(call for place, call in calls.items() if place in ends and -1 in call.parents)
        line = Job(lost.words, (), (), 0).line
        raise SparsetoolError(
            f"'{line}' reads standard input that no verb wrote: "
            "give it a FILE, or a verb before the pipe"
        )
    taken = {file for call in calls.values() for file in call.outputs}
    files: dict[int, str] = {}
    for place in sorted(read):
        verb = calls[place].verb
        stem = f"{PurePosixPath(ends[place]).with_suffix('')}.{verb}"
        suffix = ".jsonl" if grammar[verb].rows else ".st"
        names = (f"{stem}{number or ''}{suffix}" for number in count())
        files[place] = next(name for name in names if name not in taken)
        taken.add(files[place])
    return files


def _outputs(calls: Mapping[int, Call], place: int) -> tuple[str, ...]:
    return calls[place].outputs if place in calls else ()


def _on_files(
    call: Call, sources: Sequence[str], result: str | None, grammar: Grammar
) -> tuple[str, ...]:
    """A call's words with files in the place of pipes.

    Args:
        call: The call.
        sources: What it reads instead of standard input.
        result: What it writes instead of standard output, or None.
        grammar: What the words after each verb are.
    """
    options = grammar[call.verb].options
    words: list[str] = []
    for word in call.words:
        kind = options[words[-1]][1] if words and words[-1] in options else ""
        if word != "-":
            words.append(word)
        elif kind in ("result", "written"):
            del words[-1]  # to standard output
        else:
            words += sources
            sources = ()
    return (*words, *sources, *(["-o", result] if result else []))

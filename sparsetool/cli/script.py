"""The shell lines that made a ticket, from its lineage.

A lineage is a graph of steps. Steps that follow one another become one pipeline; a ticket that is
used twice, or as a second input (`--to`, `--from`), becomes a file of its own.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import SparsetoolError
from ..masks.request import COMPUTING
from ..plugins import find
from ..plugins.own_code import MARK, PYTHON, is_code
from ..ticket.json_text import shown
from ..ticket.lineage import Record
from ..ticket.value import Ticket, history
from .spelling import OWN, results_only, spelled, usual

MAIN = "ticket"  # the role of the input that flows through the pipe
OUTSIDE = "file"  # the role of an input that no verb made
MANY = {"average"}  # verbs that take several FILEs, the first of which may be piped
PIPED = "-"
HEAD = "set -eo pipefail"


def script(wanted: Sequence[tuple[str, Ticket]]) -> str:
    """Shell lines that make these tickets again, byte for byte but for versions and figures.

    Shared stages are made once. Every line ends in `-o`, so the script can be run again after a
    crash, and does nothing once it is done.

    Args:
        wanted: For each ticket the file name its last stage gets, and the ticket.

    Raises:
        SparsetoolError: A lineage is empty, lacks a step that another one names, or has one that
            the shell has no words for.
    """
    for name, made in wanted:
        if not made.lineage:
            raise SparsetoolError(f"{name} has no lineage: nothing is known of how it was made")
    tickets = [made for _, made in wanted]
    steps, beside = {}, dict[str, None]()
    for found in history(*tickets):
        steps[found["digest"]], others = results_only(found)
        beside |= dict.fromkeys(others)
    for record in steps.values():
        for option, value in record["options"].items():
            if isinstance(value, str) and value.startswith(PYTHON):
                raise SparsetoolError(
                    f"{option} {value.removeprefix(PYTHON)} was a function given in Python: the "
                    "shell has no line for it, put it into a file and give FILE.py:FUNCTION"
                )
        density = record["options"].get("density", "global")
        if "rate" in record["options"] and density != "global":
            raise SparsetoolError(
                f"a prune by rate with {density} shares was made in Python: the shell has no line "
                "for it, give its sparsity instead"
            )
    files = _files(steps, wanted)
    births = _births(steps.values())
    lines = [_pipeline(steps, files, births, digest) for digest in steps if digest in files]
    names = ", ".join(map(shown, beside))
    told = [f"# left out, as they change no weights: {names}"] if beside else []
    return "\n".join([HEAD, *told, *_needed(steps.values()), *lines, ""])


def _needed(records: Iterable[Record]) -> Iterable[str]:
    """Lines that look for what came from outside."""
    for digest in dict.fromkeys(r["inputs"][OUTSIDE] for r in records if OUTSIDE in r["inputs"]):
        yield f"test -e {_outside(digest)} # from outside: the file with SHA-256 {digest}"


def _outside(digest: str) -> str:
    return f"outside-{digest[:8]}"


def _step(steps: Mapping[str, Record], digest: str) -> Record:
    if digest not in steps:
        raise SparsetoolError(f"the lineage lacks the step that made {digest[:12]}")
    return steps[digest]


def _main_line(steps: Mapping[str, Record], digest: str) -> list[str]:
    """Digests from birth to `digest`, along the input that flows through the pipe."""
    line = [digest]
    while (parent := _step(steps, line[0])["inputs"].get(MAIN)) is not None:
        line.insert(0, parent)
    return line


def _files(steps: Mapping[str, Record], wanted: Sequence[tuple[str, Ticket]]) -> dict[str, str]:
    """Names of the files the script writes, by digest: what is wanted, shared or a second input."""
    names = Counter(name for name, _ in wanted)
    files: dict[str, str] = {}
    for name, made in wanted:
        if names[name] == 1:
            files.setdefault(made.digest, name)
    uses = Counter(digest for record in steps.values() for digest in record["inputs"].values())
    second = {
        digest
        for record in steps.values()
        for role, digest in record["inputs"].items()
        if role not in (MAIN, OUTSIDE)
    }
    for digest in second:
        _step(steps, digest)
    own = {digest for digest, record in steps.items() if record["verb"] == OWN}
    second |= own | {steps[digest]["inputs"][MAIN] for digest in own}
    for digest in steps:
        if digest in second or uses[digest] > 1:
            files.setdefault(digest, f"{steps[digest]['verb']}-{digest[:8]}.st")
    for _, made in wanted:
        files.setdefault(made.digest, f"{steps[made.digest]['verb']}-{made.digest[:8]}.st")
    return files


def _pipeline(
    steps: Mapping[str, Record], files: Mapping[str, str], births: Mapping[str, Record], last: str
) -> str:
    """The line that makes the file of `last`: from its birth, or from the nearest file above."""
    if steps[last]["verb"] == OWN:
        return _own(files[last], files[steps[last]["inputs"][MAIN]], last)
    line = _main_line(steps, last)
    within = _until_peaks([steps[digest] for digest in line])
    starts = [at for at, digest in enumerate(line[:-1]) if digest in files and at not in within]
    source = files[line[starts[-1]]] if starts else None
    stages: list[tuple[Record, list[str]]] = []
    for digest in line[starts[-1] + 1 :] if starts else line:
        record = steps[digest]
        birth = births[digest]
        typed = [*words(record, int(birth["seed"])), *_code(record, birth)]
        if record["verb"] in MANY:
            typed.append(PIPED)
        for role, made in sorted(record["inputs"].items()):
            if role == OUTSIDE:
                typed.append(_outside(made))
            elif record["verb"] in MANY and role != MAIN:
                typed.append(files[made])
            elif role != MAIN:
                typed += [f"--{role}", files[made]]
        stages.append((record, typed))
    commands = _joined(stages)
    if source is not None and PIPED in commands[0]:
        commands[0][commands[0].index(PIPED)] = source
    elif source is not None:
        commands[0].append(source)
    commands[-1] += ["-o", files[last]]
    return " \\\n  | ".join(shlex.join(["sparsetool", *command]) for command in commands)


def _own(name: str, start: str, digest: str) -> str:
    """Lines for a step that no verb makes."""
    file = shlex.quote(name)
    return (
        f"# own-training: {file} is {shlex.quote(start)} after somebody's own loop in Python,\n"
        f"# which no verb repeats; its digest is {digest}\n"
        f"test -e {file}"
    )


def _joined(stages: Sequence[tuple[Record, list[str]]]) -> list[list[str]]:
    """Stages as commands; equal neighbours among `train-cycles` become one with `--n`."""
    commands: list[list[str]] = []
    for equal in _runs(stages):
        record, typed = equal[-1]
        command = list(typed)
        if len(equal) > 1:
            command += ["--n", str(len(equal))]
        if _cut_short(record):
            epochs = sum(int(cycle["achieved"]["epochs"]) for cycle, _ in equal)
            command += ["--stop-after", str(epochs)]
        commands.append(command)
    return commands


def _runs(
    stages: Sequence[tuple[Record, list[str]]],
) -> list[list[tuple[Record, list[str]]]]:
    """Stages in groups that one command makes; nothing follows a cycle that was cut short."""
    runs: list[list[tuple[Record, list[str]]]] = []
    for record, typed in stages:
        if record["options"].get("until_peak"):
            runs = _without(runs, int(record["achieved"]["peak_cycle"]) - 1)
            runs.append([(record, typed)])
            continue
        before, same = runs[-1][-1] if runs else (None, None)
        if before and before["options"].get("until_peak"):
            runs.append([(record, typed)])
        elif before and same == typed and typed[0] == "train-cycles" and not _cut_short(before):
            runs[-1].append((record, typed))
        else:
            runs.append([(record, typed)])
    return runs


def _without(runs: list[list[Any]], count: int) -> list[list[Any]]:
    """Groups without the last `count` stages, the cycles that one peak stands for."""
    left = [group[:] for group in runs]
    while count and left:
        left[-1].pop()
        count -= 1
        if not left[-1]:
            left.pop()
    return left


def _until_peaks(line: Sequence[Record]) -> set[int]:
    """Places in a line of cycles that a later one, a peak, stands for."""
    peaks = [at for at, record in enumerate(line) if record["options"].get("until_peak")]
    return {at - back for at in peaks for back in range(1, int(line[at]["achieved"]["peak_cycle"]))}


def _cut_short(record: Record) -> bool:
    """Whether a record is of a cycle that was stopped, or saved, before its last epoch."""
    if record["verb"] != "train-cycles":
        return False
    options = record["options"]
    whole = int(options["epochs"]) - int(options.get("from_epoch", 0))
    return int(record["achieved"]["epochs"]) < whole


def birth_seeds(records: Iterable[Record]) -> dict[str, int]:
    """The seed each step's ticket was born with, by the step's digest; parents come first."""
    return {digest: int(birth["seed"]) for digest, birth in _births(records).items()}


def _births(records: Iterable[Record]) -> dict[str, Record]:
    """The record of each step's ticket's birth, by the step's digest; parents come first."""
    births: dict[str, Record] = {}
    for record in records:
        births[record["digest"]] = births.get(record["inputs"].get(MAIN, ""), record)
    return births


def _code(record: Record, birth: Record) -> list[str]:
    """The `--model` that a step needs where the network is the user's own code."""
    model = birth["options"].get("model")
    if record is birth or not is_code(model):
        return []
    criterion = record["options"].get("criterion", "random")
    # What a criterion in a file needs stands there, and the file may be gone: --model does no harm.
    there = criterion in find.members("criteria")
    computes = not there or find.constant("criteria", criterion, "NEEDS") in COMPUTING
    runs = record["verb"] == "train-cycles" or record["options"].get("bn") == "recompute"
    if not runs and not computes:
        return []
    return ["--model", str(model).partition(MARK)[0]]


def words(record: Record, seed: int, data: str | None = None) -> list[str]:
    """A step as it was typed: verb and options, without its inputs and `--n`.

    Args:
        record: The record of the step.
        seed: The seed of the ticket's birth, which later steps need not name again.
        data: For a reader: leave out this data set and the training settings it brings along. A
            script keeps them: another version may have other defaults.
    """
    options: dict[str, Any] = dict(record["options"])
    typed = [record["verb"]]
    if record["verb"] == "init" and "model" in options:
        typed.append(str(options.pop("model")))
    if data is not None and record["verb"] == "train-cycles":
        brought = {"schedule": "step-warmup", "data": data, **usual(str(options["data"]))}
        options = {key: value for key, value in options.items() if brought.get(key) != value}
    typed += spelled(options)
    if MAIN not in record["inputs"] or record["seed"] != seed:
        typed += ["--seed", str(record["seed"])]
    return typed

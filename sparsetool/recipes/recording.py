"""The calls that a script would make, recorded without running them.

The script itself is run, with a shell function in the program's place; so loops, conditions and
knobs count as they are. The function notes the words of each call, makes the files the call would
have made (empty), and passes a token through pipes instead of a ticket, so that it is known whose
result each call reads. It starts no process, for a recipe of the paper's size has thousands.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import SparsetoolError

KNOB = re.compile(r"\b([A-Z][A-Z0-9_]*)(?::=|=\$\{\1:-)")
# Where the user's OUT stands in a recorded run: a folder in the scratch folder, unlike any word.
OUT = "SPARSETOOL-RECORDED-OUT"
WORD, FIELD, LINE = "\x1f", "\x1e", "\x1d"
UNKNOWN = "?"  # what came through a pipe was no token
RECORDER = Path(__file__).with_name("recorder.bash")


@dataclass(frozen=True)
class Syntax:
    """What the words after a verb are.

    Attributes:
        options: Name (without dashes) and kind of each option, by every spelling. Kinds are
            `flag`; `value`; `read`, a file it reads; `result`, the file its result goes to;
            `written`, another file it writes; `marked`, such a file after a colon; `kept`, a
            folder for a ticket per cycle; `named`, one for results under their FILEs' names.
        reads: Position (from 1) at which files to read begin; 0 where the verb reads none.
        rows: Whether its result is lines of a measure and no ticket.
    """

    options: Mapping[str, tuple[str, str]]
    reads: int
    rows: bool


Grammar = Mapping[str, Syntax]


@dataclass(frozen=True)
class Call:
    """One call of the program.

    Attributes:
        words: As they were given, the verb first.
        options: Values by option's longest name without dashes; a flag's is empty.
        positions: The other words.
        inputs: Files it reads, in the order of the words; without standard input.
        outputs: Files it makes.
        parents: Calls (by place in the list) whose results it reads from standard input; -1 is
            something that came from no call.
        piped: Whether its result goes to standard output.
    """

    words: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    positions: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parents: tuple[int, ...]
    piped: bool

    @property
    def verb(self) -> str:
        """The verb."""
        return self.words[0]

    def value(self, option: str) -> str | None:
        """The last value given to an option, by its name without dashes."""
        given = self.options.get(option)
        return given[-1] if given else None


@dataclass(frozen=True)
class Recording:
    """What a script would do: its calls in order, its knobs as it set them, and what it prints."""

    calls: Sequence[Call]
    knobs: Mapping[str, str]
    said: str


def record(
    name: str,
    text: str,
    environment: Mapping[str, str],
    grammar: Grammar,
    *,
    only_knobs: bool = False,
) -> Recording:
    """Run a script with the recorder in the program's place.

    Args:
        name: What messages call it.
        text: The script.
        environment: Variables to run it with: its knobs.
        grammar: What the words after each verb are.
        only_knobs: Stop at the first call.

    Raises:
        SparsetoolError: There is no bash, or the script refuses its knobs.
    """
    bash = shutil.which("bash")
    if bash is None:
        raise SparsetoolError("recipes are bash scripts, and there is no bash here")
    with tempfile.TemporaryDirectory(prefix="sparsetool-record-") as folder:
        script, recorder, work = (Path(folder, n) for n in (f"{name}.sh", "recorder", "work"))
        work.mkdir()
        script.write_text(text, encoding="utf-8")
        functions = RECORDER.read_text(encoding="utf-8") + _functions(grammar)
        recorder.write_text(functions, encoding="utf-8")
        inside = {
            "BASH_ENV": str(recorder),  # read before any script
            "SPARSETOOL_RECORD": folder,
            "SPARSETOOL_KNOBS": " ".join(dict.fromkeys(KNOB.findall(text))),
            "SPARSETOOL_ONLY_KNOBS": "1" if only_knobs else "",
            # One branch after the other: else lines of the record would mix.
            **({} if only_knobs else {"JOBS": "1"}),
            **({"OUT": OUT} if environment.get("OUT") else {}),
        }
        done = subprocess.run(
            [bash, str(script)],
            env={**environment, **inside},
            cwd=work,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        knobs, calls = (_lines(Path(folder, file)) for file in ("knobs", "calls"))
        began = Path(folder, "knobs").exists()
    if done.returncode and not (only_knobs and began):
        said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
        raise SparsetoolError(f"recipe {name} cannot be followed: {said}")
    out = environment.get("OUT") or OUT
    named = dict(line.replace(OUT, out).split("=", 1) for line in knobs)
    said = done.stdout.replace(OUT, out)
    return Recording(_calls(name, [line.replace(OUT, out) for line in calls], grammar), named, said)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split(LINE)[:-1] if file.exists() else []


def _calls(name: str, lines: Iterable[str], grammar: Grammar) -> list[Call]:
    places: dict[str, int] = {UNKNOWN: -1}
    found: list[Call] = []
    for line in lines:
        id, *fields, piped = line.split(FIELD)
        words, made, parents = (field.split(WORD)[:-1] for field in fields)
        if not words or words[0] not in grammar:
            raise SparsetoolError(f"recipe {name} calls no verb: sparsetool {shlex.join(words)}")
        places[id] = len(found)
        syntax = grammar[words[0]]
        options, positions, files = parsed(words, syntax)
        behind = [*positions[syntax.reads - 1 :], *files] if syntax.reads else files
        found.append(
            Call(
                words=tuple(words),
                options=options,
                positions=tuple(positions),
                inputs=tuple(file for file in behind if file != "-"),
                outputs=tuple(made),
                parents=tuple(places[parent] for parent in parents),
                piped=bool(piped),
            )
        )
    return found


def parsed(
    words: Sequence[str], syntax: Syntax
) -> tuple[dict[str, tuple[str, ...]], list[str], list[str]]:
    """A call's options by name, its positions, and the files that options read."""
    options: dict[str, tuple[str, ...]] = {}
    positions: list[str] = []
    files: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-") or word == "-":
            positions.append(word)
            continue
        spelling, glued, value = word.partition("=") if word.startswith("--") else (word, "", "")
        name, kind = syntax.options.get(spelling, (spelling.lstrip("-"), "flag"))
        if kind != "flag" and not glued:
            value = next(rest, "")
        if kind == "read":
            files.append(value)
        options[name] = (*options.get(name, ()), value)
    return options, positions, files


def _functions(grammar: Grammar) -> str:
    """Two functions of the recorder, made from the verbs' own options."""
    reads = [f"  {verb}) reads={syntax.reads} ;;" for verb, syntax in grammar.items()]
    kinds = []
    for verb, syntax in grammar.items():
        kinds.append(f"  {verb})\n    case $2 in")
        valued = ((o, kind) for o, (_, kind) in syntax.options.items() if kind != "flag")
        kinds += [f"    {spelling}) kind={kind} ;;" for spelling, kind in valued]
        kinds.append("    esac ;;")
    return "\n".join(
        [
            *("sparsetool_reads() {", "  reads=0", "  case $1 in", *reads, "  esac", "}"),
            *("sparsetool_kind() {", "  kind=flag", "  case $1 in", *kinds, "  esac", "}", ""),
        ]
    )

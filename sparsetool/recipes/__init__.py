"""Recipes: one plain bash script per experiment, made of verbs alone.

A file `NAME.sh` is a recipe; its first comment line (after `#!`) is its summary. Its knobs are
variables with defaults from the environment; `OUT` is the folder it writes to. What several recipes
share is a file of `parts/`; a recipe sources it, and where it is printed it is written out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import registry
from ..errors import SparsetoolError, UsageError

HERE = Path(__file__).parent
PART = re.compile(r'^source "\$\{BASH_SOURCE%/\*\}/(parts/\S+\.sh)"$', re.MULTILINE)
SEPARATOR = "\x1f"
# Stands in for the program: writes down every call, makes the files it would have made (empty).
RECORDER = f"""
sparsetool() {{
  local line words=("$@") i
  printf -v line '%s{SEPARATOR}' "$@"
  printf '%s\\n' "$line" >>"$SPARSETOOL_CALLS"
  for ((i = 0; i < $# - 1; i++)); do
    case ${{words[i]}} in
    -o | --output | --table) [[ ${{words[i + 1]}} == - ]] || : >"${{words[i + 1]}}" ;;
    esac
  done
}}
"""


@dataclass(frozen=True)
class Training:
    """One call of `train-cycles` in a recipe.

    Attributes:
        cycles: Value of `--n`.
        epochs: Epochs of all its cycles.
    """

    cycles: int
    epochs: int


def names() -> list[str]:
    """All recipes, sorted."""
    return sorted(path.stem for path in HERE.glob("*.sh"))


def text(name: str) -> str:
    """The script, whole: every part it sources in its place.

    Raises:
        UsageError: There is no such recipe; the message names the nearest.
    """

    def written_out(match: re.Match[str]) -> str:
        return (HERE / match[1]).read_text(encoding="utf-8").rstrip("\n")

    return PART.sub(written_out, source(name).read_text(encoding="utf-8"))


def source(name: str) -> Path:
    """The script's file.

    Raises:
        UsageError: There is no such recipe; the message names the nearest.
    """
    if name not in names():
        raise UsageError(f"unknown recipe '{name}': {registry.nearest(name, names())}")
    return HERE / f"{name}.sh"


def summary(name: str) -> str:
    """The script's first comment line."""
    with source(name).open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# "):
                return line[2:].strip()
    return ""


def calls(name: str, environment: Mapping[str, str]) -> list[list[str]]:
    """Every call of the program that the script would make, as words, without making any.

    The script itself is run, with a shell function in the program's place and an empty folder as
    `OUT`; so loops, conditions and knobs count as they are.

    Args:
        name: The recipe.
        environment: Variables to run it with: its knobs.

    Raises:
        SparsetoolError: There is no bash, or the script refuses its knobs.
    """
    bash = shutil.which("bash")
    if bash is None:
        raise SparsetoolError("recipes are bash scripts, and there is no bash here")
    with tempfile.TemporaryDirectory(prefix="sparsetool-plan-") as folder:
        script = Path(folder, "script.sh")
        script.write_text(RECORDER + text(name), encoding="utf-8")
        record = Path(folder, "calls")
        inside = {"SPARSETOOL_CALLS": str(record), "OUT": str(Path(folder, "out")), "JOBS": "1"}
        done = subprocess.run(
            [bash, str(script)],
            env={**environment, **inside},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
            raise SparsetoolError(f"recipe {name} cannot be planned: {said}")
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return [line.rstrip(SEPARATOR).split(SEPARATOR) for line in lines]


def trainings(made: Sequence[Sequence[str]]) -> list[Training]:
    """The trainings among calls.

    Raises:
        SparsetoolError: A training leaves its epochs open, or a knob is no number.
    """
    found = []
    for words in made:
        if words[0] != "train-cycles":
            continue
        typed = (_value(words, "--n") or "1", _value(words, "--epochs") or "")
        if not all(text.isdecimal() for text in typed):
            raise SparsetoolError(f"a training wants whole --epochs and --n: {' '.join(words)}")
        cycles, epochs = map(int, typed)
        found.append(Training(cycles, cycles * epochs))
    return found


def _value(words: Sequence[str], option: str) -> str | None:
    """The word after an option, if it is there."""
    return words[words.index(option) + 1] if option in words[:-1] else None

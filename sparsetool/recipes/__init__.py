"""Recipes: one plain bash script per experiment, made of verbs alone.

A file `NAME.sh` is a recipe; its first comment line (after `#!`) is its summary. Its knobs are
variables with defaults from the environment; `OUT` is the folder it writes to. What several recipes
share is a file of `parts/`; a recipe sources it, and where it is printed it is written out. A name
that ends in `.sh` is a script of the user's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from ..errors import UsageError, nearest
from .recording import KNOB, Grammar, Recording, record

HERE = Path(__file__).parent
PART = re.compile(r'^source "\$\{BASH_SOURCE%/\*\}/(parts/\S+\.sh)"$', re.MULTILINE)


def names() -> list[str]:
    """All recipes, sorted."""
    return sorted(path.stem for path in HERE.glob("*.sh"))


def recipe(name: str) -> str:
    """A recipe as the bash script that `sparsetool recipe NAME` prints.

    Args:
        name: A recipe's name, or `FILE.sh`.

    Raises:
        UsageError: There is no such recipe; the message names the nearest.

    Example:
        >>> recipe("sculpt").startswith("#!")
        True
    """

    def written_out(match: re.Match[str]) -> str:
        return (HERE / match[1]).read_text(encoding="utf-8").rstrip("\n")

    return PART.sub(written_out, source(name).read_text(encoding="utf-8"))


def with_knobs(script: str, environment: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A script that has the knobs which the environment sets as its own defaults.

    So `SCALE=paper sparsetool recipe NAME | bash` runs the paper's size, though bash itself knows
    nothing of that variable. What is set where the script runs still comes first.

    Args:
        script: The script.
        environment: Variables, among them knobs.

    Returns:
        The script, and the knobs written into it.
    """
    knobs = {knob: environment.get(knob, "") for knob in dict.fromkeys(KNOB.findall(script))}
    knobs = {knob: value for knob, value in knobs.items() if value}
    if not knobs:
        return script, {}
    lines = script.splitlines(keepends=True)
    at = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    said = ["# Knobs that were set when this script was printed.\n"]
    said += [f'[ "${{{knob}:-}}" ] || {knob}={quote(value)}\n' for knob, value in knobs.items()]
    return "".join([*lines[:at], *said, *lines[at:]]), knobs


def source(name: str) -> Path:
    """The script's file.

    Raises:
        UsageError: There is no such recipe; the message names the nearest.
    """
    if name.endswith(".sh"):
        if not Path(name).is_file():
            raise UsageError(f"there is no script {name}")
        return Path(name)
    if name not in names():
        raise UsageError(f"unknown recipe '{name}': {nearest(name, names())}")
    return HERE / f"{name}.sh"


def summary(name: str) -> str:
    """The script's first comment line."""
    with source(name).open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# "):
                return line[2:].strip()
    return ""


def recorded(
    name: str, environment: Mapping[str, str], grammar: Grammar, *, only_knobs: bool = False
) -> Recording:
    """What the script would do, without doing it (see `recording.record`).

    Args:
        name: The recipe.
        environment: Variables to run it with: its knobs.
        grammar: What the words after each verb are.
        only_knobs: Only its knobs, as the environment sets them; no calls.
    """
    return record(Path(name).stem, recipe(name), environment, grammar, only_knobs=only_knobs)

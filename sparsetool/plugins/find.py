"""A folder is a family, a file is a member.

To add a criterion, a density, a schedule, a data set, a model or a verb, add one file to its
folder: listing, help, completion and the contract tests read the folder. Names and summaries are
read from the files without importing them, so help stays fast. A file whose name starts with an
underscore is shared by members and is no member itself.
"""

import ast
import importlib
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from ..errors import UsageError, nearest

PACKAGE = "sparsetool"
TOP = Path(__file__).parents[1]
SINGULAR = {
    "criteria": "criterion",
    "densities": "density",
    "schedules": "schedule",
    "datasets": "data set",
    "models": "model",
    "updates": "update rule",
    "plots": "plot",
    "engines": "engine",
    "verbs": "verb",
}


def folder(family: str) -> Path:
    """The folder of a family's members."""
    return TOP.joinpath(*_parts(family))


def _parts(family: str) -> tuple[str, str]:
    return ("cli" if family in ("verbs", "completion") else "builtin"), family


@lru_cache
def members(family: str) -> tuple[str, ...]:
    """Names of a family's members, sorted, as typed in the shell (dashes, not underscores)."""
    files = folder(family).glob("*.py")
    return tuple(sorted(f.stem.replace("_", "-") for f in files if not f.stem.startswith("_")))


@lru_cache
def source(family: str, name: str) -> Path:
    """The file of a member."""
    return folder(family) / f"{name.replace('-', '_')}.py"


@lru_cache
def summary(family: str, name: str) -> str:
    """First line of a member's docstring, without importing the member."""
    with source(family, name).open(encoding="utf-8") as file:
        found = re.match(r'"""(.+?)\s*(?:"""|$)', file.readline())
    return found.group(1).rstrip(".") if found else ""


@lru_cache
def constant(family: str, name: str, variable: str) -> object:
    """Value of a member's top-level literal `variable` (None if absent), without importing it."""
    return literal(source(family, name), variable)


def literal(path: Path, variable: str) -> object:
    """Value of a file's top-level literal `variable` (None if absent), without importing it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == variable:
            return ast.literal_eval(node.value)
    return None


def split(spec: str) -> tuple[str, str | None]:
    """Split `name:argument` (as in `mlp:300-100`) into its name and its argument or None.

    A user's own code, `net.py:factory`, is the argument of the member `file`.
    """
    name, colon, argument = spec.partition(":")
    if name.endswith(".py"):
        return "file", spec
    return name, argument if colon else None


def load(family: str, name: str) -> ModuleType:
    """Import a member by name.

    Raises:
        UsageError: The family has no such member; the message names the nearest ones.
    """
    if name not in members(family):
        kind = SINGULAR.get(family, family)
        raise UsageError(f"unknown {kind} '{name}': {nearest(name, members(family))}")
    return importlib.import_module(".".join((PACKAGE, *_parts(family), name.replace("-", "_"))))

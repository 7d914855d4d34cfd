"""Where members of families are: our own, those of installed packages, and files that are named.

A family is a kind of thing with members by name: criteria, densities, schedules, optimizers,
updates, extras, data sets, models, plots, engines, trackers, verbs. Ours are files of a folder. A
package adds members by entry points in the group `sparsetool.FAMILY`. A user's own file is named as
`FILE.py:FUNCTION` (see `own_code`). Names, summaries and options are read from the files without
importing them, so help stays fast. A file of ours whose name starts with an underscore is shared by
members and is no member itself.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError, UsageError, nearest

PACKAGE = "sparsetool"
TOP = Path(__file__).parents[1]
LOADED: dict[str, str] = {}  # packages whose members were loaded, and versions, by module
OWN = ("verbs", "completion")  # families that nobody else adds to
SINGULAR = {
    "criteria": "criterion",
    "densities": "density",
    "schedules": "schedule",
    "optimizers": "optimizer",
    "updates": "update",
    "extras": "extra",
    "datasets": "data set",
    "models": "model",
    "plots": "plot",
    "engines": "engine",
    "trackers": "tracker",
    "verbs": "verb",
}


@dataclass(frozen=True)
class Member:
    """Where one member is.

    Attributes:
        family: Its family.
        name: Its name, as typed in the shell (dashes, not underscores).
        module: The module to import.
        function: The function in it that is the member; None where the module is.
        package: The package that has it and that package's version; None for our own.
    """

    family: str
    name: str
    module: str
    function: str | None = None
    package: tuple[str, str] | None = None

    @property
    def source(self) -> Path:
        """Its file.

        Raises:
            SparsetoolError: The package that names it has no such file.
        """
        inside = Path(*self.module.split("."))
        if self.package is None:
            return TOP.parent / inside.with_suffix(".py")
        for folder in map(Path, sys.path):
            for path in (folder / inside.with_suffix(".py"), folder / inside / "__init__.py"):
                if path.is_file():
                    return path
        # An editable installation is found by its own finder alone.
        spec = importlib.util.find_spec(self.module)
        if spec is None or spec.origin is None:
            raise SparsetoolError(
                f"{self.package[0]} names {self.module} as {SINGULAR[self.family]} '{self.name}', "
                "but has no such module: report it to the package's authors"
            )
        return Path(spec.origin)


def folder(family: str) -> str:
    """The folder of our own members of a family, as a dotted name."""
    return f"{PACKAGE}.cli.{family}" if family in OWN else f"{PACKAGE}.builtin.{family}"


@lru_cache
def _known(family: str) -> dict[str, Member]:
    """Every member by name, sorted; a name of ours cannot be taken by a package."""
    place = folder(family)
    files = (TOP.parent / Path(*place.split("."))).glob("*.py")
    ours = {
        _dashed(file.stem): Member(family, _dashed(file.stem), f"{place}.{file.stem}")
        for file in files
        if not file.stem.startswith("_")
    }
    found = {} if family in OWN else {m.name: m for m in _installed() if m.family == family}
    return dict(sorted({**found, **ours}.items()))


@lru_cache
def _installed() -> list[Member]:
    """Members of installed packages, by the entry points in their metadata.

    Read directly: `importlib.metadata` takes longer to import than the rest of help.
    """
    found = []
    for folder in dict.fromkeys(sys.path):
        for path in sorted(Path(folder or ".").glob("*.dist-info/entry_points.txt")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if f"[{PACKAGE}." not in text:
                continue
            name, _, version = path.parent.name.removesuffix(".dist-info").partition("-")
            found += _entries(text, (name, version))
    return found


def _entries(text: str, package: tuple[str, str]) -> list[Member]:
    """The members that a package's `entry_points.txt` names."""
    found, family = [], ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            family = line.strip("[]").removeprefix(f"{PACKAGE}.")
        elif "=" in line and family in SINGULAR:
            name, _, value = (part.strip() for part in line.partition("="))
            module, _, function = value.partition(":")
            found.append(Member(family, _dashed(name), module, function or None, package))
    return found


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def members(family: str) -> tuple[str, ...]:
    """Names of a family's members, sorted, as typed in the shell (dashes, not underscores)."""
    return tuple(_known(family))


def member(family: str, name: str) -> Member:
    """Where a member is; its name may be typed with `-` or `_`.

    Raises:
        UsageError: The family has no such member; the message names the nearest ones.
    """
    known = _known(family)
    if _dashed(name) not in known:
        kind = SINGULAR.get(family, family)
        near = nearest(name, tuple(known))
        file, _, function = name.partition(".")
        if family not in OWN and (there := defined(Path(f"{file}.py"))):
            near = f"for what is in {file}.py type {file}.py:{function or there[0]}"
        raise UsageError(f"unknown {kind} '{name}': {near}")
    return known[_dashed(name)]


def source(family: str, name: str) -> Path:
    """The file of a member."""
    return member(family, name).source


@lru_cache
def summary(family: str, name: str) -> str:
    """First line of a member's docstring, without importing the member."""
    where = member(family, name)
    if where.function is None:
        with where.source.open(encoding="utf-8") as file:
            found = re.match(r'[rR]?"""(.+?)\s*(?:"""|$)', file.readline())
        return found.group(1).rstrip(".") if found else ""
    return docstring_of(where.source, where.function).partition("\n")[0].rstrip(".")


@lru_cache
def constant(family: str, name: str, variable: str) -> object:
    """Value of a member's top-level literal `variable` (None if absent), without importing it."""
    return literal(source(family, name), variable)


def _parsed(path: Path) -> ast.Module:
    facts = path.stat()
    return _parsed_as_it_is(path.absolute(), facts.st_mtime_ns, facts.st_size)


@lru_cache
def _parsed_as_it_is(path: Path, changed: int, size: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def literal(path: Path, variable: str) -> object:
    """Value of a file's top-level literal `variable` (None if absent), without importing it."""
    for node in _parsed(path).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == variable:
            return ast.literal_eval(node.value)
    return None


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Top-level functions of a file by name, without importing it."""
    return {node.name: node for node in _parsed(path).body if isinstance(node, ast.FunctionDef)}


def defined(path: Path) -> list[str]:
    """Names of a file's functions and classes, those to be called; none where it is no Python."""
    try:
        body = _parsed(path).body
    except (OSError, SyntaxError, ValueError):
        return []
    found = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return [name for name in found if not name.startswith("_")]


def docstring_of(path: Path, function: str) -> str:
    """Docstring of a file's function, without importing it; empty where it has none."""
    node = functions(path).get(function)
    return (ast.get_docstring(node) if node else None) or ""


def split(spec: str) -> tuple[str, str | None]:
    """Split `name:argument` (as in `mlp:300-100`) into its name and its argument or None.

    A user's own code, `net.py:factory`, is the argument of the member `file`.
    """
    name, colon, argument = spec.partition(":")
    if name.endswith(".py"):
        return "file", spec
    return name, argument if colon else None


def load(family: str, name: str) -> Any:
    """Import a member by name: its module, or its function.

    The modules of families (`plugins.criteria` and so on) give it its type.

    Raises:
        UsageError: The family has no such member; the message names the nearest ones.
        SparsetoolError: A package's member cannot be imported.
    """
    where = member(family, name)
    if where.package is None:
        return importlib.import_module(where.module)
    LOADED[where.module.partition(".")[0]] = " ".join(where.package)
    try:
        module = importlib.import_module(where.module)
        return getattr(module, where.function) if where.function else module
    except Exception as error:  # a package may fail in any way
        raise SparsetoolError(
            f"{SINGULAR[family]} '{name}' of {where.package[0]} {where.package[1]} cannot be "
            f"imported: {type(error).__name__}: {error}"
        ) from error

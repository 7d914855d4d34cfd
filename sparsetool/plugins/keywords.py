"""What functions a family's members define, and their keywords, which are options of their own.

Read from the files, without importing a member: help and completion need it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UsageError
from . import find

# The functions that a member of a family may define, each with what it is given in order.
FUNCTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "criteria": {
        "score": ("ticket", "evidence"),
        "construct": ("ticket", "keep", "evidence"),
        "update": ("ticket", "masks", "evidence"),
    },
    "densities": {"share": ("shapes", "keep", "room")},
    "schedules": {"rate": ("step", "cycle")},
    "optimizers": {"optimizer": ("parameters", "rates")},
    "updates": {
        "move": ("moment",),
        "due": ("step", "plan"),
        "check": ("plan",),
        "begin": ("plan",),
        "seen": ("weight", "name", "plan", "memory"),
        "pull": ("weight", "gradient", "name", "plan", "memory", "stride"),
    },
    "extras": {
        "batch": ("images", "targets", "moment"),
        "pixels": ("pixels", "moment"),
        "ahead": ("gradients", "moment"),
        "gradients": ("gradients", "moment"),
        "average": ("held", "now", "moment"),
        "check": (),
    },
    "plots": {"figure": ("sources", "view")},
    "engines": {"text": ("title", "jobs")},
    "trackers": {"track": ("place", "run", "about")},
}

# Families of which a file's function is a member together with the file's other functions.
TOGETHER = ("updates",)
KEYWORDS = re.compile(r"\*\w*,")  # keywords alone follow it


@dataclass(frozen=True)
class Option:
    """A keyword parameter of a member that has a default: an option of its own.

    Attributes:
        name: Its name.
        default: Its default.
        help: What the function's docstring says of it; may be empty.
    """

    name: str
    default: Any
    help: str = ""


def options_of(family: str, path: Path, function: str | None = None) -> list[Option]:
    """The own options of a member, read from its file without importing it.

    Args:
        family: Its family.
        path: Its file.
        function: The function that is the member, where it is one.
    """
    if not KEYWORDS.search(path.read_text(encoding="utf-8")):
        return []  # parsing every member would be felt in help
    known = find.functions(path)
    wanted = list(FUNCTIONS.get(family, ()))
    if function:
        wanted = [function, *(wanted[1:] if family in TOGETHER else ())]
    made: dict[str, Option] = {}
    for name in wanted:
        node = known.get(name)
        if node is None:
            continue
        said = entries(ast.get_docstring(node) or "")
        for parameter, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if default is not None:
                value = ast.literal_eval(default)
                option = Option(parameter.arg, value, said.get(parameter.arg, ""))
                made.setdefault(option.name, option)
    return list(made.values())


def typed(usual: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Own options as the shell gives them: each of its default's type.

    Args:
        usual: Defaults by name.
        given: Some of them, as a caller in Python gave them.

    Raises:
        UsageError: One is of another type.

    Example:
        >>> typed({"power": 1.0, "rounds": 2}, {"power": 2})
        {'power': 2.0}
    """
    found = {}
    for name, value in given.items():
        kind = type(usual[name])
        if {kind, type(value)} == {int, float} and kind(value) == value:
            value = kind(value)  # members may share an option's name, and not its type
        if kind in (bool, int, float, str) and type(value) is not kind:
            raise UsageError(f"{name} wants a value of type {kind.__name__}, not {value!r}")
        found[name] = value
    return found


def entries(docstring: str) -> dict[str, str]:
    """What the `Args:` of a docstring say of each parameter, on one line.

    Example:
        >>> entries('''Score.
        ...
        ... Args:
        ...     size: Weights in
        ...         a block.
        ... ''')
        {'size': 'Weights in a block.'}
    """
    body = re.search(r"^Args:\n((?: +.*\n?|\n)*)", docstring, re.MULTILINE)
    found = re.findall(r"^ {4}(\w+): ((?:.*\n?)(?: {8}.*\n?)*)", body[1] if body else "", re.M)
    return {name: " ".join(text.split()) for name, text in found}

"""Names with a place in them: what was typed, where it lies, and what a ticket records.

`imagefolder:PATH` and `FILE.py:FUNCTION` name a place on this machine. A ticket holds no path, but
the last part of it and what identifies the content; a member that is named so defines `place` and
`recorded` (see `datasets`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from ..plugins import find
from ..plugins.datasets import data_root


def located(data: str, root: str | None = None) -> tuple[ModuleType, str | None]:
    """The member that a data set's name calls for, and its argument on this machine.

    Raises:
        UsageError: No such data set.
        SparsetoolError: What the argument names (a folder, a file) is not there, or not the same.
    """
    name, argument = find.split(data)
    member = find.load("datasets", name)
    if hasattr(member, "place"):
        argument = str(member.place(argument, data_root(root)))
    return member, argument


def recipe_of(data: str) -> Mapping[str, Any]:
    """Training defaults of a data set, which need not be at hand."""
    name, argument = find.split(data)
    member = find.load("datasets", name)
    recipe: Mapping[str, Any] = (
        member.RECIPE if hasattr(member, "RECIPE") else member.facts(argument).recipe
    )
    return recipe


def recorded_name(family: str, spec: str, root: str | None = None) -> str:
    """The name by which tickets record a model or data set that the command line names.

    It is what was typed, but for names with a place in them (`imagefolder:PATH`, `FILE.py:NAME`):
    a ticket holds no path, but what identifies the content.

    Args:
        family: `models` or `datasets`.
        spec: As typed; naming code here allows it to run.
        root: Folder of data sets as given, or None.

    Raises:
        UsageError: No such model or data set.
        SparsetoolError: It is not there.
    """
    name, argument = find.split(spec)
    member = find.load(family, name)
    if hasattr(member, "recorded"):
        return str(member.recorded(argument, data_root(root)))
    return spec

"""Names with a place in them: what was typed, where it lies, and what a ticket records.

`imagefolder:PATH` and `FILE.py:FUNCTION` name a place on this machine. A ticket holds no path, but
the last part of it and what identifies the content; a member that is named so defines `place` and
`recorded` (see `datasets`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..plugins import datasets, find, models, own_code
from ..plugins.datasets import DataSource, Placed, data_root
from ..plugins.models import Named

OWN = "your own data are FILE.npz, FILE.txt, ./FOLDER or FILE.py:FUNCTION"


def as_name(data: str) -> str:
    """The name of a data set that was typed as a place: a file of numpy, a text, or a folder.

    Example:
        >>> as_name("x.npz"), as_name("./photos"), as_name("mine.py:digits"), as_name("cifar10")
        ('npz:x.npz', 'imagefolder:./photos', 'mine.py:digits', 'cifar10')
    """
    typed = data.partition(":")[0]
    for ending, kind in ((".npz", "npz"), (".txt", "text")):
        if typed.endswith(ending):
            return f"{kind}:{data}"
    if not typed.endswith(".py") and ("/" in typed or typed in (".", "..", "~")):
        return f"imagefolder:{data}"
    return data


def _member(name: str) -> DataSource:
    """The data set of a name; where there is none, the message says how to name one's own."""
    try:
        return datasets.load(name)
    except UsageError as error:
        if name in find.members("datasets"):
            raise
        here = Path(name)
        own = f"the folder here is ./{name}" if here.is_dir() else OWN
        raise UsageError(f"{error}; {own}") from None


def located(data: str, root: str | None = None) -> tuple[DataSource, str | None]:
    """The member that a data set's name calls for, and its argument on this machine.

    Raises:
        UsageError: No such data set.
        SparsetoolError: What the argument names (a folder, a file) is not there, or not the same.
    """
    name, argument = find.split(as_name(data))
    member = _member(name)
    if isinstance(member, Placed):
        argument = member.place(argument, data_root(root))
    return member, argument


def recipe_of(data: str) -> Mapping[str, Any]:
    """Training defaults of a data set, which need not be at hand."""
    name, argument = find.split(data)
    member = datasets.load(name)
    return member.RECIPE if isinstance(member, Placed) else member.facts(argument).recipe


def recorded_name(family: str, spec: str, root: str | None = None) -> str:
    """The name by which tickets record a model or data set that the command line names.

    It is what was typed, but for names with a place in them (`imagefolder:PATH`, `FILE.py:NAME`):
    a ticket holds no path, but what identifies the content.

    Args:
        family: `models` or `datasets`.
        spec: As typed by whoever runs the program: code that it names may be run.
        root: Folder of data sets as given, or None.

    Raises:
        UsageError: No such model or data set.
        SparsetoolError: It is not there.
    """
    if family == "datasets":
        spec = as_name(spec)
    name, argument = find.split(spec)
    member = models.load(name) if family == "models" else _member(name)
    if own_code.is_code(spec):
        own_code.allow(spec)
    if isinstance(member, Named):
        return member.recorded(argument, data_root(root))
    return spec

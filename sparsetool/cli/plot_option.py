"""The `--plot FILE` of measuring verbs: the picture of lines that were just measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError, UsageError
from ..files import write
from . import targets

SUFFIXES = (".png", ".svg", ".pdf")


def check(path: str | None, force: bool) -> None:
    """Refuse, before any work, a picture that could not be written.

    Raises:
        UsageError: Its name ends in none of `SUFFIXES`.
        SparsetoolError: It exists and there is no `--force`, or its folder is missing.
    """
    if path is None:
        return
    if Path(path).suffix.lower() not in SUFFIXES:
        raise UsageError(f"--plot {path}: the name must end in {', '.join(SUFFIXES)}")
    if targets.target(path, None).exists() and not force:
        raise SparsetoolError(f"{path} exists: give another --plot FILE, or --force")


def draw(kind: str, rows: Sequence[Mapping[str, Any]], path: str) -> None:
    """Draw rows as `sparsetool plot KIND` does.

    Args:
        kind: A member of the family `plots`.
        rows: The lines of a measuring verb.
        path: Where to; its suffix says in which form.
    """
    from ..drawing import picture
    from ..plugins import plots
    from ..plugins.plots import View

    figure = plots.load(kind).figure(rows, View(None, None, None, None))
    write(path, [picture.draw(figure, Path(path).suffix.lower(), f"sparsetool-{kind}")])

"""The log of a run folder, read without anything heavy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import files
from ..ticket.json_text import parse


def read(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """The lines of a log up to the first that is damaged, and whether that is all of it."""
    found: list[dict[str, Any]] = []
    if not path.exists():
        return found, True
    *texts, rest = files.open_file(path).tobytes().split(b"\n")
    for text in texts:
        try:
            line = parse(text)
        except ValueError:
            return found, False
        places = isinstance(line, dict) and [type(line.get(key)) for key in ("cycle", "epoch")]
        if places != [int, int]:
            return found, False
        found.append(line)
    return found, not rest

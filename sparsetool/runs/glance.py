"""A quick look into run folders: many of them, some of them damaged."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ticket.json_text import parse


def facts_of(path: Path) -> dict[str, Any]:
    """What a run folder says of its run; nothing where it is damaged."""
    try:
        found = parse((path / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Glance:
    """What a look into a run folder shows, without reading any ticket.

    Attributes:
        facts: As `facts_of`.
        bytes: Its size.
        finished: Finished cycles.
        epochs: Lines in the log.
        touched: When anything in it last changed, seconds since 1970.
    """

    facts: dict[str, Any]
    bytes: int
    finished: int
    epochs: int
    touched: float


def glance(path: Path) -> Glance:
    """Look into a run folder; what is damaged in it counts for nothing."""
    found = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(path):
            with contextlib.suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    found[entry.name] = entry.stat(follow_symlinks=False)
    epochs = 0
    if "log.jsonl" in found:
        with contextlib.suppress(OSError):
            epochs = (path / "log.jsonl").read_bytes().count(b"\n")
    return Glance(
        facts_of(path),
        sum(stat.st_size for stat in found.values()),
        sum(name.startswith("cycle-") and name.endswith(".st") for name in found),
        epochs,
        max((stat.st_mtime for stat in found.values()), default=0.0),
    )

"""A quick look into run folders: many of them, some of them damaged."""

from __future__ import annotations

import contextlib
import json
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
    """Look into a run folder; what is damaged in it counts for nothing.

    Ten thousand of them are looked into within a second: no more is read than is shown.
    """
    folder = str(path)
    size = finished = epochs = 0
    touched = 0.0
    facts: Any = {}
    try:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                continue
            seen, name = entry.stat(follow_symlinks=False), entry.name
            size += seen.st_size
            touched = max(touched, seen.st_mtime)
            finished += name.startswith("cycle-") and name.endswith(".st")
            if name == "log.jsonl":
                epochs = _read(entry.path).count(b"\n")
            elif name == "run.json":
                # Not `parse`: who shows the facts takes them for what they may be.
                with contextlib.suppress(ValueError, RecursionError):
                    facts = json.loads(_read(entry.path))
    except OSError:  # it has just been removed
        pass
    return Glance(facts if isinstance(facts, dict) else {}, size, finished, epochs, touched)


def _read(path: str) -> bytes:
    with contextlib.suppress(OSError), open(path, "rb", buffering=0) as file:
        return file.read()
    return b""

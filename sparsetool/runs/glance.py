"""A quick look into run folders: many of them, some of them damaged."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

from ..ticket.json_text import parse

KEPT = "glance.json"
MOMENT = 2.0  # seconds by which a copied folder's files may differ in age


class Glance(NamedTuple):
    """What a look into a run folder shows, without reading any ticket.

    Attributes:
        model: The network's name.
        sparsity: Of what is trained.
        n: Cycles asked for.
        each: Epochs in a cycle.
        left_out: Epochs of the schedule that the first cycle leaves out.
        command: The line that began it.
        output: Where its result goes.
        bytes: Its size.
        done: Finished cycles.
        epochs: Lines in the log.
        touched: When anything in it last changed, seconds since 1970.
    """

    model: str = ""
    sparsity: float = 0.0
    n: int = 0
    each: int = 0
    left_out: int = 0
    command: str = ""
    output: str = ""
    bytes: int = 0
    done: int = 0
    epochs: int = 0
    touched: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether all its cycles are there."""
        return self.n > 0 and self.done >= self.n

    @property
    def progress(self) -> float:
        """Part of its epochs that are trained, 0 to 1."""
        wanted = self.n * self.each - self.left_out
        if self.finished:
            return 1.0
        return min(1.0, self.epochs / wanted) if wanted > 0 else 0.0


TYPES = tuple(map(type, Glance()))


def facts_of(path: Path) -> dict[str, Any]:
    """What a run folder says of its run; nothing where it is damaged."""
    try:
        found = parse((path / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def glance(path: str) -> Glance:
    """Look into a run folder; what is damaged in it counts for nothing.

    Ten thousand of them are looked into within a second: of a run that nobody works on only what
    `keep` left is read, of others no more than is shown.
    """
    return _kept(path) or _look(path)


def keep(path: Path) -> None:
    """Leave in a run folder what a look into it shows, for later looks; nobody works on it."""
    with contextlib.suppress(OSError):  # a full disk: later looks are slower
        (path / KEPT).write_text(json.dumps(_look(str(path))))


def forget(path: Path) -> None:
    """Somebody begins to work on a run: what `keep` left no longer holds."""
    with contextlib.suppress(OSError):
        (path / KEPT).unlink(missing_ok=True)


def _kept(path: str) -> Glance | None:
    """What `keep` left, unless it is damaged or files came or went since."""
    try:
        descriptor = os.open(f"{path}/{KEPT}", os.O_RDONLY)
    except OSError:
        return None
    try:
        if os.stat(path).st_mtime > os.fstat(descriptor).st_mtime + MOMENT:
            return None
        found = json.loads(os.read(descriptor, 1 << 16).decode())
    except (OSError, ValueError, RecursionError):
        return None
    finally:
        os.close(descriptor)
    sound = isinstance(found, list) and tuple(map(type, found)) == TYPES
    return Glance(*found) if sound else None


def _look(path: str) -> Glance:
    size = done = epochs = 0
    touched = 0.0
    facts: Any = {}
    with contextlib.suppress(OSError), os.scandir(path) as entries:  # or it has just been removed
        for entry in entries:
            seen, name = entry.stat(follow_symlinks=False), entry.name
            if name == KEPT or not S_ISREG(seen.st_mode):
                continue
            size += seen.st_size
            touched = max(touched, seen.st_mtime)
            if name == "log.jsonl":
                epochs = _read(entry.path, seen.st_size).count(b"\n")
            elif name == "run.json":
                # Not `parse`: facts are taken for what they may be.
                with contextlib.suppress(ValueError, RecursionError):
                    facts = json.loads(_read(entry.path, seen.st_size).decode())
            elif name.startswith("cycle-") and name.endswith(".st"):
                done += 1
    facts = facts if isinstance(facts, dict) else {}
    options = _first(facts.get("options"))
    return Glance(
        _text(facts.get("model")),
        _fraction(facts.get("sparsity")),
        _count(facts.get("n")),
        _count(options.get("epochs")),
        _count(options.get("from_epoch")),
        _text(facts.get("command")),
        _text(facts.get("output")),
        size,
        done,
        epochs,
        touched,
    )


def _read(path: str, size: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


# What a damaged run.json holds in the place of a fact counts for nothing.


def _count(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def _fraction(value: Any) -> float:
    return float(value) if type(value) in (int, float) and 0 <= value <= 1 else 0.0


def _text(value: Any) -> str:
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _first(options: Any) -> dict[str, Any]:
    found = options[0] if isinstance(options, list) and options else {}
    return found if isinstance(found, dict) else {}

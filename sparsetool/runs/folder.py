"""Run folders: where a training keeps its progress, so that nothing trained is ever lost.

A folder is found by its run key, a digest of everything that decides the result. It holds

    run.json       what the run is: the key's parts, and the device, precision and threads it found
    lock           held by the one process that works on it
    log.jsonl      one line per epoch
    state-0.st, state-1.st   progress inside a cycle, written in turn, the newer whole one counts
    cycle-N.st, epoch-K.st   finished tickets
    cycle-N.sha256 ...       what their bytes must be (not in folders of earlier versions)
    glance.json    what `runs` shows of it, while nobody works on it
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import files
from ..errors import SparsetoolError
from ..ticket.format import canonical_json, chunks
from ..ticket.format import decode as decode_arrays
from ..ticket.json_text import parse
from ..ticket.value import Ticket
from . import glance, log

ENGINE = 9  # raised when the same command would train to other bytes
Arrays = dict[str, np.ndarray]


def run_key(parts: Mapping[str, Any]) -> str:
    """The name of a run: 32 hex digits of the SHA-256 of what decides its result."""
    text = canonical_json({**parts, "engine": ENGINE})
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Store:
    """Progress that lives as long as the process (`--no-store`, notebooks).

    Attributes:
        promise: What becomes of it where a training is stopped, in words.
    """

    promise = (
        "nothing is kept without a run folder; the same command starts again from the beginning"
    )

    def __init__(self) -> None:
        self.tickets: dict[str, Ticket] = {}
        self.log: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {}

    def ticket(self, name: str) -> Ticket | None:
        """A finished ticket (`cycle-N` or `epoch-K`), if there is one."""
        return self.tickets.get(name)

    def put(self, name: str, ticket: Ticket) -> None:
        """Keep a finished ticket."""
        self.tickets[name] = ticket

    def state(self) -> tuple[Arrays, dict[str, Any]] | None:
        """Progress inside a cycle, if there is any: arrays and position."""
        return None

    def save_state(self, arrays: Callable[[], Arrays], position: dict[str, Any]) -> None:
        """Keep progress inside a cycle."""

    def clear_state(self) -> None:
        """Forget progress inside a cycle."""

    def lines(self) -> list[dict[str, Any]]:
        """Log lines so far."""
        return self.log

    def append(self, line: dict[str, Any]) -> None:
        """Add a log line."""
        self.log.append(line)

    def truncate(self, count: int) -> None:
        """Keep only the first `count` log lines."""
        del self.log[count:]

    def record_facts(self, facts: dict[str, Any]) -> None:
        """Record what the run resolved to (device, precision, threads)."""
        self.facts = facts


class RunFolder(Store):
    """Progress on disk.

    Args:
        path: The folder; made when missing.
    """

    promise = "progress is kept; the same command carries on"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._turn = 0
        self._log: list[dict[str, Any]] | None = None  # as it is on disk, once it was read
        self._whole = True  # nothing on disk follows these lines
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SparsetoolError(f"cannot make the run folder {path}: {error.strerror}") from None
        self._remember()

    def _remember(self) -> None:
        if found := glance.facts_of(self.path):
            self.facts = found

    @contextlib.contextmanager
    def locked(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the run alone; `waiting` is called once if another process has it."""
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
            self._remember()  # the last process may have recorded where it computes
            self._log = None
            files.sweep(self.path)
            glance.forget(self.path)
            try:
                yield
            finally:
                glance.keep(self.path)

    def ticket(self, name: str) -> Ticket | None:
        path, sum_ = self.path / f"{name}.st", self.path / f"{name}.sha256"
        if not path.exists():
            return None
        content = files.open_file(path)
        found = hashlib.sha256(content).hexdigest().encode()
        if sum_.exists() and found != files.open_file(sum_).tobytes().strip():
            raise SparsetoolError(
                f"{path} is damaged: 'sparsetool runs --remove {self.path.name}' removes it with "
                "its run, and the same command trains again"
            )
        return Ticket.load(content, str(path))

    def put(self, name: str, ticket: Ticket) -> None:
        content = ticket.to_bytes()
        # The sum first: a ticket without one would count as whole.
        files.write(self.path / f"{name}.sha256", [hashlib.sha256(content).hexdigest().encode()])
        files.write(self.path / f"{name}.st", [content])

    def state(self) -> tuple[Arrays, dict[str, Any]] | None:
        found = [held for turn in (0, 1) if (held := self._whole_state(turn)) is not None]
        if not found:
            return None
        arrays, position = max(found, key=lambda held: held[1]["saves"])
        self._turn = position["saves"] + 1
        return arrays, position

    def _whole_state(self, turn: int) -> tuple[Arrays, dict[str, Any]] | None:
        """One of the two states; None where it is not there or damaged."""
        path = self.path / f"state-{turn}.st"
        if not path.exists():
            return None
        try:
            arrays, metadata = decode_arrays(files.open_file(path), str(path))
            position: dict[str, Any] = parse(metadata["position"])
        except (SparsetoolError, KeyError, ValueError):
            return None
        if not isinstance(position, dict) or type(position.get("saves")) is not int:
            return None
        return None if position.get("sum", wanted := _sum(arrays)) != wanted else (arrays, position)

    def save_state(self, arrays: Callable[[], Arrays], position: dict[str, Any]) -> None:
        held = arrays()
        with contextlib.suppress(FileNotFoundError), (self.path / "log.jsonl").open("rb") as file:
            os.fsync(file.fileno())  # the state counts its lines
        text = canonical_json({**position, "saves": self._turn, "sum": _sum(held)})
        path = self.path / f"state-{self._turn % 2}.st"
        files.write(path, chunks(held, {"position": text}))
        self._turn += 1

    def clear_state(self) -> None:
        for turn in (0, 1):
            (self.path / f"state-{turn}.st").unlink(missing_ok=True)

    def lines(self) -> list[dict[str, Any]]:
        """Log lines so far, up to the first that is damaged."""
        if self._log is None:
            self._log, self._whole = log.read(self.path / "log.jsonl")
        return self._log

    def append(self, line: dict[str, Any]) -> None:
        with (self.path / "log.jsonl").open("a") as file:
            file.write(canonical_json(line) + "\n")
        if self._log is not None:
            self._log.append(line)

    def truncate(self, count: int) -> None:
        kept = self.lines()[:count]
        if self._whole and len(kept) == len(self.lines()):
            return  # every cycle comes here: a log must not be written anew for each
        text = "".join(canonical_json(line) + "\n" for line in kept)
        files.write(self.path / "log.jsonl", [text.encode()])
        self._log, self._whole = kept, True

    def record_facts(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        files.write(self.path / "run.json", [json.dumps(facts, indent=1).encode()])


def _sum(arrays: Arrays) -> str:
    """SHA-256 (hex) of the values of arrays, by name."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode() + arrays[name].tobytes())
    return digest.hexdigest()

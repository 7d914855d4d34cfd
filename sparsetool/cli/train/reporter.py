"""What `train-cycles` writes and shows while it trains, and how it is asked to stop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ReaderGone, SparsetoolError
from ...files import write
from ...runs import folder
from ...ticket.format import canonical_json
from ...ticket.value import Ticket
from ...training.observer import Observer
from ...training.peak import cycles_of
from ..stop import Interrupts
from ..targets import reader_has_left
from ..transform import counts
from .progress import Bar
from .tracking import Tracking


@dataclass(frozen=True)
class Outputs:
    """What a training writes beside its result.

    Attributes:
        key: The run's key.
        tickets: Every further ticket file asked for, with the epochs of this command it holds.
        log: The value of `--log`, or None.
        force: Whether a log that is another's may be overwritten.
        piped: Whether the result goes to standard output, whose reader may leave.
    """

    key: str
    tickets: Mapping[Path, int]
    log: Path | None
    force: bool
    piped: bool


class Listener(Observer):
    """Stops a training when asked to; ranks other than 0 do nothing else."""

    def __init__(self) -> None:
        self.interrupts = Interrupts()

    def start_log(self, store: folder.Store) -> None:
        """Write the log so far anew."""

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        return self.interrupts.reason()

    def close(self) -> None:
        """Close what is open."""


class Reporter(Listener):
    """Writes a training's files, shows its progress, and stops it where asked.

    Args:
        outputs: What to write.
        bar: Where progress is shown.
        track: What else shows it, or None.
    """

    def __init__(self, outputs: Outputs, bar: Bar, track: Tracking | None = None) -> None:
        super().__init__()
        self.outputs, self.bar, self.track = outputs, bar, track
        self._log: Any = None
        self._logged = 0  # lines in it
        self._store: folder.Store | None = None

    # -- files -------------------------------------------------------------------------------

    def ticket(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
        for path, count in self.outputs.tickets.items():
            there = not self.outputs.force and path.exists()
            if count == epochs and not (there and _holds(path, ticket)):
                ticket.save(path)
                self.bar.say(f"wrote {path}: {counts(ticket)}{figures(ticket)}")

    def start_log(self, store: folder.Store) -> None:
        """Write the log so far anew: each epoch exactly once.

        Raises:
            SparsetoolError: The file exists and is no log of this run.
        """
        if self.track is not None:
            self.track.say = self.bar.say
            self.track.begin(self.outputs.key, store.facts, store.lines())
        path = self.outputs.log
        if path is None:
            return
        if path.is_file() and not self.outputs.force and not _is_log(path, self.outputs.key):
            raise SparsetoolError(
                f"{path} exists and is no log of this run: give another --log FILE, or --force"
            )
        self._store = store
        self._rewrite(path, store)

    def _rewrite(self, path: Path, store: folder.Store) -> None:
        if self._log is not None:
            self._log.close()
        lines = [self._line(line) for line in store.lines()]
        write(path, ["".join(lines).encode()])
        self._log, self._logged = path.open("a"), len(lines)

    def _line(self, line: Mapping[str, Any]) -> str:
        return canonical_json({"run": self.outputs.key, **line}) + "\n"

    # -- watching ----------------------------------------------------------------------------

    def note(self, text: str) -> None:
        self.bar.say(text)

    def begin(self, cycle: int, epoch: int, epochs: int, steps: int, step: int) -> None:
        path, store = self.outputs.log, self._store
        # A state may be older than the last line: what is trained again has gone from there.
        if path is not None and store is not None and len(store.lines()) != self._logged:
            self._rewrite(path, store)
        self.bar.begin(cycle, epoch, epochs, steps, step)

    def step(self) -> None:
        self.bar.step()

    def epoch(self, line: Mapping[str, Any]) -> None:
        self.bar.epoch(line)
        if self.track is not None:
            self.track.epoch(line)
        if self._log is not None:
            self._log.write(self._line(line))
            self._log.flush()
            self._logged += 1

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        if end_of_epoch and self.outputs.piped and reader_has_left():
            return ReaderGone("the reader of the pipe is gone; progress is kept")
        return super().stop(end_of_epoch)

    def close(self) -> None:
        """Finish the bar and the log."""
        self.bar.close()
        if self.track is not None:
            self.track.close()
        if self._log is not None:
            self._log.close()


def _holds(path: Path, ticket: Ticket) -> bool:
    """Whether the file holds this very ticket already."""
    try:
        return Ticket.load(path).digest == ticket.digest
    except SparsetoolError:
        return False


def _is_log(path: Path, key: str) -> bool:
    """Whether a file is empty or a log of this run."""
    with path.open(errors="replace") as file:
        first = file.readline()
    if not first.strip():
        return True
    try:
        line = json.loads(first)
    except ValueError:
        return False
    return isinstance(line, dict) and line.get("run") == key


def figures(result: Ticket) -> str:
    """The last test figures, in words."""
    record = result.lineage[-1]
    accuracy = record.get("figures", {}).get("test_accuracy")
    words = f"; {result.epochs} epochs trained in all"
    if record["options"].get("until_peak"):
        upto, trained = cycles_of(record)
        words += f"; the peak is cycle {upto} of {trained} trained"
        if trained - upto < record["options"]["patience"]:
            words += ", the most cycles: later ones may be above it"
    return words if accuracy is None else f"{words}; test accuracy {accuracy:.2%}"

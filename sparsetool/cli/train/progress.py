"""What a person sees of a training: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 30.0  # off a terminal, at most one line in so many seconds, and one per cycle


def fancy() -> bool:
    """Whether standard error is a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Bar:
    """Progress of one training on standard error.

    Args:
        verb: Begins every line.
        quiet: Show nothing at all.
    """

    def __init__(self, verb: str, quiet: bool) -> None:
        self.verb, self.quiet = verb, quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._last = time.monotonic()
        self._cycles = 0
        self._epochs = 0

    def begin(self, cycle: int, cycles: int, epoch: int, epochs: int, steps: int) -> None:
        """A cycle starts, or goes on after `epoch` of its `epochs` epochs of `steps` steps."""
        self._cycles, self._epochs = cycles, epochs
        if self.quiet:
            return
        if not fancy():
            if epoch:
                self.say(f"cycle {cycle}/{cycles}: resuming after epoch {epoch}")
            return
        if self._progress is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn(f"{self.verb}: cycle {{task.fields[cycle]}}/{cycles}"),
                BarColumn(),
                TextColumn("epoch {task.fields[epoch]}/{task.fields[epochs]} {task.fields[words]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=False,
            )
            self._progress.start()
            self._task = self._progress.add_task("", cycle=cycle, epoch=0, epochs=epochs, words="")
        assert self._task is not None
        done = epoch * steps
        self._progress.update(
            self._task,
            total=epochs * steps,
            completed=done,
            cycle=cycle,
            epoch=epoch,
            epochs=epochs,
        )

    def step(self) -> None:
        """One more step is done."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch is done, with its log line."""
        words = f"loss {line['train_loss']:.3f}"
        if "test_accuracy" in line:
            words += f" test {line['test_accuracy']:.2%}"
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, epoch=line["epoch"], words=words)
            return
        now = time.monotonic()
        if line["epoch"] == self._epochs or now - self._last >= QUIET_SECONDS:
            self._last = now
            where = f"cycle {line['cycle']}/{self._cycles} epoch {line['epoch']}/{self._epochs}"
            self.say(f"{where}: {words}")

    def say(self, text: str) -> None:
        """One line, above the bar where there is one."""
        if self.quiet:
            return
        if self._progress is not None:
            self._progress.console.print(f"{self.verb}: {text}", markup=False, highlight=False)
        else:
            print(f"{self.verb}: {text}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

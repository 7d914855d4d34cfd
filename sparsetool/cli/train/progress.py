"""What a person sees of a training: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..progress import QUIET_SECONDS, Lines, fancy


def epoch_line(line: Mapping[str, Any], cycles: int, epochs: int) -> str:
    """A log line for a person: which epoch of how many, with its figures."""
    where = f"cycle {line['cycle']}/{cycles} epoch {line['epoch']}/{epochs}"
    return f"{where}: {figures(line)}"


def figures(line: Mapping[str, Any]) -> str:
    """The figures of a log line, in words."""
    words = f"loss {line['train_loss']:.3f}"
    if "test_accuracy" in line:
        words += f", test accuracy {line['test_accuracy']:.2%}"
    return words


class Bar:
    """Progress of one training on standard error, over all its cycles.

    Args:
        verb: Begins every line.
        quiet: Show nothing at all.
        plan: Epochs that each cycle trains in this call.
        first: Epoch of the schedule at which the first cycle begins.
    """

    def __init__(self, verb: str, quiet: bool, plan: Sequence[int], first: int = 0) -> None:
        self.verb, self.quiet, self.plan, self.first = verb, quiet, plan, first
        self._lines: Lines | None = None
        self._last = time.monotonic()
        self._cycle = self._epoch = self._epochs = self._steps = 0
        self._begun = False

    def begin(self, cycle: int, epoch: int, epochs: int, steps: int, step: int) -> None:
        """A cycle starts, or goes on after `epoch` of its `epochs` epochs (and `step` steps)."""
        resumed = not self._begun and (cycle > 1 or epoch > self.first or step)
        self._begun = True
        self._cycle, self._epoch, self._epochs, self._steps = cycle, epoch, epochs, steps
        if resumed:
            inside = f" and {step:,} of {steps:,} steps" if step else ""
            where = f"epoch {epoch}/{epochs}{inside} of cycle {cycle}/{len(self.plan)}"
            self.say(f"carries on after {where}")
        if self.quiet or not fancy():
            return
        if self._lines is None:
            self._lines = Lines(self.verb, sum(self.plan) * steps, "step")
        self._show("", step)

    def step(self) -> None:
        """One more step is done."""
        if self._lines is not None:
            self._lines.advance()

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch is done, with its log line."""
        self._epoch = line["epoch"]
        words = figures(line)
        if self._lines is not None:
            self._show(words)
            return
        now = time.monotonic()
        if line["epoch"] == self._epochs or now - self._last >= QUIET_SECONDS:
            self._last = now
            self.say(epoch_line(line, len(self.plan), self._epochs))

    def _show(self, words: str, step: int = 0) -> None:
        assert self._lines is not None
        before = sum(self.plan[: self._cycle - 1]) + self._epoch
        before -= self.first if self._cycle == 1 else 0
        epoch = min(self._epoch + 1, self._epochs)  # that is being trained
        where = f"cycle {self._cycle}/{len(self.plan)}, epoch {epoch}/{self._epochs}"
        self._lines.show(where, before * self._steps + step, words)

    def say(self, text: str) -> None:
        """One line, above the bar where there is one."""
        if self.quiet:
            return
        Lines.say(self._lines, self.verb, text)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None

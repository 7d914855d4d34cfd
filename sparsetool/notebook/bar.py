"""A notebook's own bar: how far a call is that takes longer than a second.

IPython is asked only where a notebook has imported it already; nothing is shown anywhere else.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Mapping
from html import escape
from typing import Any

from ..compute.progress import clock, rate
from ..training.observer import Observer

AFTER = 1.0  # seconds after which a call is long enough for a bar
EVERY = 0.2  # seconds between two pictures of it


def in_notebook() -> bool:
    """Whether this is the process behind a notebook, which can show more than text.

    A worker process that a notebook started is not: it may have been copied with the kernel inside.
    """
    workers = sys.modules.get("multiprocessing.process")
    if workers is not None and workers.parent_process() is not None:
        return False
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class Bar:
    """The bar of one call; nothing is seen of it before the call has taken a second.

    Args:
        name: The function's, which begins the line.
        unit: What is counted, in the singular.
    """

    def __init__(self, name: str, unit: str = "") -> None:
        self.name, self.unit = name, unit
        self.where = self.words = ""
        self.notes: list[str] = []
        self.done = self.total = self._from = 0
        self._began = time.monotonic()
        self._drawn = self._began + AFTER - EVERY
        self._handle: Any = None

    def show(self, *, last: bool = False) -> None:
        """Show it as it stands, where it is time for that."""
        now = time.monotonic()
        if self._handle is None if last else now - self._drawn < EVERY:
            return
        self._drawn = now
        if self._handle is None:
            display = importlib.import_module("IPython.display").display
            self._handle = display(self, display_id=True)
        else:
            self._handle.update(self)

    def start_at(self, done: int, total: int) -> None:
        """So many units were done before the time is taken."""
        self.done = self._from = done
        self.total = total

    def __repr__(self) -> str:
        """One line: where it stands, times, speed, figures."""
        passed = time.monotonic() - self._began
        under_way = self.done < self.total  # and its end is known
        speed = (self.done - self._from) / max(passed, 1e-9)
        left = (self.total - self.done) / speed if speed and self.total else None
        parts = [
            f"{self.name}: {self.where}" if self.where else self.name,
            f"{clock(passed)} passed" + (f", {clock(left)} left" if under_way else ""),
            rate(speed, self.unit) if speed else "",
            self.words,
        ]
        return "; ".join(filter(None, parts))

    def _repr_html_(self) -> str:
        of = f' value="{self.done}" max="{self.total}"' if self.total else ""  # else: under way
        line = f"<progress{of}></progress> {escape(repr(self))}"
        return "<br>".join([line, *map(escape, self.notes)])


class Counted:
    """Shows work that counts itself (`compute.progress`) in a bar.

    Args:
        bar: The bar.
    """

    def __init__(self, bar: Bar) -> None:
        self.bar = bar

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """So many are done, of `total` or, where that is None, of nobody knows how many."""
        bar = self.bar
        if total == 1:
            return
        bar.unit = bar.unit or what
        if what != bar.unit:
            return  # what is counted first is the whole, other counts are inside it
        where = f"{done:,} {what}s" if total is None else f"{what} {done:,}/{total:,}"
        bar.where, bar.done, bar.total = where, done, total or 0
        bar.show()


class Training(Observer):
    """Shows a training, or one after another, in a bar.

    Args:
        bar: The bar.
        cycles: How many cycles a training has; None where nobody knows.
    """

    def __init__(self, bar: Bar, cycles: int | None) -> None:
        self.bar, self.cycles = bar, cycles
        self._trainings = self._steps = 0
        self._cycle = self._epoch = self._epochs = 0

    def note(self, text: str) -> None:
        """A line below the bar."""
        self.bar.notes = [*dict.fromkeys([*self.bar.notes, text])]

    def begin(self, cycle: int, epoch: int, epochs: int, steps: int, step: int) -> None:
        """A cycle starts, or goes on after `epoch` of its `epochs` epochs (and `step` steps)."""
        self._trainings += cycle == 1
        self._cycle, self._epoch, self._epochs, self._steps = cycle, epoch, epochs, steps
        done = ((cycle - 1) * epochs + epoch) * steps + step
        if cycle == 1 or not self.bar.total:
            self.bar.start_at(done, (self.cycles or 0) * epochs * steps)
        self.bar.done = done
        self._show()

    def step(self) -> None:
        """One more step is done."""
        self.bar.done += 1
        self.bar.show()

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch is done, with its log line."""
        self._epoch = line["epoch"]
        self.bar.words = f"loss {line['train_loss']:.3f}"
        if "test_accuracy" in line:
            self.bar.words += f", test accuracy {line['test_accuracy']:.2%}"
        self._show()

    def _show(self) -> None:
        training = f"training {self._trainings}, " if self._trainings > 1 else ""
        of = f"/{self.cycles}" if self.cycles else ""
        epoch = min(self._epoch + 1, self._epochs)  # that is being trained
        where = f"{training}cycle {self._cycle}{of}, epoch {epoch}/{self._epochs}"
        self.bar.where = where
        self.bar.show()

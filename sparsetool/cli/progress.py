"""A bar on a terminal: how far, how long, how fast, each with its unit."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..compute import progress as counted
from ..compute.progress import clock, rate
from .colours import theme

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

AFTER = 1.0  # seconds after which work is long enough for a bar
QUIET_SECONDS = 30.0  # off a terminal, at most one line in so many seconds


def fancy() -> bool:
    """Whether standard error is a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Lines:
    """Two lines on standard error: the bar with its times, and below it speed and figures.

    Args:
        verb: Begins both lines.
        total: Units in all; None where nobody knows.
        unit: What is counted, in the singular.
    """

    def __init__(self, verb: str, total: int | None, unit: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.verb, self.unit, self.total = verb, unit, total
        self._began = time.monotonic()
        self._done = self._from = 0
        self._words = ""
        lines = self

        class Both(Progress):
            def get_renderables(self) -> Iterator[Any]:
                yield from super().get_renderables()
                if below := lines.below():
                    yield below

        self._progress: Progress = Both(
            TextColumn("{task.fields[where]}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[times]}", markup=False),
            console=Console(stderr=True, highlight=False, theme=theme()),
            expand=True,
        )
        self._task: TaskID = self._progress.add_task("", total=total, where=verb, times="")
        self._progress.start()

    def show(self, where: str, done: int | None = None, words: str = "") -> None:
        """Say where it stands.

        Args:
            where: In words.
            done: Units done, where another count than that of `advance` is right.
            words: Figures for the second line; empty leaves those that are there.
        """
        self._words = words or self._words
        if done is not None:
            if not self._done:  # what an earlier call did took no time of this one
                self._from = done
            self._done = done
        self._update(where=f"{self.verb}: {where}")

    def advance(self) -> None:
        """One more unit is done."""
        self._done += 1
        self._update()

    def _update(self, **fields: Any) -> None:
        times = f"{clock(time.monotonic() - self._began)} passed"
        if self.total is not None:
            left = (self.total - self._done) / self._speed if self._speed else None
            times += f", {clock(left)} left"
        self._progress.update(
            self._task, completed=self._done, total=self.total, times=times, **fields
        )

    @property
    def _speed(self) -> float:
        return (self._done - self._from) / max(time.monotonic() - self._began, 1e-9)

    def below(self) -> str:
        """The second line; empty before anything is known."""
        speed = rate(self._speed, self.unit) if self._speed else ""
        known = "; ".join(filter(None, [speed, self._words]))
        return f"{self.verb}: {known}" if known else ""

    def say(self: Lines | None, verb: str, text: str) -> None:
        """One line, above the bar where there is one."""
        if self is None:
            print(f"{verb}: {text}", file=sys.stderr, flush=True)
        else:
            console = self._progress.console
            console.print(f"{verb}: {text}", markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Leave the bar as it stands; one without an end is at its end."""
        if self.total is None:
            self._progress.update(self._task, total=1, completed=1)
        self._progress.stop()


class Watcher:
    """Shows how far work is that counts itself; nothing where it is over within a second.

    On a terminal that is a bar, elsewhere a line in half a minute.

    Args:
        verb: Begins the line.
        items: Pieces of work of one kind, one after the other.
        item: What such a piece is (a ticket).
        what: What is counted for the bar; by default what is counted first, other counts being
            inside it.
    """

    def __init__(self, verb: str, items: int, item: str = "ticket", what: str = "") -> None:
        self.verb, self.items, self.item, self.at = verb, items, item, 0
        self._began = self._said = time.monotonic()
        self._what, self._done, self._where = what, 0, ""
        self._total: int | None = None
        self._bar = fancy()
        self.lines: Lines | None = None

    def __call__(self, what: str, done: int, total: int | None) -> None:
        self._what = self._what or what
        inside = ""
        if what == self._what:
            if done < self._done:  # the next piece
                self.at = min(self.at + 1, self.items - 1)
            self._done, self._total = done, total
            self._where = f"{done:,} {what}s" if total is None else f"{what} {done:,}/{total:,}"
            if self.items > 1:
                self._where = f"{self.item} {self.at + 1}/{self.items}, {self._where}"
        elif self._where and self._done != self._total:
            inside = f", {what} {done:,}/{total:,}"
        if self._where and time.monotonic() - self._began >= AFTER:
            self._show(f"{self._where}{inside}")

    def _show(self, where: str) -> None:
        if not self._bar:
            if time.monotonic() - self._said >= QUIET_SECONDS:
                self._said = time.monotonic()
                Lines.say(None, self.verb, where)
            return
        whole = None if self._total is None else self._total * self.items
        if self.lines is None:
            self.lines = Lines(self.verb, whole, self._what)
        self.lines.show(where, self._done + self.at * (self._total or 0))


@contextlib.contextmanager
def counting(
    verb: str, quiet: bool, items: int = 1, item: str = "ticket", what: str = ""
) -> Iterator[None]:
    """Show how far long work is that counts itself (`compute.progress`).

    Args:
        verb: Begins the line.
        quiet: Show nothing.
        items: As for `Watcher`, like the rest.
        item: What such a piece is.
        what: What is counted for the bar.
    """
    if quiet:
        yield
        return
    watcher = Watcher(verb, items, item, what)
    with counted.watched(watcher):
        try:
            yield
        finally:
            if watcher.lines is not None:
                watcher.lines.close()

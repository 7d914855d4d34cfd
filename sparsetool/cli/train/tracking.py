"""A training shown by a tracker while it runs; one that fails on the way stops no training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from ...errors import SparsetoolError
from ...plugins import trackers

ABOUT = ("model", "sparsity", "seed", "options", "n")


class Tracking:
    """A run at a tracker.

    Args:
        spec: The value of `--track`.

    Raises:
        UsageError: No such tracker.
        SparsetoolError: Its package is not installed.
    """

    def __init__(self, spec: str) -> None:
        self.member = trackers.load(spec)
        self.say: Callable[[str], None] = lambda text: None
        self._held = ExitStack()
        self._log: trackers.Log | None = None

    def begin(self, run: str, facts: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> None:
        """Open the run and give it the epochs that are done already.

        Args:
            run: The run's key.
            facts: What is known of the run.
            lines: Its log.

        Raises:
            SparsetoolError: It cannot be opened.
        """
        about = {key: facts[key] for key in ABOUT if key in facts}
        try:
            opened = self.member.track(self.member.place, run, about)
            self._log = self._held.enter_context(opened)
        except Exception as error:  # a package may fail in any way
            raise SparsetoolError(
                f"tracker '{self.member.name}' cannot begin: {type(error).__name__}: {error}"
            ) from error
        for line in () if self.member.goes_on else lines:
            self.epoch(line)

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch was done."""
        if self._log is None:
            return
        numbers = {k: float(v) for k, v in line.items() if isinstance(v, int | float)}
        try:
            self._log(int(numbers.pop("epochs")), numbers)
        except Exception as error:
            self._lost(error)

    def close(self) -> None:
        """End the run there."""
        try:
            self._held.close()
        except Exception as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        self._log = None
        why = f"{type(error).__name__}: {error}"
        self.say(f"tracker '{self.member.name}' fails, and is told no more: {why}")

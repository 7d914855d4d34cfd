"""Observers of a training: they get its events and may stop it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import SparsetoolError
from ..ticket.value import Ticket


class Observer:
    """The default observer: prints nothing and never stops the training."""

    def note(self, text: str) -> None:
        """Something worth a line."""

    def begin(self, cycle: int, epoch: int, epochs: int, steps: int, step: int) -> None:
        """The `cycle`-th cycle starts, or goes on after `epoch` of `epochs` epochs.

        An epoch has `steps` steps, of which `step` are done.
        """

    def step(self) -> None:
        """One more step was done."""

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch was done; `line` is its log line."""

    def ticket(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
        """A ticket after `epochs` epochs of this command; `cycle` (from 1) where one ended."""

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        """Why to stop now, if at all; asked before every step and at the end of every epoch."""
        return None

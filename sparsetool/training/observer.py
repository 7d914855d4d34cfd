"""Who watches a training: told what happens, asked whether to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import SparsetoolError
from ..ticket.value import Ticket


class Watch:
    """What a training tells whoever watches, and asks; this one is silent and never stops it."""

    def note(self, text: str) -> None:
        """Something worth a line."""

    def begin(self, cycle: int, epoch: int, epochs: int, steps: int) -> None:
        """The `cycle`-th cycle starts (or goes on) after `epoch` of `epochs` epochs."""

    def step(self) -> None:
        """One more step was done."""

    def epoch(self, line: Mapping[str, Any]) -> None:
        """One more epoch was done; `line` is its log line."""

    def ticket(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
        """A ticket after `epochs` epochs of this command; `cycle` (from 1) where one ended."""

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        """Why to stop now, if at all; asked before every step and at the end of every epoch."""
        return None

"""One run folder for several ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..compute.ranks import Ranks
from ..ticket.value import Ticket
from .folder import Arrays, Store


class Shared(Store):
    """One store for several ranks: the first reads and writes its own, all know what it read.

    Every rank must call the same methods in the same order.

    Args:
        own: The store of the first rank; on the others it is not looked at.
        ranks: The ranks.
    """

    def __init__(self, own: Store, ranks: Ranks) -> None:
        super().__init__()
        self._own, self._ranks = own, ranks
        self.facts = ranks.from_first(lambda: own.facts)
        self.promise = ranks.from_first(lambda: own.promise)

    def ticket(self, name: str) -> Ticket | None:
        return self._ranks.from_first(lambda: self._own.ticket(name))

    def put(self, name: str, ticket: Ticket) -> None:
        self._ranks.from_first(lambda: self._own.put(name, ticket))

    def state(self) -> tuple[Arrays, dict[str, Any]] | None:
        return self._ranks.from_first(self._own.state)

    def save_state(self, arrays: Callable[[], Arrays], position: dict[str, Any]) -> None:
        self._ranks.from_first(lambda: self._own.save_state(arrays, position))

    def clear_state(self) -> None:
        self._ranks.from_first(self._own.clear_state)

    def lines(self) -> list[dict[str, Any]]:
        return self._ranks.from_first(self._own.lines)

    def append(self, line: dict[str, Any]) -> None:
        self._ranks.from_first(lambda: self._own.append(line))

    def truncate(self, count: int) -> None:
        self._ranks.from_first(lambda: self._own.truncate(count))

    def record_facts(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self._ranks.from_first(lambda: self._own.record_facts(facts))

"""Which tickets of a series a measure of pairs is taken on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeVar

from ..errors import UsageError

PAIRS = ("consecutive", "first", "all")
T = TypeVar("T")


def pairs(tickets: Sequence[T], how: str, verb: str) -> list[tuple[T, T]]:
    """The pairs of a series.

    Args:
        tickets: At least two, in order.
        how: `consecutive`, `first` (the first beside each other one) or `all`.
        verb: Named in the error.

    Raises:
        UsageError: There are not two tickets.
    """
    if len(tickets) < 2:
        raise UsageError(f"{verb} compares tickets: give at least two, such as a.st b.st")
    if how == "first":
        return [(tickets[0], other) for other in tickets[1:]]
    if how == "all":
        return list(itertools.combinations(tickets, 2))
    return list(itertools.pairwise(tickets))

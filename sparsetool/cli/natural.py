"""Files of a numbered series in the order of their numbers: cycle-1, cycle-2, ..., cycle-10.

A shell hands over `cycle-*.st` as cycle-1, cycle-10, cycle-2. Where names differ in numbers alone
and stand in the order in which a shell sorts them, they are put into the order of the numbers;
names that somebody has typed in another order stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _series(name: str) -> str:
    """What the names of one series share."""
    return NUMBER.sub("#", name)


def _numbers(name: str) -> list[float]:
    return [float(number) for number in NUMBER.findall(name)]


def _letters(name: str) -> str:
    """What most locales sort by: they pass over punctuation."""
    return "".join(c for c in name if c.isalnum()).casefold()


def natural(names: Sequence[str], say: Callable[[str], None]) -> list[str]:
    """The names with every series in the order of its numbers.

    Args:
        names: As they were typed, or as a shell made them of a pattern.
        say: Told where the order is another than that.

    Example:
        >>> natural(["a.st", "c-1.st", "c-10.st", "c-2.st", "b.st"], lambda text: None)
        ['a.st', 'c-1.st', 'c-2.st', 'c-10.st', 'b.st']
    """
    found: list[str] = []
    for _, group in groupby(names, _series):
        series = list(group)
        ordered = sorted(series, key=_numbers)
        if ordered != series and series in (sorted(series), sorted(series, key=_letters)):
            say(f"in the order of their numbers: {ordered[0]} to {ordered[-1]}")
            series = ordered
        found += series
    return found

"""Long work that counts itself, for whoever watches; by default nobody does.

The work says what it goes through, as with tqdm, and knows nothing of terminals:

    for images, labels in counted(batches, "batch", len(batches)):
        ...
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import timedelta
from typing import TypeVar

# What is counted, how many are done, how many in all (None where nobody knows).
Watch = Callable[[str, int, int | None], None]
T = TypeVar("T")
_watching: ContextVar[Watch | None] = ContextVar("watching", default=None)


@contextlib.contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Tell `watch` of all work inside that counts itself."""
    token = _watching.set(watch)
    try:
        yield
    finally:
        _watching.reset(token)


def counted(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The items, each told to who watches.

    Args:
        items: What is gone through.
        what: What an item is, in the singular.
        total: How many there are.
    """
    watch = _watching.get()
    if watch is None:
        yield from items
        return
    for done, item in enumerate(items):
        watch(what, done, total)
        yield item
    watch(what, total, total)


def clock(seconds: float | None) -> str:
    """A time as h:mm:ss."""
    return "-:--:--" if seconds is None else str(timedelta(seconds=round(seconds)))


def rate(speed: float, unit: str) -> str:
    """How much is done in a time, in units in which the number is not below 1, where there are."""
    units = f"{unit}es" if unit.endswith("ch") else f"{unit}s"
    for word, length in (("s", 1), ("min", 60), ("h", 3600)):
        if speed * length >= 1 or word == "h":
            return f"{speed * length:,.3g} {units}/{word}"
    return ""


def tell(what: str, done: int) -> None:
    """Tell who watches of work whose end nobody knows.

    Args:
        what: What is counted, in the singular.
        done: How many are done.
    """
    if (watch := _watching.get()) is not None:
        watch(what, done, None)

"""Trackers: programs that show trainings while they run. A member writes an epoch's figures.

A member defines one function, a context manager:

    def track(place, run, about) -> Iterator[Log]
        '''Gives a function that writes the figures of an epoch.'''

and states `PACKAGE`, a literal: what must be installed. A training that goes on is given to it from
its first epoch on, or, where it states `GOES_ON = True`, from where it was. It imports its package
inside the function alone. None is used unless it is asked for, and none changes a ticket.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import SparsetoolError
from . import members
from .own_code import is_code

Log = Callable[[int, Mapping[str, float]], None]  # epochs trained in all, figures by name


class Track(Protocol):
    """Opens a run."""

    def __call__(
        self, place: str, run: str, about: Mapping[str, Any], /
    ) -> AbstractContextManager[Log]: ...


@dataclass(frozen=True)
class Tracker:
    """A tracker, wherever it comes from.

    Attributes:
        name: Its name.
        place: A folder or project, as typed; empty where none was.
        track: Opens a run.
        goes_on: Whether a training that goes on is given to it from where it was.
    """

    name: str
    place: str
    track: Track
    goes_on: bool


def load(spec: str) -> Tracker:
    """The tracker that `NAME`, `NAME:PLACE` or `FILE.py:FUNCTION` stands for.

    Raises:
        UsageError: No such tracker.
        SparsetoolError: Its package is not installed, or it does not take what a tracker is given.
    """
    name, place = (spec, "") if is_code(spec) else (*spec.split(":", 1), "")[:2]
    held = members.found("trackers", name)
    track = held.function("track")
    if track is None:
        raise members.lacking(held, "track")
    package = held.constants.get("PACKAGE")
    if package is not None and importlib.util.find_spec(str(package)) is None:
        raise SparsetoolError(
            f"tracker '{held.name}' needs the package {package}, which is not installed: "
            f"pip install {package}"
        )
    return Tracker(held.name, place, track, bool(held.constants.get("GOES_ON", False)))

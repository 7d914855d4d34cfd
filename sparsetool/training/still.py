"""Masks that stay while a network trains; what masks that move answer to as well."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


class Still:
    """Masks that stay: nothing happens, and the network computes with the weights it holds."""

    instead = dense = False

    def before(self, step: int) -> None:
        """Move masks before a step, where that is their time."""

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """While it lasts, the module holds what the network computes with."""
        yield

    def look(self) -> None:
        """See the gradients of all weights, before they are masked."""

    def after(self, step: int, examples: int) -> None:
        """Behind a step of so many examples: count it, and move masks where that is their time."""

    def again(self, examples: int) -> None:
        """Behind a second pass of so many examples: count it."""

    def masks(self) -> Arrays | None:
        """Masks of a ticket as it would be now; None where they are those it started with."""
        return None

    def now(self) -> dict[str, Any]:
        """What a line of the log says of masks that move."""
        return {}

    def achieved(self, whole: bool) -> dict[str, Any]:
        """What the record of a cycle, or of its beginning, says."""
        return {}

    def state(self) -> Arrays:
        """All that `restore` needs."""
        return {}

    def restore(self, arrays: Arrays) -> None:
        """Take up a state that `state` gave."""

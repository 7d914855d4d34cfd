"""Times between two updates of masks, in the words of a member."""

from __future__ import annotations

import math
from fractions import Fraction

from ..errors import UsageError

UNITS = ("step", "steps", "epoch", "epochs", "cycle")


def steps_of(text: str, epochs: int, steps: int) -> int:
    """A time such as `100 steps or 1/20 cycle` in steps: the shortest of those named, at least 1.

    Args:
        text: Numbers with a unit, joined by ` or `.
        epochs: Epochs in the cycle.
        steps: Steps in an epoch.

    Raises:
        UsageError: It is not of that form.

    Example:
        >>> steps_of("100 steps or 1/20 cycle", 15, 12), steps_of("1 epoch", 15, 12)
        (9, 12)
    """
    found = []
    for part in text.split(" or "):
        number, _, unit = part.strip().partition(" ")
        try:
            value = Fraction(number)
        except (ValueError, ZeroDivisionError):
            value = Fraction(0)
        if value <= 0 or unit not in UNITS:
            raise UsageError(f"'{text}' is no time between updates: give such as '100 steps'")
        each = {"s": 1, "e": steps, "c": epochs * steps}[unit[0]]
        found.append(math.ceil(value * each))
    return max(1, min(found))

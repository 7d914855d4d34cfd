"""Numbers that somebody's own data bring as settings, checked before any work."""

from __future__ import annotations

import math
import operator
from typing import Any

from ...errors import SparsetoolError


def is_bool(value: Any) -> bool:
    """Whether it is True or False, Python's or numpy's."""
    import numpy as np

    return isinstance(value, bool | np.bool_)


def whole(value: Any, what: str, least: int, most: int | None = None) -> int:
    """A whole number within limits; text that looks like one is none."""
    upto = "" if most is None else f" and at most {most:,}"
    try:
        number = None if is_bool(value) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        raise SparsetoolError(f"{what} is {value!r}; wanted a whole number, at least {least}{upto}")
    return number


def real(value: Any, what: str, least: float, below: float) -> float:
    """A number from `least` up to but not including `below`."""
    number = _number(value)
    if number is None or not least <= number < below:
        upto = "" if below == math.inf else f" and below {below:g}"
        raise SparsetoolError(f"{what} is {value!r}; wanted a number, at least {least:g}{upto}")
    return number


def _number(value: Any) -> float | None:
    """A finite number; None for what is none, as text that looks like one."""
    if isinstance(value, str | bytes) or is_bool(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def channels(
    value: Any, what: str, count: int, least: float, most: float, above: bool = False
) -> tuple[float, ...]:
    """One number for each of `count` channels, within limits; `above` the lower one if so asked."""
    wide = isinstance(value, tuple | list) or getattr(value, "ndim", 0) == 1
    numbers = [_number(each) for each in value] if wide else [_number(value)]
    found = [number for number in numbers if number is not None and least <= number <= most]
    if above:
        found = [number for number in found if number > least]
    if len(found) != count or len(numbers) != count:
        kind = "numbers above 0" if above else "numbers"
        scale = ", fractions of the full range (up to 1)" if most == 1 else ""
        shown = list(value) if wide else value
        raise SparsetoolError(f"{what} is {shown!r}; wanted {count} {kind}{scale}")
    return tuple(found)

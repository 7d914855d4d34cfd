"""How many weights a sparsity keeps, exactly, from the decimal as it was typed."""

import math
import re
from decimal import Decimal
from fractions import Fraction

from ..errors import UsageError

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


def decimal(value: str | float | int | Decimal) -> str:
    """The canonical text of a decimal number, without exponent or needless zeros.

    A float stands for its shortest decimal (0.1 is one tenth), as if it had been typed.

    Raises:
        UsageError: It is not a finite decimal number.

    Example:
        >>> decimal("0.90"), decimal(0.5), decimal(".05"), decimal("1e-3"), decimal("-0.0")
        ('0.9', '0.5', '0.05', '0.001', '0')
    """
    typed = float.__repr__(value) if isinstance(value, float) else str(value).strip()
    if isinstance(value, bool) or not NUMBER.fullmatch(typed):
        raise UsageError(f"'{value}' is not a number: give a decimal such as 0.9")
    text = format(Decimal(typed), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fraction(value: str | float, what: str, *, one: bool = False) -> Fraction:
    """A fraction of something, exactly.

    Args:
        value: The decimal.
        what: What to call it in errors.
        one: Whether 1 is allowed.

    Raises:
        UsageError: It is not in [0, 1), or with `one` not in [0, 1].
    """
    exact = Fraction(decimal(value))
    if not 0 <= exact <= 1 or (exact == 1 and not one):
        limits = "from 0 to 1" if one else "from 0 up to but not including 1"
        raise UsageError(f"{what} must be a fraction {limits}, not {value}")
    return exact


def goal(total: int, removed: str | float, what: str = "sparsity") -> Fraction:
    """What is left of `total` without the fraction `removed`, before it is rounded.

    Raises:
        UsageError: The fraction is not in [0, 1).
    """
    return (1 - fraction(removed, what)) * total


def kept_for(total: int, sparsity: str | float) -> int:
    """Weights that `sparsity` keeps of `total`: round((1 - S) total), halves to even.

    Raises:
        UsageError: The sparsity is not in [0, 1).

    Example:
        >>> kept_for(270896, "0.9"), kept_for(5, "0.5"), kept_for(7, "0.5")
        (27090, 2, 4)
    """
    return round(goal(total, sparsity))


def survivors_after(kept: int, rate: str) -> int:
    """Weights left of `kept` when the fraction `rate` of them goes: halves to even.

    Raises:
        UsageError: The rate is not in [0, 1).

    Example:
        >>> survivors_after(100, "0.2"), survivors_after(5, "0.5")
        (80, 2)
    """
    return round(goal(kept, rate, "rate"))


def rounds_between(start: int, end: Fraction, rounds: int) -> list[int]:
    """Counts after each of several rounds, geometric from `start` (excluded) to `end` (included).

    With `start` the number of all weights and `end` (1 - S) times that, these are the densities
    exp(log(1 - S) t / T) of iterative SNIP and SynFlow. The last count is `end`, halves to even.

    Example:
        >>> rounds_between(1000, Fraction(10), 4)
        [316, 100, 32, 10]
    """
    last = round(end)
    if start == 0:
        return [0] * rounds
    step = math.log(end / start) / rounds
    counts = [round(start * math.exp(step * t)) for t in range(1, rounds)]
    return [min(start, max(last, count)) for count in counts] + [last]

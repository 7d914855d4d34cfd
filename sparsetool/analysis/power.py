"""How many seeds a paired test needs, from the spread of the differences seen so far."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

MOST_SEEDS = 1_000_000  # more is told as None


def seeds_to_detect(
    spread: float, difference: float, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """Fewest seeds with which the two-sided paired t test finds a difference.

    The power is that of Student's noncentral t: the mean over chi distributed sample deviations
    u of P(|Z + sqrt(n) difference / spread| > t u), Z standard normal.

    Args:
        spread: Standard deviation of the differences, above 0.
        difference: The true mean difference, not 0.
        alpha: Level of the test.
        power: Probability of finding it.

    Returns:
        The number, or None where it is above a million.

    Example:
        >>> seeds_to_detect(1.0, 0.5)
        34
    """
    from scipy.special import ndtr

    def found(n: int) -> float:
        bounds, weights = _bounds(n, alpha / 2)
        shift = abs(difference) / spread * math.sqrt(n)
        return float(weights @ (ndtr(shift - bounds) + ndtr(-shift - bounds)))

    return _fewest(found, power)


def seeds_for_equivalence(
    spread: float, margin: float, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """Fewest seeds with which `equivalence` finds equal what is equal (true difference 0).

    The power is the mean over chi distributed sample deviations u of
    P(|Z| < sqrt(n) margin / spread - t u): Owen's integral, not the usual approximation.

    Reference: Phillips, 1990, "Power of the two one-sided tests procedure in bioequivalence",
    J. Pharmacokin. Biopharm. 18.

    Args:
        spread: Standard deviation of the differences, above 0.
        margin: Largest difference that counts as none, above 0.
        alpha: Level of both one-sided tests.
        power: Probability of finding them equal.

    Returns:
        The number, or None where it is above a million.
    """
    from scipy.special import ndtr

    def found(n: int) -> float:
        bounds, weights = _bounds(n, alpha)
        room = margin / spread * math.sqrt(n) - bounds
        return float(weights @ np.maximum(0.0, 2 * ndtr(room) - 1))

    return _fewest(found, power)


def _bounds(n: int, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """t times sample deviations (their quantiles over a fine grid), and the grid's weights."""
    from scipy.special import gammaincinv, stdtrit

    nodes, weights = _grid()
    deviations = np.sqrt(2 * gammaincinv((n - 1) / 2, (nodes + 1) / 2) / (n - 1))
    return -stdtrit(n - 1, tail) * deviations, weights / 2


@cache
def _grid() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(200)


def _fewest(reached: Callable[[int], float], power: float) -> int | None:
    """The smallest n from 2 on where a power that rises with n reaches what is wanted."""
    high = 2
    while reached(high) < power:
        high *= 2
        if high > MOST_SEEDS:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) >= power else (middle, high)
    return high

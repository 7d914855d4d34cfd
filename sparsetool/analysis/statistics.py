"""Confidence intervals of a mean over a few seeds (Student, 1908)."""

from __future__ import annotations

import math
from collections.abc import Sequence


def t_quantile(dof: int, confidence: float = 0.95) -> float:
    """Half width, in standard errors, of a central interval of Student's t.

    Args:
        dof: Degrees of freedom, at least 1.
        confidence: Probability inside the interval, 0 to 1 exclusive.

    Raises:
        ValueError: An argument is out of range.

    Example:
        >>> round(t_quantile(2), 3)
        4.303
    """
    if dof < 1 or not 0 < confidence < 1:
        raise ValueError(f"t_quantile wants dof >= 1 and confidence in (0, 1): {dof}, {confidence}")
    from scipy.special import stdtrit  # scipy.stats would take ten times as long to import

    return float(stdtrit(dof, (1 + confidence) / 2))


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """Mean and half width of its confidence interval; one value alone has no interval (0).

    The half width is t s / sqrt(n) with s the sample deviation (n - 1 in the denominator).

    Example:
        >>> mean, half = mean_interval([0.90, 0.91, 0.92])
        >>> round(mean, 3), round(half, 4)
        (0.91, 0.0248)
    """
    n = len(values)
    mean = math.fsum(values) / n
    if n < 2:
        return mean, 0.0
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    return mean, t_quantile(n - 1, confidence) * deviation / math.sqrt(n)

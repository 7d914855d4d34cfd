"""Confidence intervals of a mean over a few seeds (Student, 1908)."""

from __future__ import annotations

import math
from collections.abc import Sequence


def central_probability(t: float, dof: int) -> float:
    """P(|T| < t) of Student's t with `dof` degrees of freedom.

    The finite sums of Abramowitz and Stegun, 1964, 26.7.3 (odd) and 26.7.4 (even).

    Example:
        >>> round(central_probability(4.302653, 2), 6)
        0.95
    """
    angle = math.atan(t / math.sqrt(dof))
    sine, cosine = math.sin(angle), math.cos(angle)
    term, total = (1.0, 1.0) if dof % 2 == 0 else (cosine, cosine)
    for k in range(2 + dof % 2, dof - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    if dof % 2 == 0:
        return sine * total
    return 2 / math.pi * (angle + (sine * total if dof > 1 else 0.0))


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
    high = 1.0
    while central_probability(high, dof) < confidence:
        high *= 2
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if central_probability(middle, dof) < confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


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

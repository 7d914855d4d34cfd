"""Statistics over a few seeds: intervals of a mean, paired tests, equivalence, many tests at once.

Differences are paired by seed: one number for each seed that both sides have. All tests take them
as draws from a normal distribution; with few seeds no test can check that.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

Values = Sequence[float] | np.ndarray
ROUNDING = 1e-12  # values that differ by less, relative to the figures, are the same
SAME = 1e-9  # p values that differ by less, relatively, are of the same data but for rounding


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


def mean_interval(values: Values, confidence: float = 0.95) -> tuple[float, float]:
    """Mean and half width of its confidence interval; one value alone has no interval (0).

    The half width is t s / sqrt(n) with s the sample deviation (n - 1 in the denominator).

    Reference: Student, 1908, "The probable error of a mean", Biometrika 6.

    Example:
        >>> mean, half = mean_interval([0.90, 0.91, 0.92])
        >>> round(mean, 3), round(half, 4)
        (0.91, 0.0248)
    """
    n = len(values)
    mean = math.fsum(values) / n
    if n < 2:
        return mean, 0.0
    return mean, t_quantile(n - 1, confidence) * deviation(values) / math.sqrt(n)


def deviation(values: Values) -> float:
    """Sample standard deviation, n - 1 in the denominator; 0 for one value."""
    n = len(values)
    mean = math.fsum(values) / n
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1)) if n > 1 else 0.0


def deviation_above_rounding(values: Values, figures: Values) -> float:
    """`deviation`; 0 where no more than the rounding of the figures that values are made of.

    Example:
        >>> deviation_above_rounding([0.1 + 0.2, 0.3], [0.1 + 0.2, 0.3])
        0.0
    """
    spread = deviation(values)
    return spread if spread > ROUNDING * max(map(abs, figures)) else 0.0


def deviation_interval(values: Values, confidence: float = 0.95) -> tuple[float, float]:
    """Ends of the confidence interval of a normal distribution's standard deviation.

    They are s sqrt((n - 1) / q), q the quantiles of chi-squared with n - 1 degrees of freedom.

    Args:
        values: At least two.
        confidence: Probability inside the interval, 0 to 1 exclusive.

    Example:
        >>> low, high = deviation_interval([0.90, 0.91, 0.92])
        >>> round(low, 4), round(high, 4)
        (0.0052, 0.0628)
    """
    from scipy.special import chdtri  # of the upper tail

    dof, tail = len(values) - 1, (1 - confidence) / 2
    whole = deviation(values) * math.sqrt(dof)
    low, high = (whole / math.sqrt(chdtri(dof, part)) for part in (tail, 1 - tail))
    return low, high


def paired_t(differences: Values, about: float = 0.0) -> tuple[float, float]:
    """Student's paired test that the mean difference is `about`: t and its two-sided p value.

    t = (mean - about) / (s / sqrt(n)), with n - 1 degrees of freedom.

    Reference: Student, 1908, "The probable error of a mean", Biometrika 6.

    Raises:
        ValueError: Fewer than two differences, or all are the same: there is no such test.

    Example:
        >>> t, p = paired_t([0.01, 0.02, 0.03])
        >>> round(t, 3), round(p, 4)
        (3.464, 0.0742)
    """
    from scipy.special import stdtr

    t = _standardised(differences, about)
    return t, float(2 * stdtr(len(differences) - 1, -abs(t)))


def _standardised(differences: Values, about: float) -> float:
    spread = deviation(differences) if len(differences) > 1 else 0.0
    if spread == 0:
        raise ValueError(f"no t test of {len(differences)} differences with deviation {spread}")
    mean = math.fsum(differences) / len(differences)
    return (mean - about) / (spread / math.sqrt(len(differences)))


def equivalence(differences: Values, margin: float) -> float:
    """p value that the mean difference lies within (-margin, margin): two one-sided tests (TOST).

    The larger of the p values of t tests against mean <= -margin and mean >= margin. At level a it
    is as if the interval of confidence 1 - 2a lay within the margin.

    Reference: Schuirmann, 1987, "A comparison of the two one-sided tests procedure and the power
    approach for assessing the equivalence of average bioavailability", J. Pharmacokin.
    Biopharm. 15.

    Raises:
        ValueError: No test of these differences is possible (see `paired_t`), or margin <= 0.
    """
    from scipy.special import stdtr

    _check_margin(margin)
    low, high = (_standardised(differences, edge) for edge in (-margin, margin))
    return float(max(stdtr(len(differences) - 1, [-low, high])))


def beyond(differences: Values, margin: float) -> float:
    """p value that the mean difference lies outside [-margin, margin].

    Twice the smaller of the p values of t tests against mean <= margin and mean >= -margin. At
    level a it is as if the interval of confidence 1 - a lay outside the margin.

    Raises:
        ValueError: As `equivalence`.
    """
    from scipy.special import stdtr

    _check_margin(margin)
    low, high = (_standardised(differences, edge) for edge in (-margin, margin))
    return float(min(1.0, 2 * min(stdtr(len(differences) - 1, [low, -high]))))


def _check_margin(margin: float) -> None:
    if not margin > 0:
        raise ValueError(f"a margin is above 0: {margin}")


def holm(ps: Sequence[float]) -> list[float]:
    """p values adjusted for all being tested together (Holm's step-down correction).

    The i-th smallest of m becomes the largest of (m - j + 1) p_j over j <= i, at most 1. To reject
    where the adjusted p is below a keeps the chance of any false rejection below a.

    Reference: Holm, 1979, "A simple sequentially rejective multiple test procedure", Scand. J.
    Statist. 6.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    adjusted, largest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda at: ps[at])):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = largest
    return adjusted


def holm_levels(ps: Sequence[float], alpha: float) -> list[float]:
    """Level at which Holm's procedure tests each p value: alpha over how many are no smaller.

    Equal ones (but for rounding) are tested at the level of the first of them: Holm's procedure
    rejects them together or not at all.

    Example:
        >>> holm_levels([0.01, 0.04, 0.03, 0.03], 0.06)
        [0.015, 0.06, 0.02, 0.02]
    """
    ordered = sorted(ps)
    return [alpha / (len(ps) - bisect_left(ordered, p * (1 - SAME))) for p in ps]


def bootstrap_interval(
    values: Values,
    resamples: int,
    seed: int = 0,
    confidence: float = 0.95,
    method: str = "bca",
) -> tuple[float, float]:
    """Bootstrap interval of the mean: bias-corrected and accelerated, or percentiles.

    Percentiles are those of the means of resamples, at a / 2 and 1 - a / 2. BCa takes them instead
    at Phi(z0 + (z0 + z) / (1 - c (z0 + z))): z0 the normal quantile of the part of means below the
    mean itself, c the skewness of the jackknife's means over 6. With fewer than some ten values
    both are too narrow: Student's interval is the safer one.

    Reference: Efron, 1987, "Better bootstrap confidence intervals", J. Amer. Statist. Assoc. 82.

    Args:
        values: One for each seed.
        resamples: Number of resamples.
        seed: Of the draws (Philox).
        confidence: Probability inside the interval, 0 to 1 exclusive.
        method: `bca` or `percentile`.

    Raises:
        ValueError: Fewer than two values, or another method.
    """
    if len(values) < 2 or method not in ("bca", "percentile"):
        raise ValueError(f"wanted two values and bca or percentile: {len(values)}, {method}")
    held = np.asarray(values, float)
    rng = np.random.Generator(np.random.Philox(seed))
    means = held[rng.integers(0, len(held), (resamples, len(held)))].mean(axis=-1)
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if method == "bca":
        tails = _accelerated(held, means, tails)
    low, high = np.percentile(means, 100 * tails)
    return float(low), float(high)


def _accelerated(values: np.ndarray, means: np.ndarray, tails: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    mean, n = values.mean(), len(means)
    below = ((means < mean).sum() + (means <= mean).sum()) / (2 * n)
    bias = ndtri(min(max(below, 0.5 / n), 1 - 0.5 / n))
    left_out = (values.sum() - values) / (len(values) - 1)
    influence = left_out.mean() - left_out
    spread = (influence**2).sum() ** 1.5
    skew = (influence**3).sum() / (6 * spread) if spread else 0.0
    shifted = bias + ndtri(tails)
    return ndtr(bias + shifted / (1 - skew * shifted))

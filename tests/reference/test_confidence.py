"""Confidence intervals against the published table of Student's t, and by integration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sparsetool.analysis.statistics import mean_interval, t_quantile

# Two-sided 95% and 99%, by degrees of freedom: any textbook's table.
TABLE = {
    1: (12.706, 63.657),
    2: (4.303, 9.925),
    3: (3.182, 5.841),
    4: (2.776, 4.604),
    5: (2.571, 4.032),
    9: (2.262, 3.250),
    10: (2.228, 3.169),
    30: (2.042, 2.750),
    60: (2.000, 2.660),
    120: (1.980, 2.617),
}


@pytest.mark.parametrize("dof", TABLE)
def test_quantiles_are_the_table_s(dof: int) -> None:
    for confidence, value in zip((0.95, 0.99), TABLE[dof], strict=True):
        assert t_quantile(dof, confidence) == pytest.approx(value, abs=5.01e-4)


@pytest.mark.parametrize("dof", [1, 2, 3, 4, 7, 8, 51])
@pytest.mark.parametrize("confidence", [0.1, 0.5, 0.9, 0.999])
def test_the_density_between_the_quantiles_is_the_confidence(dof: int, confidence: float) -> None:
    t = t_quantile(dof, confidence)
    x, step = np.linspace(-t, t, 2_000_001, retstep=True)
    logs = math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2) - math.log(dof * math.pi) / 2
    density = np.exp(logs - (dof + 1) / 2 * np.log1p(x * x / dof))
    area = step * (density.sum() - (density[0] + density[-1]) / 2)
    assert area == pytest.approx(confidence, abs=1e-6)


def test_three_seeds() -> None:
    """reference.md: 4.303 s / sqrt 3."""
    values = [0.91, 0.93, 0.98]
    mean, half = mean_interval(values)
    assert mean == pytest.approx(0.94, rel=1e-15)
    assert half == pytest.approx(4.302652729749 * np.std(values, ddof=1) / math.sqrt(3), rel=1e-9)
    assert mean_interval([0.5]) == (0.5, 0.0)
    assert mean_interval([0.5, 0.5]) == (0.5, 0.0)


@pytest.mark.parametrize(("dof", "confidence"), [(0, 0.95), (2, 0.0), (2, 1.0)])
def test_what_has_no_interval_is_refused(dof: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="t_quantile wants"):
        t_quantile(dof, confidence)

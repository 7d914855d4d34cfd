"""Paired statistics against scipy, printed tables and published examples, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from sparsetool.analysis.claims import Rule, judged
from sparsetool.analysis.pairing import Pairs
from sparsetool.analysis.power import seeds_for_equivalence, seeds_to_detect
from sparsetool.analysis.statistics import (
    beyond,
    bootstrap_interval,
    deviation,
    equivalence,
    holm,
    holm_levels,
    mean_interval,
    paired_t,
)
from sparsetool.errors import UsageError

# Hours of sleep gained under two drugs (Cushny and Peebles, 1905), the example of Student, 1908.
FIRST = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
SECOND = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP = FIRST - SECOND


def test_student_s_own_example() -> None:
    """As R prints it: t = 4.0621, df = 9, p-value = 0.002833, 0.7001142 to 2.4598858."""
    t, p = paired_t(SLEEP)
    assert (round(t, 4), round(p, 6)) == (4.0621, 0.002833)
    mean, half = mean_interval(SLEEP)
    assert (round(mean - half, 7), round(mean + half, 7)) == (0.7001142, 2.4598858)
    assert round(deviation(SLEEP), 6) == 1.229995


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_tests_are_scipy_s(n: int) -> None:
    rng = np.random.default_rng(n)
    first, second = rng.normal(0.3, 1, n), rng.normal(0, 1, n)
    wanted = stats.ttest_rel(first, second)
    assert paired_t(first - second) == pytest.approx((wanted.statistic, wanted.pvalue), rel=1e-9)
    low, high = wanted.confidence_interval(0.9)
    mean, half = mean_interval(first - second, 0.9)
    assert (mean - half, mean + half) == pytest.approx((low, high), rel=1e-9)
    margin = 0.8
    above = stats.ttest_1samp(first - second, -margin, alternative="greater").pvalue
    below = stats.ttest_1samp(first - second, margin, alternative="less").pvalue
    assert equivalence(first - second, margin) == pytest.approx(max(above, below), rel=1e-9)
    outside = 2 * min(1 - above, 1 - below)
    assert beyond(first - second, margin) == pytest.approx(min(1, outside), rel=1e-6)


def test_equivalence_by_the_printed_table() -> None:
    """Deviation 2, n 16: se 0.5; 5% of t with 15 degrees is 1.753 one-sided, 2.131 two-sided."""
    unit = np.array([1.0, -1.0] * 8)
    differences = 1 + 2 * unit / unit.std(ddof=1)
    assert equivalence(differences, 1 + 1.753 * 0.5) == pytest.approx(0.05, abs=2e-5)
    assert equivalence(-differences, 1 + 1.753 * 0.5) == pytest.approx(0.05, abs=2e-5)
    assert beyond(3 + differences, 4 - 2.131 * 0.5) == pytest.approx(0.05, abs=5e-5)


def test_an_interval_and_its_tests_agree() -> None:
    """TOST at 5% is the 90% interval within the margin; beyond, the 95% interval outside."""
    for seed in range(200):
        rng = np.random.default_rng(seed)
        found = rng.normal(rng.normal(0, 0.5), 1, 6)
        mean, half = mean_interval(found, 0.9)
        assert (equivalence(found, 1.0) < 0.05) == (abs(mean) + half < 1)
        mean, half = mean_interval(found, 0.95)
        assert (beyond(found, 0.3) < 0.05) == (abs(mean) - half > 0.3)


@pytest.mark.parametrize(
    ("ps", "adjusted"),
    [
        ([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09]),  # R's p.adjust
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # rejects the 4th and 1st at 5%
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.2], [0.2]),
        ([], []),
    ],
)
def test_holm(ps: list[float], adjusted: list[float]) -> None:
    assert holm(ps) == pytest.approx(adjusted)


@pytest.mark.parametrize("method", ["percentile", "bca"])
@pytest.mark.parametrize("values", [SLEEP, SLEEP**3, [0.1, 0.2, 0.4], [1.0, 2.0]])
def test_the_bootstrap_is_scipy_s(values: np.ndarray, method: str) -> None:
    wanted = stats.bootstrap(
        (np.array(values),),
        np.mean,
        n_resamples=2000,
        confidence_level=0.9,
        method="BCa" if method == "bca" else method,
        random_state=np.random.Generator(np.random.Philox(7)),
    ).confidence_interval
    found = bootstrap_interval(values, 2000, 7, 0.9, method)
    assert found == pytest.approx((wanted.low, wanted.high), rel=1e-9)
    assert found == bootstrap_interval(values, 2000, 7, 0.9, method)


def test_seeds_to_detect_are_the_published_ones() -> None:
    """G*Power, paired t, two-sided 5%, power 0.8: Cohen's small, medium and large effect."""
    found = [seeds_to_detect(1.0, effect) for effect in (0.2, 0.5, 0.8)]
    assert found == [199, 34, 15]
    assert seeds_to_detect(2.0, -1.0) == 34
    assert seeds_to_detect(1.0, 1e-6) is None


def test_seeds_at_any_confidence() -> None:
    """--confidence 0.4 ended in a traceback: its tests are at 60%."""
    assert judged([pairs(0.1, -0.2, 0.15)], Rule("equal", 0.1, 0.4))[0]["seeds_needed"] == 4


@pytest.mark.parametrize("ratio", [0.7, 1.2, 2.0])
def test_seeds_for_equivalence_by_simulation(ratio: float) -> None:
    n = seeds_for_equivalence(1.0, ratio)
    assert n is not None
    rng = np.random.default_rng(0)

    def power(seeds: int) -> float:
        draws = rng.normal(size=(200_000, seeds))
        error = draws.std(axis=1, ddof=1) / math.sqrt(seeds)
        bound = stats.t.ppf(0.95, seeds - 1)
        return float(np.mean(np.abs(draws.mean(axis=1)) + bound * error < ratio))

    assert power(n) > 0.797
    assert power(n - 1) < 0.803


def test_what_cannot_be_tested_is_refused() -> None:
    for differences in ([0.1], [0.1, 0.1], []):
        with pytest.raises(ValueError, match="no t test"):
            paired_t(differences)
    for margin in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="margin"):
            equivalence([0.1, 0.2], margin)
        with pytest.raises(ValueError, match="margin"):
            beyond([0.1, 0.2], margin)
    for rule in (Rule("equal"), Rule("better"), Rule(interval="normal"), Rule(resamples=7)):
        with pytest.raises(UsageError):
            judged([], rule)
    with pytest.raises(ValueError, match="two values"):
        bootstrap_interval([1.0], 100)


def pairs(*differences: float) -> Pairs:
    figures = [(0.5 + d, 0.5) for d in differences]
    return Pairs("a", "b", {}, [str(k) for k in range(len(figures))], figures)


@pytest.mark.parametrize(
    ("claim", "margin", "differences", "verdict"),
    [
        ("above", None, (0.10, 0.11, 0.12), "holds"),
        ("above", None, (-0.10, -0.11, -0.12), "does not hold"),
        ("above", None, (0.10, -0.11, 0.12), "cannot be told with 3 seeds"),
        ("above", 0.05, (0.001, -0.001, 0.001), "does not hold"),
        ("above", 0.05, (0.010, 0.011, 0.012), "holds"),
        ("below", None, (-0.10, -0.11, -0.12), "holds"),
        ("below", None, (0.10, 0.11, 0.12), "does not hold"),
        ("equal", 0.05, (0.001, -0.001, 0.001), "holds"),
        ("equal", 0.05, (0.010, 0.011, 0.012), "holds"),
        ("equal", 0.05, (0.10, 0.11, 0.12), "does not hold"),
        ("equal", 0.05, (0.04, 0.05, 0.06), "cannot be told with 3 seeds"),
        ("equal", 0.05, (0.0, 0.0, 0.0), "cannot be told with 3 seeds"),
        ("above", 0.05, (0.1,), "cannot be told with 1 seed"),
        ("above", 0.05, (), "cannot be told with 0 seeds"),
    ],
)
def test_verdicts(
    claim: str, margin: float | None, differences: tuple[float, ...], verdict: str
) -> None:
    (row,) = judged([pairs(*differences)], Rule(claim, margin))
    assert row["verdict"] == verdict
    assert all(math.isfinite(v) for v in row.values() if isinstance(v, float))


def test_holm_s_family_is_all_that_is_tested() -> None:
    """What holds alone (p 0.0077 three times over is 0.023) does not among enough others."""
    clear, vague = pairs(0.10, 0.11, 0.13), pairs(0.1, -0.2, 0.15)
    alone = judged([clear], Rule("above"))[0]
    assert alone["p"] == alone["p_holm"]
    few = judged([clear, vague, vague, pairs(0.1)], Rule("above"))
    assert few[0]["p_holm"] == pytest.approx(3 * alone["p"])
    assert few[0]["verdict"] == "holds"
    many = judged([clear] + [vague] * 9, Rule("above"))
    assert many[0]["verdict"] == "cannot be told with 3 seeds"
    assert "p" not in few[3]


def detected(n: int, effect: float, alpha: float) -> float:
    """Power of the two-sided t test, by scipy's noncentral t."""
    bound, shift = stats.t.isf(alpha / 2, n - 1), effect * math.sqrt(n)
    return float(stats.nct.sf(bound, n - 1, shift) + stats.nct.cdf(-bound, n - 1, shift))


def found_equal(n: int, margin: float, alpha: float) -> float:
    """Power of TOST at no difference: over the sample deviation u, by scipy's quadrature."""
    bound, room = stats.t.isf(alpha, n - 1), margin * math.sqrt(n)
    deviations = stats.chi(n - 1, scale=1 / math.sqrt(n - 1))
    inside = lambda u: (2 * stats.norm.cdf(room - bound * u) - 1) * deviations.pdf(u)  # noqa: E731
    return float(quad(inside, 0, room / bound)[0])


@pytest.mark.parametrize("claim", ["above", "equal", None])
def test_seeds_needed_are_at_holm_s_levels(claim: str | None) -> None:
    """The smallest p of m at alpha / m, the next at alpha / (m - 1) ..., equal ones alike."""
    found = [
        (0.1, -0.2, 0.15),
        (0.10, 0.11, 0.13),
        (0.03, 0.01, -0.02),
        (0.1,),
        (0.02, -0.01, -0.03),
    ]
    rows = judged([pairs(*each) for each in found], Rule(claim, 0.06))
    tested = [row for row in rows if "p" in row]
    power = detected if claim == "above" else found_equal
    key = "p" if claim == "above" else "p_equal"
    order = {"p": [3, 0, 1, 1], "p_equal": [2, 3, 0, 0]}[key]  # how many are smaller
    assert tested[2][key] == pytest.approx(tested[3][key], rel=1e-12)
    assert [sum(row[key] < 0.999999 * at[key] for row in tested) for at in tested] == order
    for row, rank in zip(tested, order, strict=True):
        level, ratio = 0.05 / (4 - rank), 0.06 / row["deviation"]
        assert power(row["seeds_needed"], ratio, level) >= 0.8
        assert power(row["seeds_needed"] - 1, ratio, level) < 0.8
    assert "seeds_needed" not in rows[3]
    count = seeds_to_detect if claim == "above" else seeds_for_equivalence
    (alone,) = judged([pairs(*found[0])], Rule(claim, 0.06))
    assert alone["seeds_needed"] == count(alone["deviation"], 0.06, 0.05)
    assert alone["seeds_needed"] < tested[0]["seeds_needed"] or order[0] == 3


@pytest.mark.parametrize("m", [1, 2, 5, 9])
def test_holm_s_levels_reject_what_holm_rejects(m: int) -> None:
    """Step down: p values in order, each below its level, until the first that is not."""
    for seed in range(50):
        ps = (
            np.random.default_rng(seed).choice([0.001, 0.004, 0.008, 0.012, 0.02, 0.04], m).tolist()
        )
        levels = holm_levels(ps, 0.05)
        stop = min((p for p, level in zip(ps, levels, strict=True) if p >= level), default=1)
        assert [p < stop for p in ps] == [p < 0.05 for p in holm(ps)]


def test_rounding_is_no_spread() -> None:
    """0.9 - 0.8 and 0.8 - 0.7 differ in the last bit alone: p would be 1e-31."""
    tiny = Pairs("a", "b", {}, ["0", "1"], [(0.9, 0.8), (0.8, 0.7)])
    (row,) = judged([tiny], Rule("above"))
    assert row["note"] == "all differences are the same"
    assert "p" not in row
    assert row["verdict"] == "cannot be told with 2 seeds"

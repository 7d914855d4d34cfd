"""Learning rates against the paper's numbers, and what every schedule must keep."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import registry
from sparsetool.schedules import Cycle

B = 98  # steps of 512 in an epoch of CIFAR
CIFAR = Cycle(epochs=150, steps=B, peak=0.1)
IMAGENET = Cycle(
    epochs=90,
    steps=B,
    peak=0.1,
    warmup=Fraction(10, 90),
    drops=(Fraction(40, 90), Fraction(70, 90)),
    warm="tenth",
)


def rates(name: str, cycle: Cycle) -> list[float]:
    rate = registry.load("schedules", name).rate
    return [rate(step, cycle) for step in range(cycle.total)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, 0.1 / (10 * B)),
        (1, 0.2 / (10 * B)),
        (9 * B, 0.1 * (9 * B + 1) / (10 * B)),
        (10 * B - 1, 0.1),
        (10 * B, 0.1),
        (69 * B, 0.1),
        (70 * B - 1, 0.1),
        (70 * B, 0.01),
        (129 * B, 0.01),
        (130 * B - 1, 0.01),
        (130 * B, 0.001),
        (150 * B - 1, 0.001),
    ],
)
def test_step_warmup_on_cifar(step: int, expected: float) -> None:
    assert registry.load("schedules", "step-warmup").rate(step, CIFAR) == pytest.approx(
        expected, rel=1e-12
    )


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [(0, 0.01), (9, 0.01), (10, 0.1), (39, 0.1), (40, 0.01), (69, 0.01), (70, 0.001), (89, 0.001)],
)
def test_step_warmup_on_imagenet(epoch: int, expected: float) -> None:
    rate = registry.load("schedules", "step-warmup").rate
    for step in (epoch * B, epoch * B + B - 1):
        assert rate(step, IMAGENET) == pytest.approx(expected, rel=1e-12)


def test_a_short_cycle_keeps_the_shape() -> None:
    """Five epochs of 12 steps: warm-up of 4 steps, drops at 28 and 52."""
    found = rates("step-warmup", Cycle(epochs=5, steps=12, peak=1.0))
    expected = [0.25, 0.5, 0.75] + [1.0] * 25 + [0.1] * 24 + [0.01] * 8
    assert found == pytest.approx(expected, rel=1e-12)


def test_cosine_by_hand() -> None:
    """Ten steps, two of warm-up: then cosine over eight, the floor at the last."""
    cycle = Cycle(epochs=5, steps=2, peak=1.0, warmup=Fraction(1, 5), floor=0.2)
    found = rates("cosine", cycle)
    expected = [0.5, 1.0] + [0.6 + 0.4 * math.cos(math.pi * k / 8) for k in range(1, 9)]
    assert found == pytest.approx(expected, rel=1e-12)


def test_cosine_of_the_paper_ends_at_its_floor() -> None:
    found = rates("cosine", CIFAR)
    assert found[10 * B - 1] == pytest.approx(0.1)
    assert found[-1] == pytest.approx(0.01)


def test_one_cycle_by_hand() -> None:
    """Ten steps to a peak of 1: 0.2 up to 1 in two steps, then 8 down to 0."""
    found = rates("one-cycle", Cycle(epochs=2, steps=5, peak=1.0))
    assert found == pytest.approx([0.2, 0.6] + [k / 8 for k in range(8, 0, -1)], rel=1e-12)


def test_constant() -> None:
    assert set(rates("constant", CIFAR)) == {0.1}


cycles = st.builds(
    Cycle,
    epochs=st.integers(1, 40),
    steps=st.integers(1, 12),
    peak=st.sampled_from([0.003, 0.1, 1.0]),
    warmup=st.fractions(0, Fraction(9, 10)),
    drops=st.lists(st.fractions(0, 1), max_size=3).map(lambda drops: tuple(sorted(drops))),
    warm=st.sampled_from(["linear", "tenth"]),
    # What the last pruning did, which some schedules ask for.
    budget=st.just(0.5),
    distance=st.sampled_from([0.1, 0.5]),
    removed=st.just(0.2),
)


@pytest.mark.parametrize("name", registry.members("schedules"))
@given(cycle=cycles)
def test_every_schedule_is_positive_and_below_its_peak(name: str, cycle: Cycle) -> None:
    for rate in rates(name, cycle):
        assert isinstance(rate, float)
        assert 0 < rate <= cycle.peak


@pytest.mark.parametrize("name", ["step-warmup", "cosine", "one-cycle"])
@given(cycle=cycles)
def test_up_then_down(name: str, cycle: Cycle) -> None:
    """Rates rise to one summit and never rise again after it."""
    if name == "step-warmup" and any(drop < cycle.warmup for drop in cycle.drops):
        return  # a drop inside the warm-up makes a cliff, as it should
    found = rates(name, cycle)
    summit = found.index(max(found))
    assert all(a <= b * (1 + 1e-12) for a, b in pairwise(found[: summit + 1]))
    assert all(a >= b * (1 - 1e-12) for a, b in pairwise(found[summit:]))

"""Learning rates against the paper's numbers, and what every schedule must keep."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool.data.naming import recipe_of
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.plugins import find
from sparsetool.plugins.schedules import Cycle
from sparsetool.ticket.value import Ticket
from sparsetool.training.settings import resolve

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
    rate = find.load("schedules", name).rate
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
    assert find.load("schedules", "step-warmup").rate(step, CIFAR) == pytest.approx(
        expected, rel=1e-12
    )


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [(0, 0.01), (9, 0.01), (10, 0.1), (39, 0.1), (40, 0.01), (69, 0.01), (70, 0.001), (89, 0.001)],
)
def test_step_warmup_on_imagenet(epoch: int, expected: float) -> None:
    rate = find.load("schedules", "step-warmup").rate
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


def test_llr_by_hand() -> None:
    """Twenty steps, two of warm-up; 0 would be the rate of the step after the last."""
    found = rates("llr", Cycle(epochs=4, steps=5, peak=1.0))
    assert found == pytest.approx([0.5] + [1.0] * 2 + [k / 18 for k in range(17, 0, -1)], rel=1e-12)


@pytest.mark.parametrize(
    ("budget", "distance", "removed", "peak"),
    [
        (0.1, 0.3, 0.36, 0.5),  # d / sqrt(s)
        (0.7, 0.3, 0.36, 0.7),  # the budget is the least
        (0.1, 0.9, 0.36, 1.0),  # never above the asked peak
        (3.0, 0.3, 0.36, 1.0),  # retrained for longer than it was trained
    ],
)
def test_allr_is_llr_with_an_adapted_peak(
    budget: float, distance: float, removed: float, peak: float
) -> None:
    """Zimmer et al., 2023: peak clip(d / sqrt(s), min(T_rt / T, 1), 1), s of the last pruning."""
    plain = Cycle(epochs=4, steps=5, peak=0.2)
    adapted = replace(plain, budget=budget, distance=distance, removed=removed)
    wanted = [peak * rate for rate in rates("llr", plain)]
    assert rates("allr", adapted) == pytest.approx(wanted, rel=1e-12)


def test_allr_needs_a_pruning() -> None:
    with pytest.raises(SparsetoolError, match="trained and then pruned"):
        rates("allr", CIFAR)


def typed(data: str, schedule: str, **more: Any) -> list[float]:
    """Rates of a ticket's cycle as `train-cycles` would set them, six steps to an epoch."""
    ticket = Ticket({}, {}, {"data": data, "classes": 10, "input": [1, 8, 8], "seed": 0})
    settings = resolve(ticket, {"schedule": schedule, "epochs": 10, "lr": 0.1, **more})
    cycle = settings.shape(6, recipe_of(data), ticket)
    rate = find.load("schedules", schedule).rate
    return [rate(step, cycle) for step in range(60)]


def test_every_number_of_the_shape_can_be_typed() -> None:
    found = typed("digits", "step-warmup", warmup="0.5", drops="4,7.5", drop_by=5.0)
    expected = [0.1 * k / 3 for k in (1, 2, 3)] + [0.1] * 21 + [0.02] * 21 + [0.004] * 15
    assert found == pytest.approx(expected, rel=1e-12)
    assert typed("digits", "step-warmup", warmup="0", drops="none") == pytest.approx([0.1] * 60)
    found = typed("digits", "cosine", warmup="5", floor=0.05)
    assert found[29] == pytest.approx(0.1)
    assert found[-1] == pytest.approx(0.05)
    assert found[44] == pytest.approx(0.075), "half the way down after half of the rest"


@pytest.mark.parametrize(
    ("schedule", "more", "says"),
    [
        ("step-warmup", {"drops": "7,4"}, "ascending"),
        ("step-warmup", {"drops": "7,7"}, "ascending"),
        ("step-warmup", {"drops": "11"}, "from 0 to 10 epochs"),
        ("step-warmup", {"drops": "x"}, "not a number"),
        ("step-warmup", {"warmup": "-1"}, "from 0 to 10 epochs"),
        ("step-warmup", {"drop_by": 1.0}, "above 1"),
        ("step-warmup", {"floor": 0.1}, "no use for --floor"),
        ("cosine", {"floor": -0.1}, "below 0"),
        ("cosine", {"drops": "5"}, "no use for --drops"),
        ("constant", {"warmup": "5"}, "no use for --warmup"),
        ("one-cycle", {"drop_by": 2.0}, "no use for --drop-by"),
    ],
)
def test_shapes_that_cannot_be(schedule: str, more: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        typed("digits", schedule, **more)


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


@pytest.mark.parametrize("name", find.members("schedules"))
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

"""Shares and scores against their definitions, worked out another way."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from sparsetool import mask, prune
from sparsetool.masks.comparison import diff
from sparsetool.plugins import find
from sparsetool.plugins.criteria import Evidence
from sparsetool.ticket.counts import rounds_between
from sparsetool.ticket.value import Ticket

Make = Callable[..., Ticket]
Shapes = dict[str, tuple[int, ...]]

# ResNet20 on CIFAR-10: 3x3 stem, three stages of three blocks, 1x1 projections, linear head.
RESNET20: Shapes = {
    "stem": (16, 3, 3, 3),
    "1.0.a": (16, 16, 3, 3),
    "1.0.b": (16, 16, 3, 3),
    "1.1.a": (16, 16, 3, 3),
    "1.1.b": (16, 16, 3, 3),
    "1.2.a": (16, 16, 3, 3),
    "1.2.b": (16, 16, 3, 3),
    "2.0.a": (32, 16, 3, 3),
    "2.0.b": (32, 32, 3, 3),
    "2.0.projection": (32, 16, 1, 1),
    "2.1.a": (32, 32, 3, 3),
    "2.1.b": (32, 32, 3, 3),
    "2.2.a": (32, 32, 3, 3),
    "2.2.b": (32, 32, 3, 3),
    "3.0.a": (64, 32, 3, 3),
    "3.0.b": (64, 64, 3, 3),
    "3.0.projection": (64, 32, 1, 1),
    "3.1.a": (64, 64, 3, 3),
    "3.1.b": (64, 64, 3, 3),
    "3.2.a": (64, 64, 3, 3),
    "3.2.b": (64, 64, 3, 3),
    "head": (10, 64),
}
KEPT = {"0.2": 216717, "0.5": 135448, "0.7": 81269, "0.9": 27090, "0.95": 13545, "0.98": 5418}
SIZES = {name: math.prod(shape) for name, shape in RESNET20.items()}


def share(rule: str, keep: int, room: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = find.load("densities", rule).share(RESNET20, keep, room)
    return found


def survivors(fraction: float, seed: int) -> dict[str, int]:
    random = np.random.default_rng(seed)
    return {name: int(size * random.uniform(fraction, 1)) for name, size in SIZES.items()}


@pytest.fixture(scope="module")
def resnet20(make_ticket: Make) -> Ticket:
    ticket = make_ticket(RESNET20)
    assert len(RESNET20) == 22
    assert ticket.total == 270_896
    return ticket


@pytest.mark.parametrize("sparsity", KEPT)
@pytest.mark.parametrize("density", find.members("densities"))
def test_resnet20_is_exact_to_the_weight(resnet20: Ticket, density: str, sparsity: str) -> None:
    for criterion in ("random", "magnitude"):
        made = mask(resnet20, criterion=criterion, density=density, sparsity=sparsity)
        assert made.kept == KEPT[sparsity]
        assert prune(resnet20, density=density, sparsity=sparsity).kept == KEPT[sparsity]


@pytest.mark.parametrize("room", [SIZES, survivors(0.3, 0), survivors(0.01, 1)])
@pytest.mark.parametrize("part", [0.001, 0.02, 0.1, 0.5, 0.8, 1.0])
def test_balanced_is_a_water_level(part: float, room: dict[str, int]) -> None:
    keep = round(part * sum(room.values()))
    # Pour to the highest whole level that is not too much, then a drop each by name.
    level = 0
    while sum(min(most, level + 1) for most in room.values()) <= keep:
        level += 1
        if level > max(room.values()):
            break
    poured = {name: min(most, level) for name, most in room.items()}
    drops = keep - sum(poured.values())
    open_layers = sorted(name for name in room if room[name] > level)
    for name in open_layers[:drops]:
        poured[name] += 1
    assert share("balanced", keep, room) == poured


@pytest.mark.parametrize("room", [SIZES, survivors(0.3, 0), survivors(0.01, 1)])
@pytest.mark.parametrize("part", [0.001, 0.02, 0.1, 0.5, 0.8, 0.999])
@pytest.mark.parametrize("rule", ["erk", "uniform"])
def test_erk_and_uniform_solve_for_one_factor(rule: str, part: float, room: dict[str, int]) -> None:
    keep = round(part * sum(room.values()))
    raw = {
        name: sum(shape) / math.prod(shape) if rule == "erk" else 1.0
        for name, shape in RESNET20.items()
    }

    def wanted(factor: float) -> dict[str, float]:
        return {n: min(room[n], factor * raw[n] * SIZES[n]) for n in room}

    low, high = 0.0, max(1 / density for density in raw.values())
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(wanted(middle).values()) < keep else (low, middle)
    exact = wanted(high)
    assert sum(exact.values()) == pytest.approx(keep, rel=1e-12)
    shares = share(rule, keep, room)
    assert all(abs(shares[name] - exact[name]) < 1 for name in room)
    # Largest remainders: nobody who was rounded up had a smaller one than who was rounded down.
    ups = [exact[n] % 1 for n in room if shares[n] > exact[n] + 1e-6]
    downs = [exact[n] % 1 for n in room if shares[n] < exact[n] - 1e-6]
    assert not ups or not downs or min(ups) >= max(downs) - 1e-6


def test_uniform_keeps_the_same_fraction() -> None:
    shares = share("uniform", KEPT["0.9"], SIZES)
    assert all(abs(shares[name] - 0.1 * size) < 1 for name, size in SIZES.items())


def test_erk_at_90_percent_by_hand() -> None:
    # Sums of shapes: 25 + 6 * 38 + 54 + 5 * 70 + 50 + 102 + 5 * 134 + 98 + 74 = 1651. The factor
    # 27090 / 1651 overfills the first projection (820 of 512) and the head (1214 of 640); solved
    # again, 25938 / 1527 = 16.98625 overfills nothing. Six remainders go up: stem .656, second
    # projection .652, 3.0.a .597, and of six layers with .477 the first three by name.
    wanted = {"stem": 425, "2.0.projection": 512, "3.0.projection": 1665, "head": 640}
    wanted |= {"1.0.a": 646, "1.0.b": 646, "1.1.a": 646, "1.1.b": 645, "1.2.a": 645, "1.2.b": 645}
    wanted |= {"2.0.a": 917, "3.0.a": 1733}
    wanted |= {f"2.{block}": 1189 for block in ("0.b", "1.a", "1.b", "2.a", "2.b")}
    wanted |= {f"3.{block}": 2276 for block in ("0.b", "1.a", "1.b", "2.a", "2.b")}
    assert share("erk", 27090, SIZES) == wanted


def test_magnitude_is_the_absolute_value(make_ticket: Make) -> None:
    ticket = make_ticket(dtype=np.float64)
    scores = find.load("criteria", "magnitude").score(ticket, Evidence())
    for name in ticket.prunable:
        assert np.array_equal(scores[name], np.sqrt(ticket.weights[name] ** 2))


def test_global_magnitude_keeps_the_largest_of_all(resnet20: Ticket) -> None:
    made = prune(resnet20, sparsity="0.9")
    flat = np.concatenate([np.abs(resnet20.weights[n]).reshape(-1) for n in RESNET20])
    kept = np.concatenate([made.masks[n].reshape(-1) for n in RESNET20])
    order = np.argsort(-flat, kind="stable")
    assert set(np.flatnonzero(kept)) == set(order[:27090])


def test_random_scores_are_uniform_and_unrelated(make_ticket: Make) -> None:
    ticket = make_ticket({"a": (300, 300), "b": (300, 300), "odd": (7, 7)})
    score = find.load("criteria", "random").score
    one, two = score(ticket, Evidence(seed=1)), score(ticket, Evidence(seed=2))
    draws = [one["a"], one["b"], two["a"], score(ticket, Evidence(seed=1, epochs=1))["a"]]
    uniform = np.array([d.reshape(-1) / 2.0**32 for d in draws])
    counts = np.array([np.histogram(row, bins=20, range=(0, 1))[0] for row in uniform])
    chi_squared = np.sum((counts - 4500.0) ** 2 / 4500.0, axis=1)
    assert np.all(chi_squared < 60)  # 19 degrees of freedom: beyond once in 10^5
    assert np.all(np.abs(np.corrcoef(uniform) - np.eye(4)) < 5 / 300)
    assert abs(np.corrcoef(uniform[0][:-1], uniform[0][1:])[0, 1]) < 5 / 300
    assert one["odd"].shape == (7, 7)


@pytest.mark.parametrize("sparsity", ["0.3", "0.9", "0.98", "0"])
@pytest.mark.parametrize("rounds", [1, 3, 100])
def test_rounds_follow_the_exponential(sparsity: str, rounds: int) -> None:
    counts = rounds_between(270_896, (1 - Fraction(sparsity)) * 270_896, rounds)
    densities = [math.exp(math.log(1 - float(sparsity)) * t / rounds) for t in range(1, rounds + 1)]
    assert counts == [round(270_896 * density) for density in densities]
    assert rounds_between(0, Fraction(0), rounds) == [0] * rounds


def test_figures_are_the_norms_of_what_was_removed(resnet20: Ticket) -> None:
    half = mask(resnet20, criterion="random", sparsity="0.5")
    made = prune(half, rate="0.2")
    before = np.concatenate([half.weights[n].reshape(-1) for n in RESNET20]).astype(np.float64)
    after = np.concatenate([made.weights[n].reshape(-1) for n in RESNET20]).astype(np.float64)
    figures = made.lineage[-1]["figures"]
    assert figures["weight_norm"] == pytest.approx(np.linalg.norm(before), rel=1e-12)
    assert figures["removed_norm"] == pytest.approx(np.linalg.norm(before - after), rel=1e-12)
    assert figures["removed_fraction"] == pytest.approx(1 - made.kept / half.kept, rel=1e-12)
    again = prune(made, sparsity=round(1 - made.kept / made.total, 9))
    assert again.lineage[-1]["figures"]["removed_fraction"] == 0.0


def test_comparison_by_its_definitions(make_ticket: Make) -> None:
    a = mask(make_ticket(seed=1), criterion="random", sparsity="0.4", seed=1)
    b = mask(make_ticket(seed=2), criterion="random", sparsity="0.6", seed=2)

    def flat(arrays: dict[str, np.ndarray]) -> np.ndarray:
        return np.concatenate([arrays[n].reshape(-1) for n in a.prunable])

    x, y = flat(dict(a.weights)).astype(np.float64), flat(dict(b.weights)).astype(np.float64)
    one, two = flat(dict(a.masks)), flat(dict(b.masks))
    both, either = one & two, one | two
    cosine = x[either] @ y[either] / np.linalg.norm(x[either]) / np.linalg.norm(y[either])
    total = diff(a, b)["total"]
    assert total == {
        "prunable": 240,
        "kept_a": 144,
        "kept_b": 96,
        "kept_both": both.sum(),
        "kept_either": either.sum(),
        "mask_iou": both.sum() / either.sum(),
        "sign_flips": np.sum(x[both] * y[both] < 0),
        "sign_agreement": np.mean(x[both] * y[both] > 0),
        "relative_distance": pytest.approx(np.linalg.norm(x - y) / np.linalg.norm(x), rel=1e-12),
        "cosine_distance": pytest.approx(1 - cosine, rel=1e-12),
    }
    empty = mask(make_ticket(), criterion="random", density="uniform", sparsity="0.999")
    assert empty.kept == 0
    nothing = diff(empty, empty)["total"]
    for key in ("mask_iou", "sign_agreement", "relative_distance", "cosine_distance"):
        assert nothing[key] is None

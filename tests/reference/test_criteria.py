"""Scores against their definitions in float64: finite differences, dense matrices, closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from sparsetool.plugins import find
from sparsetool.ticket.value import Ticket
from tests.reference import tiny_networks as tiny

NETWORKS = ["conv", "linear"]
STEP = 1e-5


@pytest.fixture(autouse=True)
def tiny_models(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tiny.installed(monkeypatch):
        yield


def score(criterion: str, made: Ticket, given: list[tiny.Batch], **more: object) -> np.ndarray:
    own = more.pop("settings", {})
    scores = find.load("criteria", criterion).score(made, tiny.evidence(given, **more), **own)
    for name, shape in made.shapes.items():
        assert scores[name].shape == shape
    return tiny.flat(scores, made.prunable)


def weights_of(made: Ticket) -> Tensor:
    return torch.from_numpy(tiny.flat(made.weights, made.prunable))


def differences(function: Callable[[Tensor], Tensor], at: Tensor) -> np.ndarray:
    """Central differences of a scalar function in every coordinate."""
    found = np.empty(len(at))
    for index in range(len(at)):
        step = torch.zeros_like(at)
        step[index] = STEP
        with torch.no_grad():
            found[index] = float(function(at + step) - function(at - step)) / (2 * STEP)
    return found


def close(found: np.ndarray, wanted: np.ndarray, rounding: float = 0.0) -> None:
    """Equal to relative 1e-6; `rounding` is what the reference itself cannot resolve."""
    assert np.abs(wanted).max() > max(1e-6, 1e3 * rounding)
    assert_allclose(found, wanted, rtol=1e-6, atol=rounding)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("criterion", "training"), [("snip", True), ("taylor", False)])
def test_first_order_scores_are_finite_differences(
    criterion: str, training: bool, network: str, half: bool
) -> None:
    """|dL/dc| at c = 1 of the loss with weights c w, over batches of different sizes."""
    made, given = tiny.ticket(network, half=half), tiny.batches()
    weights = weights_of(made)

    def of_gates(gates: Tensor) -> Tensor:
        return tiny.loss(made, given, tiny.unflat(made, gates * weights), training=training)

    wanted = np.abs(differences(of_gates, torch.ones_like(weights)))
    close(score(criterion, made, given), wanted, rounding=1e-10)


def test_signed_gradients_are_averaged_before_the_absolute_value() -> None:
    """Two batches whose gradients partly cancel score less than their absolute values."""
    made, given = tiny.ticket("linear"), tiny.batches((6, 6))
    together = score("taylor", made, given)
    apart = (score("taylor", made, given[:1]) + score("taylor", made, given[1:])) / 2
    assert together.sum() < 0.95 * apart.sum()


def test_batch_statistics_are_used_by_snip_and_not_by_taylor() -> None:
    made, given = tiny.ticket("conv"), tiny.batches()
    other = {k: np.array(7.0 * v) if "running" in k else v for k, v in made.weights.items()}
    shifted = Ticket(other, made.masks, made.meta, made.lineage)
    assert (score("snip", made, given) == score("snip", shifted, given)).all()
    assert not np.allclose(score("taylor", made, given), score("taylor", shifted, given))


def test_force_multiplies_whole_weights_with_the_masked_gradient() -> None:
    whole, given = tiny.ticket("conv"), tiny.batches()
    masked = tiny.ticket("conv", half=True)
    at = weights_of(masked)

    def function(weights: Tensor) -> Tensor:
        return tiny.loss(masked, given, tiny.unflat(masked, weights), training=True)

    wanted = np.abs(tiny.flat(whole.weights, whole.prunable) * differences(function, at))
    close(score("force-snip", masked, given, whole=whole), wanted, rounding=1e-10)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
def test_grasp_is_the_weight_times_hessian_times_gradient(network: str, half: bool) -> None:
    made, given = tiny.ticket(network, half=half), tiny.batches()

    def function(weights: Tensor) -> Tensor:
        parts = tiny.unflat(made, weights)
        return tiny.loss(made, given, parts, training=True, temperature=200.0)

    at = weights_of(made)
    gradient = torch.func.grad(function)(at)
    if half:
        gradient = gradient * torch.from_numpy(tiny.flat(made.masks, made.prunable))
    wanted = (at * (torch.func.hessian(function)(at) @ gradient)).numpy()
    # Logits / 200 make loss, gradient and Hessian tiny.
    close(1e6 * score("grasp", made, given), 1e6 * wanted, rounding=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_sign_of_grasp(seed: int) -> None:
    """What it keeps has a larger gradient than what the opposite sign would keep."""
    made, given = tiny.ticket("conv", seed), tiny.batches((30,))
    at, scores = weights_of(made), score("grasp", made, given)

    def left(scores: np.ndarray) -> float:
        kept = torch.from_numpy(scores >= np.quantile(scores, 0.3)).double()

        def function(weights: Tensor) -> Tensor:
            parts = tiny.unflat(made, weights * kept)
            return tiny.loss(made, given, parts, training=True, temperature=200.0)

        return float(torch.func.grad(function)(at).norm())

    assert left(scores) > 1.5 * left(-scores)


def test_synflow_of_a_chain() -> None:
    """R = 1' |W3| |W2| D |W1| 1: each score is its weight's part of R, each layer's sum is R."""
    made = tiny.ticket("chain")
    held = made.weights
    w1, w2, w3 = (np.abs(held[name]) for name in made.prunable)
    scale = np.abs(held["2.weight"]) / np.sqrt(held["2.running_var"] + 1e-5)
    shift = np.abs(held["2.bias"]) - scale * np.abs(held["2.running_mean"])
    hidden = scale * w1.sum(1) + shift
    assert (hidden > 0).all(), "the closed form needs every unit to be active"
    above = w3.sum(0) @ w2
    wanted = {
        "1.weight": (above * scale)[:, None] * w1,
        "4.weight": w3.sum(0)[:, None] * w2 * hidden,
        "6.weight": w3 * (w2 @ hidden),
    }
    close(score("synflow", made, []), tiny.flat(wanted, made.prunable))


def test_synflow_takes_everything_positive_and_knows_no_signs() -> None:
    made = tiny.ticket("conv")
    absolute = {k: np.abs(v) for k, v in made.weights.items()}
    positive = Ticket(absolute, {}, made.meta, made.lineage)
    assert (score("synflow", made, []) == score("synflow", positive, [])).all()


def test_synflow_counts_in_float64() -> None:
    """In float32 weights of 1e-20 would vanish from the product of three layers."""
    made = tiny.ticket("chain")
    small = {
        k: (1e-20 * v).astype(np.float32) if v.ndim > 1 else v for k, v in made.weights.items()
    }
    scores = score("synflow", Ticket(small, {}, made.meta, made.lineage), [])
    assert scores.dtype == np.float64
    assert (scores > 0).all()


def gradients(made: Ticket, given: list[tiny.Batch]) -> np.ndarray:
    """The gradient of every example's loss, [N, D], zero where a weight is pruned."""
    rows = []
    for images, labels in given:
        for at in range(len(labels)):
            one = [(images[at : at + 1], labels[at : at + 1])]

            def function(weights: Tensor, one: list[tiny.Batch] = one) -> Tensor:
                return tiny.loss(made, one, tiny.unflat(made, weights), training=False)

            rows.append(torch.func.grad(function)(weights_of(made)).numpy())
    found = np.array(rows)
    return found * tiny.flat(made.masks, made.prunable) if made.masks else found


@pytest.mark.parametrize("network", NETWORKS)
def test_fisher_is_the_mean_of_squared_gradients_of_single_examples(network: str) -> None:
    made, given = tiny.ticket(network), tiny.batches()
    wanted = np.square(weights_of(made).numpy()) * np.square(gradients(made, given)).mean(0) / 2
    close(score("fisher", made, given), wanted)


def blocks(made: Ticket, size: int) -> Iterator[slice]:
    """Slices of the vector of all weights: `size` neighbours of one layer, the last shorter."""
    start = 0
    for shape in made.shapes.values():
        end = start + int(np.prod(shape))
        yield from (slice(at, min(at + size, end)) for at in range(start, end, size))
        start = end


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
def test_woodfisher_against_dense_inverses(network: str, half: bool, size: int) -> None:
    made, given = tiny.ticket(network, half=half), tiny.batches()
    rows, weights = gradients(made, given), weights_of(made).numpy()
    keep = np.random.default_rng(1).random(len(weights)) < 0.6
    if half:
        keep &= tiny.flat(made.masks, made.prunable).astype(bool)
    wanted, answered = np.empty_like(weights), weights.copy()
    for part in blocks(made, size):
        fisher = 1e-5 * np.eye(part.stop - part.start) + rows[:, part].T @ rows[:, part] / len(rows)
        inverse = np.linalg.inv(fisher)
        wanted[part] = weights[part] ** 2 / (2 * np.diag(inverse))
        for q in np.flatnonzero(~keep[part]):
            answered[part] -= weights[part][q] * inverse[:, q] / inverse[q, q]
    close(score("woodfisher", made, given, settings={"block_size": size}), wanted)
    masks = {n: m.numpy() for n, m in tiny.unflat(made, torch.from_numpy(keep)).items()}
    member = find.load("criteria", "woodfisher")
    answers = member.update(made, masks, tiny.evidence(given), block_size=size)
    update = tiny.flat(answers, made.prunable)
    close(update[keep], answered[keep], rounding=1e-12)


def test_movement_and_its_relatives() -> None:
    made, parent = tiny.ticket("linear", 1), tiny.ticket("linear", 2)
    now, then = weights_of(made).numpy(), weights_of(parent).numpy()
    close(score("movement", made, [], parent=parent), now**2 - then**2)
    close(score("distance", made, [], parent=parent), abs(now - then))
    close(score("magnitude-increase", made, [], parent=parent), abs(now) - abs(then))

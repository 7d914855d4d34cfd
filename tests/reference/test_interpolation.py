"""The line between tickets: algebra, ends, barriers, statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sparsetool import init, mask, train_cycles
from sparsetool.analysis import lmc as interpolation
from sparsetool.analysis.lmc import Ground, barrier, ground, interpolate, lmc, overlap
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.evaluation.measure import evaluate
from sparsetool.evaluation.normalisation import batch_size, batch_statistics, recompute_statistics
from sparsetool.ticket.value import Ticket

EPOCHS = {"epochs": 3, "threads": "1"}


@pytest.fixture(scope="module")
def cycles() -> list[Ticket]:
    """Three consecutive cycles of a half sparse network."""
    start = mask(init("mlp:24"), criterion="random", density="balanced", sparsity=0.5)
    first = train_cycles(start, **EPOCHS)
    second = train_cycles(first, **EPOCHS)
    return [first, second, train_cycles(second, **EPOCHS)]


@pytest.fixture(scope="module")
def strangers() -> list[Ticket]:
    """Two trained networks that have nothing in common but the data."""
    return [train_cycles(init("mlp:24", seed=s), epochs=10, threads="1") for s in (0, 1)]


@pytest.fixture(scope="module")
def normed() -> list[Ticket]:
    """Two small networks with batch norm whose statistics are not the initial ones."""
    tickets = []
    for seed in (0, 1):
        ticket = init("resnet20", seed=seed)
        random = np.random.default_rng(seed)
        shifted = {
            name: (array + random.uniform(0.1, 0.4, array.shape)).astype(np.float32)
            for name, array in ticket.weights.items()
            if "running" in name
        }
        tickets.append(replace(ticket, weights={**ticket.weights, **shifted}))
    return tickets


def on(tickets: list[Ticket], **options: Any) -> Ground:
    return ground(*tickets, **{"splits": ["test"], "threads": "1", **options})


# -- the line ------------------------------------------------------------------------------------


def test_the_line_is_straight_and_exact_at_its_ends(strangers: list[Ticket]) -> None:
    a, b = strangers
    for alpha in (0.0, 0.3, 0.5, 0.9, 1.0):
        found = interpolate(a, b, alpha)
        for name, array in found.items():
            start, end = a.weights[name].astype(float), b.weights[name].astype(float)
            assert array.dtype == a.weights[name].dtype
            assert np.allclose(array, start + alpha * (end - start), atol=1e-6)
    assert all(np.array_equal(interpolate(a, b, 0.0)[n], w) for n, w in a.weights.items())
    assert all(np.array_equal(interpolate(a, b, 1.0)[n], w) for n, w in b.weights.items())


def test_a_line_from_a_ticket_to_itself_stays_there(strangers: list[Ticket]) -> None:
    a = strangers[0]
    for alpha in np.linspace(0, 1, 21):
        found = interpolate(a, a, float(alpha))
        assert all(np.array_equal(found[n], w) for n, w in a.weights.items())


def test_weights_pruned_in_both_stay_zero_and_others_go_to_zero() -> None:
    start = init("mlp:24")
    a = mask(start, criterion="random", density="balanced", sparsity=0.5)
    b = mask(start, criterion="random", density="balanced", sparsity=0.5, seed=1)
    found = interpolate(a, b, 0.25)
    for name, ours in a.masks.items():
        theirs, dense = b.masks[name], start.weights[name]
        wanted = np.where(ours, 0.75, 0) * dense + np.where(theirs, 0.25, 0) * dense
        assert np.allclose(found[name], wanted, atol=1e-7)
        bits = found[name][~ours & ~theirs].view(np.uint32)
        assert not bits.any()  # +0.0, not -0.0
    counts = overlap(a, b)
    assert sum(counts.values()) == a.total
    assert counts["both"] + counts["one"] + counts["both"] == a.kept + b.kept
    assert 0 < counts["both"] < a.kept
    assert overlap(start, start) == {"both": start.total, "one": 0, "neither": 0}


def test_integers_are_those_of_the_nearer_end(make_ticket: Callable[..., Ticket]) -> None:
    a, b = make_ticket(seed=3), make_ticket(seed=8)
    for alpha, wanted in ((0.0, 3), (0.4, 3), (0.6, 8), (1.0, 8)):
        assert int(interpolate(a, b, alpha)["norm.num_batches_tracked"]) == wanted


# -- the barrier ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [(0.0, 0.0), (1.0, 3.0), (5.0, -2.0)])
@pytest.mark.parametrize("curve", [-2.0, 0.0, 3.0])
def test_the_barrier_of_a_quadratic_is_algebra(ends: tuple[float, float], curve: float) -> None:
    """L = l0 + (l1 - l0) t - c t (1 - t) lies c/4 below the line where c > 0: its barrier is 0."""
    alphas = np.linspace(0, 1, 21).tolist()
    first, last = ends
    values = [first + (last - first) * t - curve * t * (1 - t) for t in alphas]
    assert barrier(values, alphas) == pytest.approx(max(0.0, -curve / 4), abs=1e-12)


def test_a_slope_is_no_barrier_and_a_dip_neither() -> None:
    assert barrier([1.0, 2.0, 3.0], [0.0, 0.5, 1.0]) == 0
    assert barrier([1.0, 0.0, 1.0], [0.0, 0.5, 1.0]) == 0
    assert barrier([0.1] * 7, np.linspace(0, 1, 7).tolist()) == 0
    assert barrier([0.7, 0.1, 0.1], [0.0, 0.5, 1.0]) == 0, "0.7 + (0.1 - 0.7) is less than 0.1"
    assert barrier([1.0, 1.5, 3.0, 3.0], [0.0, 0.2, 0.5, 1.0]) == pytest.approx(1.0)


# -- lmc -----------------------------------------------------------------------------------------


def test_a_ticket_and_itself_have_no_barrier(cycles: list[Ticket]) -> None:
    for row in lmc(cycles[0], cycles[0], on(cycles, splits=["train", "test"]), points=5):
        assert row["loss_barrier"] == 0
        assert row["error_barrier"] == 0
        assert len(set(row["loss"])) == 1


def test_strangers_have_a_large_barrier_and_neighbours_a_small_one(
    strangers: list[Ticket], cycles: list[Ticket]
) -> None:
    (far,) = lmc(*strangers, on(strangers), points=7)
    assert far["loss_barrier"] > 0.3
    assert far["error_barrier"] > 0.1
    assert max(far["error"][0], far["error"][-1]) < 0.25
    (near,) = lmc(cycles[1], cycles[2], on(cycles), points=7)
    assert near["loss_barrier"] < 0.1 * far["loss_barrier"]


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("bn", ["interpolate", "recompute"])
def test_ends_without_batch_norm_are_what_eval_says(
    cycles: list[Ticket], split: str, bn: str
) -> None:
    (row,) = lmc(cycles[0], cycles[1], on(cycles, splits=[split]), points=3, bn=bn)
    for ticket, position in ((cycles[0], 0), (cycles[1], -1)):
        wanted = evaluate(ticket, split=split, threads="1")
        assert row["loss"][position] == wanted["loss"]
        assert row["error"][position] == pytest.approx(1 - wanted["accuracy"], abs=1e-12)
    assert row["alpha"] == [0.0, 0.5, 1.0]
    assert row["examples"] == wanted["examples"]
    assert (row["split"], row["bn"]) == (split, bn)


def test_ends_with_interpolated_statistics_are_what_eval_says(normed: list[Ticket]) -> None:
    (row,) = lmc(*normed, on(normed), points=2, bn="interpolate")
    for ticket, position in zip(normed, (0, -1), strict=True):
        wanted = evaluate(ticket, threads="1")
        assert abs(row["loss"][position] - wanted["loss"]) < 1e-6
    assert "bn_examples" not in row


def test_recomputed_statistics_do_not_depend_on_the_old_ones(normed: list[Ticket]) -> None:
    fresh = init("resnet20", seed=0)  # the first ticket before its statistics were shifted
    here = on(normed, bn_examples=300)
    (shifted,) = lmc(normed[0], normed[0], here, points=2)
    (plain,) = lmc(fresh, fresh, here, points=2)
    assert shifted["loss"] == plain["loss"]
    assert shifted["bn_examples"] == 300
    (kept,) = lmc(normed[0], normed[0], here, points=2, bn="interpolate")
    assert kept["loss"] != shifted["loss"]


def test_the_middle_is_the_middle_network(normed: list[Ticket]) -> None:
    """The point at 1/2 is what eval says of a ticket that holds the mean of both."""
    a, b = normed
    (row,) = lmc(a, b, on(normed), points=3, bn="interpolate")
    middle = {
        name: ((w.astype(float) + b.weights[name]) / 2).astype(np.float32)
        if w.dtype.kind == "f"
        else w
        for name, w in a.weights.items()
    }
    wanted = evaluate(replace(a, weights=middle), threads="1")
    assert abs(row["loss"][1] - wanted["loss"]) < 1e-5


def test_samples_are_measured_where_examples_are_limited(cycles: list[Ticket]) -> None:
    here = on(cycles, splits=["train", "test"], examples=200)
    rows = lmc(cycles[0], cycles[1], here, points=2)
    assert [row["examples"] for row in rows] == [200, 200]
    whole = lmc(cycles[0], cycles[1], on(cycles, examples=10**6), points=2)
    assert whole[0]["examples"] == 360


def test_the_authors_train_view_is_augmented_and_the_same_everywhere(
    cycles: list[Ticket],
) -> None:
    plain = lmc(cycles[0], cycles[0], on(cycles, splits=["train"]), points=2)[0]
    augmented = on(cycles, splits=["train"], train_view="augmented")
    row = lmc(cycles[0], cycles[0], augmented, points=2)[0]
    assert row["loss"][0] == row["loss"][1] > plain["loss"][0]
    assert row["examples"] == plain["examples"] == 1437


def test_what_cannot_be_is_refused(cycles: list[Ticket], normed: list[Ticket]) -> None:
    here = on(cycles)
    with pytest.raises(UsageError, match="recompute"):
        lmc(*cycles[:2], here, bn="recomputed")
    with pytest.raises(UsageError, match="points"):
        lmc(*cycles[:2], here, points=1)
    with pytest.raises(SparsetoolError, match="another architecture"):
        lmc(cycles[0], normed[0], here)
    with pytest.raises(SparsetoolError, match="masks alone"):
        lmc(cycles[0], replace(cycles[0], weights={}, kind="mask"), here)
    with pytest.raises(UsageError, match="plain"):
        on(cycles, train_view="plane")
    noisy = train_cycles(cycles[0], **EPOCHS, label_noise="0.15")
    with pytest.raises(SparsetoolError, match="different training splits"):
        on([cycles[0], noisy])
    # A network that was never trained has seen no labels at all.
    assert on([init("mlp:24"), noisy]).bn_examples == 1437


# -- statistics ----------------------------------------------------------------------------------


def convnet() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Dropout(0.5), nn.Flatten()
        )


def batches(*sizes: int) -> Iterator[tuple[Tensor, Tensor]]:
    random = np.random.default_rng(0)
    for size in sizes:
        images = random.standard_normal((size, 1, 4, 4)).astype(np.float32)
        yield torch.from_numpy(images), torch.zeros(size, dtype=torch.int64)


def test_recomputed_statistics_are_averages_over_the_batches() -> None:
    module = convnet().train()
    norm = module[1]
    assert isinstance(norm, nn.BatchNorm2d)
    with torch.no_grad():
        norm.running_mean.fill_(7)
        norm.weight.uniform_(1, 2)
    recompute_statistics(module, batches(30, 20))
    maps = [module[0](images).detach() for images, _ in batches(30, 20)]
    means = torch.stack([m.mean((0, 2, 3)) for m in maps])
    variances = torch.stack([m.var((0, 2, 3), unbiased=True) for m in maps])
    assert torch.allclose(norm.running_mean, means.mean(0), atol=1e-6)
    assert torch.allclose(norm.running_var, variances.mean(0), atol=1e-5)
    assert (norm.momentum, norm.training, module.training) == (0.1, True, True)


def test_batches_of_the_recomputation_are_nearly_equal() -> None:
    assert [batch_size(n) for n in (1, 512, 513, 1437, 2048)] == [1, 512, 257, 479, 512]


def test_batch_statistics_are_those_of_each_batch_and_leave_no_trace() -> None:
    module = convnet().eval()
    (images, _), *_ = batches(16)
    with torch.no_grad(), batch_statistics(module):
        found = module(images)
    maps = module[0](images)
    mean, variance = maps.mean((0, 2, 3), True), maps.var((0, 2, 3), False, keepdim=True)
    wanted = torch.relu((maps - mean) / torch.sqrt(variance + 1e-5)).flatten(1)
    assert torch.allclose(found, wanted, atol=1e-5)
    fresh = convnet()
    assert all(torch.equal(fresh.state_dict()[n], t) for n, t in module.state_dict().items())


def test_a_network_without_batch_norm_asks_for_no_batch() -> None:
    def never() -> Iterator[tuple[Tensor, Tensor]]:
        raise AssertionError("asked for a batch")
        yield

    recompute_statistics(nn.Linear(2, 2), never())


def test_every_point_costs_one_pass_over_each_split(
    cycles: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = on(cycles)
    seen: list[int] = []
    measure = interpolation.measure

    def counted(module: nn.Module, given: Any) -> Any:
        kept = list(given)
        seen.append(sum(len(labels) for _, labels in kept))
        return measure(module, kept)

    monkeypatch.setattr(interpolation, "measure", counted)
    lmc(cycles[0], cycles[1], here, points=21)
    assert seen == [360] * 21

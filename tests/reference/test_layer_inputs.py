"""Wanda and SparseGPT against their definitions, in float64 and with explicit inverses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn
from torch.nn import functional

from sparsetool import init, mask, prune
from sparsetool.builtin.criteria import sparsegpt, wanda
from sparsetool.builtin.criteria._inputs import _columns
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.ticket.value import Ticket
from tests.reference import tiny_networks as tiny

NETWORKS = ["conv", "linear"]


@pytest.fixture(autouse=True)
def tiny_models(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tiny.installed(monkeypatch):
        yield


def responses(layer: nn.Module, input: Tensor) -> np.ndarray:
    """Columns [G, D, M] of a layer's input: what it answers with a single weight of 1."""
    groups = getattr(layer, "groups", 1)
    each = layer.weight.shape[0] // groups
    found = []
    for group in range(groups):
        rows = []
        for column in range(layer.weight[0].numel()):
            weight = torch.zeros_like(layer.weight)
            weight[group * each].view(-1)[column] = 1.0
            if isinstance(layer, nn.Linear):
                out = functional.linear(input, weight)
            else:
                out = functional.conv2d(
                    input, weight, None, layer.stride, layer.padding, layer.dilation, groups
                ).movedim(1, -1)
            rows.append(out[..., group * each].reshape(-1).detach().numpy())
        found.append(rows)
    return np.array(found)


def inputs(made: Ticket, given: list[tiny.Batch]) -> dict[str, np.ndarray]:
    """Columns that each layer of a tiny network gets, by its weight's name."""
    module = tiny.FORMS[str(made.meta["model"]).partition(":")[2]].eval()
    module.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in made.weights.items()})
    now, found = torch.cat([images for images, _ in given]), {}
    for place, layer in enumerate(module):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            found[f"{place}.weight"] = responses(layer, now)
        now = layer(now)
    return found


def rows_of(array: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return array.reshape(len(columns), -1, columns.shape[1])


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
def test_wanda_is_magnitude_times_the_inputs_norm(network: str, half: bool) -> None:
    made, given = tiny.ticket(network, half=half), tiny.batches()
    plain = wanda.score(made, tiny.evidence(given), within="layer")
    ranked = wanda.score(made, tiny.evidence(given))
    for name, columns in inputs(made, given).items():
        norms = np.linalg.norm(columns, axis=2)
        wanted = np.abs(rows_of(made.weights[name], columns)) * norms[:, None]
        assert_allclose(rows_of(plain[name], columns), wanted, rtol=1e-10)
        width = wanted.shape[2]
        given_ranks = ranked[name].reshape(-1, width)
        for row, ranks in zip(wanted.reshape(-1, width), given_ranks, strict=True):
            assert ranks.max() == 1
            order = np.argsort(-ranks)
            assert (np.diff(row[order]) <= 1e-12).all()


def test_wanda_removes_the_same_part_of_each_output() -> None:
    ticket = init("mlp:8")
    made = prune(ticket, criterion="wanda", density="uniform", sparsity="0.5")
    for kept in made.masks.values():
        assert set(kept.sum(1).tolist()) == {kept.shape[1] // 2}


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("network", NETWORKS)
def test_sparsegpt_by_explicit_inverses(
    network: str, half: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One inverse for each column, of the inputs from there on; in blocks of 3 columns."""
    monkeypatch.setattr(sparsegpt, "BLOCK", 3)
    made, given = tiny.ticket(network, half=half), tiny.batches()
    scores = sparsegpt.score(made, tiny.evidence(given))
    random = np.random.default_rng(3)
    masks = {name: random.random(shape) < 0.5 for name, shape in made.shapes.items()}
    masks = {name: kept & made.masks.get(name, True) for name, kept in masks.items()}
    changed = sparsegpt.update(made, masks, tiny.evidence(given))
    for name, columns in inputs(made, given).items():
        wanted = rows_of(made.weights[name], columns).copy()
        dead, found = rows_of(~masks[name], columns), rows_of(scores[name], columns)
        for group, x in enumerate(columns):
            whole = x @ x.T
            whole += 0.01 * np.diag(whole).mean() * np.eye(len(whole))
            for at in range(len(whole)):
                inverse = np.linalg.inv(whole[at:, at:])
                before = rows_of(made.weights[name], columns)[group, :, at]
                assert_allclose(found[group, :, at], before**2 / inverse[0, 0], rtol=1e-7)
                pull = np.where(dead[group, :, at], wanted[group, :, at], 0) / inverse[0, 0]
                wanted[group, :, at:] -= pull[:, None] * inverse[0]
        assert_allclose(rows_of(changed[name], columns), wanted, rtol=1e-7, atol=1e-10)
        assert np.abs(changed[name][~masks[name]]).max() == 0


def test_the_update_keeps_outputs_nearer() -> None:
    """Where inputs go together, as those of real layers do."""
    ((images, labels),) = tiny.batches((200,))
    flat, random = images.flatten(1), torch.Generator().manual_seed(0)
    mixed = flat[:, :3] @ torch.randn(3, 16, dtype=torch.float64, generator=random) + 0.1 * flat
    made, given = tiny.ticket("linear"), [(mixed.reshape(images.shape), labels)]
    (name, *_), evidence = made.prunable, tiny.evidence(given)
    kept = sparsegpt.score(made, evidence)[name]
    masks = {n: np.ones(shape, bool) for n, shape in made.shapes.items()}
    masks[name] = kept > np.median(kept)
    changed = sparsegpt.update(made, masks, evidence)[name]
    (x,) = inputs(made, given)[name]
    old = made.weights[name]
    plain, answered = (np.linalg.norm((w - old) @ x) for w in (old * masks[name], changed))
    assert answered < 0.9 * plain


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2),
        nn.Conv2d(2, 2, 3, padding="same"),
        nn.Conv2d(2, 2, 1),
    ],
)
def test_patches_of_any_convolution(layer: nn.Conv2d) -> None:
    layer = layer.double()
    images = torch.randn(3, layer.in_channels, 7, 6, dtype=torch.float64)
    assert_allclose(_columns(layer, images).numpy(), responses(layer, images), rtol=1e-12)


@pytest.mark.parametrize("criterion", ["wanda", "sparsegpt"])
def test_in_the_pruning_step(criterion: str) -> None:
    """After a random mask: nothing revived, exact counts; with the update where there is one."""
    half = mask(init("mlp:8"), criterion="random", sparsity="0.5")
    more = {"update": True} if criterion == "sparsegpt" else {}
    made = prune(half, criterion=criterion, sparsity="0.9", batch_size=64, **more)
    assert made.kept == round(0.1 * made.total)
    assert all(not (kept & ~half.masks[name]).any() for name, kept in made.masks.items())
    assert made.off_mask() == []
    moved = any((made.weights[n][m] != half.weights[n][m]).any() for n, m in made.masks.items())
    assert moved == (criterion == "sparsegpt")
    pattern = prune(half, criterion=criterion, n_m="2:4")
    assert pattern.kept < half.kept


def test_refusals() -> None:
    with pytest.raises(UsageError, match="within"):
        wanda.score(tiny.ticket("linear"), tiny.evidence(tiny.batches()), within="row")
    attention = init("vit-tiny")
    with pytest.raises(SparsetoolError, match="no linear or convolution layer"):
        prune(attention, criterion="wanda", sparsity="0.5", batch_size=2)

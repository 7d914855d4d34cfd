"""Rounds of scoring and masking against the same rounds worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from sparsetool import mask, prune
from sparsetool.ticket.value import Ticket
from tests.reference import tiny_networks as tiny


@pytest.fixture(autouse=True)
def tiny_models(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tiny.installed(monkeypatch):
        yield


@pytest.mark.parametrize(("criterion", "back"), [("snip", False), ("force-snip", True)])
def test_rounds_by_hand(criterion: str, back: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Iterative SNIP and FORCE over three rounds, with gradients worked out here."""
    made, given = tiny.ticket("conv"), tiny.batches()
    monkeypatch.setattr("sparsetool.data.samples.batches", lambda *a, **k: lambda: iter(given))
    monkeypatch.setattr("sparsetool.data.facts.check_fits", lambda *a: None)
    weights, total = tiny.flat(made.weights, made.prunable), made.total
    kept = np.ones(total, dtype=bool)
    goal = round(0.1 * total)
    returned = 0
    for turn in (1, 2, 3):
        count = goal if turn == 3 else round(total * (goal / total) ** (turn / 3))

        def function(at: Tensor) -> Tensor:
            return tiny.loss(made, given, tiny.unflat(made, at), training=True)

        gradient = torch.func.grad(function)(torch.from_numpy(weights * kept)).numpy()
        scores = np.abs(weights * gradient)
        if not back:
            scores[~kept] = -1.0
        new = np.zeros(total, dtype=bool)
        new[np.argsort(-scores, kind="stable")[:count]] = True
        returned += int((new & ~kept).sum())
        kept = new
    done = mask(made, criterion=criterion, sparsity="0.9", iterations=3)
    assert (tiny.flat(done.masks, made.prunable) == kept).all()
    assert (returned > 0) == back


def test_woodfisher_update_answers_in_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Survivors answer, and keep the loss lower than if they had not; zeros stay +0.0."""
    made = tiny.ticket("linear")
    made = replace(made, weights={k: 3.0 * v for k, v in made.weights.items()})
    images, _ = tiny.batches((60,))[0]
    labels = tiny.logits(made, images).argmax(1)  # a network that is right, and sure of it
    given = [(images, labels)]
    monkeypatch.setattr("sparsetool.data.samples.batches", lambda *a, **k: lambda: iter(given))
    monkeypatch.setattr("sparsetool.data.facts.check_fits", lambda *a: None)

    def after(done: Ticket) -> float:
        return float(tiny.loss(done, given, {}, training=False))

    how = {"criterion": "woodfisher", "sparsity": "0.5", "block_size": 500, "iterations": 4}
    bare, updated = prune(made, **how), prune(made, **how, update=True)
    assert updated.kept == bare.kept
    assert updated.off_mask() == []
    assert after(updated) < 0.9 * after(bare)
    assert updated.lineage[-1]["options"]["update"] is True

"""Scores at frozen weights: one descent by its definition, and a mask that beats chance."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from sparsetool import Ticket, evaluate, init, mask
from sparsetool.builtin.criteria import rare_gems
from sparsetool.plugins.criteria import Evidence


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    random = np.random.default_rng(0)
    images = torch.from_numpy(random.standard_normal((16, 1, 8, 8)).astype(np.float32))
    return images, torch.arange(16) % 10


def test_one_round_is_one_step_of_descent_in_the_scores() -> None:
    ticket, (images, labels) = init("mlp:12"), batch()
    evidence = Evidence(seed=3, batches=lambda: [(images, labels)])
    keep = 200
    made = rare_gems.construct(ticket, keep, evidence, gem_rounds=1, gem_rate=2.0)
    start, leaves = {}, {}
    for name in ticket.prunable:
        shape = ticket.shapes[name]
        start[name] = evidence.draws(name).uniform(int(np.prod(shape))).reshape(shape)
        leaves[name] = torch.tensor(np.round(start[name]), requires_grad=True)  # straight through
    one, two = (torch.tensor(ticket.weights[n]).double() * leaves[n] for n in ticket.prunable)
    biases = [torch.tensor(ticket.weights[n]).double() for n in ("fc1.bias", "fc2.bias")]
    hidden = (images.double().flatten(1) @ one.t() + biases[0]).relu()
    cross_entropy(hidden @ two.t() + biases[1], labels).backward()
    scores = [np.clip(start[n] - 2.0 * leaves[n].grad.numpy(), 0, 1).reshape(-1) for n in leaves]
    order = np.argsort(-np.concatenate(scores), kind="stable")[:keep]
    want = np.zeros(ticket.total, dtype=bool)
    want[order] = True
    found = np.concatenate([made[n].reshape(-1) for n in ticket.prunable])
    assert (found == want).mean() > 0.998, "scores of one or zero tie, and round differently"
    assert found.sum() == keep


def loss(ticket: Ticket) -> float:
    return float(evaluate(ticket, split="train")["loss"])


def test_untrained_its_mask_beats_a_random_one() -> None:
    ticket = init("mlp:40")
    gems = mask(ticket, criterion="rare-gems", sparsity="0.5", batches=4, gem_rate=3.0)
    again = mask(ticket, criterion="rare-gems", sparsity="0.5", batches=4, gem_rate=3.0)
    assert gems.to_bytes() == again.to_bytes()
    assert gems.kept == round(0.5 * ticket.total)
    chance = mask(ticket, criterion="random", sparsity="0.5")
    assert loss(gems) < 0.8 * loss(chance)
    assert gems.lineage[-1]["options"]["gem_rate"] == 3.0

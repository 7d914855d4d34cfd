"""Trainings that are watched step by step: what a network was before and after each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sparsetool import Ticket, init, mask
from sparsetool.compute.device import Place
from sparsetool.data.resident import DataSet
from sparsetool.training.loop import Learner
from sparsetool.training.settings import resolve

Arrays = dict[str, np.ndarray]
BATCH = 240  # 6 steps in an epoch of the digits


@dataclass(frozen=True)
class Snapshot:
    """A network at one moment.

    Attributes:
        weights: Prunable weights, by name.
        masks: Their masks.
        momentum: Their momentum.
        biases: Parameters that have no mask, by name.
    """

    weights: Arrays
    masks: Arrays
    momentum: Arrays
    biases: Arrays


@dataclass(frozen=True)
class Step:
    """A step: the network before and after it, what it saw and at which rate."""

    before: Snapshot
    after: Snapshot
    images: Tensor
    labels: Tensor
    rate: float

    @property
    def moved(self) -> bool:
        """Whether a mask changed."""
        return any((self.before.masks[n] != m).any() for n, m in self.after.masks.items())


class Watched(Learner):
    """A learner that remembers its steps."""

    seen: list[Step]

    def snapshot(self) -> Snapshot:
        names = list(self.held.masks)
        states = self.optimizer.state
        return Snapshot(
            {n: self.parameters[n].detach().numpy().copy() for n in names},
            {n: self.held.masks[n].numpy().copy() for n in names},
            {n: states[self.parameters[n]]["momentum_buffer"].numpy().copy() for n in names},
            {n: p.detach().numpy().copy() for n, p in self.parameters.items() if n not in names},
        )

    def _descend(self, images: Tensor, labels: Tensor, rate: float) -> None:
        before = self.snapshot()
        super()._descend(images, labels, rate)
        self.seen.append(Step(before, self.snapshot(), images, labels, rate))


def start(sparsity: str | None = "0.8", model: str = "mlp:16-12") -> Ticket:
    """A small network, dense or under a random mask."""
    dense = init(model)
    if sparsity is None:
        return dense
    return mask(dense, criterion="random", density="erk", sparsity=sparsity)


def learner(ticket: Ticket, **asked: Any) -> Watched:
    """A learner at the beginning of a cycle of three epochs, by default."""
    asked = {"epochs": 3, "batch_size": BATCH, "lr": 0.1, **asked}
    settings = resolve(ticket, asked)
    made = Watched(ticket, settings, 0, DataSet("digits"), Place("cpu", "fp32", 1))
    made.seen = []
    return made


def watched(ticket: Ticket, **asked: Any) -> tuple[Watched, list[Step]]:
    """A whole cycle and its steps."""
    made = learner(ticket, **asked)
    while made.epoch < made.settings.epochs:
        made.run_epoch(lambda: False)
    return made, made.seen


def dense_gradients(step: Step) -> Arrays:
    """Gradients of the mean loss in all weights of an `mlp` before a step, from its definition."""
    weights, biases = step.before.weights, step.before.biases
    names = list(weights)
    leaves = [torch.tensor(weights[name], requires_grad=True) for name in names]
    x = step.images.flatten(1)
    for at, (name, leaf) in enumerate(zip(names, leaves, strict=True)):
        x = x @ leaf.t() + torch.tensor(biases[name.replace("weight", "bias")])
        if at < len(names) - 1:
            x = x.relu()
    found = torch.autograd.grad(cross_entropy(x, step.labels), leaves)
    return {name: g.numpy() for name, g in zip(names, found, strict=True)}

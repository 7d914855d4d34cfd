"""Training against its definition, written out in float64: order, crops, rates and optimisers.

A network of two linear layers on the digits is trained again with nothing but arithmetic and the
keyed draws; weights and figures must agree to the rounding of float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sparsetool import Ticket, init, mask, train_cycles
from sparsetool.builtin.datasets.digits import load
from sparsetool.ticket.draws import Draws

MEAN, STD = 0.3052, 0.3758
SIDE, PAD, BATCH = 8, 1, 128
DECAY, SEED = 0.01, 5
Weights = dict[str, Tensor]


def pixels(raw: np.ndarray) -> Tensor:
    """Bytes [N, 8, 8] as the network's float64 inputs [N, 64]."""
    return torch.from_numpy((raw.reshape(len(raw), -1) / 255.0 - MEAN) / STD)


def cropped(raw: np.ndarray, epochs: int) -> np.ndarray:
    """Bytes [N, 8, 8] in the order given, each cut out of itself padded by a black pixel."""
    draws = Draws(SEED, "augmentation", epochs).integers(2 * PAD + 1, 2 * len(raw))
    padded = np.pad(raw, ((0, 0), (PAD, PAD), (PAD, PAD)))
    down, right = draws[: len(raw)], draws[len(raw) :]
    return np.stack(
        [image[y : y + SIDE, x : x + SIDE] for image, y, x in zip(padded, down, right, strict=True)]
    )


def rate(step: int, total: int, peak: float) -> float:
    """`step-warmup` from the paper: up over 10/150 of the steps, a tenth at 70/150 and 130/150."""
    warm = total * 10 / 150
    if step < warm:
        return peak * min((step + 1) / warm, 1.0)
    return peak * 0.1 ** sum(step >= total * drop / 150 for drop in (70, 130))


def loss_of(held: Weights, images: Tensor, labels: Tensor) -> Tensor:
    hidden = (images @ held["fc1.weight"].T + held["fc1.bias"]).relu()
    return cross_entropy(hidden @ held["fc2.weight"].T + held["fc2.bias"], labels)


class Rule:
    """Steps of an optimiser with fresh momentum, as its paper writes them."""

    def __init__(self, name: str, momentum: float) -> None:
        self.name, self.momentum, self.count = name, momentum, 0
        self.first: Weights = {}
        self.second: Weights = {}

    def step(self, held: Weights, gradients: Weights, lr: float) -> None:
        self.count += 1
        for name, weight in held.items():
            gradient = gradients[name]
            one = self.first.get(name, torch.zeros_like(weight))
            if self.name == "adamw":
                two = self.second.get(name, torch.zeros_like(weight))
                one = self.momentum * one + (1 - self.momentum) * gradient
                two = self.second[name] = 0.999 * two + 0.001 * gradient**2
                mean, square = (
                    one / (1 - self.momentum**self.count),
                    two / (1 - 0.999**self.count),
                )
                held[name] = weight * (1 - lr * DECAY) - lr * mean / (square.sqrt() + 1e-8)
            else:
                gradient = gradient + DECAY * weight
                one = self.momentum * one + gradient
                nesterov = self.name == "nesterov"
                held[name] = weight - lr * (gradient + self.momentum * one if nesterov else one)
            self.first[name] = one


def split(noise: float, val: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Images and labels to train on, and those held out; of the labels some are permuted first."""
    images, labels = load(None, Path(), "train")
    count = len(labels)
    if noise:
        who = Draws(SEED, "labels", name="who").permutation(count)[: round(noise * count)]
        what = Draws(SEED, "labels", name="what").permutation(len(who))
        labels = labels.copy()
        labels[who] = labels[who][what]
    held = np.zeros(count, dtype=bool)
    held[Draws(SEED, "validation").permutation(count)[: round(val * count)]] = True
    return images[~held, 0], labels[~held], images[held, 0], labels[held]


def by_hand(start: Ticket, asked: Mapping[str, Any]) -> tuple[Weights, dict[str, float]]:
    """Weights and figures after training, with fields of `Settings` as given."""
    noise, val = float(asked.get("label_noise", 0)), float(asked.get("val", 0))
    images, labels, val_images, val_labels = split(noise, val)
    held = {
        name: torch.from_numpy(array.astype(np.float64)) for name, array in start.weights.items()
    }
    steps, epochs = -(-len(labels) // BATCH), start.epochs
    figures = {}
    for cycle in range(asked.get("n", 1)):
        rule = Rule(asked.get("optimizer", "sgd"), asked["momentum"])
        for epoch in range(0 if cycle else asked.get("from_epoch", 0), asked["epochs"]):
            order = Draws(SEED, "order", epochs).permutation(len(labels))
            seen, wanted = pixels(cropped(images[order], epochs)), torch.from_numpy(labels[order])
            losses = 0.0
            for step in range(steps):
                part = slice(step * BATCH, (step + 1) * BATCH)
                live = {name: tensor.requires_grad_() for name, tensor in held.items()}
                loss = loss_of(live, seen[part], wanted[part])
                found = torch.autograd.grad(loss, list(live.values()))
                gradients = dict(zip(live, found, strict=True))
                for name, kept in start.masks.items():
                    gradients[name] = gradients[name] * torch.from_numpy(np.array(kept))
                lr = rate(epoch * steps + step, asked["epochs"] * steps, asked["lr"])
                with torch.no_grad():
                    rule.step(held, gradients, lr)
                losses += loss.item() * len(wanted[part])
            figures["train_loss"] = losses / len(labels)
            epochs += 1
    test_images, test_labels = load(None, Path(), "test")
    parts = {"test": (test_images[:, 0], test_labels), "val": (val_images, val_labels)}
    for name, (some, right) in parts.items():
        if len(right):
            loss = loss_of(held, pixels(some), torch.from_numpy(right))
            figures[f"{name}_loss"] = loss.item()
    return held, figures


@pytest.mark.parametrize(
    "asked",
    [
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.8, "optimizer": "nesterov"},
        {"lr": 0.01, "momentum": 0.6, "optimizer": "adamw"},
        {"lr": 0.1, "momentum": 0.9, "from_epoch": 1, "n": 2},
        {"lr": 0.1, "momentum": 0.9, "label_noise": "0.4", "val": "0.2"},
    ],
    ids=["sgd", "nesterov", "adamw", "from epoch 1", "noise and validation"],
)
def test_training_is_its_definition(asked: dict[str, Any]) -> None:
    start = mask(init("mlp:8"), criterion="random", density="balanced", sparsity=0.3)
    asked = {"epochs": 2, "weight_decay": DECAY, "batch_size": BATCH, "seed": SEED, **asked}
    made = train_cycles(start, device="cpu", precision="fp32", threads="1", **asked)
    weights, figures = by_hand(start, asked)
    for name, array in weights.items():
        np.testing.assert_allclose(made.weights[name], array.detach(), atol=2e-5, err_msg=name)
    found = made.lineage[-1]["figures"]
    for name, value in figures.items():
        assert found[name] == pytest.approx(value, abs=2e-5), name

"""Tiny float64 networks as tickets, for references that work with dense matrices.

The ticket names model `tiny:NAME`; `installed` makes that name known for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

from sparsetool.plugins import find
from sparsetool.plugins.criteria import Evidence
from sparsetool.ticket.value import Ticket

CLASSES = 3
INPUT = (1, 4, 4)
Batch = tuple[Tensor, Tensor]
Arrays = Mapping[str, np.ndarray]


def conv() -> nn.Module:
    """Convolutions with stride and groups, batch norm, a smooth activation, a biased head."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.Tanh(),
        nn.Conv2d(4, 4, 3, stride=2, groups=2),
        nn.BatchNorm2d(4),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(4, CLASSES),
    )


def linear() -> nn.Module:
    """Two linear layers with a smooth activation between."""
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 4), nn.Tanh(), nn.Linear(4, CLASSES))


def chain() -> nn.Module:
    """Linear layers without bias, batch norm and ReLU: its synaptic flow has a closed form."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(16, 6, bias=False),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.Linear(6, 5, bias=False),
        nn.ReLU(),
        nn.Linear(5, CLASSES, bias=False),
    )


NETWORKS: dict[str, Callable[[], nn.Module]] = {"conv": conv, "linear": linear, "chain": chain}
FORMS = {name: network().double() for name, network in NETWORKS.items()}  # for `loss` alone


@contextmanager
def installed(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make `tiny:NAME` a model, and compute in one thread: more only cost time here."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    load = find.load
    member = SimpleNamespace(build=lambda argument, classes, input: NETWORKS[argument]())
    with patch.context() as now:
        now.setattr(
            find,
            "load",
            lambda family, name: (
                member if (family, name) == ("models", "tiny") else load(family, name)
            ),
        )
        yield
    torch.set_num_threads(threads)


def ticket(name: str, seed: int = 0, half: bool = False) -> Ticket:
    """A float64 ticket with random weights and statistics; with `half` every other is pruned."""
    random = np.random.default_rng(seed)
    module = NETWORKS[name]().double()
    parameters = dict(module.named_parameters())
    weights = {}
    for key, tensor in module.state_dict().items():
        drawn = random.normal(0.0, 0.5, tuple(tensor.shape))
        if "running_var" in key:
            drawn = np.exp(drawn)
        weights[key] = np.array(7) if tensor.dtype == torch.int64 else np.array(drawn)
    prunable = [key for key, tensor in parameters.items() if tensor.ndim > 1]
    masks = {}
    if half:
        masks = {key: random.random(weights[key].shape) < 0.5 for key in prunable}
        weights |= {key: np.where(mask, weights[key], 0.0) for key, mask in masks.items()}
    meta = {
        "model": f"tiny:{name}",
        "classes": CLASSES,
        "input": list(INPUT),
        "data": "digits",
        "seed": seed,
        "prunable": prunable,
        "buffers": [key for key in weights if key not in parameters],
        "graph": None,
    }
    born = {"verb": "init", "options": {}, "seed": seed, "inputs": {}, "achieved": {}}
    return Ticket(weights, masks, meta, (born,))


def batches(sizes: tuple[int, ...] = (7, 4), seed: int = 5) -> list[Batch]:
    """Batches of different sizes of random images and labels."""
    random = torch.Generator().manual_seed(seed)
    return [
        (
            torch.randn((size, *INPUT), generator=random, dtype=torch.float64),
            torch.randint(0, CLASSES, (size,), generator=random),
        )
        for size in sizes
    ]


def evidence(given: list[Batch], **more: Any) -> Evidence:
    return Evidence(batches=lambda: given, **more)


def loss(
    made: Ticket, given: list[Batch], weights: Mapping[str, Tensor], *, training: bool,
    temperature: float = 1.0,
) -> Tensor:  # fmt: skip
    """Mean cross-entropy over all examples with these prunable weights, written out."""
    module = FORMS[str(made.meta["model"]).partition(":")[2]]
    for child in module.modules():
        child.train(training)
    held = {key: torch.from_numpy(np.array(value)) for key, value in made.weights.items()}
    total, count = torch.zeros((), dtype=torch.float64), 0
    for images, labels in given:
        fresh = {key: tensor.clone() for key, tensor in held.items()}  # statistics get updated
        scaled = functional_call(module, {**fresh, **weights}, (images,)) / temperature
        shifted = scaled - scaled.logsumexp(1, keepdim=True)
        total = total - shifted[torch.arange(len(labels)), labels].sum()
        count += len(labels)
    return total / count


def logits(made: Ticket, images: Tensor) -> Tensor:
    """What a ticket answers in evaluation mode, [B, K]."""
    module = FORMS[str(made.meta["model"]).partition(":")[2]].eval()
    held = {key: torch.from_numpy(np.array(value)) for key, value in made.weights.items()}
    return functional_call(module, held, (images,))


def flat(arrays: Arrays, names: tuple[str, ...]) -> np.ndarray:
    return np.concatenate([np.asarray(arrays[name]).reshape(-1) for name in names])


def unflat(made: Ticket, vector: Tensor) -> dict[str, Tensor]:
    """A vector of all prunable weights as tensors by name."""
    parts, at = {}, 0
    for name, shape in made.shapes.items():
        size = int(np.prod(shape))
        parts[name] = vector[at : at + size].reshape(shape)
        at += size
    return parts

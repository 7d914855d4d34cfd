"""Small networks and their whole Hessians: torch.func.hessian in float64."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from sparsetool.analysis import hessian
from sparsetool.analysis.products import Hessian

CLASSES = 5


def mlp() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(9, 10), nn.Tanh(), nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, CLASSES))
    )


def convnet() -> nn.Module:
    """Strides, groups, dilation, a bias under a batch norm, and one batch norm over a ReLU."""
    return nn.Sequential(
        *(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        *(nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=2, bias=False), nn.BatchNorm2d(4)),
        *(nn.ReLU(), nn.Conv2d(4, 6, (3, 1), padding=(2, 0), dilation=(2, 1)), nn.ReLU()),
        *(nn.BatchNorm2d(6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 5)),
    )


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp": (mlp, (9,)),
    "convnet": (convnet, (2, 6, 6)),
}


@dataclass(frozen=True)
class Case:
    """A network, a sample, masks, and the Hessian in all parameters [P, P], float64."""

    module: nn.Module
    images: Tensor
    labels: Tensor
    masks: Mapping[str, Tensor]
    whole: Tensor

    @property
    def kept(self) -> Tensor:
        """Which of the P parameters survive."""
        parts = [
            self.masks.get(name, torch.ones_like(p, dtype=torch.bool)).reshape(-1)
            for name, p in self.module.named_parameters()
        ]
        return torch.cat(parts)

    @property
    def matrix(self) -> Tensor:
        """The Hessian on the mask's subspace."""
        return self.whole[self.kept][:, self.kept]


def flat_loss(module: nn.Module, images: Tensor, labels: Tensor) -> Callable[[Tensor], Tensor]:
    """The mean loss as a function of all parameters in one vector, in float64."""
    shapes = {name: p.shape for name, p in module.named_parameters()}
    buffers = {
        n: b.double() if b.is_floating_point() else b.clone() for n, b in module.named_buffers()
    }

    def loss(vector: Tensor) -> Tensor:
        parts = torch.split(vector, [shape.numel() for shape in shapes.values()])
        held = {n: p.view(s) for (n, s), p in zip(shapes.items(), parts, strict=True)}
        logits = functional_call(module, {**held, **buffers}, (images.double(),))
        return nn.functional.cross_entropy(logits, labels)

    return loss


def exact(module: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    point = torch.cat([p.detach().double().reshape(-1) for p in module.parameters()])
    return torch.func.hessian(flat_loss(module, images, labels))(point)


def train(module: nn.Module, images: Tensor, labels: Tensor, masks: Mapping[str, Tensor]) -> None:
    optimiser = torch.optim.SGD(module.parameters(), 0.1, 0.9)
    held = dict(module.named_parameters())
    for _ in range(30):
        with torch.no_grad():
            for name, kept in masks.items():
                held[name].copy_(torch.where(kept, held[name], 0))
        optimiser.zero_grad()
        nn.functional.cross_entropy(module(images), labels).backward()
        for name, kept in masks.items():
            gradient = held[name].grad
            assert gradient is not None
            gradient *= kept
        optimiser.step()


def operator(case: Case, **options: Any) -> Hessian:
    return Hessian(case.module, case.images, case.labels, case.masks, **options)


def measured(case: Case, top: int = 3, **options: Any) -> dict[str, Any]:
    tolerance = 1e-6 if options.get("dtype") is torch.float64 else 1e-3
    return hessian.figures(operator(case, **options), top, True, True, tolerance, 0, "all")


def relative(found: Any, wanted: Any) -> float:
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    return float(np.max(np.abs(found - wanted) / np.abs(wanted)))

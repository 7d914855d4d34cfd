"""The optimiser of a cycle."""

from __future__ import annotations

import torch

from .device import Place
from .settings import Settings


def optimizer_of(
    parameters: list[torch.nn.Parameter], settings: Settings, where: Place
) -> torch.optim.Optimizer:
    """The optimiser; one fused kernel over all parameters where the device has one."""
    fused = where.kind in ("cpu", "cuda")
    if settings.optimizer == "adamw":
        return torch.optim.AdamW(
            parameters,
            lr=settings.lr,
            betas=(settings.momentum, 0.999),
            weight_decay=settings.weight_decay,
            fused=fused,
        )
    return torch.optim.SGD(
        parameters,
        lr=settings.lr,
        momentum=settings.momentum,
        weight_decay=settings.weight_decay,
        nesterov=settings.optimizer == "nesterov",
        fused=fused,
    )

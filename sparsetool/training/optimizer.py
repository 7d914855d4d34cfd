"""The optimiser of a cycle."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import torch

from ..compute.device import Place
from .settings import Settings


def optimizer_of(
    parameters: list[torch.nn.Parameter], settings: Settings, where: Place
) -> torch.optim.Optimizer:
    """The optimiser; one fused kernel over all parameters where the device has one."""
    _spare_the_compiler(torch.optim.Optimizer.add_param_group)
    _spare_the_compiler(torch.optim.Optimizer.zero_grad)
    optimizer = _optimizer_of(parameters, settings, fused=where.kind in ("cpu", "cuda"))
    if isinstance(optimizer, torch.optim.SGD) and settings.momentum:
        # Torch makes them at the first step without a value, and a first step whose gradients
        # overflow in fp16 is left out: the next would go by whatever was in memory.
        for parameter in parameters:
            optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    step = torch.no_grad()(inspect.unwrap(type(optimizer).step))
    optimizer.step = functools.partial(step, optimizer)  # type: ignore[method-assign]
    return optimizer


def _spare_the_compiler(method: Callable[..., Any]) -> None:
    """Keep a method of torch's from importing `torch._dynamo`, which takes as long as torch itself.

    Torch wraps its optimisers' methods so that a compiler looks away from them, and imports it at
    their first call to tell it so. Nothing here compiles them.
    """
    raw = inspect.unwrap(method)
    vars(raw).setdefault("__dynamo_disable", raw)


def _optimizer_of(
    parameters: list[torch.nn.Parameter], settings: Settings, fused: bool
) -> torch.optim.Optimizer:
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

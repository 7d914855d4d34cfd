"""Makes the optimizer of a cycle, and keeps its state."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from ..compute.device import Place
from ..networks.build import matrices_of
from ..plugins import optimizers
from ..plugins.optimizers import Rates
from .settings import Settings

Arrays = dict[str, np.ndarray]


def optimizer_of(
    module: torch.nn.Module, settings: Settings, where: Place
) -> torch.optim.Optimizer:
    """The optimiser; one fused kernel over all parameters where the device has one."""
    parameters = list(module.parameters())
    fused = where.kind in ("cpu", "cuda")
    matrices = frozenset(id(weight) for weight in matrices_of(module))
    rates = Rates(settings.lr, settings.momentum, settings.weight_decay, fused, matrices)
    make = optimizers.load(settings.optimizer).make
    with _spared_the_compiler(torch.optim.Optimizer.add_param_group):
        optimizer = make(parameters, rates, **settings.own)
    if isinstance(optimizer, torch.optim.SGD) and settings.momentum:
        # Torch makes them at the first step without a value, and a first step whose gradients
        # overflow in fp16 is left out: the next would go by whatever was in memory.
        for parameter in parameters:
            optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    # Torch wraps these so that a compiler looks away from them: see below.
    raw: Any = optimizer
    raw.step = functools.partial(torch.no_grad()(inspect.unwrap(type(raw).step)), raw)
    raw.zero_grad = functools.partial(inspect.unwrap(type(raw).zero_grad), raw)
    return optimizer


def state_of(
    optimizer: torch.optim.Optimizer,
    parameters: Mapping[str, torch.nn.Parameter],
    scaler: torch.amp.GradScaler,
) -> Arrays:
    """All that `restore_state` needs, of an optimiser and what scales its losses."""
    arrays: Arrays = {}
    for name, parameter in parameters.items():
        for key, tensor in optimizer.state[parameter].items():
            value = tensor.detach().cpu().contiguous().numpy()
            arrays[f"optimizer/{key}/{name}"] = np.array(value, order="C")
    for key, number in scaler.state_dict().items():
        arrays[f"scaler/{key}"] = np.array(number, dtype=np.float64)
    return arrays


def restore_state(
    arrays: Arrays,
    optimizer: torch.optim.Optimizer,
    parameters: Mapping[str, torch.nn.Parameter],
    scaler: torch.amp.GradScaler,
) -> None:
    """Take up a state that `state_of` gave."""
    for full, array in arrays.items():
        if full.startswith("optimizer/"):
            _, key, name = full.split("/", 2)
            parameter = parameters[name]
            value = torch.from_numpy(np.array(array))
            if value.shape == parameter.shape:
                value = torch.empty_like(parameter).copy_(value)
            optimizer.state[parameter][key] = value.detach()
    held = {key: arrays[f"scaler/{key}"].item() for key in scaler.state_dict()}
    if held:
        counts = {key: int(held[key]) for key in ("growth_interval", "_growth_tracker")}
        scaler.load_state_dict({**held, **counts})


@contextlib.contextmanager
def _spared_the_compiler(method: Any) -> Iterator[None]:
    """Keep a method of torch's from importing `torch._dynamo`, which takes as long as torch itself.

    Torch wraps its optimisers' methods so that a compiler looks away from them, and imports it at
    their first call to tell it so. Nothing here compiles them. Afterwards torch is as it was.
    """
    state = vars(inspect.unwrap(method))
    spared = "__dynamo_disable" not in state
    if spared:
        state["__dynamo_disable"] = inspect.unwrap(method)
    try:
        yield
    finally:
        if spared:
            del state["__dynamo_disable"]

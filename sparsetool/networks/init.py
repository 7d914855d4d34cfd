"""Fresh tickets: a network, its initial weights and the facts of its birth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ..data.facts import facts_of
from ..data.naming import recorded_name
from ..errors import UsageError, nearest
from ..layer_graph.channels import Node
from ..layer_graph.tensors import tensors
from ..layer_graph.trace import trace
from ..plugins.datasets import Facts
from ..plugins.own_code import is_ours, within_call
from ..ticket.draws import Draws
from ..ticket.lineage import Record, recorded
from ..ticket.value import Ticket, versions
from .build import LAYERS, build, from_module, layer_weights, prunable_names
from .trial import check_holdable, check_runs

INITS = ("kaiming", "kaiming-fan-out", "model")
NORMS = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)


@within_call
def init(
    model: str,
    *,
    data: str = "digits",
    seed: int = 0,
    init: str = "kaiming",
    exclude: Sequence[str] = (),
    prune_also: Sequence[str] = (),
    data_root: str | None = None,
) -> Ticket:
    """A fresh, dense ticket.

    Args:
        model: `NAME` or `NAME:ARGUMENT`.
        data: Data set by name; it decides classes and input, and need not be on disk
            unless its name is a place.
        seed: Key of all draws; later verbs default to it.
        init: `kaiming` (normal, fan-in, gain sqrt 2, on every convolution and linear weight, head
            included), `kaiming-fan-out` (torchvision's: fan-out on convolutions, PyTorch's default
            on linear layers) or `model` (the model's own).
        exclude: Patterns of weights that no verb shall ever prune (see `prunable_names`).
        prune_also: Patterns of matrices that are not prunable by default, and shall be.
        data_root: Folder of data sets.

    Raises:
        UsageError: An unknown name, or a pattern that matches nothing.
        SparsetoolError: Your own network holds what no ticket can, or does not run.
    """
    if init not in INITS:
        raise UsageError(f"unknown initialisation '{init}': {nearest(init, INITS)}")
    model, data = recorded_name("models", model), recorded_name("datasets", data, data_root)
    facts = facts_of(data, data_root)
    module = constructed(model, facts.classes, facts.input, seed)
    if not is_ours(model):
        check_holdable(module)
    weights = from_module(module)
    if init != "model":
        weights.update(initial(module, seed, init))
    meta = facts_of_birth(module, facts, model, data, seed, exclude, prune_also)
    options = {
        "model": model,
        "data": data,
        "init": None if init == "kaiming" else init,
        "exclude": list(exclude) or None,
        "prune_also": list(prune_also) or None,
    }
    return born(Ticket(weights, {}, meta), "init", options)


def facts_of_birth(
    module: nn.Module,
    facts: Facts,
    model: str,
    data: str,
    seed: int,
    exclude: Sequence[str],
    prune_also: Sequence[str] = (),
) -> dict[str, Any]:
    """What a ticket states for life (see `Ticket.meta`); buffers of your own network may change.

    Raises:
        UsageError: A pattern matches nothing.
        SparsetoolError: Your own network holds what no ticket can, or does not run.
    """
    if not is_ours(model):
        check_holdable(module)
        check_runs(module, facts.input, facts.classes)
    parameters = {id(parameter) for parameter in module.parameters()}
    return {
        "model": model,
        "classes": facts.classes,
        "input": list(facts.input),
        "data": data,
        "seed": seed,
        "prunable": prunable_names(module, exclude, prune_also),
        "buffers": [name for name, t in tensors(module).items() if id(t) not in parameters],
        "graph": _graph(module, facts, model),
    }


def _graph(module: nn.Module, facts: Facts, model: str) -> list[Node] | None:
    try:
        return trace(module, facts.input)
    except Exception:
        # Zeros, on which layers are not computed, may be what your own network fails on: it has
        # run on other images. Its graph is not known then.
        if is_ours(model):
            raise
        return None


def born(
    ticket: Ticket,
    verb: str,
    options: Mapping[str, Any],
    inputs: Mapping[str, str] | None = None,
) -> Ticket:
    """A ticket without parents, with the record of its birth.

    Args:
        ticket: The ticket without lineage.
        verb: What made it.
        options: Result options.
        inputs: Digests of files that are no tickets, by role.
    """
    record: Record = {
        "verb": verb,
        "options": recorded(options),
        "seed": ticket.seed,
        "inputs": dict(inputs or {}),
        "achieved": {"kept": ticket.kept, "prunable": ticket.total},
        "versions": {**versions(), "torch": torch.__version__},
    }
    return Ticket(ticket.weights, ticket.masks, ticket.meta, (record,))


def constructed(model: str, classes: int, input: tuple[int, ...], seed: int) -> nn.Module:
    """The network with its own initialisation, drawn from torch under a key made from `seed`."""
    key = int(Draws(seed, "initialisation", name=model).words(1)[0] >> np.uint64(1))
    with torch.random.fork_rng(devices=[]):
        # The CPU's generator alone: torch.manual_seed would reset every device's.
        torch.default_generator.manual_seed(key)
        return build(model, classes, input)


def initial(module: nn.Module, seed: int, init: str) -> dict[str, np.ndarray]:
    """Initial values of layers and normalisation, by name; what is not named keeps the model's own.

    Kaiming normal draws have variance 2 / fan, in the fan of PyTorch: for a weight of shape
    [out, in / groups, *kernel] the fan-in is in / groups times the kernel's size, the fan-out is
    out times the kernel's size. PyTorch's default, for biases and for the linear layers of
    `kaiming-fan-out`, is uniform in +-1 / sqrt(fan-in). Normalisation has scale 1 and shift 0.

    Reference: He, Zhang, Ren, Sun, 2015, "Delving deep into rectifiers", ICCV, section 2.2.

    Args:
        module: The network.
        seed: Key of the draws, with each parameter's name.
        init: `kaiming` or `kaiming-fan-out`.
    """
    names = {id(tensor): name for name, tensor in tensors(module).items()}
    values: dict[str, np.ndarray] = {}
    for child in module.modules():
        for weight in layer_weights(child):
            name = names[id(weight)]
            default = init == "kaiming-fan-out" and not isinstance(child, nn.modules.conv._ConvNd)
            values[name] = _weight(tuple(weight.shape), seed, name, "uniform" if default else init)
        bias = child._parameters.get("bias")
        if isinstance(child, LAYERS) and layer_weights(child) and bias is not None:
            name = names[id(bias)]
            # PyTorch starts the output of attention, alone among linear layers, without bias.
            zero = isinstance(child, nn.modules.linear.NonDynamicallyQuantizableLinear)
            bound = 0.0 if zero else 1.0 / math.sqrt(fan_in(child.weight.shape))
            values[name] = _uniform(tuple(bias.shape), bound, seed, name)
        elif isinstance(child, NORMS):
            for key, value in (("weight", 1.0), ("bias", 0.0)):
                tensor = child._parameters.get(key)
                if tensor is not None:
                    values[names[id(tensor)]] = np.full(tuple(tensor.shape), value, np.float32)
    return values


def fan_in(shape: Sequence[int]) -> int:
    """Inputs of one output of a layer whose weight has this shape."""
    return math.prod(shape[1:])


def _weight(shape: tuple[int, ...], seed: int, name: str, how: str) -> np.ndarray:
    if how == "uniform":
        return _uniform(shape, 1.0 / math.sqrt(fan_in(shape)), seed, name)
    fan = fan_in(shape) if how == "kaiming" else shape[0] * math.prod(shape[2:])
    normal = Draws(seed, "initialisation", name=name).normal(math.prod(shape))
    return (normal * math.sqrt(2.0 / fan)).reshape(shape).astype(np.float32)


def _uniform(shape: tuple[int, ...], bound: float, seed: int, name: str) -> np.ndarray:
    uniform = Draws(seed, "initialisation", name=name).uniform(math.prod(shape))
    return ((2.0 * uniform - 1.0) * bound).reshape(shape).astype(np.float32)

"""What a ticket costs: multiply-accumulates, training FLOPs of its lineage, memory.

Counted are the multiply-accumulates (MACs) of convolutions and linear layers, attention projections
included, per example; FLOPs are twice that. Each kept weight costs as many as the positions it is
applied at, so sparse counts are whole numbers too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from ..errors import SparsetoolError
from ..layer_graph.tensors import tensors
from ..networks.build import build, layer_weights
from ..ticket.value import Ticket
from .memory import memory
from .training_costs import training

aten = torch.ops.aten
PRODUCTS: Mapping[Any, tuple[int, int]] = {  # positions of the two matrices
    aten.mm.default: (0, 1),
    aten.bmm.default: (0, 1),
    aten.addmm.default: (1, 2),
    aten.baddbmm.default: (1, 2),
}


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts how often each of some weights is multiplied, whatever view of it takes part."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._names = {_storage(tensor): name for name, tensor in weights.items()}
        self.macs: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if func is aten.convolution.default:
            image, weight, transposed = args[0], args[1], args[6]
            places = (image if transposed else result).numel() // weight.shape[0]
            self._count(weight, places * weight.numel())
        elif func in PRODUCTS:
            left, right = (args[place] for place in PRODUCTS[func])
            for factor in (left, right):
                self._count(factor, left.numel() * right.shape[-1])
        return result

    def _count(self, factor: Tensor, macs: int) -> None:
        name = self._names.get(_storage(factor))
        if name is not None:
            self.macs[name] += macs


def _storage(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


def uses(model: str, classes: int, input: Iterable[int]) -> dict[str, int]:
    """How often each layer's weights are applied to one example, by the weight's name.

    A layer's dense MACs are this times its size. Shapes alone are propagated: nothing is computed.

    Args:
        model: `NAME` or `NAME:ARGUMENT`.
        classes: Number of classes.
        input: Channels, height and width of an example, pixels.

    Example:
        >>> uses("mlp:20", 10, (1, 8, 8))
        {'fc1.weight': 1, 'fc2.weight': 1}
    """
    shape = tuple(input)
    module = build(model, classes, shape).eval().to("meta")
    layers = {id(weight) for child in module.modules() for weight in layer_weights(child)}
    weights = {name: t for name, t in tensors(module).items() if id(t) in layers}
    with torch.no_grad(), _Counting(weights) as counting:
        module(torch.empty((1, *shape), device="meta"))
    return {name: counting.macs[name] // weight.numel() for name, weight in weights.items()}


def flops(ticket: Ticket, *, convention: str = "sparse", bits: int = 32) -> dict[str, Any]:
    """Inference and training cost of a ticket, and its memory.

    Args:
        ticket: The ticket; masks alone have costs too, but for the memory of other parameters.
        convention: `sparse` (a training example costs 3 f(mask), with the mask of its time) or
            `dense` (3 f of the dense network: what hardware without sparse kernels executes).
        bits: Bits of one weight in the memory figures.

    Returns:
        `macs` and `flops` of the dense network, `macs_sparse` and `flops_sparse` under the mask,
        all per example; `layers` with `name`, `macs`, `macs_sparse` and `density` of each
        convolution and linear layer; the fields of `training`; `memory` (see there).

    Raises:
        UsageError: An unknown convention.
        SparsetoolError: The lineage is of another network.
    """
    times = uses(ticket.meta["model"], ticket.meta["classes"], ticket.meta["input"])
    sizes = _sizes(ticket, times)
    kept = {**sizes, **ticket.kept_by_layer}
    layers: list[dict[str, Any]] = [
        {
            "name": name,
            "macs": times[name] * sizes[name],
            "macs_sparse": times[name] * kept[name],
            "density": kept[name] / sizes[name],
        }
        for name in times
    ]
    macs = sum(layer["macs"] for layer in layers)
    macs_sparse = sum(layer["macs_sparse"] for layer in layers)
    return {
        "macs": macs,
        "macs_sparse": macs_sparse,
        "flops": 2 * macs,
        "flops_sparse": 2 * macs_sparse,
        "layers": layers,
        **training(ticket, times, sizes, convention),
        "memory": memory(ticket, bits),
    }


def _sizes(ticket: Ticket, names: Iterable[str]) -> dict[str, int]:
    """Weights of each layer; masks alone know those of prunable layers only."""
    sizes = {name: math.prod(shape) for name, shape in ticket.shapes.items()}
    missing = [name for name in names if name not in sizes and name not in ticket.weights]
    if missing:
        raise SparsetoolError(
            f"this file holds masks alone and lacks {missing[0]}: measure a ticket instead"
        )
    return {name: sizes.get(name) or ticket.weights[name].size for name in names}

"""What goes into linear and convolution layers, as the columns that a weight's rows multiply.

A convolution is the product of its weight, as the matrix [outputs, inputs x kernel], with every
patch of its input (unfolded). With groups each group of outputs has patches of its own channels.

Shapes: G groups, D columns (inputs of a group x kernel), M patches or tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from ...errors import SparsetoolError
from ...layer_graph.inputs import typed
from ...networks.build import normalisable
from ._network import network

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
HELD = 1 << 26  # numbers in the products held at once; more layers need another pass over the data


def products(ticket: Ticket, evidence: Evidence) -> Iterator[tuple[str, Tensor]]:
    """The sum of x x' over all columns x of each prunable layer's input, float64 [G, D, D].

    Raises:
        SparsetoolError: A prunable weight is of another layer.
    """
    module = network(ticket, evidence).module
    layers = _layers(ticket, module)
    group: list[str] = []
    held = 0
    for name, layer in layers.items():
        size = layer.weight[0].numel() ** 2 * getattr(layer, "groups", 1)
        if group and held + size > HELD:
            yield from _summed(module, evidence, {n: layers[n] for n in group}).items()
            group, held = [], 0
        group.append(name)
        held += size
    yield from _summed(module, evidence, {n: layers[n] for n in group}).items()


def _layers(ticket: Ticket, module: nn.Module) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, layer in module.named_modules():
        name = f"{path}.weight" if path else "weight"
        if name in ticket.prunable and isinstance(layer, (nn.Linear, *CONVOLUTIONS)):
            found[name] = layer
    if missing := [name for name in ticket.prunable if name not in found]:
        raise SparsetoolError(
            f"{missing[0]} is of no linear or convolution layer whose inputs can be seen: take "
            "another criterion, or leave it out by 'init --exclude'"
        )
    return {name: found[name] for name in ticket.prunable}


def _summed(module: nn.Module, evidence: Evidence, layers: Mapping[str, Any]) -> dict[str, Tensor]:
    """The products of these layers, in one pass over the data."""
    sums: dict[str, Tensor] = {}

    def seen(name: str, layer: Any, input: Tensor) -> None:
        columns = _columns(layer, input.detach())
        # In float32 sums over many patches lose what small columns say.
        columns = (columns.cpu() if columns.device.type == "mps" else columns).double()
        product = columns @ columns.transpose(1, 2)
        sums[name] = sums[name] + product if name in sums else product

    hooks = [
        layer.register_forward_pre_hook(
            lambda _, given, name=name, layer=layer: seen(name, layer, given[0])
        )
        for name, layer in layers.items()
    ]
    first = next(module.parameters())
    try:
        with torch.no_grad(), normalisable():
            for images, _ in evidence.batches():
                module(typed(images, first.dtype))
    finally:
        for hook in hooks:
            hook.remove()
    if unused := [name for name in layers if name not in sums]:
        raise SparsetoolError(f"nothing went into the layer of {unused[0]}: it has no scores")
    return sums


def _columns(layer: Any, input: Tensor) -> Tensor:
    """A layer's input as columns [G, D, M]."""
    if isinstance(layer, nn.Linear):
        return input.reshape(-1, input.shape[-1]).t()[None]
    kernel = layer.kernel_size
    if layer.padding_mode != "zeros" or isinstance(layer.padding, str):
        # As the layer itself pads: its own list runs from the last side to the first.
        mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
        input = pad(input, layer._reversed_padding_repeated_twice, mode=mode)
    else:
        input = pad(input, [side for side in reversed(layer.padding) for _ in (0, 1)])
    for axis, size in enumerate(kernel, start=2):
        spread = layer.dilation[axis - 2] * (size - 1) + 1
        input = input.unfold(axis, spread, layer.stride[axis - 2])
        input = input[..., :: layer.dilation[axis - 2]]
    # [B, C, places ..., kernel ...] to [G, C / G x kernel, B x places]
    batch, channels, places = input.shape[0], input.shape[1], input.shape[2 : 2 + len(kernel)]
    flat = input.reshape(batch, channels, places.numel(), -1).permute(1, 3, 0, 2)
    return flat.reshape(layer.groups, -1, batch * places.numel())

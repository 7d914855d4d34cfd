"""The smaller dense network that computes what a ticket does, without the channels it removed.

A channel is left out where every weight that reads it is 0, or where all that makes it is: its
filters, biases, its normalisation's weight and bias. It then leaves every tensor that it lies on
(`layer_graph.units`). One channel of each layer stays. What single weights the mask removed beside
stay zeros.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd

from ..errors import SparsetoolError
from ..layer_graph.inputs import drawn
from ..layer_graph.logits import logits_of
from ..layer_graph.tensors import tensors
from ..layer_graph.units import INPUT, OUTPUT, VECTOR, Axis, Space, spaces
from ..ticket.value import Ticket
from .build import to_module

PROBES = 4  # random inputs on which the smaller network must answer as the whole one
TOLERANCE = 1e-6  # relative, in float64


@dataclass(frozen=True)
class Shrunk:
    """A smaller network, and how much smaller.

    Attributes:
        module: The network, in evaluation mode.
        channels: How many are left out, of those that could be.
        of_channels: How many could be.
        parameters: What it has.
        of_parameters: What the whole network has.
    """

    module: nn.Module
    channels: int
    of_channels: int
    parameters: int
    of_parameters: int


def shrink(ticket: Ticket) -> Shrunk:
    """Leave a ticket's removed channels out of its network.

    Args:
        ticket: The ticket.

    Returns:
        The network, whose outputs in evaluation mode are the ticket's (checked on random inputs).

    Raises:
        SparsetoolError: The network's graph is not known well enough, no channel can be left out,
            or the smaller network would not compute the same.
    """
    whole = to_module(ticket)
    try:
        found = [s for s in spaces(whole, ticket.meta["input"]) if not s.mixed]
    except SparsetoolError as error:
        raise SparsetoolError(f"--shrink: {error}: this network cannot be made smaller") from None
    buffers = set(ticket.meta["buffers"])
    gone = {id(space): _removed(space, ticket, buffers) for space in found}
    count = sum(int(units.sum()) for units in gone.values())
    if not count:
        raise SparsetoolError(
            "--shrink: no channel of this ticket is removed in all its layers: "
            "'prune --channels' removes whole ones"
        )
    small = copy.deepcopy(whole)
    _cut(small, [(axis, gone[id(space)]) for space in found for axis in space.axes])
    _compare(whole, small, ticket)
    of = sum(space.units for space in found)
    return Shrunk(small, count, of, *(_parameters(module) for module in (small, whole)))


def _removed(space: Space, ticket: Ticket, buffers: set[str]) -> np.ndarray:
    """Which units of a space can be left out, bool; never all."""
    zero = {role: np.ones(space.units, bool) for role in (OUTPUT, INPUT, VECTOR)}
    for axis in space.axes:
        if axis.tensor not in buffers:
            rows = np.moveaxis(ticket.weights[axis.tensor], axis.axis, 0)[axis.places]
            zero[axis.role] &= ~rows.reshape(space.units, -1).any(axis=1)
    read = any(axis.role == INPUT for axis in space.axes)
    gone = (zero[OUTPUT] & zero[VECTOR]) | (zero[INPUT] & read)
    if gone.all():
        gone[0] = False
    return gone


def _cut(module: nn.Module, axes: list[tuple[Axis, np.ndarray]]) -> None:
    """Take removed units out of every tensor, and say the new widths to the layers."""
    own = tensors(module)
    cut: dict[int, Tensor] = {}
    stay: dict[tuple[str, int], np.ndarray] = {}
    for axis, gone in axes:  # one axis may hold several spaces (a concatenation)
        size = own[axis.tensor].shape[axis.axis]
        places = stay.setdefault((axis.tensor, axis.axis), np.ones(size, bool))
        places[axis.places[gone].reshape(-1)] = False
    for (name, dim), places in stay.items():
        tensor = cut.get(id(own[name]), own[name].detach())
        index = torch.from_numpy(np.flatnonzero(places))
        cut[id(own[name])] = tensor.index_select(dim, index).contiguous()
    for child in module.modules():
        for key, parameter in child._parameters.items():
            if id(parameter) in cut:
                child._parameters[key] = nn.Parameter(cut[id(parameter)])
        for key, buffer in child._buffers.items():
            if id(buffer) in cut:
                child._buffers[key] = cut[id(buffer)]
        _resize(child)


def _resize(layer: nn.Module) -> None:
    """Make a layer's own numbers those of its weight."""
    weight = getattr(layer, "weight", None)
    if isinstance(layer, nn.Linear):
        layer.out_features, layer.in_features = layer.weight.shape
    elif isinstance(layer, _ConvNd):
        out = int(layer.transposed)
        if layer.groups > 1:  # depthwise: other groups have no units that can be left out
            layer.groups = layer.weight.shape[0] if layer.weight.shape[1] == 1 else layer.groups
        layer.out_channels = layer.weight.shape[out] * (layer.groups if out else 1)
        layer.in_channels = layer.weight.shape[1 - out] * (1 if out else layer.groups)
    elif isinstance(layer, _NormBase) and isinstance(weight, Tensor):
        layer.num_features = len(weight)


def _compare(whole: nn.Module, small: nn.Module, ticket: Ticket) -> None:
    """Refuse a smaller network that answers otherwise, or that does not run."""
    images = drawn(ticket.meta["input"], PROBES, "shrink")
    answers = []
    for module in (whole, small):
        try:
            with torch.no_grad():
                made = logits_of(copy.deepcopy(module).double()(images))
        except RuntimeError as error:
            raise SparsetoolError(
                "--shrink: the network's code has its widths written into it, so it does not run "
                f"with fewer channels: {str(error).splitlines()[0]}"
            ) from None
        answers.append(made)
    one, two = answers
    if not torch.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE * float(one.abs().max())):
        raise SparsetoolError(
            "--shrink: without the channels that are 0 the network computes something else, so it "
            "uses them in a way that is not known here: this network cannot be made smaller"
        )


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())

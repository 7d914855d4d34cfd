"""Which units of a network may change places or be taken out, and every axis on which each lies.

The channels of a layer can be permuted where all that reads them is permuted with them. What is
added or multiplied number by number (a residual sum, a gate) must be permuted alike, so it ties
layers into one space; inputs and classes stay where they are. The graph is traced anew here,
because the vectors that go with channels (biases, normalisation and its statistics, layer scales)
are known only to the network itself, not to a ticket.

A unit can also be taken out, from all axes at once, where what is read of the others does not
depend on it: not where a normalisation or a softmax goes over the channels. (Fang et al., 2023,
"DepGraph: towards any structural pruning", CVPR, calls such units groups.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn

from ..errors import SparsetoolError
from .channels import CONSTANT, Node
from .functions import CONVOLUTIONS, PRODUCTS, SUMS, name_of
from .paths import channels_of
from .tensors import tensors
from .trace import Watch, watched

# The dimension along which a function's vectors lie.
VECTORS = {
    **dict.fromkeys((*CONVOLUTIONS, "batch_norm", "instance_norm", "group_norm", "prelu"), 1),
    **dict.fromkeys(("linear", "layer_norm", "rms_norm"), -1),
}
# Mix what all channels of an example hold.
MIXING = frozenset(
    [
        *("layer_norm", "group_norm", "rms_norm", "local_response_norm", "normalize"),
        *("softmax", "log_softmax"),
    ]
)
OUTPUT, INPUT, VECTOR = "output", "input", "vector"


@dataclass(frozen=True)
class Axis:
    """One axis of one tensor that moves with a space.

    Attributes:
        tensor: Its name in the `state_dict()`.
        axis: The axis.
        places: Positions on it of each unit, int64 [units, R]: R > 1 where a unit is read at
            several (as each channel of an image that is flattened).
        role: `output` or `input` of a layer's weight (a depthwise one has only outputs), or a
            `vector` (bias, normalisation, scale).
    """

    tensor: str
    axis: int
    places: np.ndarray
    role: str = VECTOR


@dataclass(frozen=True)
class Space:
    """Units that are permuted alike.

    Attributes:
        units: How many.
        axes: Where they are.
        mixed: Whether something mixes all its channels, so that none can be taken out.
    """

    units: int
    axes: tuple[Axis, ...]
    mixed: bool = False


class _Owners(Watch):
    """A watch that also sees which channels each vector goes with."""

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__(names)
        self.vectors: dict[str, list[np.ndarray]] = {}
        self.mixed: list[np.ndarray] = []

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        made = super().__torch_function__(func, types, args, kwargs)
        if isinstance(made, Tensor) and id(made) in self.twins:
            if name_of(func) in MIXING:
                self.mixed.append(np.unique(self.twin(made).numpy()))
            for tensor in (*args, *(kwargs or {}).values()):
                if isinstance(tensor, Tensor) and id(tensor) in self.names:
                    self._note(name_of(func), tensor, made)
        return made

    def _note(self, function: str, tensor: Tensor, made: Tensor) -> None:
        """Note a vector; anything else is left unknown, and refused in the end."""
        if function in SUMS | PRODUCTS:
            wide = [dim - tensor.dim() for dim, size in enumerate(tensor.shape) if size > 1]
            dim = wide[0] if len(wide) == 1 else None
        else:
            dim = VECTORS.get(function) if tensor.dim() == 1 else None
        if dim is not None and tensor.numel() == made.shape[dim]:
            name = self.names[id(tensor)]
            self.vectors.setdefault(name, []).append(self.channels(made, dim))


def spaces(module: nn.Module, input: Sequence[int]) -> list[Space]:
    """The spaces of a network whose units may change places.

    Args:
        module: The network.
        input: Channels, height and width of an example, pixels.

    Raises:
        SparsetoolError: Its graph could not be traced, or has a part whose units cannot be told or
            are not free; the message names it.
    """
    watch = watched(module, input, _Owners)
    if not isinstance(watch, _Owners):
        raise SparsetoolError("the network's graph could not be traced")
    held = tensors(module)
    wiring = _Wiring(watch.graph.nodes)
    axes: dict[int, list[Axis]] = {}
    used: set[tuple[str, int]] = set()
    for name, axis, channels, role in [*_layers(watch.graph.nodes), *_vectors(watch, held)]:
        if (name, axis) in used:
            raise SparsetoolError(f"{name} is used at two places of the network")
        used.add((name, axis))
        for space, places in wiring.places(name, channels):
            axes.setdefault(space, []).append(Axis(name, axis, places, role))
    known = {name for name, _ in used}
    missing = [name for name, tensor in held.items() if tensor.numel() > 1 and name not in known]
    if missing:
        raise SparsetoolError(
            f"it is not known which units {missing[0]} belongs to, so they cannot move"
        )
    mixed = wiring.spaces_of(watch.mixed)
    return [
        Space(len(found[0].places), tuple(found), space in mixed)
        for space, found in sorted(axes.items())
    ]


def _layers(nodes: Sequence[Node]) -> list[tuple[str, int, np.ndarray, str]]:
    """Name, axis, channels and role of both axes of each layer's weight."""
    found = []
    start = 0
    for node in nodes:
        if node["op"] == "layer":
            name, out = node["weight"], int(bool(node.get("transposed")))
            found.append((name, out, np.arange(start, start + node["n"]), OUTPUT))
            if node.get("groups", 1) == 1:
                found.append((name, 1 - out, channels_of(node["in"][0]), INPUT))
        start += node["n"]
    return found


def _vectors(watch: _Owners, held: Mapping[str, Tensor]) -> list[tuple[str, int, np.ndarray, str]]:
    """Name, axis, channels and role of each vector."""
    return [
        (name, int(np.argmax(held[name].shape)), channels, VECTOR)
        for name, uses in watch.vectors.items()
        for channels in uses
    ]


class _Wiring:
    """Which nodes of a graph share a permutation.

    Args:
        nodes: The graph.

    Raises:
        SparsetoolError: It has a part whose units are not free.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.counts = [node["n"] for node in nodes]
        self.starts = np.cumsum([0, *self.counts])
        self.space = np.arange(len(nodes))
        for number, node in enumerate(nodes):
            for part in self._tied(node):
                self._tie(number, part, node)
        self.fixed = {self.space[0], self.space[-1]}

    def _tied(self, node: Node) -> list[np.ndarray]:
        """The channels that move as the node's own do."""
        if node["op"] == "attention" or "rows" in node:
            raise SparsetoolError("the network has attention, whose heads' units are not free")
        parts = [channels_of(part) for part in node["in"]]
        if node["op"] != "layer":
            return parts
        groups = node.get("groups", 1)
        if groups == 1:
            return []
        if groups == node["n"] == len(parts[0]):
            return parts  # depthwise: each unit stays with its own kernel
        raise SparsetoolError(
            f"{node['weight']} is a convolution in {groups} groups, whose units are not free"
        )

    def _tie(self, number: int, channels: np.ndarray, node: Node) -> None:
        """Put a node into the space of the one whose channels, all and in order, are these."""
        if np.all(channels == CONSTANT):
            return
        other = int(np.searchsorted(self.starts, channels.max(), side="right")) - 1
        whole = np.arange(self.starts[other], self.starts[other + 1])
        if not np.array_equal(channels, whole):
            raise SparsetoolError(
                f"the network has a {node['op']} of parts of layers, whose units are not free"
            )
        one, two = self.space[number], self.space[other]
        self.space[self.space == max(one, two)] = min(one, two)

    def spaces_of(self, channels: Sequence[np.ndarray]) -> set[int]:
        """The spaces that some channels belong to."""
        found = np.unique(np.concatenate([np.empty(0, np.int64), *channels]))
        owner = np.searchsorted(self.starts, found[found != CONSTANT], side="right") - 1
        return {int(space) for space in self.space[owner]}

    def places(self, name: str, channels: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """The places of each unit, [units, R], for every free space that a list of channels has.

        Args:
            name: The tensor, for the message.
            channels: What each position of an axis belongs to; -1 is a constant.
        """
        found: dict[int, list[np.ndarray]] = {}
        owner = np.searchsorted(self.starts, channels, side="right") - 1
        for node in np.unique(owner[channels != CONSTANT]).tolist():
            space = int(self.space[node])
            if space in self.fixed:
                continue
            here = np.flatnonzero(owner == node)
            units = channels[here] - self.starts[node]
            times = np.bincount(units, minlength=self.counts[node])
            if np.any(times != times[0]):
                raise SparsetoolError(f"{name} reads some units of a layer more often than others")
            places = here[np.argsort(units, kind="stable")]
            found.setdefault(space, []).append(places.reshape(self.counts[node], -1))
        return [(space, np.concatenate(parts, axis=1)) for space, parts in found.items()]

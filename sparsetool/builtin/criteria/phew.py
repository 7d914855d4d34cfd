"""Keep the weights on random walks that prefer large weights, from input to output and back.

A construction, not a score: walks start in turn at every input channel and, going backwards, at
every output; a walk goes from a channel to a next one with probability proportional to the sum of
magnitudes of the kernel between them, and through one position of that kernel, in proportion to
magnitude. Where channels are added (shortcuts) one way is taken at random. All weights on walks are
kept; the walk that brings the count to what was asked ends there, so that it is met exactly.
Reference: Patil, Dovrolis, 2021, "PHEW: Constructing sparse networks that learn fast and generalize
well without training data", ICML, sections 4 and 5. It looks at no data. Trap: at low sparsity the
last, lightest weights are met only after very many walks, and it gives up.

Shapes: W walks, G groups, O outputs and I inputs of a group, P positions of a kernel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import SparsetoolError

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.draws import Draws
    from ...ticket.value import Ticket

NEEDS = "weights"
TOGETHER = 256  # walks of one direction at a time
PATIENCE = 400  # times as many without a new weight after which it gives up
PASSED = ("sum", "output", "gate")  # nodes that hand channels on one by one


def construct(ticket: Ticket, keep: int, evidence: Evidence) -> dict[str, np.ndarray]:
    """Masks that keep the first `keep` weights that walks reach.

    Raises:
        SparsetoolError: The network's graph is not known or not walkable, or walks do not meet
            `keep` weights.
    """
    walker = _Walker(ticket, evidence.draws("walks"))
    found = np.zeros(ticket.total, dtype=bool)
    left, idle = keep, 0
    while left:
        met = walker.walk()
        new = met[~found[met]]
        new = new[np.sort(np.unique(new, return_index=True)[1])][:left]
        found[new] = True
        left -= len(new)
        idle = 0 if len(new) else idle + 1
        if idle == PATIENCE:
            raise SparsetoolError(
                f"random walks meet only {keep - left:,} of the {keep:,} weights to keep: "
                "give a higher sparsity"
            )
    ends = list(accumulate(math.prod(shape) for shape in ticket.shapes.values()))
    parts = np.split(found, ends[:-1])
    return {
        name: part.reshape(shape)
        for (name, shape), part in zip(ticket.shapes.items(), parts, strict=True)
    }


@dataclass(frozen=True)
class _Layer:
    """A layer to walk through.

    Attributes:
        weight: Magnitudes [G, O, I, P].
        kernel: Their sums over positions [G, O, I].
        place: Number of each weight among all prunable ones [G, O, I, P]; -1 in other layers.
    """

    weight: np.ndarray
    kernel: np.ndarray
    place: np.ndarray

    def forward(self, inputs: np.ndarray, draws: Draws) -> np.ndarray:
        """From places among the inputs [W] to places among the outputs, -1 at a dead end."""
        _, outputs, width = self.kernel.shape
        group, one = np.divmod(inputs, width)
        chosen = _drawn(self.kernel[group, :, one], draws)
        return np.where(chosen < 0, -1, group * outputs + chosen)

    def backward(self, outputs: np.ndarray, draws: Draws) -> np.ndarray:
        """From places among the outputs [W] to places among the inputs, -1 at a dead end."""
        _, height, width = self.kernel.shape
        group, one = np.divmod(outputs, height)
        chosen = _drawn(self.kernel[group, one], draws)
        return np.where(chosen < 0, -1, group * width + chosen)

    def met(self, inputs: np.ndarray, outputs: np.ndarray, draws: Draws) -> np.ndarray:
        """The weight between each input and output [W] that is walked through."""
        group, high = np.divmod(outputs, self.weight.shape[1])
        low = inputs % self.weight.shape[2]
        position = _drawn(self.weight[group, high, low], draws)
        found: np.ndarray = self.place[group, high, low, position]
        return found


def _drawn(chances: np.ndarray, draws: Draws) -> np.ndarray:
    """One column for each row [W, N] in proportion to its entries; -1 where all are zero."""
    sums = np.cumsum(chances, axis=1, dtype=np.float64)
    at = draws.uniform(len(sums)) * sums[:, -1]
    chosen = (sums > at[:, None]).argmax(axis=1)
    return np.where(sums[:, -1] > 0, chosen, -1)


class _Walker:
    """Walks through a ticket's graph (see `layer_graph.channels` for what its nodes say)."""

    def __init__(self, ticket: Ticket, draws: Draws) -> None:
        self.draws = draws
        self.nodes: Sequence[Mapping[str, Any]] = ticket.meta["graph"] or ()
        strange = {node["op"] for node in self.nodes} - {"input", "layer", *PASSED}
        if not self.nodes or strange:
            why = f"it has {', '.join(sorted(strange))}" if strange else "it could not be traced"
            raise SparsetoolError(
                f"phew walks through layers and sums, which this network's graph does not allow: "
                f"{why}; give another criterion"
            )
        self.starts = [0, *accumulate(node["n"] for node in self.nodes)]
        self.sources = [[_channels(part) for part in node["in"]] for node in self.nodes]
        self.layers = self._read(ticket)
        self.readers = self._readers()
        self.turns = [0, 0]

    def _read(self, ticket: Ticket) -> list[_Layer | None]:
        sizes = [math.prod(shape) for shape in ticket.shapes.values()]
        first = dict(zip(ticket.prunable, [0, *accumulate(sizes)], strict=False))
        return [
            _layer(node, ticket.weights[node["weight"]], first.get(node["weight"]))
            if node["op"] == "layer"
            else None
            for node in self.nodes
        ]

    def _readers(self) -> list[np.ndarray]:
        """For each channel the nodes that read it, and where: [readers, 2]."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.starts[-1])]
        for number, roles in enumerate(self.sources):
            for role in roles[:1] if self.nodes[number]["op"] == "gate" else roles:
                for place, channel in enumerate(role.tolist()):
                    if channel >= 0:
                        found[channel].append((number, place))
        return [np.array(readers, dtype=np.int64).reshape(-1, 2) for readers in found]

    def walk(self) -> np.ndarray:
        """Weights that the next walks meet, in the order of walks and along each of them."""
        ways = [self._forward(), self._backward()]
        rows = np.full((2 * TOGETHER, len(self.nodes)), -1)
        for way, (met, whole) in enumerate(ways):
            rows[way::2] = np.where(whole[:, None], met, -1)  # a dead end is no path
        flat = rows.reshape(-1)
        return flat[flat >= 0]

    def _turn(self, way: int, count: int) -> np.ndarray:
        """Where the next walks start: round robin over `count` channels."""
        places = (self.turns[way] + np.arange(TOGETHER)) % count
        self.turns[way] = (self.turns[way] + TOGETHER) % count
        return places

    def _forward(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights met at each node [W, nodes], and which walks arrived [W]."""
        met = np.full((TOGETHER, len(self.nodes)), -1)
        channel = self._turn(0, self.nodes[0]["n"])
        node, place = self._next(channel)
        for number, layer in enumerate(self.layers):
            here = np.flatnonzero(node == number)
            if not len(here) or number == len(self.nodes) - 1:
                continue
            inputs = place[here]
            outputs = inputs
            if layer is not None:
                outputs = layer.forward(inputs, self.draws)
                node[here[outputs < 0]] = -1
                here, inputs, outputs = (part[outputs >= 0] for part in (here, inputs, outputs))
                met[here, number] = layer.met(inputs, outputs, self.draws)
            node[here], place[here] = self._next(self.starts[number] + outputs)
        return met, node == len(self.nodes) - 1

    def _next(self, channels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each walk one of the nodes that read its channel, and where; -1 if there is none."""
        chance = self.draws.uniform(len(channels))
        chosen = np.full((len(channels), 2), -1)
        for walk, (channel, at) in enumerate(zip(channels.tolist(), chance.tolist(), strict=True)):
            readers = self.readers[channel]
            if len(readers):
                chosen[walk] = readers[int(at * len(readers))]
        return chosen[:, 0], chosen[:, 1]

    def _backward(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights met at each node [W, nodes], and which walks came to the input [W]."""
        met = np.full((TOGETHER, len(self.nodes)), -1)
        ends = self.starts[:-1]
        channel = ends[-1] + self._turn(1, self.nodes[-1]["n"])
        for number in range(len(self.nodes) - 1, 0, -1):
            here = np.flatnonzero((channel >= ends[number]) & (channel < self.starts[number + 1]))
            if not len(here):
                continue
            outputs, layer = channel[here] - ends[number], self.layers[number]
            inputs = outputs
            if layer is not None:
                inputs = layer.backward(outputs, self.draws)
                channel[here[inputs < 0]] = -1
                here, inputs, outputs = (part[inputs >= 0] for part in (here, inputs, outputs))
                met[here, number] = layer.met(inputs, outputs, self.draws)
            channel[here] = self._before(number, inputs)
        return met, (channel >= 0) & (channel < self.starts[1])

    def _before(self, number: int, places: np.ndarray) -> np.ndarray:
        """The channels that a node reads at these places, of one of its roles at random."""
        roles = self.sources[number]
        table = np.stack(roles[:1] if self.nodes[number]["op"] == "gate" else roles)
        offered = table[:, places].T
        chosen = _drawn((offered >= 0).astype(np.float64), self.draws)
        return np.where(chosen < 0, -1, offered[np.arange(len(places)), chosen])


def _layer(node: Mapping[str, Any], weight: np.ndarray, first: int | None) -> _Layer:
    """A node's part of a weight, by groups; `first` is its first number among prunable weights."""
    number = np.arange(weight.size).reshape(weight.shape)
    place = number + first if first is not None else np.full(weight.shape, -1)
    rows = slice(*node["rows"]) if "rows" in node else slice(None)
    groups, transposed = node.get("groups", 1), bool(node.get("transposed"))
    parts = []
    for array in (np.abs(weight), place):
        split = array[rows].reshape(groups, -1, weight.shape[1], math.prod(weight.shape[2:]))
        parts.append(split.transpose(0, 2, 1, 3) if transposed else split)
    return _Layer(parts[0], parts[0].sum(axis=3), parts[1])


def _channels(runs: Sequence[Sequence[int]]) -> np.ndarray:
    """The channels that runs stand for, int64."""
    parts = [
        np.repeat(np.arange(run[0], run[0] + run[1]), run[2] if len(run) > 2 else 1) for run in runs
    ]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])

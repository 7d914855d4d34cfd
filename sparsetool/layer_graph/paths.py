"""Which weights lie on a path from the input to the output, from a ticket alone.

A path runs through the graph that was traced at birth (`layer_graph.channels` describes it): into a
channel of a layer through a weight that the mask keeps, through sums by any of their terms, through
a product only where both factors are alive, through a gate (something times a sigmoid) by what is
gated. A channel that no path reaches gives a constant, as its bias or normalisation may not be 0;
that could be moved into the next bias, so it counts as dead (Tanaka et al., 2020, "Pruning neural
networks without any data by iteratively conserving synaptic flow"; Vysogorets, Kempe, 2023,
"Connectivity matters: neural network pruning through the lens of effective sparsity", JMLR).

Channels are looked at whole: that a position of a kernel may only ever meet padding, or a place of
an image lie on no path, is not seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..ticket.value import Ticket

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Connectivity:
    """What is connected in a ticket.

    Attributes:
        empty: Prunable layers without a kept weight, in model order.
        kept: Kept weights of each prunable layer.
        total: Prunable weights in all.
        traced: Whether the ticket knows its graph; if not, all that follows is None.
        connected: Whether any path leads from the input to the output.
        classes: Logits that a path reaches.
        effective: Of each prunable layer's kept weights those that lie on a path.
        dead: For each layer, prunable or not, which of its output channels lie on no path, bool.
    """

    empty: tuple[str, ...]
    kept: Mapping[str, int]
    total: int
    traced: bool = False
    connected: bool | None = None
    classes: int | None = None
    effective: Mapping[str, int] | None = None
    dead: Mapping[str, np.ndarray] | None = None

    @property
    def sparsity(self) -> float | None:
        """Effective sparsity: the fraction of prunable weights that is zero or on no path."""
        if self.effective is None:
            return None
        return 1.0 - sum(self.effective.values()) / self.total


def connectivity(ticket: Ticket) -> Connectivity:
    """Look for paths through a ticket's network.

    Args:
        ticket: A ticket, or masks alone.
    """
    kept = ticket.kept_by_layer
    empty = tuple(name for name, count in kept.items() if not count)
    graph: Sequence[Node] = ticket.meta["graph"] or ()
    if not graph:
        return Connectivity(empty, kept, ticket.total)
    layers = [_Layer.of(node, ticket) if node["op"] == "layer" else None for node in graph]
    starts = np.cumsum([0, *(node["n"] for node in graph)])
    sources = [[channels_of(part) for part in node["in"]] for node in graph]
    spans = [slice(*pair) for pair in pairwise(starts.tolist())]
    # One place more, for constants: channel -1 is never alive.
    reached = np.zeros(starts[-1] + 1, dtype=bool)
    for node, layer, span, parts in zip(graph, layers, spans, sources, strict=True):
        reached[span] = _forward(node, layer, [reached[part] for part in parts])
    live = np.zeros_like(reached)
    live[spans[-1]] = reached[spans[-1]]
    for node, layer, span, parts in list(zip(graph, layers, spans, sources, strict=True))[::-1]:
        wanted = _backward(node, layer, live[span], [reached[part] for part in parts])
        for part, alive in zip(parts, wanted, strict=True):
            live[part[alive & reached[part]]] = True
    pairs, dead = _by_weight(layers, spans, sources, live)
    return Connectivity(
        empty,
        kept,
        ticket.total,
        traced=True,
        connected=bool(live[spans[-1]].any()),
        classes=int(live[spans[-1]].sum()),
        effective={name: _effective(ticket, name, pairs) for name in ticket.prunable},
        dead=dead,
    )


# -- one node ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layer:
    """A layer's connections: G groups, O outputs and I inputs in each.

    Attributes:
        weight: Name of its weight.
        rows: The part of the weight's rows it uses.
        transposed: Whether the weight is [in, out / groups, ...].
        links: Whether any weight is kept between an output and an input, bool [G, O, I].
    """

    weight: str
    rows: slice
    transposed: bool
    links: np.ndarray

    @classmethod
    def of(cls, node: Node, ticket: Ticket) -> _Layer:
        """The connections that a ticket's masks leave; layers without a mask are whole."""
        name, groups = node["weight"], node.get("groups", 1)
        transposed = bool(node.get("transposed"))
        rows = slice(*node["rows"]) if "rows" in node else slice(None)
        inputs = sum(math.prod(run[1:]) for run in node["in"][0])
        mask = ticket.masks.get(name)
        if mask is None:
            links = np.ones((groups, node["n"] // groups, inputs // groups), dtype=bool)
        else:
            links = _grouped(_any(mask)[rows], groups, transposed)
        return cls(name, rows, transposed, links)

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Which outputs have a live input, bool [G O]."""
        groups, _, width = self.links.shape
        return np.matmul(self.links, inputs.reshape(groups, width, 1)).reshape(-1)

    def backward(self, outputs: np.ndarray) -> np.ndarray:
        """Which inputs have a live output, bool [G I]."""
        groups, height, _ = self.links.shape
        return np.matmul(outputs.reshape(groups, 1, height), self.links).reshape(-1)

    def between(self, outputs: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        """Which pairs are both live, laid out as the weight's first two dimensions."""
        groups, height, width = self.links.shape
        pairs = outputs.reshape(groups, height, 1) & inputs.reshape(groups, 1, width)
        if self.transposed:
            return pairs.transpose(0, 2, 1).reshape(groups * width, height)
        return pairs.reshape(groups * height, width)


def _forward(node: Node, layer: _Layer | None, parts: list[np.ndarray]) -> np.ndarray:
    """Which of a node's channels the input reaches."""
    if layer is not None:
        return layer.forward(parts[0])
    op = node["op"]
    if op == "input":
        return np.ones(node["n"], dtype=bool)
    if op == "product":
        return np.logical_and.reduce(parts)
    if op == "gate":
        return parts[0]
    if op == "attention":
        return parts[2]  # without scores it is a mean of the values
    return np.logical_or.reduce(parts)


def _backward(
    node: Node, layer: _Layer | None, live: np.ndarray, parts: list[np.ndarray]
) -> list[np.ndarray]:
    """Which channels that a node reads lead to its live ones, for each role."""
    if layer is not None:
        return [layer.backward(live)]
    if node["op"] == "attention":
        # A score matters in a head with a live value, and needs a live query and key.
        head = live.reshape(node["heads"], -1).any(axis=1)
        scores = np.repeat(head, len(parts[0]) // node["heads"]) & parts[0] & parts[1]
        return [scores, scores, live]
    return [live for _ in parts]


# -- weights -------------------------------------------------------------------------------------


def _by_weight(
    layers: Sequence[_Layer | None],
    spans: Sequence[slice],
    sources: Sequence[Sequence[np.ndarray]],
    live: np.ndarray,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Live pairs and dead outputs of each weight; one that is used twice lives by any use."""
    pairs: dict[str, list[tuple[slice, np.ndarray]]] = {}
    outputs: dict[str, list[tuple[slice, np.ndarray]]] = {}
    for layer, span, parts in zip(layers, spans, sources, strict=True):
        if layer is not None:
            between = layer.between(live[span], live[parts[0]])
            pairs.setdefault(layer.weight, []).append((layer.rows, between))
            outputs.setdefault(layer.weight, []).append((layer.rows, live[span]))
    return (
        {name: _united(uses) for name, uses in pairs.items()},
        {name: ~_united(uses) for name, uses in outputs.items()},
    )


def _united(uses: list[tuple[slice, np.ndarray]]) -> np.ndarray:
    """The union of what uses of a weight, or of parts of its rows, leave alive."""
    if len(uses) == 1:
        return uses[0][1]
    height = max(rows.stop or len(part) for rows, part in uses)
    union = np.zeros((height, *uses[0][1].shape[1:]), dtype=bool)
    for rows, part in uses:
        union[rows] |= part
    return union


def _effective(ticket: Ticket, name: str, pairs: Mapping[str, np.ndarray]) -> int:
    """Kept weights of a layer on a path; none where the graph has no such layer."""
    if name not in pairs:
        return 0
    mask = ticket.masks.get(name)
    if mask is None:
        each = math.prod(ticket.shapes[name][2:])
        return int(np.count_nonzero(pairs[name])) * each
    kernels = pairs[name].reshape(*mask.shape[:2], *[1] * (mask.ndim - 2))
    return int(np.count_nonzero(mask & kernels))


def channels_of(runs: Sequence[Sequence[int]]) -> np.ndarray:
    """The channels that runs stand for, int64 (see `layer_graph.channels.runs`)."""
    parts = [
        np.repeat(np.arange(run[0], run[0] + run[1]), run[2] if len(run) > 2 else 1) for run in runs
    ]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _any(mask: np.ndarray) -> np.ndarray:
    """Whether a kernel keeps anything, bool [first, second]."""
    return np.any(mask, axis=tuple(range(2, mask.ndim)), keepdims=False)


def _grouped(links: np.ndarray, groups: int, transposed: bool) -> np.ndarray:
    """[out, in / groups] or, transposed, [in, out / groups] as [G, O, I]."""
    split = links.reshape(groups, -1, links.shape[1])
    return split.transpose(0, 2, 1) if transposed else split

"""Whole channels, removed from every layer at once: what is left is a smaller dense network.

A channel is what one filter of a layer makes. Where several layers make it together (their sum in
a residual network, a depthwise convolution, a gate), their filters live or die together; see
`layer_graph.units`. Removed are the filters that make a channel and all that reads it; its biases
and its batch norm's weight and bias become 0. So its output is exactly 0, nothing depends on it,
and training leaves it so. Sparsity counts channels here: all of the network that can be
removed, which inputs, classes and what a normalisation mixes cannot. One of each layer stays.

A channel's score is the mean score of its filters' weights that may live; for magnitude the order
of a layer's filters is that of their L1 norms, as in Li, Kadav, Durdanovic, Samet, Graf, 2017,
"Pruning filters for efficient ConvNets", ICLR. A mean, so that layers with large filters have no
advantage under one ranking of all. Random scores are not averaged (means of more draws lie nearer
to 1/2): a channel has the draw of its first weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..errors import SparsetoolError
from ..ticket.value import Ticket

if TYPE_CHECKING:
    from ..layer_graph.units import Axis, Space

Arrays = Mapping[str, np.ndarray]
Spaces = Mapping[str, "Space"]


def removable(ticket: Ticket) -> dict[str, Space]:
    """The channels that can be removed, by the name of the first layer that makes them.

    Raises:
        SparsetoolError: The network's graph is not known well enough, or there are none.
    """
    from ..layer_graph.units import INPUT, OUTPUT, spaces
    from ..networks.build import to_module

    try:
        every = spaces(to_module(ticket), ticket.meta["input"])
    except SparsetoolError as error:
        raise SparsetoolError(
            f"--channels: {error}: whole channels of this network cannot be removed (--blocks can)"
        ) from None
    found = {}
    for space in every:
        makes, reads = ([a for a in space.axes if a.role == role] for role in (OUTPUT, INPUT))
        masked = all(axis.tensor in ticket.prunable for axis in (*makes, *reads))
        if makes and reads and masked and not space.mixed:
            found[makes[0].tensor] = space
    if not found:
        raise SparsetoolError(
            "--channels: this network has no channels that can be removed: they are inputs or "
            "classes, mixed by a normalisation, or of layers that --exclude names"
        )
    return found


def living(spaces: Spaces, alive: Arrays) -> dict[str, np.ndarray]:
    """Which channels are alive, bool [units]: something makes them and something reads them."""
    found = {}
    for name, space in spaces.items():
        parts = {"output": np.zeros(space.units, bool), "input": np.zeros(space.units, bool)}
        for axis in space.axes:
            if axis.role in parts:
                mask = alive.get(axis.tensor)
                parts[axis.role] |= True if mask is None else _rows(mask, axis).any(axis=1)
        found[name] = parts["output"] & parts["input"]
    return found


def channel_scores(
    spaces: Spaces, scores: Arrays, alive: Arrays, averaged: bool
) -> dict[str, np.ndarray]:
    """A score for each channel, float64 [units].

    Args:
        spaces: The channels.
        scores: Scores of weights, by name, no NaN.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.
        averaged: Whether the mean over its filters' weights, or the score of the first.
    """
    found = {}
    for name, space in spaces.items():
        filters = [axis for axis in space.axes if axis.role == "output"]
        if not averaged:
            found[name] = _rows(scores[name], filters[0])[:, 0].astype(np.float64)
            continue
        sums, counts = np.zeros(space.units), np.zeros(space.units)
        for axis in filters:
            rows = _rows(scores[axis.tensor], axis).astype(np.float64)
            mask = alive.get(axis.tensor)
            may = np.ones(rows.shape, bool) if mask is None else _rows(mask, axis)
            sums += np.where(may, rows, 0.0).sum(axis=1)
            counts += may.sum(axis=1)
        found[name] = np.where(counts > 0, sums / np.maximum(counts, 1), -np.inf)
    return found


def whole_channels(spaces: Spaces, kept: Arrays, shapes: Mapping, alive: Arrays) -> dict:
    """Masks of weights, by name, that keep of what may live all but the channels not kept."""
    masks = {
        name: alive[name].copy() if name in alive else np.ones(shape, bool)
        for name, shape in shapes.items()
    }
    for name, space in spaces.items():
        for axis in space.axes:
            if axis.tensor in masks:
                gone = axis.places[~kept[name]].reshape(-1)
                np.moveaxis(masks[axis.tensor], axis.axis, 0)[gone] = False
    return masks


def silenced(spaces: Spaces, kept: Arrays, ticket: Ticket) -> dict[str, np.ndarray]:
    """A ticket's weights in which biases and normalisation of channels not kept are 0."""
    weights = dict(ticket.weights)
    for name, space in spaces.items():
        for axis in space.axes:
            if axis.role == "vector" and axis.tensor not in ticket.meta["buffers"]:
                changed = weights[axis.tensor].copy()
                np.moveaxis(changed, axis.axis, 0)[axis.places[~kept[name]].reshape(-1)] = 0
                weights[axis.tensor] = changed
    return weights


def _rows(array: np.ndarray, axis: Axis) -> np.ndarray:
    """All numbers of each channel on an axis, [units, rest]."""
    return np.moveaxis(array, axis.axis, 0)[axis.places].reshape(len(axis.places), -1)

"""Matching of two networks' units: a permutation of one that brings it nearest to the other.

Two networks of different seeds compute with the same units in another order, which by itself makes
a barrier between them. Permuted alike on every axis they are on, units change places without
changing the function.

Reference: Ainsworth, Hayase, Srinivasa, 2022, "Git Re-Basin: merging models modulo permutation
symmetries", Algorithm 1 (weight matching): the layers in random order, for each the permutation
that is best while the others stay (a linear assignment), until none improves. Here a layer is a
space of units that move alike (`layer_graph.units`), and its permutation is taken only where it is
a gain: where one weight has a space on both its axes the assignment is no more than an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..errors import SparsetoolError
from ..layer_graph.inputs import drawn
from ..layer_graph.logits import logits_of
from ..layer_graph.units import Axis, Space, spaces
from ..masks.compatible import form, need_weights, same_tensors
from ..networks.build import to_module
from ..ticket.draws import Draws
from ..ticket.value import Ticket

PROBES = 4  # random inputs on which the permuted network must answer as before
TOLERANCE = 1e-6  # relative, in float64
GAIN = 1e-9  # least relative gain for which a layer is permuted once more

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Alignment:
    """What came of a matching.

    Attributes:
        ticket: The second ticket with its units permuted, masks and statistics too.
        units: How many could move.
        moved: How many did.
        sweeps: Rounds over all layers until none improved.
    """

    ticket: Ticket
    units: int
    moved: int
    sweeps: int


def align(a: Ticket, b: Ticket, seed: int = 0) -> Alignment:
    """Permute the units of `b` so that its parameters are as near to those of `a` as can be found.

    Only parameters are compared; masks and batch-norm statistics move along.

    Args:
        a: The ticket to be near to.
        b: The ticket whose units are permuted, of the same network.
        seed: Key of the random orders of layers.

    Raises:
        SparsetoolError: The tickets are not of one network, or its units are not free to move (it
            could not be traced, has attention or groups).
    """
    for ticket in (a, b):
        need_weights(ticket, "lmc")
    here, there = ({n: form(w) for n, w in t.weights.items()} for t in (a, b))
    same_tensors(here, there, "the second ticket")
    try:
        free = spaces(to_module(b), b.meta["input"])
    except SparsetoolError as error:
        raise SparsetoolError(f"--align: {error}: it can be compared without --align") from None
    buffers = set(b.meta["buffers"])
    ours, theirs = (
        {name: w.astype(np.float64) for name, w in t.weights.items() if name not in buffers}
        for t in (a, b)
    )
    orders, sweeps = _matched(ours, theirs, free, seed)
    weights, masks = dict(b.weights), dict(b.masks)
    for space, order in zip(free, orders, strict=True):
        for axis in space.axes:
            for held in (weights, masks):
                if axis.tensor in held:
                    held[axis.tensor] = _permuted(held[axis.tensor], axis, order)
    moved = sum(int(np.count_nonzero(order != np.arange(len(order)))) for order in orders)
    found = replace(b, weights=weights, masks=masks)
    if moved:
        _check(b, found)
    return Alignment(found, sum(space.units for space in free), moved, sweeps)


def _matched(
    ours: Arrays, theirs: Arrays, free: Sequence[Space], seed: int
) -> tuple[list[np.ndarray], int]:
    """For each space the order of its units, and the sweeps that took."""
    current = dict(theirs)
    orders = [np.arange(space.units) for space in free]
    sweeps = 0
    improved = True
    while improved:
        improved = False
        sequence = Draws(seed, "alignment", name=str(sweeps)).permutation(len(free))
        sweeps += 1
        for number in sequence.tolist():
            axes = [axis for axis in free[number].axes if axis.tensor in current]
            order = _best(ours, current, free[number].units, axes)
            changed = {axis.tensor: current[axis.tensor] for axis in axes}
            before = _product(ours, changed)
            for axis in axes:
                changed[axis.tensor] = _permuted(changed[axis.tensor], axis, order)
            after = _product(ours, changed)
            if after > before + GAIN * (abs(before) + abs(after)):
                current.update(changed)
                orders[number] = orders[number][order]
                improved = True
    return orders, sweeps


def _product(ours: Arrays, theirs: Arrays) -> float:
    """The inner product of some tensors; the larger, the nearer."""
    return float(sum(np.vdot(ours[name], array) for name, array in theirs.items()))


def _best(ours: Arrays, theirs: Arrays, units: int, axes: Sequence[Axis]) -> np.ndarray:
    """The order of a space's units that suits ours best, all else staying as it is."""
    from scipy.optimize import linear_sum_assignment

    likeness = np.zeros((units, units))
    for axis in axes:
        likeness += _rows(ours[axis.tensor], axis) @ _rows(theirs[axis.tensor], axis).T
    return np.asarray(linear_sum_assignment(likeness, maximize=True)[1])


def _rows(array: np.ndarray, axis: Axis) -> np.ndarray:
    """All numbers of each unit, [units, rest]."""
    return np.moveaxis(array, axis.axis, 0)[axis.places].reshape(len(axis.places), -1)


def _permuted(array: np.ndarray, axis: Axis, order: np.ndarray) -> np.ndarray:
    """The array with unit `order[u]` in the place of unit u."""
    index = np.arange(array.shape[axis.axis])
    index[axis.places] = axis.places[order]
    return np.take(array, index, axis=axis.axis)


def _check(before: Ticket, after: Ticket) -> None:
    """Refuse a permutation that changed the function: something depends on the units' order."""
    images = drawn(before.meta["input"], PROBES, "alignment")
    with torch.no_grad():
        one, two = (logits_of(to_module(ticket).double()(images)) for ticket in (before, after))
    if not torch.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE * float(one.abs().max())):
        raise SparsetoolError(
            "--align: permuting its units changes what the network computes, so it uses their "
            "order somewhere: it can be compared without --align"
        )

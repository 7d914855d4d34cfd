"""Balance live channels against paths, layer by layer, without data and without weights.

A construction, not a score: node-path balancing. Layers get ERK's shares; then, from input to
output, a layer of I inputs and O outputs that keeps n weights, m_io of them in the kernel between i
and o, with P_i paths arriving at input i, is chosen so that

    A f_n / (I + O) + (1 - A) f_p / (largest f_p) + B R / n,   A = 0.01, B = 1

is largest: f_n its inputs and outputs on a path, f_p = sum P_i m_io the paths that leave it, and
R = sum min(m_io - 1, 0), which spreads weights over kernels. The authors hand this integer
programme to a solver, large layers in chunks. As all outputs are alike none is needed: what one
more weight of an input gains never rises (its first kernel, other kernels, further weights), so the
n largest gains are the optimum; ties are drawn, and places in a kernel. At last weights that ended
on no path move to where one leads, filling the fullest kernels first.

Reference: Pham, Ta, Liu, Xiang, Le, Wen, Tran-Thanh, 2023, "Towards data-agnostic pruning at
initialization: What makes a good sparse mask?", NeurIPS, section 4; the last step, and that
normalisation and biases carry no paths, as in the authors' code. Other than there the count is met
exactly, and a kernel may be full everywhere (their code allows fewer weights in a kernel of deep
layers, by hand for each architecture). Trap: with A so small, at high sparsity networks without
shortcuts keep few channels alive, and the last step may find no room for all weights.

Shapes: G groups, O outputs and I inputs of a group, S positions of a kernel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...errors import SparsetoolError
from ...plugins import densities

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.draws import Draws
    from ...ticket.value import Ticket

NEEDS = "network"
NODES, KERNELS = 0.01, 1.0  # the authors' alpha and beta
PASSED = {"input", "layer", "sum", "output"}


def construct(ticket: Ticket, keep: int, evidence: Evidence) -> dict[str, np.ndarray]:
    """Masks of exactly `keep` weights.

    Raises:
        SparsetoolError: The ticket has a mask already, its graph is not known or is more than
            layers and sums, or there are too many paths to be counted in float64.
    """
    _check(ticket)
    from ._paths import Paths

    share = densities.load("erk").share
    assert share is not None
    shares = share(ticket.shapes, keep, ticket.kept_by_layer)

    def chosen(name: str, arriving: np.ndarray, groups: int, transposed: bool) -> np.ndarray:
        shape = ticket.shapes[name]
        split = _grouped(np.zeros(shape, dtype=bool), groups, transposed).shape
        draws = evidence.draws(name)
        counts = kernels(arriving.reshape(groups, -1), split[1], split[3], shares[name], draws)
        return _ungrouped(_placed(counts, split[3], draws), shape, transposed)

    paths = Paths(ticket, evidence.device, chosen)
    return _moved(paths.masks, paths.through(), evidence)


def _check(ticket: Ticket) -> None:
    strange = {node["op"] for node in ticket.meta["graph"] or ()} - PASSED
    if not ticket.meta["graph"] or strange:
        why = f"it has {', '.join(sorted(strange))}" if strange else "it could not be traced"
        raise SparsetoolError(
            "npb counts paths through layers and sums, which this network's graph does not allow: "
            f"{why}; give another criterion"
        )
    if ticket.masks:
        raise SparsetoolError(
            "npb makes a mask for a dense ticket, and this one has one: 'mask --dense' removes it"
        )


# -- one layer -----------------------------------------------------------------------------------


def kernels(arriving: np.ndarray, outputs: int, size: int, keep: int, draws: Draws) -> np.ndarray:
    """How many weights each kernel of a layer keeps, so that the objective above is largest.

    Args:
        arriving: Paths to each input, float64 [G, I].
        outputs: O.
        size: S, the most that a kernel can keep.
        keep: Weights to keep, at most G O I S.
        draws: Decides among equal gains.

    Returns:
        Counts, int64 [G, O, I].
    """
    groups, width = arriving.shape
    values = _values(arriving, outputs * size, keep)
    live = arriving > 0
    bonus = NODES / (groups * (width + outputs))
    first = np.repeat(values[:, :, None] + KERNELS / max(keep, 1), outputs, axis=2)
    first[:, :, 0] += bonus * live
    # An output is alive from its first kernel on, so the best O of a group bring one to life each.
    flat = first.reshape(groups, -1)
    best = np.argsort(-flat, axis=1, kind="stable")[:, :outputs]
    added = np.take_along_axis(np.repeat(live, outputs, axis=1), best, axis=1) * bonus
    np.put_along_axis(flat, best, np.take_along_axis(flat, best, axis=1) + added, axis=1)
    more = np.repeat(values[:, :, None], outputs * (size - 1), axis=2)
    gains = np.concatenate([first, more], axis=2)
    taken = np.zeros(gains.size, dtype=bool)
    taken[np.lexsort((draws.words(gains.size), -gains.reshape(-1)))[:keep]] = True
    opened, filled = np.split(taken.reshape(gains.shape), [outputs], axis=2)
    counts = np.zeros((groups, outputs, width), dtype=np.int64)
    for group in range(groups):
        new, further = opened[group].sum(axis=1), filled[group].sum(axis=1)
        counts[group] = _spread(new, further, outputs, size, draws)
    return counts


def _values(arriving: np.ndarray, room: int, keep: int) -> np.ndarray:
    """What one more weight of each input is worth in paths [G, I]; each input has `room`."""
    falling = -np.sort(-arriving.reshape(-1))
    whole, rest = divmod(keep, room)
    most = falling[:whole].sum() * room + (falling[whole] * rest if rest else 0.0)
    return (1 - NODES) * arriving / most if most > 0 else np.zeros_like(arriving)


def _spread(
    opened: np.ndarray,
    filled: np.ndarray,
    outputs: int,
    size: int,
    draws: Draws,
) -> np.ndarray:
    """Counts [O, I] in which as many outputs as can be are alive; what is left is drawn.

    Args:
        opened: Kernels that each input opens [I].
        filled: Further weights in the kernels of each input [I]; only where it opens all.
        outputs: O.
        size: S.
        draws: The random numbers.
    """
    counts = np.zeros((outputs, len(opened)), dtype=np.int64)
    waiting = draws.permutation(outputs)  # outputs that are not alive yet
    # Inputs that no path reaches open kernels last, when all outputs are alive.
    for one in draws.permutation(len(opened)):
        new, waiting = np.split(waiting, [min(opened[one], len(waiting))])
        others = draws.permutation(outputs)
        others = others[~np.isin(others, new)]
        counts[np.concatenate([new, others[: opened[one] - len(new)]]), one] = 1
        if filled[one]:
            slots = draws.permutation(outputs * (size - 1))[: filled[one]]
            counts[:, one] += np.bincount(slots // (size - 1), minlength=outputs)
    return counts


def _placed(counts: np.ndarray, size: int, draws: Draws) -> np.ndarray:
    """A mask [G, O, I, S] with so many places drawn in each kernel."""
    words = draws.words(counts.size * size).reshape(*counts.shape, size)
    rank = np.argsort(np.argsort(words, axis=3), axis=3)
    return np.asarray(rank < counts[..., None])


def _grouped(array: np.ndarray, groups: int, transposed: bool) -> np.ndarray:
    """A weight [G O, I, ...], or transposed [G I, O, ...], as [G, O, I, S]."""
    split = array.reshape(groups, -1, array.shape[1], math.prod(array.shape[2:]))
    return split.transpose(0, 2, 1, 3) if transposed else split


def _ungrouped(mask: np.ndarray, shape: tuple[int, ...], transposed: bool) -> np.ndarray:
    return (mask.transpose(0, 2, 1, 3) if transposed else mask).reshape(shape)


# -- weights on no path ----------------------------------------------------------------------------


def _moved(
    masks: Mapping[str, np.ndarray], through: Mapping[str, np.ndarray], evidence: Evidence
) -> dict[str, np.ndarray]:
    """Masks whose weights on no path were moved to where one would lead.

    What finds no room in its own layer goes on to the next ones, then to any, and stays where it is
    if there is none.

    Args:
        masks: Masks by name, in the order of layers.
        through: For each place whether a path leads through it, were it kept.
        evidence: For the draws among equal kernels.
    """
    new = {name: mask & through[name] for name, mask in masks.items()}
    lost = {name: int(np.count_nonzero(mask & ~through[name])) for name, mask in masks.items()}
    homeless = 0
    for name in [*masks, *masks]:
        homeless += lost.pop(name, 0)
        draws = evidence.draws(f"{name}, moved")
        homeless -= _filled(new[name], through[name], homeless, draws)
    for name, mask in masks.items():
        idle = np.flatnonzero(mask & ~through[name])[:homeless]
        new[name].reshape(-1)[idle] = True
        homeless -= len(idle)
    return new


def _filled(mask: np.ndarray, free: np.ndarray, count: int, draws: Draws) -> int:
    """Keep up to `count` more weights in place, kernel by kernel, the fullest first; how many."""
    flat = mask.reshape(*mask.shape[:2], -1)
    kernel = flat.sum(axis=2)
    column = np.broadcast_to(kernel.sum(axis=0), kernel.shape)
    rank = np.empty(kernel.size, dtype=np.int64)
    keys = (draws.words(kernel.size), -column.reshape(-1), -kernel.reshape(-1))
    rank[np.lexsort(keys)] = np.arange(kernel.size)
    open_ = np.flatnonzero(free & ~mask)
    chosen = open_[np.argsort(rank[open_ // flat.shape[2]], kind="stable")[:count]]
    mask.reshape(-1)[chosen] = True
    return len(chosen)

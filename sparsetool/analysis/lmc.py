"""Loss and error along the straight line between two tickets, and the barrier on it.

References: Frankle, Dziugaite, Roy, Carbin, 2020, "Linear mode connectivity and the lottery ticket
hypothesis" (which subtracts the mean of the ends where we subtract the line between them, so that a
slope is no barrier); Garipov et al., 2018, "Loss surfaces, mode connectivity, and fast ensembling
of DNNs". The public code of the cyclic-training paper evaluated the unchanged model at every point.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..compute.device import Place, place
from ..compute.progress import counted
from ..data.facts import check_fits, last_data, trained_on
from ..data.naming import recorded_name
from ..data.resident import DataSet, Epoch
from ..data.streaming import StreamEpoch
from ..errors import SparsetoolError, UsageError, nearest
from ..evaluation.measure import masks_of, measure, prepared, sparse_products
from ..evaluation.normalisation import (
    RECOMPUTE_EXAMPLES,
    batch_size,
    batch_statistics,
    recompute_statistics,
)
from ..layer_graph.tensors import tensors
from ..masks.compatible import form, need_weights, same_tensors
from ..ticket.value import Ticket
from .alignment import align

STATISTICS = ("recompute", "interpolate", "batch")
VIEWS = ("plain", "augmented")
VIEW_BATCH = 500  # examples in an augmented batch

Batches = Callable[[], Iterable[tuple[Tensor, Tensor]]]


def interpolate(a: Ticket, b: Ticket, alpha: float) -> dict[str, np.ndarray]:
    """The tensors A + alpha (B - A), exact at both ends and wherever A and B are equal.

    A weight pruned in both stays zero; one pruned in one of them goes from or to zero. Integers
    (counts of batches) are those of the nearer end.

    Args:
        a: The ticket at alpha = 0.
        b: The ticket at alpha = 1, of the same network.
        alpha: Position, 0 to 1.
    """
    return {name: _between(array, b.weights[name], alpha) for name, array in a.weights.items()}


def _between(a: np.ndarray, b: np.ndarray, alpha: float) -> np.ndarray:
    if a.dtype.kind != "f":
        return a if alpha < 0.5 else b
    step = np.subtract(b, a)
    if alpha < 0.5:
        return a + a.dtype.type(alpha) * step
    return b - a.dtype.type(1 - alpha) * step


def barrier(values: Sequence[float], alphas: Sequence[float]) -> float:
    """How far the values rise above the straight line between their ends; never below 0.

    Args:
        values: Loss or error at each position.
        alphas: The positions, from 0 to 1.

    Example:
        >>> barrier([1.0, 4.0, 3.0], [0.0, 0.5, 1.0])
        2.0
    """
    first, last = values[0], values[-1]
    rise = last - first
    return max(  # from the nearer end, so that both are exactly on the line
        value - (first + alpha * rise if alpha < 0.5 else last - (1 - alpha) * rise)
        for value, alpha in zip(values, alphas, strict=True)
    )


@dataclass(frozen=True)
class Ground:
    """What lines are measured on: read once, used for every pair.

    Attributes:
        where: The device.
        views: For each split its batches, the same at every call.
        statistics: Batches that batch-norm statistics are recomputed on.
        bn_examples: How many examples these are.
    """

    where: Place
    views: Mapping[str, Batches]
    statistics: Batches
    bn_examples: int


def ground(
    *tickets: Ticket,
    splits: Sequence[str] = ("train", "test"),
    data: str | None = None,
    data_root: str | None = None,
    examples: int | None = None,
    bn_examples: int = RECOMPUTE_EXAMPLES,
    train_view: str = "plain",
    device: str = "auto",
    threads: str | int = "auto",
) -> Ground:
    """The data to measure some tickets on.

    Args:
        tickets: The tickets. What their last trainings did to the training split (`--val`,
            `--label-noise`) is done to it here too, and must agree.
        splits: `train`, `val` or `test`.
        data: Data set; by default the first ticket's.
        data_root: Folder of data sets.
        examples: Examples of each split, or None for all.
        bn_examples: Training examples to recompute batch-norm statistics on, not augmented.
        train_view: `plain`, or `augmented` (as the authors of the paper measure the train split).
        device: As for `train-cycles`.
        threads: As for `train-cycles`.

    Raises:
        UsageError: An unknown value.
        SparsetoolError: The data do not fit, or the tickets saw different training examples.
    """
    if train_view not in VIEWS:
        raise UsageError(f"unknown train view '{train_view}': {nearest(train_view, VIEWS)}")
    if bn_examples < 1:
        raise UsageError(f"--bn-examples must be at least 1, not {bn_examples}")
    first = tickets[0]
    where = place(tuple(first.meta["input"]), device, "fp32", threads)
    name = recorded_name("datasets", data, data_root) if data else last_data(first)
    seen = first.meta.get("normalize")
    if any(ticket.meta.get("normalize") != seen for ticket in tickets):
        raise SparsetoolError(
            "these tickets want images normalised differently (--normalize of their import), so "
            "no images are the same for all: compare others"
        )
    held = DataSet(name, data_root, where.device, **_same_training(tickets), normalize=seen)
    for ticket in tickets:
        check_fits(ticket, name, held.facts)
    views: dict[str, Batches] = {}
    for split in splits:
        part = held.split(split)
        part = part if examples is None else part.first(examples)
        views[split] = part.batches
        if split == "train" and train_view == "augmented":
            epoch = part.for_training(held.facts).epoch(held.facts, first.seed, 0, VIEW_BATCH)
            views[split] = partial(_steps, epoch)
    sample = held.split("train").first(bn_examples)
    size = batch_size(len(sample))
    return Ground(where, views, lambda: sample.batches(size), len(sample))


def _steps(epoch: Epoch | StreamEpoch) -> Iterable[tuple[Tensor, Tensor]]:
    return map(epoch.batch, range(len(epoch)))


def _same_training(tickets: Sequence[Ticket]) -> dict[str, Any]:
    """What the tickets' last trainings did to the training split, where it was trained on."""
    found = [trained_on(ticket) for ticket in tickets]
    touched = [each for each in found if each.keys() & {"val", "label_noise"}]
    if not touched:
        return {}
    if any(each and each != touched[0] for each in found):
        raise SparsetoolError(
            "these tickets were trained on different training splits (--val, --label-noise or "
            "their seed differ), so no split is the same for all: compare others"
        )
    return touched[0]


def lmc(
    a: Ticket,
    b: Ticket,
    on: Ground,
    *,
    points: int = 21,
    bn: str = "recompute",
    aligned: bool = False,
) -> list[dict[str, Any]]:
    """Loss and error along the line between two tickets.

    Where their masks differ, sparse products of all weights that either keeps may round the ends
    otherwise than `eval` does.

    Args:
        a: The ticket at alpha = 0.
        b: The ticket at alpha = 1.
        on: The data, from `ground`.
        points: Positions, both ends included.
        bn: Batch-norm statistics at each point: `recompute` (their averages over the ground's
            sample), `interpolate` (between those of the ends) or `batch` (of each batch).
        aligned: Whether to permute the units of `b` to be nearest to `a` first (`alignment`).

    Returns:
        For each split of the ground: `split`, `bn`, `bn_examples` (with `recompute`), `alpha`,
        `loss` (nats) and `error` (fraction) as lists, `loss_barrier`, `error_barrier`, `examples`,
        and `weights`: how many prunable weights both tickets keep, how many only one, and how many
        neither (these stay zero); `aligned`, and if so `units` and how many of them were moved,
        `units_moved`.

    Raises:
        UsageError: An unknown value.
        SparsetoolError: The tickets are not of one network, or its units cannot be permuted.
    """
    if bn not in STATISTICS:
        raise UsageError(f"unknown batch-norm statistics '{bn}': {nearest(bn, STATISTICS)}")
    if points < 2:
        raise UsageError(f"--points must be at least 2, for both ends, not {points}")
    for ticket in (a, b):
        need_weights(ticket, "lmc")
    here, there = ({n: form(w) for n, w in ticket.weights.items()} for ticket in (a, b))
    same_tensors(here, there, "the second ticket")
    told: dict[str, Any] = {"aligned": aligned}
    if aligned:
        match = align(a, b)
        b, told = match.ticket, {**told, "units": match.units, "units_moved": match.moved}
    alphas = np.linspace(0.0, 1.0, points).tolist()
    losses: dict[str, list[float]] = {split: [] for split in on.views}
    errors: dict[str, list[float]] = {split: [] for split in on.views}
    module = prepared(a, on.where)
    held = tensors(module)
    products = sparse_products(module, masks_of(a, b), a, on.where)
    with on.where.entered(), contextlib.ExitStack() as stack:
        stack.enter_context(products.of_figures)
        if bn == "batch":
            stack.enter_context(batch_statistics(module))
        for alpha in counted(alphas, "point", len(alphas)):
            with torch.no_grad():
                for name, array in interpolate(a, b, alpha).items():
                    held[name].copy_(torch.tensor(array))
            if bn == "recompute":
                recompute_statistics(module, on.statistics())
            for split, batches in on.views.items():
                tally = measure(module, batches())
                losses[split].append(tally.mean_loss)
                errors[split].append(1 - tally.accuracy)
    return [
        {
            "split": split,
            "bn": bn,
            **({"bn_examples": on.bn_examples} if bn == "recompute" else {}),
            "alpha": alphas,
            "loss": losses[split],
            "error": errors[split],
            "loss_barrier": barrier(losses[split], alphas),
            "error_barrier": barrier(errors[split], alphas),
            "examples": sum(len(labels) for _, labels in batches()),
            "weights": overlap(a, b),
            **told,
        }
        for split, batches in on.views.items()
    ]


def overlap(a: Ticket, b: Ticket) -> dict[str, int]:
    """How many prunable weights `both` tickets keep, only `one` of them, and `neither`."""
    both = either = 0
    for name, shape in a.shapes.items():
        ours, theirs = (t.masks.get(name, np.ones(shape, bool)) for t in (a, b))
        both += int(np.count_nonzero(ours & theirs))
        either += int(np.count_nonzero(ours | theirs))
    return {"both": both, "one": either - both, "neither": a.total - either}

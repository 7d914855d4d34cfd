"""Device and training batches for criteria.

A batch is made of the first examples of a keyed permutation of the split, without augmentation:
the same for every round of a scoring, another for another seed. What the ticket's last training
held out (`--val`) stays out, and noisy labels stay noisy.

Shapes: N examples, B batch, C channels, H height, W width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..compute.device import Place, place
from ..errors import SparsetoolError
from ..ticket.draws import Draws
from ..ticket.value import Ticket
from .facts import trained_on
from .resident import DataSet, Examples
from .streaming import Stream

Batches = Callable[[], Iterator[tuple[Tensor, Tensor]]]


def bench(ticket: Ticket, device: str, threads: str | int, exact: bool) -> Place:
    """Where a criterion computes.

    Args:
        ticket: The ticket.
        device: As for `train-cycles`.
        threads: As for `train-cycles`.
        exact: Whether it computes in float64, which MPS does not have.
    """
    where = place(tuple(ticket.meta["input"]), device, "fp32", threads)
    return replace(where, device="cpu") if exact and where.kind == "mps" else where


def facts(ticket: Ticket, where: Place, exact: bool) -> dict[str, Any]:
    """What the record says of a computation: device, precision, threads and torch's version."""
    double = exact or any(ticket.weights[n].dtype == np.float64 for n in ticket.prunable)
    return {
        "device": where.device,
        "precision": "fp64" if double else "fp32",
        "threads": where.threads,
        "versions": {"torch": torch.__version__},
    }


def batches(
    ticket: Ticket,
    where: Place,
    seed: int,
    data_root: str | None,
    balanced: bool,
    *,
    data: str,
    batches: int,
    batch_size: int,
) -> Batches:
    """Gives the batches to score on; the data are read when first asked for, and once.

    Args:
        ticket: The ticket.
        where: Where the batches live.
        seed: Seed of the scoring.
        data_root: Folder of data sets.
        balanced: Whether every batch holds each class equally often, as far as it can.
        data: Data set by name.
        batches: How many batches.
        batch_size: Examples in each; the last may be cut short by the end of the split.
    """
    held: list[Examples | Stream] = []

    def give() -> Iterator[tuple[Tensor, Tensor]]:
        if not held:
            how = {**trained_on(ticket), "normalize": ticket.meta.get("normalize")}
            full = DataSet(data, data_root, where.device, **how).split("train")
            held.append(_chosen(full, ticket, seed, balanced, batches, batch_size))
        yield from held[0].batches(batch_size)

    return give


def _chosen(
    full: Examples | Stream, ticket: Ticket, seed: int, balanced: bool, count: int, size: int
) -> Examples | Stream:
    """The examples of all batches, in order.

    Raises:
        SparsetoolError: The split has too few examples for so many batches.
    """
    if (count - 1) * size >= len(full):
        raise SparsetoolError(
            f"{count} batches of {size:,} examples are more than the {len(full):,} of the training "
            "split: give fewer --batches or a smaller --batch-size"
        )
    order = Draws(seed, "scoring", ticket.epochs).permutation(len(full))
    if balanced:
        order = in_turns(order, full.labels.cpu().numpy())
    return full.pick(torch.from_numpy(order[: count * size]))


def in_turns(order: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """An order in which the classes take turns, each in its own former order.

    Args:
        order: Indices of examples, int64 [N].
        labels: Class of each example, int64 [N].

    Example:
        >>> in_turns(np.array([3, 2, 1, 0, 4]), np.array([0, 0, 1, 1, 1])).tolist()
        [3, 1, 2, 0, 4]
    """
    classes = labels[order]
    turns = np.empty(len(order), dtype=np.int64)
    for one in np.unique(classes):
        at = np.flatnonzero(classes == one)
        turns[at] = np.arange(len(at))
    return order[np.argsort(turns, kind="stable")]

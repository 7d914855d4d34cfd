"""`lmc` and `hessian` of tickets as a notebook calls them: the data are found as the shell does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..errors import UsageError
from ..evaluation.measure import opened, sample
from ..evaluation.normalisation import RECOMPUTE_EXAMPLES
from ..plugins.own_code import within_call
from ..ticket.value import Ticket
from . import hessian as curvature
from . import lmc as line


@within_call
def lmc(
    *tickets: Ticket,
    points: int = 21,
    splits: Sequence[str] = ("train", "test"),
    bn: str = "recompute",
    bn_examples: int = RECOMPUTE_EXAMPLES,
    data: str | None = None,
    data_root: str | None = None,
    examples: int | None = None,
    train_view: str = "plain",
    align: bool = False,
    device: str = "auto",
    threads: str | int = "auto",
) -> list[dict[str, Any]]:
    """Loss and error along the straight line between consecutive tickets, and the barrier.

    Args:
        tickets: Two or more.
        points: Positions along each line, both ends included.
        splits: `train`, `val` or `test`.
        bn: Batch-norm statistics: `recompute`, `interpolate` or `batch`.
        bn_examples: Training images for `recompute`.
        data: Data set; by default the first ticket's.
        data_root: Folder of data sets.
        examples: Examples of each split; by default all.
        train_view: Images of split `train`: `plain` or `augmented`.
        align: Permute the units of the second ticket to be nearest to the first before.
        device: As for `train_cycles`.
        threads: As for `train_cycles`.

    Returns:
        A dict for each pair and split, in order: see `analysis.lmc.lmc`.

    Raises:
        UsageError: Fewer than two tickets, or an unknown value.
        SparsetoolError: The tickets are not of one network, or the data are not there.
    """
    if len(tickets) < 2:
        raise UsageError(f"lmc wants two tickets or more, not {len(tickets)}")
    on = line.ground(
        *tickets,
        splits=splits,
        data=data,
        data_root=data_root,
        examples=examples,
        bn_examples=bn_examples,
        train_view=train_view,
        device=device,
        threads=threads,
    )
    found = [line.lmc(a, b, on, points=points, bn=bn, aligned=align) for a, b in pairwise(tickets)]
    return [each for pair in found for each in pair]


@within_call
def hessian(
    ticket: Ticket,
    *,
    split: str = "train",
    examples: int = 2048,
    data: str | None = None,
    data_root: str | None = None,
    device: str = "auto",
    threads: str | int = "auto",
    **how: Any,
) -> dict[str, Any]:
    """Curvature of the mean loss over a fixed sample: eigenvalues, trace, spectral density.

    Args:
        ticket: The ticket.
        split: Where the sample is from.
        examples: How many examples it has.
        data: Data set; by default that of the ticket's last training, or birth.
        data_root: Folder of data sets.
        device: As for `train_cycles`.
        threads: As for `train_cycles`.
        how: `top`, `trace`, `density`, `subspace`, `method`, `bn` and so on: see
            `analysis.hessian.hessian`.

    Returns:
        `eigenvalues` (descending) and more, see there.

    Raises:
        UsageError: An unknown value.
        SparsetoolError: The data are not there or do not fit.
    """
    held, where = opened(ticket, data, data_root, device, threads)
    with where.entered():
        images, labels = sample(held, split, examples)
        return curvature.hessian(ticket, images, labels, **how)

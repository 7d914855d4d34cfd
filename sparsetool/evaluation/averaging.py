"""The mean of several tickets' weights: cycle ends, soups, averaged subnetworks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import UsageError, nearest
from ..masks.compatible import form, need_weights, same_tensors
from ..plugins.own_code import within_call
from ..ticket.counts import decimal
from ..ticket.value import Ticket

MASKS = ("union", "intersection", "first")
NORMS = ("average", "recompute")
BN_EXAMPLES = 2048


@within_call
def average(
    *tickets: Ticket,
    masks: str = "union",
    weights: Sequence[str | float] | None = None,
    bn: str = "average",
    bn_examples: int = BN_EXAMPLES,
    data: str | None = None,
    data_root: str | None = None,
    device: str = "auto",
    threads: str | int = "auto",
) -> Ticket:
    """The mean of tickets' weights, a pruned weight counting as zero.

    Ends of cycles averaged are stochastic weight averaging (Izmailov, Podoprikhin, Garipov, Vetrov,
    Wilson, 2018); of several trainings a soup (Wortsman et al., 2022), also of sparse networks
    (Zimmer, Spiegel, Pokutta, 2024, "Sparse model soups"); of subnetworks with masks of their own,
    pruned again afterwards, SUP-tickets (Yin et al., 2022). Sums are in float64. Batch-norm
    statistics are averaged too, unless they are estimated anew; integers are the first ticket's.

    Args:
        tickets: At least two, of one architecture.
        masks: Which weights are kept: those that any of them keeps (`union`), that all keep
            (`intersection`), or the first one's (`first`).
        weights: How much each counts, by default the same; divided by their sum.
        bn: `average` or `recompute` (on the first `bn_examples` training images, without
            augmentation, as `evaluate` does).
        bn_examples: Training images for `recompute`.
        data: Data set for `recompute`; by default that of the first ticket's last training.
        data_root: Folder of data sets.
        device: As for `train_cycles`, for `recompute`.
        threads: As for `train_cycles`, for `recompute`.

    Returns:
        The mean; its main line is the first ticket's.

    Raises:
        UsageError: Fewer than two tickets, or a value that cannot be.
        SparsetoolError: They are of different architectures, or the data are not there.
    """
    options = options_of(len(tickets), masks, weights, bn, bn_examples, data)
    first = tickets[0]
    ours = {name: form(array) for name, array in first.weights.items()}
    for number, other in enumerate(tickets, 1):
        need_weights(other, "average", f"FILE {number}")
        theirs = {name: form(array) for name, array in other.weights.items()}
        same_tensors(ours, theirs, f"FILE {number}")
    shares = [Fraction(decimal(w)) for w in weights or [1] * len(tickets)]
    parts = [float(share / sum(shares)) for share in shares]
    kept = _masks(tickets, masks)
    mean = replace(
        first,
        weights={name: _mean(name, tickets, parts, kept.get(name)) for name in first.weights},
        masks=kept,
    )
    facts: dict[str, Any] = {}
    if bn == "recompute":
        mean, facts = _recomputed(mean, bn_examples, data, data_root, device, threads)
    inputs = {f"and-{number:03}": other for number, other in enumerate(tickets[1:], 2)}
    return first.derive(
        "average", options, inputs=inputs, weights=mean.weights, masks=mean.masks, **facts
    )


def options_of(
    count: int,
    masks: str,
    weights: Sequence[str | float] | None,
    bn: str,
    bn_examples: int,
    data: str | None,
) -> dict[str, Any]:
    """Result options as a record holds them.

    Raises:
        UsageError: A value that cannot be.
    """
    if count < 2:
        raise UsageError("average wants at least two tickets")
    if masks not in MASKS:
        raise UsageError(f"unknown masks '{masks}': {nearest(masks, MASKS)}")
    if bn not in NORMS:
        raise UsageError(f"unknown --bn '{bn}': {nearest(bn, NORMS)}")
    if bn_examples < 1:
        raise UsageError(f"--bn-examples must be at least 1, not {bn_examples}")
    if data is not None and bn != "recompute":
        raise UsageError("--data is for --bn recompute: leave it out")
    typed = None if weights is None else [decimal(weight) for weight in weights]
    if typed is not None:
        if len(typed) != count:
            raise UsageError(f"--weights names {len(typed)} numbers for {count} tickets")
        if any(Fraction(text) <= 0 for text in typed):
            raise UsageError(f"--weights must be above 0, not {','.join(typed)}")
    anew = bn == "recompute"
    return {
        "masks": masks if masks != "union" else None,
        "weights": ",".join(typed) if typed else None,
        "bn": bn if anew else None,
        "bn_examples": bn_examples if anew and bn_examples != BN_EXAMPLES else None,
        "data": data,
    }


def _masks(tickets: Sequence[Ticket], which: str) -> dict[str, np.ndarray]:
    """Masks of the mean; a ticket without a mask keeps everything."""
    if which == "first":
        return dict(tickets[0].masks)
    names = {name for ticket in tickets for name in ticket.masks}
    found = {}
    for name in tickets[0].prunable:
        own = [ticket.masks[name] for ticket in tickets if name in ticket.masks]
        if name not in names or (which == "union" and len(own) < len(tickets)):
            continue
        join = np.logical_or if which == "union" else np.logical_and
        found[name] = join.reduce(own)
    return found


def _mean(
    name: str, tickets: Sequence[Ticket], parts: Sequence[float], mask: np.ndarray | None
) -> np.ndarray:
    first = tickets[0].weights[name]
    if first.dtype.kind != "f":
        return first
    total = np.zeros(first.shape, dtype=np.float64)
    for ticket, part in zip(tickets, parts, strict=True):
        total += part * ticket.weights[name].astype(np.float64)
    if mask is not None:
        total = np.where(mask, total, 0.0)
    return np.asarray(total.astype(first.dtype))


def _recomputed(
    ticket: Ticket,
    examples: int,
    data: str | None,
    data_root: str | None,
    device: str,
    threads: str | int,
) -> tuple[Ticket, dict[str, Any]]:
    """The ticket with batch-norm statistics of its own, and where they were estimated."""
    import torch

    from ..networks.build import from_module
    from .measure import masks_of, opened, prepared, sparse_products
    from .normalisation import batch_size, recompute_statistics

    held, where = opened(ticket, data, data_root, device, threads)
    with where.entered():
        module = prepared(ticket, where)
        products = sparse_products(module, masks_of(ticket), ticket, where)
        part = held.split("train").first(examples)
        with products.of_figures:
            recompute_statistics(module, part.batches(batch_size(len(part))))
    made = from_module(module)
    buffers = {
        name: made[name].astype(ticket.weights[name].dtype, copy=False)
        for name in ticket.meta["buffers"]
    }
    facts = {
        "device": where.device,
        "threads": where.threads,
        "versions": {"torch": torch.__version__},
    }
    return replace(ticket, weights={**ticket.weights, **buffers}), facts

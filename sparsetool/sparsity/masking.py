"""Giving a ticket a mask, and removing more of what survived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from ..errors import SparsetoolError, UsageError
from ..ticket import Ticket
from . import counts
from .matching import need_weights, plain_shapes, same_tensors
from .norms import squares
from .rounds import Batches, Choice, choose, masked
from .selection import Arrays

Masks = dict[str, np.ndarray]


def mask(
    ticket: Ticket,
    *,
    criterion: str | None = None,
    density: str | None = None,
    sparsity: str | float | None = None,
    source: Ticket | None = None,
    iterations: int = 1,
    min_per_layer: int = 0,
    seed: int | None = None,
    mask_only: bool = False,
    evidence_batches: Batches | None = None,
    parent: Ticket | None = None,
) -> Ticket:
    """Give a ticket a mask, chosen among all positions or taken from another ticket.

    On a masked ticket the new mask replaces the old one; positions that it revives are +0.0 (until
    `rewind` gives them values) and are counted as `revived` in the record.

    Args:
        ticket: The ticket to mask.
        criterion: Which weights live; exactly one of this and `source`.
        density: How many live in each layer; by default `global` (all ranked together).
        sparsity: Fraction of prunable weights to remove, [0, 1), met to one weight.
        source: A ticket or a file of masks whose masks are taken; a dense one keeps everything.
        iterations: Rounds of scoring and masking, at densities exp(log(1 - sparsity) t / T); the
            first ranks all positions, later ones the survivors.
        min_per_layer: Weights that each layer keeps at least (or all it has).
        seed: Seed of the criterion's draws; by default the ticket's.
        mask_only: Leave the weights out: a ticket of kind `mask`.
        evidence_batches: Gives batches to criteria that look at data.
        parent: An earlier ticket, for criteria that compare with one.

    Raises:
        UsageError: Arguments that contradict each other, or a sparsity outside [0, 1).
        SparsetoolError: `source` has other prunable layers; too few weights for `min_per_layer`.
    """
    need_weights(ticket, "mask")
    if (criterion is None) == (source is None):
        raise UsageError("mask by what? give exactly one criterion (such as random) or a source")
    options: dict[str, Any] = {}
    inputs: dict[str, Ticket] = {}
    if source is not None:
        if (density, sparsity, parent, iterations, min_per_layer) != (None, None, None, 1, 0):
            raise UsageError("a source's masks are taken as they are: give nothing else with it")
        inputs, masks = {"from": source}, masks_of(source, ticket)
    else:
        choice = _choice(criterion, density, iterations, min_per_layer, evidence_batches, parent)
        if sparsity is None:
            raise UsageError("how sparse? give a sparsity, such as 0.5")
        asked = counts.decimal(sparsity)
        bare = replace(ticket, masks={})
        masks = choose(bare, choice, counts.goal(ticket.total, asked), {}, _seed(ticket, seed))
        inputs, options = choice.inputs(), {**choice.options(), "sparsity": asked}
    revived = 0 if mask_only else _revived(ticket.masks, masks)
    return ticket.derive(
        "mask",
        {**options, "mask_only": mask_only},
        seed=seed,
        inputs=inputs,
        weights={} if mask_only else masked(ticket, masks).weights,
        masks=masks,
        kind="mask" if mask_only else "ticket",
        achieved={"revived": revived} if revived else {},
    )


def prune(
    ticket: Ticket,
    *,
    criterion: str = "magnitude",
    density: str | None = None,
    sparsity: str | float | None = None,
    rate: str | float | None = None,
    iterations: int = 1,
    min_per_layer: int = 0,
    seed: int | None = None,
    evidence_batches: Batches | None = None,
    parent: Ticket | None = None,
) -> Ticket:
    """Remove more of the surviving weights, in one step. What is pruned stays pruned.

    The record's figures are what retraining budgets need (Zimmer et al., 2023): `removed_norm` and
    `weight_norm`, the L2 norms of the weights removed and of all prunable weights before, and
    `removed_fraction`, the fraction of the survivors that was removed.

    Args:
        ticket: The ticket to prune; all of a dense one survives so far.
        criterion: Which weights live.
        density: How many live in each layer; by default `global` (all ranked together). A layer
            never gets more than its survivors.
        sparsity: Fraction of all prunable weights that is to be zero, [0, 1), met to one weight.
        rate: Fraction of the survivors to remove, [0, 1); exactly one of this and `sparsity`.
        iterations: Rounds of scoring and pruning, at densities in geometric sequence.
        min_per_layer: Weights that each layer keeps at least (or all that survive).
        seed: Seed of the criterion's draws; by default the ticket's.
        evidence_batches: Gives batches to criteria that look at data.
        parent: An earlier ticket, for criteria that compare with one.

    Raises:
        UsageError: Arguments that contradict each other, or a fraction outside [0, 1).
        SparsetoolError: The sparsity is below the present one, or too few weights are left for
            `min_per_layer`.
    """
    need_weights(ticket, "prune")
    if (sparsity is None) == (rate is None):
        raise UsageError("how many? give exactly one of a sparsity and a rate")
    choice = _choice(criterion, density, iterations, min_per_layer, evidence_batches, parent)
    how: dict[str, str]
    if sparsity is not None:
        how = {"sparsity": counts.decimal(sparsity)}
        goal = counts.goal(ticket.total, how["sparsity"])
    else:
        how = {"rate": counts.decimal(rate if rate is not None else 0)}
        goal = counts.goal(ticket.kept, how["rate"], "rate")
    if round(goal) > ticket.kept:
        raise SparsetoolError(
            f"sparsity {how['sparsity']} keeps {round(goal):,} of {ticket.total:,} weights, but "
            f"only {ticket.kept:,} survive (sparsity {ticket.sparsity:.6g}): "
            "give a higher sparsity, or a new mask by 'mask'"
        )
    masks = choose(ticket, choice, goal, ticket.masks, _seed(ticket, seed))
    return ticket.derive(
        "prune",
        {**choice.options(), **how},
        seed=seed,
        inputs=choice.inputs(),
        weights=masked(ticket, masks).weights,
        masks=masks,
        figures=_figures(ticket, masks),
    )


def _seed(ticket: Ticket, seed: int | None) -> int:
    return ticket.seed if seed is None else seed


def _choice(
    criterion: str | None,
    density: str | None,
    iterations: int,
    min_per_layer: int,
    batches: Batches | None,
    parent: Ticket | None,
) -> Choice:
    if iterations < 1:
        raise UsageError(f"iterations must be at least 1, not {iterations}")
    if min_per_layer < 0:
        raise UsageError(f"the least number per layer must be at least 0, not {min_per_layer}")
    return Choice(str(criterion), density, iterations, min_per_layer, batches, parent)


def masks_of(source: Ticket, ticket: Ticket) -> Masks:
    """The masks of `source` for `ticket`, all true where `source` has none.

    Raises:
        SparsetoolError: `source` has other prunable layers or shapes.
    """
    same_tensors(plain_shapes(ticket.shapes), plain_shapes(source.shapes), "--from")
    return {
        name: source.masks[name] if name in source.masks else np.ones(shape, dtype=bool)
        for name, shape in ticket.shapes.items()
    }


def _revived(old: Arrays, new: Arrays) -> int:
    """Positions that the new masks keep and the old ones did not."""
    return sum(int(np.count_nonzero(new[name] & ~mask)) for name, mask in old.items())


def _figures(ticket: Ticket, masks: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Norms of what was removed and of what was there, and the survivors' fraction removed."""
    whole = gone = 0.0
    for name, new in masks.items():
        # Where the old mask was false the weight is zero and adds nothing.
        parts = squares(ticket.weights[name], ~new)
        whole, gone = whole + parts[0], gone + parts[1]
    kept = sum(int(np.count_nonzero(new)) for new in masks.values())
    removed = (ticket.kept - kept) / ticket.kept if ticket.kept else 0.0
    return {
        "removed_fraction": removed,
        "removed_norm": sqrt(gone),
        "weight_norm": sqrt(whole),
    }

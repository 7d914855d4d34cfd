"""Giving a ticket a mask, and removing more of what survived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np

from ..errors import SparsetoolError, UsageError
from ..plugins.members import Spec
from ..plugins.own_code import within_call
from ..ticket import counts
from ..ticket.value import Ticket
from . import combine
from .blocks import squares
from .channels import living, removable
from .compatible import need_weights
from .request import Choice
from .rounds import Chosen, choose, masked
from .selection import Arrays


@within_call
def mask(
    ticket: Ticket,
    *,
    criterion: Spec | None = None,
    sparsity: str | float | None = None,
    source: Ticket | None = None,
    shuffle: bool = False,
    invert: bool = False,
    dense: bool = False,
    union: Ticket | None = None,
    intersect: Ticket | None = None,
    seed: int | None = None,
    mask_only: bool = False,
    **how: Any,
) -> Ticket:
    """Give a ticket a mask: chosen among all positions, taken from another ticket, or reworked.

    On a masked ticket the new mask replaces the old one; positions that it revives are +0.0 (until
    `rewind` gives them values) and are counted as `revived` in the record. Exactly one of
    `criterion` and what follows `sparsity` says where the mask comes from.

    Args:
        ticket: The ticket to mask; masks alone can be reworked too, and stay masks alone.
        criterion: Which weights live: a criterion's name, `FILE.py:FUNCTION`, or a function.
        sparsity: Fraction of prunable weights that a criterion removes, [0, 1), to one weight.
        source: A ticket or a file of masks whose masks are taken.
        shuffle: Permute the ticket's mask within each layer.
        invert: Keep what the ticket's mask removes.
        dense: Remove the mask.
        union: Keep what the ticket's mask or this one's keeps.
        intersect: Keep what both keep.
        seed: Seed of the criterion's draws and of `shuffle`; by default the ticket's.
        mask_only: Leave the weights out: a ticket of kind `mask`.
        how: Fields of `request.Choice`, for a criterion: `density`, `iterations`, `data`, `told`
            (a dict that gets the scores) ..., and options of the criterion's own.

    Raises:
        UsageError: Arguments that contradict each other, or a sparsity outside [0, 1).
        SparsetoolError: Another ticket has other prunable layers, or there is no mask to rework.
    """
    reworked = {"shuffle": shuffle, "invert": invert, "dense": dense}
    others = {"from": source, "union": union, "intersect": intersect}
    inputs = {role: other for role, other in others.items() if other is not None}
    ways = [way for way, chosen in reworked.items() if chosen] + list(inputs)
    if (criterion is not None) + len(ways) != 1:
        raise UsageError(
            "mask by what? give exactly one criterion (such as random), a source, or a rework"
        )
    options: dict[str, Any] = {way: True for way in ways if way in reworked}
    if criterion is None:
        if sparsity is not None or any(value not in (None, False, 0) for value in how.values()):
            raise UsageError("masks are taken as they are: give nothing else without a criterion")
        masks = _taken(ticket, ways[0], inputs.get(ways[0]), _seed(ticket, seed))
        chosen = Chosen(masked(ticket, masks) if ticket.kind == "ticket" else ticket, {}, {})
    else:
        need_weights(ticket, "mask")
        choice = Choice.of(criterion, **how)
        if (sparsity is None) == (choice.n_m is None):
            raise UsageError("how sparse? give a sparsity, such as 0.5, or n_m alone")
        asked = None if sparsity is None else counts.decimal(sparsity)
        spaces = removable(ticket) if choice.channels else None
        total = ticket.total if spaces is None else sum(s.units for s in spaces.values())
        goal = None if asked is None else counts.goal(total, asked)
        chosen = choose(replace(ticket, masks={}), choice, goal, {}, _seed(ticket, seed), spaces)
        masks = dict(chosen.ticket.masks)
        inputs, options = choice.inputs(), {**choice.options(ticket), "sparsity": asked}
    alone = mask_only or ticket.kind == "mask"
    revived = 0 if alone else _revived(ticket, masks)
    return ticket.derive(
        "mask",
        {**options, "mask_only": mask_only},
        seed=seed,
        inputs=inputs,
        weights={} if alone else chosen.ticket.weights,
        masks=masks,
        kind="mask" if alone else "ticket",
        achieved={**chosen.achieved, **({"revived": revived} if revived else {})},
        **chosen.facts,
    )


def _taken(ticket: Ticket, way: str, other: Ticket | None, seed: int) -> dict[str, np.ndarray]:
    """Masks that come from masks."""
    if way == "dense":
        # Masks alone must say the shapes; a ticket that keeps everything carries none.
        return combine.whole(ticket) if ticket.kind == "mask" else {}
    if way == "shuffle":
        return combine.shuffled(ticket, seed)
    if way == "invert":
        return combine.inverted(ticket)
    assert other is not None
    if way == "union":
        return combine.united(ticket, other)
    if way == "intersect":
        return combine.intersected(ticket, other)
    return combine.masks_of(other, ticket, "--from")


@within_call
def prune(
    ticket: Ticket,
    *,
    criterion: Spec = "magnitude",
    sparsity: str | float | None = None,
    rate: str | float | None = None,
    seed: int | None = None,
    **how: Any,
) -> Ticket:
    """Remove more of the surviving weights, in one step. What is pruned stays pruned.

    The record's figures are what retraining budgets need (Zimmer et al., 2023): `removed_norm` and
    `weight_norm`, the L2 norms of the weights removed and of all prunable weights before, and
    `removed_fraction`, the fraction of the survivors that was removed.

    Args:
        ticket: The ticket to prune; all of a dense one survives so far.
        criterion: Which weights live: a criterion's name, `FILE.py:FUNCTION`, or a function.
        sparsity: Fraction of all prunable weights that is to be zero, [0, 1), met to one weight.
        rate: Fraction of the survivors to remove, [0, 1); exactly one of this and `sparsity`.
        seed: Seed of the criterion's draws; by default the ticket's.
        how: Fields of `request.Choice`: `density` (a layer never gets more than its survivors),
            `iterations`, `min_per_layer`, `data`, `n_m`, `blocks`, `channels` ...

    Raises:
        UsageError: Arguments that contradict each other, or a fraction outside [0, 1).
        SparsetoolError: The sparsity is below the present one, or too few weights are left for
            `min_per_layer`.
    """
    need_weights(ticket, "prune")
    choice = Choice.of(criterion, **how)
    if [sparsity, rate, choice.n_m].count(None) != 2:
        raise UsageError("how many? give exactly one of a sparsity, a rate and n_m")
    spaces = removable(ticket) if choice.channels else None
    total, kept = ticket.total, ticket.kept
    if spaces is not None:
        total = sum(space.units for space in spaces.values())
        kept = sum(int(units.sum()) for units in living(spaces, ticket.masks).values())
    asked: dict[str, str] = {}
    goal: Fraction | None = None
    if sparsity is not None:
        asked = {"sparsity": counts.decimal(sparsity)}
        goal = counts.goal(total, asked["sparsity"])
    elif rate is not None:
        asked = {"rate": counts.decimal(rate)}
        goal = counts.goal(kept, asked["rate"], "rate")
    if goal is not None and round(goal) > kept:
        what = "weights" if spaces is None else "channels"
        raise SparsetoolError(
            f"sparsity {asked['sparsity']} keeps {round(goal):,} of {total:,} {what}, but "
            f"only {kept:,} survive (sparsity {1 - kept / total:.6g}): "
            "give a higher sparsity, or a new mask by 'mask'"
        )
    chosen = choose(ticket, choice, goal, ticket.masks, _seed(ticket, seed), spaces)
    return ticket.derive(
        "prune",
        {**choice.options(ticket), **asked},
        seed=seed,
        inputs=choice.inputs(),
        weights=chosen.ticket.weights,
        masks=chosen.ticket.masks,
        achieved=chosen.achieved,
        figures=_figures(ticket, chosen.ticket.masks),
        **chosen.facts,
    )


def _seed(ticket: Ticket, seed: int | None) -> int:
    return ticket.seed if seed is None else seed


def _revived(ticket: Ticket, new: Arrays) -> int:
    """Positions that the new masks (all, where there is none) keep and the old ones did not."""
    return sum(
        int(np.count_nonzero(~old & new[name] if name in new else ~old))
        for name, old in ticket.masks.items()
    )


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

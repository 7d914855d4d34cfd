"""Choosing weights: a criterion's scores, a density's shares, in one round or in several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from ..compute.progress import counted
from ..errors import BrokenPromise, SparsetoolError
from ..plugins.criteria import Evidence
from ..plugins.datasets import is_text
from ..plugins.own_code import MARK
from ..ticket.counts import rounds_between
from ..ticket.value import Ticket
from .channels import Spaces, channel_scores, living, silenced, whole_channels
from .request import Choice
from .selection import (
    Arrays,
    floors_for,
    room_of,
    selected,
    shares_above,
    with_floors,
    with_shares,
)
from .structure import block_scores, n_of_m, whole_blocks


@dataclass(frozen=True)
class Chosen:
    """What came out.

    Attributes:
        ticket: The ticket under the new masks, exactly +0.0 off them; its lineage does not say so.
        facts: What the record is to say of the computation, where torch computed.
        achieved: What was achieved beside the counts of weights.
    """

    ticket: Ticket
    facts: dict[str, Any]
    achieved: dict[str, Any]


def choose(
    ticket: Ticket,
    choice: Choice,
    goal: Fraction | None,
    alive: Arrays,
    seed: int,
    spaces: Spaces | None = None,
) -> Chosen:
    """Masks that keep exactly `goal` weights (rounded, halves to even).

    Args:
        ticket: Where the weights are chosen.
        choice: By what.
        goal: How many to keep in all, at most as many as may live; None where a structure says it.
            Of whole blocks it may be a part of one block less.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.
        seed: Seed of the criterion's draws.
        spaces: The channels that `goal` counts, where whole ones are chosen.

    Returns:
        A mask, bool, for every prunable weight, none true where `alive` is false; and the weights.

    Raises:
        UsageError: The criterion lacks what it needs, or was given what it cannot use.
        SparsetoolError: Scores are NaN, a layer's floor asks for more than is kept, the data are
            not there.
        BrokenPromise: The criterion breaks its family's rules.
    """
    choice.check(ticket)
    with _evidence(ticket, choice, seed) as (evidence, facts):
        if goal is None:
            new = _structured(ticket, choice, evidence, alive)
        elif choice.constructs:
            new = masked(ticket, _constructed(ticket, choice, evidence, round(goal)))
        else:
            new, kept = _scored(ticket, choice, evidence, goal, alive, spaces)
    achieved = {}
    if spaces is None:
        kept = new.kept
    else:
        achieved = {"channels": kept, "of_channels": sum(s.units for s in spaces.values())}
    if goal is not None and choice.blocks is None and kept != round(goal):
        names = f"{choice.name} with {choice.shares.name.partition(MARK)[0]} shares"
        what = "weights" if spaces is None else "channels"
        raise choice.fault(f"{names} kept {kept} {what} instead of {round(goal)}")
    for name, allowed in alive.items():
        if np.any(new.masks[name] & ~allowed):
            raise choice.fault(f"{choice.name} revived pruned weights of {name}")
    packages = {**choice.member.versions, **choice.shares.versions}
    if packages:
        facts = {**facts, "versions": {**facts.get("versions", {}), **packages}}
    return Chosen(new, facts, achieved)


@contextmanager
def _evidence(
    ticket: Ticket, choice: Choice, seed: int
) -> Iterator[tuple[Evidence, dict[str, Any]]]:
    """What the criterion may look at, and the facts of the place where torch computes, if it does.

    torch is imported for criteria that compute, and only then.
    """
    evidence = Evidence(
        seed=seed,
        epochs=ticket.epochs,
        rounds=choice.rounds,
        parent=choice.parent,
        whole=ticket if choice.member.revives else None,
    )
    if not choice.computes:
        yield evidence, {}
        return
    from ..data import samples

    exact = choice.needs == "network"
    where = samples.bench(ticket, choice.device, choice.threads, exact)
    if choice.needs == "data":
        balanced = choice.member.per_class is not None and not is_text(ticket.meta["input"])
        sample = choice.sample(ticket)
        given = samples.batches(ticket, where, seed, choice.data_root, balanced, **sample)
        evidence = replace(evidence, batches=given)
    with where.entered():
        yield replace(evidence, device=where.device), samples.facts(ticket, where, exact)


def _constructed(
    ticket: Ticket, choice: Choice, evidence: Evidence, keep: int
) -> dict[str, np.ndarray]:
    """Masks of a criterion that builds them itself."""
    assert choice.member.construct is not None
    made = choice.member.construct(ticket, keep, evidence, **choice.settings)
    for name, shape in ticket.shapes.items():
        if name not in made or made[name].shape != shape or made[name].dtype != bool:
            raise choice.fault(f"{choice.name} made no fitting mask for {name}")
    return {name: made[name] for name in ticket.shapes}


def _structured(ticket: Ticket, choice: Choice, evidence: Evidence, alive: Arrays) -> Ticket:
    """The ticket under a mask of N of every M."""
    assert choice.member.score is not None
    assert choice.n_m is not None
    given = choice.member.score(ticket, evidence, **choice.settings)
    scores = checked(given, ticket.shapes, choice.name, choice.fault)
    if choice.told is not None:
        choice.told.update(scores)
    masks = n_of_m(scores, choice.n_m, alive)
    if choice.update and choice.member.update is not None:
        answers = choice.member.update(ticket, masks, evidence, **choice.settings)
        ticket = replace(ticket, weights={**ticket.weights, **answers})
    return masked(ticket, masks)


def _scored(
    ticket: Ticket,
    choice: Choice,
    evidence: Evidence,
    goal: Fraction,
    alive: Arrays,
    spaces: Spaces | None,
) -> tuple[Ticket, int]:
    """The ticket under the masks of scores, given again for what is left in every round.

    Also how many of what was ranked it keeps.
    """
    share, give, update = choice.shares.share, choice.member.score, choice.member.update
    assert give is not None
    own = choice.settings
    if share is not None and choice.shares.options:
        share = partial(share, **own)
    shapes = ticket.shapes
    # What is ranked and shared: weights, or whole channels.
    ranked, may = shapes, alive
    if spaces is not None:
        ranked, may = {n: (s.units,) for n, s in spaces.items()}, living(spaces, alive)
    room = room_of(ranked, may)
    of = "weights" if spaces is None else "channels"
    floors = floors_for(round(goal), room, max(choice.floor, int(spaces is not None)), of)
    if share is not None:
        # Integer shares need not fall with the total by themselves; the last round's are floors
        # of the earlier ones, so that several rounds end with the shares of one.
        floors = shares_above(share, ranked, round(goal), room, floors)
    now = ticket
    counts = rounds_between(sum(room.values()), goal, choice.rounds)
    rounds = counted(counts, "round", choice.rounds) if choice.rounds > 1 else counts
    for number, count in enumerate(rounds):
        evidence = replace(evidence, round=number)
        given = give(now, evidence, **own)
        scores = checked(given, shapes, choice.name, choice.fault)
        del given  # with_shares frees scores layer by layer
        if choice.told is not None:
            choice.told.update(scores)
        if choice.blocks is not None:
            scores = block_scores(scores, choice.blocks, alive)
        if spaces is not None:
            scores = channel_scores(spaces, scores, alive, choice.name != "random")
        if share is None:
            masks = with_floors(scores, count, floors, may)
        else:
            parts = shares_above(share, ranked, count, room_of(ranked, may), floors)
            masks = with_shares(scores, parts, may)
        del scores
        if choice.blocks is not None:
            masks = whole_blocks(masks, choice.blocks, alive, number + 1 == choice.rounds)
        chosen = masks
        if spaces is not None:
            masks = whole_channels(spaces, chosen, shapes, alive)
        if evidence.whole is not None:
            now = ticket
        else:
            alive, may = masks, chosen
        if choice.update and update is not None:
            answers = update(now, masks, evidence, **own)
            now = replace(now, weights={**now.weights, **answers})
        now = masked(now, masks)
    if spaces is not None:
        now = replace(now, weights=silenced(spaces, chosen, now))
    return now, sum(int(np.count_nonzero(mask)) for mask in chosen.values())


def _has(given: object, name: str) -> bool:
    return isinstance(given, Mapping) and name in given


def _array(score: Any) -> np.ndarray:
    """A score as an array: what is a tensor of torch (which is not imported here) becomes one."""
    if hasattr(score, "detach"):
        score = score.detach().cpu()
        score = score.float() if "bfloat16" in str(score.dtype) else score
    return np.asarray(score)


def checked(
    given: Mapping[str, np.ndarray],
    shapes: Mapping[str, tuple[int, ...]],
    criterion: str,
    fault: type[SparsetoolError] = BrokenPromise,
) -> dict[str, np.ndarray]:
    """A criterion's scores in the order of layers, each of its weight's shape, none NaN.

    Scores of somebody else's may be tensors of torch.
    """
    scores = {}
    for name, shape in shapes.items():
        score = scores[name] = _array(given[name] if _has(given, name) else None)
        if score.shape != shape or score.dtype.kind not in "fiub":
            found = f"an array {score.shape} of {score.dtype}" if score.ndim else "no array"
            raise fault(
                f"{criterion} gave no fitting scores for {name}: found {found}, wanted a dict with "
                f"an array of numbers {shape} under that name"
            )
        # A maximum is NaN if anything is: one pass without a temporary array.
        if score.dtype.kind == "f" and score.size and np.isnan(score.max()):
            count = int(np.count_nonzero(np.isnan(score)))
            raise SparsetoolError(
                f"{criterion} gave NaN for {count} weights of {name}: "
                "look for weights or data that are far too large"
            )
    return scores


def masked(ticket: Ticket, masks: Arrays) -> Ticket:
    """The ticket under other masks, exactly +0.0 off them; its lineage does not say so yet."""
    zeroed = {name: selected(ticket.weights[name], mask) for name, mask in masks.items()}
    return replace(ticket, weights={**ticket.weights, **zeroed}, masks=masks)

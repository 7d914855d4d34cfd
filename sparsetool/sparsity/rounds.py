"""Choosing weights: a criterion's scores, a density's shares, in one round or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np

from .. import registry
from ..criteria import Evidence, no_batches
from ..errors import BrokenPromise, SparsetoolError, UsageError
from ..ticket import Ticket
from .counts import rounds_between
from .matching import need_weights, plain_shapes, same_tensors
from .selection import (
    Arrays,
    Share,
    floors_for,
    room_of,
    selected,
    shares_above,
    with_floors,
    with_shares,
)

Batches = Callable[[], Iterable[Any]]


@dataclass(frozen=True)
class Choice:
    """How weights are chosen, as asked.

    Attributes:
        criterion: Name of a member of `criteria`.
        density: Name of a member of `densities`; None for the default, `global`.
        iterations: Rounds of scoring and masking.
        min_per_layer: Weights that each layer keeps at least, where it has them.
        batches: Gives the data to score on.
        parent: An earlier ticket to compare with.
    """

    criterion: str
    density: str | None = None
    iterations: int = 1
    min_per_layer: int = 0
    batches: Batches | None = None
    parent: Ticket | None = None

    def options(self) -> dict[str, Any]:
        """Its result options as a record holds them."""
        constructs = hasattr(registry.load("criteria", self.criterion), "construct")
        return {
            "criterion": self.criterion,
            "density": None if constructs else self.density or "global",
            "iterations": self.iterations if self.iterations != 1 else None,
            "min_per_layer": self.min_per_layer or None,
        }

    def inputs(self) -> dict[str, Ticket]:
        """Further tickets it looks at, by role."""
        return {} if self.parent is None else {"parent": self.parent}


def choose(
    ticket: Ticket, choice: Choice, goal: Fraction, alive: Arrays, seed: int
) -> dict[str, np.ndarray]:
    """Masks that keep exactly `goal` weights (rounded, halves to even).

    Args:
        ticket: Where the weights are chosen.
        choice: By what.
        goal: How many to keep in all, at most as many as may live.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.
        seed: Seed of the criterion's draws.

    Returns:
        A mask, bool, for every prunable weight, none true where `alive` is false.

    Raises:
        UsageError: The criterion lacks what it needs, or was given what it cannot use.
        SparsetoolError: Scores are NaN, or `min_per_layer` asks for more than is kept.
        BrokenPromise: The criterion breaks its family's rules.
    """
    member = registry.load("criteria", choice.criterion)
    evidence = _evidence(ticket, choice, member, seed)
    if hasattr(member, "construct"):
        masks = _constructed(ticket, choice, member, evidence, round(goal))
    else:
        masks = _scored(ticket, choice, member, evidence, goal, alive)
    kept = sum(int(np.count_nonzero(mask)) for mask in masks.values())
    if kept != round(goal):
        raise BrokenPromise(f"{choice.criterion} kept {kept} weights instead of {round(goal)}")
    for name, allowed in alive.items():
        if np.any(masks[name] & ~allowed):
            raise BrokenPromise(f"{choice.criterion} revived pruned weights of {name}")
    return masks


def _evidence(ticket: Ticket, choice: Choice, member: ModuleType, seed: int) -> Evidence:
    needs = getattr(member, "NEEDS", "nothing")
    if needs == "data" and choice.batches is None:
        raise UsageError(f"criterion '{choice.criterion}' looks at data: give it batches")
    if (needs == "parent") != (choice.parent is not None):
        wrong = "needs a parent ticket: give one" if needs == "parent" else "takes no parent ticket"
        raise UsageError(f"criterion '{choice.criterion}' {wrong}")
    if choice.parent is not None:
        need_weights(choice.parent, choice.criterion, "the parent")
        ours, theirs = plain_shapes(ticket.shapes), plain_shapes(choice.parent.shapes)
        same_tensors(ours, theirs, "the parent")
    return Evidence(
        seed=seed,
        epochs=ticket.epochs,
        rounds=choice.iterations,
        batches=choice.batches or no_batches,
        parent=choice.parent,
    )


def _constructed(
    ticket: Ticket, choice: Choice, member: ModuleType, evidence: Evidence, keep: int
) -> dict[str, np.ndarray]:
    """Masks of a criterion that builds them itself."""
    if choice.density is not None or choice.iterations != 1 or choice.min_per_layer:
        raise UsageError(
            f"criterion '{choice.criterion}' constructs masks by itself: "
            "give it a sparsity and no density, iterations or least number per layer"
        )
    made: Mapping[str, np.ndarray] = member.construct(ticket, keep, evidence)
    for name, shape in ticket.shapes.items():
        if name not in made or made[name].shape != shape or made[name].dtype != bool:
            raise BrokenPromise(f"{choice.criterion} made no fitting mask for {name}")
    return {name: made[name] for name in ticket.shapes}


def _scored(
    ticket: Ticket,
    choice: Choice,
    member: ModuleType,
    evidence: Evidence,
    goal: Fraction,
    alive: Arrays,
) -> dict[str, np.ndarray]:
    """Masks of a criterion that gives scores, scored again on what is left in every round."""
    share: Share | None = registry.load("densities", choice.density or "global").share
    shapes = ticket.shapes
    room = room_of(shapes, alive)
    floors = floors_for(round(goal), room, choice.min_per_layer)
    if share is not None:
        # Integer shares need not fall with the total by themselves; the last round's are floors
        # of the earlier ones, so that several rounds end with the shares of one.
        floors = shares_above(share, shapes, round(goal), room, floors)
    masks: dict[str, np.ndarray] = {}
    counts = rounds_between(sum(room.values()), goal, choice.iterations)
    for number, count in enumerate(counts):
        now = masked(ticket, masks) if masks else ticket
        given = member.score(now, replace(evidence, round=number))
        scores = checked(given, shapes, choice.criterion)
        del given  # with_shares frees scores layer by layer
        if share is None:
            masks = with_floors(scores, count, floors, alive)
        else:
            parts = shares_above(share, shapes, count, room_of(shapes, alive), floors)
            masks = with_shares(scores, parts, alive)
        alive = masks
    return masks


def checked(
    given: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]], criterion: str
) -> dict[str, np.ndarray]:
    """A criterion's scores in the order of layers, each of its weight's shape, none NaN."""
    scores = {}
    for name, shape in shapes.items():
        if name not in given or given[name].shape != shape:
            raise BrokenPromise(f"{criterion} gave no fitting scores for {name}")
        score = scores[name] = given[name]
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

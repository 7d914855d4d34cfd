"""Criteria: which weights live. A member gives every prunable weight a score; the highest live.

A member states what it needs and defines one function:

    NEEDS = "nothing" | "weights" | "network" | "data" | "parent"

    def score(ticket, evidence) -> dict[str, numpy.ndarray]:
        '''Scores by name for every prunable weight, each of its weight's shape, no NaN.'''

Scores are given for all positions; the caller ranks only those that may live, so pruned weights
stay pruned in `prune`. `network` means that torch runs the network, `data` that it runs on batches
as well; only then may `score` (never the module) import torch. A member may further define

    DEFAULT_ITERATIONS = 100      rounds of scoring and masking, where 1 is not the method
    DEFAULT_PER_CLASS = 10        batches are balanced, and by default this many of each class
    ROUNDING = True               small differences of rounding grow over several rounds
    REVIVES = True                what one round leaves out may come back in the next
    def update(ticket, masks, evidence) -> dict[str, numpy.ndarray]
        '''New values of the weights after those off `masks` are removed (with `--update`).'''

Keyword parameters with defaults, as in `def score(ticket, evidence, *, block_size=50)`, are options
of the criterion's own.

A criterion may, instead of `score`, construct masks by itself, without shares or rounds:

    def construct(ticket, keep, evidence) -> dict[str, numpy.ndarray]
        '''Masks (bool) by name that keep exactly `keep` of the weights that live now.'''
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import SparsetoolError
from ..ticket.draws import Draws
from . import members
from .own_code import MARK

if TYPE_CHECKING:
    import numpy as np

    from ..ticket.value import Ticket

    Arrays = Mapping[str, np.ndarray]


NEEDS = ("nothing", "weights", "network", "data", "parent")


def no_batches() -> Iterable[Any]:
    """The batches of a criterion that looks at no data.

    Raises:
        SparsetoolError: Always.
    """
    raise SparsetoolError('evidence.batches() is for a criterion whose file states NEEDS = "data"')


@dataclass(frozen=True)
class Evidence:
    """What a criterion may look at besides the ticket.

    Attributes:
        seed: Seed of this step.
        epochs: Epochs the ticket was trained so far.
        round: Which of `rounds` pruning rounds this is, from 0.
        rounds: How many rounds there are.
        batches: Gives the data to score on, the same every time: images float [B, C, H, W],
            normalised, and labels int64 [B], on `device`; only for NEEDS "data".
        parent: An earlier ticket to compare with; only for NEEDS "parent".
        whole: The ticket before the first round; only for members with REVIVES.
        device: Where torch computes; only for NEEDS "network" and "data".
        memory: What a member likes to keep from one round to the next.
    """

    seed: int = 0
    epochs: int = 0
    round: int = 0
    rounds: int = 1
    batches: Callable[[], Iterable[Any]] = no_batches
    parent: Ticket | None = None
    whole: Ticket | None = None
    device: str = "cpu"
    memory: dict[str, Any] = field(default_factory=dict)

    def draws(self, name: str) -> Draws:
        """The random numbers for the mask of the parameter `name`."""
        key = name if self.rounds == 1 else f"{name}#{self.round}"
        return Draws(self.seed, "mask", self.epochs, key)


class Score(Protocol):
    """Scores by name for every prunable weight, each of its weight's shape."""

    def __call__(self, ticket: Ticket, evidence: Evidence, /, **options: Any) -> Arrays: ...


class Construct(Protocol):
    """Masks by name that keep exactly `keep` weights."""

    def __call__(
        self, ticket: Ticket, keep: int, evidence: Evidence, /, **options: Any
    ) -> Arrays: ...


class Update(Protocol):
    """New values of the weights after those off `masks` are removed."""

    def __call__(
        self, ticket: Ticket, masks: Arrays, evidence: Evidence, /, **options: Any
    ) -> Arrays: ...


@dataclass(frozen=True)
class Criterion:
    """A criterion, wherever it comes from.

    Attributes:
        name: The name by which records know it.
        needs: What it needs: `nothing`, `weights`, `network`, `data` or `parent`.
        score: Gives scores; None where it constructs masks.
        construct: Constructs masks, or None.
        update: Lets the weights that stay answer to the removal, or None.
        rounds: Rounds of scoring and masking that are the method.
        per_class: Examples of each class in a batch by default; None where batches are plain.
        revives: Whether what one round leaves out may come back in the next.
        rounding: Whether small differences of rounding grow over several rounds.
        options: Its own options with their defaults.
        versions: The installed package that has it and its version, if one has.
    """

    name: str
    needs: str
    score: Score | None = None
    construct: Construct | None = None
    update: Update | None = None
    rounds: int = 1
    per_class: int | None = None
    revives: bool = False
    rounding: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def load(spec: members.Spec) -> Criterion:
    """The criterion that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such criterion.
        SparsetoolError: It cannot be imported, or does not take what a criterion is given.
    """
    held = members.found("criteria", spec)
    state = held.constants
    if (needs := state.get("NEEDS", "nothing")) not in NEEDS:
        name = held.name.partition(MARK)[0]
        raise SparsetoolError(f"{name} states NEEDS = {needs!r}: it may be {', '.join(NEEDS)}")
    return Criterion(
        held.name,
        needs,
        held.function("score"),
        held.function("construct"),
        held.function("update"),
        state.get("DEFAULT_ITERATIONS", 1),
        state.get("DEFAULT_PER_CLASS"),
        state.get("REVIVES", False),
        state.get("ROUNDING", False),
        held.options,
        held.versions,
    )

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
    DEFAULTS = {"block_size": 50} options of its own, with their defaults
    REVIVES = True                what one round leaves out may come back in the next
    def update(ticket, masks, evidence) -> dict[str, numpy.ndarray]
        '''New values of the weights after those off `masks` are removed (with `--update`).'''

or, instead of `score`, construct masks by itself, without shares or rounds:

    def construct(ticket, keep, evidence) -> dict[str, numpy.ndarray]
        '''Masks (bool) by name that keep exactly `keep` of the weights that live now.'''
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ticket.draws import Draws

if TYPE_CHECKING:
    from ..ticket.value import Ticket


def no_batches() -> Iterable[Any]:
    """The batches of a criterion that looks at no data."""
    return ()


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
        settings: The member's own options, as asked or by default.
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
    settings: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    def draws(self, name: str) -> Draws:
        """The random numbers for the mask of the parameter `name`."""
        key = name if self.rounds == 1 else f"{name}#{self.round}"
        return Draws(self.seed, "mask", self.epochs, key)

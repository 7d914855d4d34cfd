"""Criteria: which weights live. A member gives every prunable weight a score; the highest live.

A member states what it needs and defines one function:

    NEEDS = "nothing" | "weights" | "data" | "parent"

    def score(ticket, evidence) -> dict[str, numpy.ndarray]:
        '''Scores by name for every prunable weight, each of its weight's shape, no NaN.'''

Scores are given for all positions; the caller ranks only those that may live, so pruned weights
stay pruned in `prune`. A member that needs neither data nor gradients must not import torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..draws import Draws

if TYPE_CHECKING:
    from ..ticket import Ticket


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
        batches: Gives the data to score on as (inputs, labels) tensors; only for NEEDS "data".
        parent: An earlier ticket to compare with; only for NEEDS "parent".
    """

    seed: int = 0
    epochs: int = 0
    round: int = 0
    rounds: int = 1
    batches: Callable[[], Iterable[Any]] = no_batches
    parent: Ticket | None = None

    def draws(self, name: str) -> Draws:
        """The random numbers for the mask of the parameter `name`."""
        key = name if self.rounds == 1 else f"{name}#{self.round}"
        return Draws(self.seed, "mask", self.epochs, key)

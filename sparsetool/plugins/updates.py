"""Updates: how masks move while a network trains. A member decides between two optimiser steps.

A member states when it acts on a step, whether it looks at gradients, and what becomes of the
sparsity; and it defines two functions:

    WHEN = "before" | "instead" | "after"
    GRADIENTS = "none" | "kept" | "dense"
    SPARSITY = "kept" | "rising" | "given" | "free"

    def due(step, plan) -> bool
        '''Whether masks move at step `step`, from 0, of the cycle.'''

    def move(moment) -> Moved
        '''New masks for all layers, and what grown weights start with.'''

`before` acts before a step's forward pass, `after` behind the optimiser's step, `instead` in its
place. `dense` gradients are those of all weights, computed on the steps that are due alone; `kept`
ones are zero where a weight is pruned. Sparsity `kept` is the ticket's in every layer, `rising`
goes up to `--to`, `given` ends at `--to`, or at the ticket's own, and `free` is what comes out.

A member may further state `DEFAULTS`, a literal of its options: of the general ones (`every`, such
as "100 steps or 1/20 cycle", whichever is less; `until`, a fraction of the cycle; `drop_fraction`,
`drop_decay`) those that it looks at, others as it likes, numbers as text; and `SCHEDULE`, its
learning-rate schedule where none is asked for. It may also define `check(plan)`, which raises
UsageError for a plan that cannot be.

A member whose network computes with other weights than it trains defines all of

    def begin(plan) -> dict
        '''What `memory` holds when a cycle begins.'''

    def seen(weight, name, plan, memory) -> Tensor
        '''What the network computes with; zero where it is pruned.'''

    def pull(weight, gradient, name, plan, memory, stride) -> Tensor
        '''The gradient in the weight, from the one in what was seen.'''

Then all weights live on under the masks, which `memory` holds as tensors (`mask/NAME`); where it
holds `trained/NAME`, bool, the optimiser changes the weight there alone. A ticket holds what the
network computes with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..errors import UsageError
from ..ticket.draws import Draws

if TYPE_CHECKING:
    from torch import Tensor

Masks = dict[str, np.ndarray]
GENERAL = ("every", "until", "drop_fraction", "drop_decay")  # options that several members share
DECAYS = ("cosine", "constant", "linear", "steps")
UNITS = ("step", "steps", "epoch", "epochs", "cycle")


@dataclass(frozen=True)
class Plan:
    """When masks move in one cycle, and how far; steps count from the schedule's beginning.

    Attributes:
        epochs: Epochs in the cycle.
        steps: Steps in an epoch.
        every: Steps between updates.
        until: Step from which masks stay (for members with phases: from which they are final).
        drop_fraction: Largest fraction of a layer's kept weights that one update drops.
        drop_decay: How it falls until then: one of `DECAYS`.
        sizes: Weights of each layer, by name.
        start: Weights that each layer keeps when the cycle begins.
        goal: Weights to keep in all when it ends.
        own: The member's own options, as text.
    """

    epochs: int
    steps: int
    every: int
    until: int
    drop_fraction: float
    drop_decay: str
    sizes: Mapping[str, int]
    start: Mapping[str, int]
    goal: int
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Steps in the cycle."""
        return self.epochs * self.steps

    @property
    def last(self) -> int:
        """The last step that is a multiple of `every` before `until`; 0 where there is none."""
        return (self.until - 1) // self.every * self.every

    def periodic(self, step: int) -> bool:
        """Whether `step` is a multiple of `every`, after the first and before `until`."""
        return 0 < step < self.until and step % self.every == 0

    def fraction(self, step: int, end: int | None = None) -> float:
        """The fraction to drop at a step.

        With a the largest and x = step / `until`: a / 2 (1 + cos(pi x)), a, a (1 - x); or in steps:
        a, from x = 3/4 on a / 2, from x = 1 on nothing.

        Args:
            step: The step, from 0.
            end: Where it has fallen, instead of `until`.
        """
        part = step / (end or self.until)
        if self.drop_decay == "steps":
            return self.drop_fraction * (1 if part < 0.75 else 0.5 if part < 1 else 0)
        if self.drop_decay == "linear":
            return self.drop_fraction * max(0.0, 1 - part)
        if self.drop_decay == "cosine":
            return self.drop_fraction / 2 * (1 + math.cos(math.pi * min(1.0, part)))
        return self.drop_fraction

    def number(self, name: str) -> float:
        """One of the member's own options as a number."""
        return float(Fraction(self.own[name]))


@dataclass(frozen=True)
class Moment:
    """A network between two steps, as arrays; nothing here is to be changed in place.

    Attributes:
        step: The step, from 0, of the cycle.
        plan: When masks move.
        weights: The prunable weights, by name.
        gradients: Their gradients, averaged over all examples of the step; empty unless asked for.
        masks: Their masks, bool.
        momentum: Gives the optimiser's momentum of a layer, zeros where it has none.
        draws: Gives the random numbers of this step for a layer.
        memory: What the member keeps from step to step: arrays or tensors by name, saved and
            restored with the training.
    """

    step: int
    plan: Plan
    weights: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray]
    momentum: Callable[[str], np.ndarray]
    draws: Callable[[str], Draws]
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """What an update decided.

    Attributes:
        masks: New masks, bool, by name; a layer that is not named keeps its own.
        grown: What weights that the new masks grow start with, by name; +0.0 for other layers.
    """

    masks: Mapping[str, np.ndarray]
    grown: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Stride:
    """How far the optimiser goes at a step, for members that train numbers of their own.

    Attributes:
        rate: Learning rate.
        momentum: Of SGD.
        weight_decay: On every parameter.
    """

    rate: float
    momentum: float
    weight_decay: float


class Update(Protocol):
    """A member of the family, as a module."""

    WHEN: str
    GRADIENTS: str
    SPARSITY: str

    def due(self, step: int, plan: Plan) -> bool:
        """Whether masks move at a step."""
        ...

    def move(self, moment: Moment) -> Moved:
        """New masks."""
        ...


class Reparametrised(Update, Protocol):
    """A member whose network computes with other weights than it trains."""

    def begin(self, plan: Plan) -> dict[str, Any]:
        """What `memory` holds when a cycle begins."""
        ...

    def seen(self, weight: Tensor, name: str, plan: Plan, memory: dict[str, Any]) -> Tensor:
        """What the network computes with."""
        ...

    def pull(
        self,
        weight: Tensor,
        gradient: Tensor,
        name: str,
        plan: Plan,
        memory: dict[str, Any],
        stride: Stride,
    ) -> Tensor:
        """The gradient in the weight."""
        ...


def steps_of(text: str, epochs: int, steps: int) -> int:
    """A time such as `100 steps or 1/20 cycle` in steps: the shortest of those named, at least 1.

    Args:
        text: Numbers with a unit, joined by ` or `.
        epochs: Epochs in the cycle.
        steps: Steps in an epoch.

    Raises:
        UsageError: It is not of that form.

    Example:
        >>> steps_of("100 steps or 1/20 cycle", 15, 12), steps_of("1 epoch", 15, 12)
        (9, 12)
    """
    found = []
    for part in text.split(" or "):
        number, _, unit = part.strip().partition(" ")
        try:
            value = Fraction(number)
        except (ValueError, ZeroDivisionError):
            value = Fraction(0)
        if value <= 0 or unit not in UNITS:
            raise UsageError(f"'{text}' is no time between updates: give such as '100 steps'")
        each = {"s": 1, "e": steps, "c": epochs * steps}[unit[0]]
        found.append(math.ceil(value * each))
    return max(1, min(found))

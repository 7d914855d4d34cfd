"""Updates: how masks move while a network trains. A member decides between two optimiser steps.

A member defines one function; keyword parameters with defaults are options of its own:

    def move(moment) -> Moved
        '''New masks for all layers, and what grown weights start with.'''

and states when it acts on a step, whether it looks at gradients, and what becomes of the sparsity
(the first of each where it does not state it):

    WHEN = "before" | "after" | "instead"
    GRADIENTS = "none" | "kept" | "dense"
    SPARSITY = "kept" | "rising" | "given" | "free"

`before` acts before a step's forward pass, `after` behind the optimiser's step, `instead` in its
place. `dense` gradients are those of all weights, computed on the steps that are due alone; `kept`
ones are zero where a weight is pruned. Sparsity `kept` is the ticket's in every layer, `rising`
goes up to `--to`, `given` ends at `--to`, or at the ticket's own, and `free` is what comes out.

It may define, in the same file, with the same keywords:

    def due(step, plan) -> bool
        '''Whether masks move at step `step`, from 0, of the cycle; else every `every` steps.'''

    def check(plan) -> None
        '''Raises UsageError for a plan that cannot be.'''

and state `DEFAULTS`, a literal of the general options: those that it looks at, of `every` (such as
"100 steps or 1/20 cycle", whichever is less), `until` (a fraction of the cycle), `drop_fraction`,
`drop_decay` (`PERIODIC` where it states nothing and has no `due`); and `SCHEDULE`, its
learning-rate schedule where none is asked for.

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
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from ..errors import SparsetoolError
from ..ticket.draws import Draws
from . import members
from .own_code import MARK

Masks = dict[str, np.ndarray]
GENERAL = ("every", "until", "drop_fraction", "drop_decay")  # options that several members share
DECAYS = ("cosine", "constant", "linear", "steps")
PERIODIC = {"every": "100 steps or 1/20 cycle", "until": "1"}
STATED = {  # what a member states, and what it may be; the first where it does not
    "WHEN": ("before", "after", "instead"),
    "GRADIENTS": ("none", "kept", "dense"),
    "SPARSITY": ("kept", "rising", "given", "free"),
}


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


class Move(Protocol):
    """New masks."""

    def __call__(self, moment: Moment, /, **options: Any) -> Moved: ...


class Due(Protocol):
    """Whether masks move at a step."""

    def __call__(self, step: int, plan: Plan, /, **options: Any) -> bool: ...


@dataclass(frozen=True)
class Update:
    """An update, wherever it comes from.

    Attributes:
        name: The name by which records know it.
        move: Gives new masks.
        due: Tells when.
        when: `before`, `instead` or `after`.
        gradients: `none`, `kept` or `dense`.
        sparsity: `kept`, `rising`, `given` or `free`.
        others: Its further functions, by name.
        usual: The general options that it looks at, and what they are by default.
        schedule: Its learning-rate schedule where none is asked for, if it has one.
        options: Its own options with their defaults.
        versions: The installed package that has it and its version, if one has.
    """

    name: str
    move: Move
    due: Due
    when: str
    gradients: str
    sparsity: str
    others: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    schedule: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"update '{self.name.partition(MARK)[0]}'"

    def having(self, own: Mapping[str, Any]) -> Update:
        """The same with some of its own options, among others, other than by default."""
        given = {**self.options, **{k: v for k, v in own.items() if k in self.options}}
        others = {name: partial(function, **given) for name, function in self.others.items()}
        move, due = partial(self.move, **given), partial(self.due, **given)
        return replace(self, move=move, due=due, others=others)


def load(spec: members.Spec) -> Update:
    """The update that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such update.
        SparsetoolError: It cannot be imported, does not take what an update is given, or states
            what cannot be.
    """
    held = members.found("updates", spec)
    move, stated = held.function("move"), {}
    if move is None:
        raise members.lacking(held, "move")
    for name, known in STATED.items():
        stated[name.lower()] = str(held.constants.get(name, known[0]))
        if stated[name.lower()] not in known:
            raise SparsetoolError(
                f"{held.name.partition(MARK)[0]}: {name} is one of {', '.join(known)}, "
                f"not '{stated[name.lower()]}'"
            )
    named = {name: held.function(name) for name in ("check", "begin", "seen", "pull")}
    return Update(
        held.name,
        move,
        held.function("due") or _periodic,
        **stated,
        others={name: function for name, function in named.items() if function},
        usual=dict(held.constants.get("DEFAULTS", {} if held.function("due") else PERIODIC)),
        schedule=held.constants.get("SCHEDULE"),
        options=held.options,
        versions=held.versions,
    )


def _periodic(step: int, plan: Plan, /, **_: Any) -> bool:
    return plan.periodic(step)

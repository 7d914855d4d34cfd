"""Schedules: the learning rate of every step of one cycle.

A member defines one function of one signature:

    def rate(step, cycle) -> float:
        '''Learning rate of step `step` (from 0) of a cycle described by `cycle`.'''

and, where it looks at any of these fields of `cycle`, a literal `USES` with their names: `warmup`,
`drops`, `drop_by`, `floor`. Each is an option of `train-cycles`, refused elsewhere. Keyword
parameters with defaults are options of the schedule's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from . import members


@dataclass(frozen=True)
class Cycle:
    """One cycle, as a schedule sees it.

    Attributes:
        epochs: Epochs in the cycle.
        steps: Steps in an epoch (the last, partial batch counts as one).
        peak: Highest learning rate.
        warmup: Part of the cycle that warms up, as a fraction of its epochs.
        drops: Where the rate drops, as fractions of the cycle's epochs, ascending.
        drop_by: Factor by which it is divided at each drop.
        warm: `linear` (from 0 to the peak, paper's CIFAR form) or `tenth` (constant at a tenth of
            the peak, paper's ImageNet form).
        floor: Lowest rate of schedules that have one (the rate itself, not a fraction).
        budget: This cycle's epochs over those of the ticket's first (dense) cycle; None where it
            was never trained.
        distance: L2 norm of the weights that the last pruning removed over that of all before it;
            None where nothing was pruned.
        removed: Fraction of the survivors that the last pruning removed, likewise.
        restarts: Steps at which masks move within the cycle, ascending; none where they stay.
    """

    epochs: int
    steps: int
    peak: float
    warmup: Fraction = Fraction(10, 150)
    drops: tuple[Fraction, ...] = (Fraction(70, 150), Fraction(130, 150))
    drop_by: float = 10
    warm: str = "linear"
    floor: float = 0.01
    budget: float | None = None
    distance: float | None = None
    removed: float | None = None
    restarts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Steps in the cycle."""
        return self.epochs * self.steps


class Rate(Protocol):
    """Learning rate of step `step` (from 0) of a cycle."""

    def __call__(self, step: int, cycle: Cycle, /, **options: Any) -> float: ...


@dataclass(frozen=True)
class Schedule:
    """A schedule, wherever it comes from.

    Attributes:
        name: The name by which records know it.
        rate: Gives the learning rate of a step.
        uses: The fields of `Cycle` that are options of `train-cycles` and that it looks at.
        options: Its own options with their defaults.
        versions: The installed package that has it and its version, if one has.
    """

    name: str
    rate: Rate
    uses: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def load(spec: members.Spec) -> Schedule:
    """The schedule that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such schedule.
        SparsetoolError: It cannot be imported, or does not take what a schedule is given.
    """
    held = members.found("schedules", spec)
    rate = held.function("rate")
    if rate is None:
        raise members.lacking(held, "rate")
    return Schedule(
        held.name, rate, tuple(held.constants.get("USES", ())), held.options, held.versions
    )

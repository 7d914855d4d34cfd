"""GMP*: gradual magnitude pruning with a large first step and a rate that restarts.

Kurtic, Alistarh, 2022, "GMP*: Well-tuned gradual magnitude pruning can outperform most BERT-pruning
methods". As GMP, but the first pruning goes to `first` at once (0.7, as for BERT) and the cubic
begins there; and the learning rate restarts at each pruning and falls linearly to a tenth. All
layers are ranked together and each keeps one weight at least.

No public code of the authors' for it was found (searched 2026-11-25); constants are the paper's as
our notes have them: the number of prunings, thirty, and the last quarter without any are ours.
"""

from __future__ import annotations

from fractions import Fraction

from ...errors import UsageError
from ...masks.moving import largest
from ...plugins.updates import Moment, Moved, Plan

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "rising"
SCHEDULE = "linear-restarts"
DEFAULTS = {"every": "1/40 cycle", "until": "3/4"}


def due(step: int, plan: Plan) -> bool:
    """Whether masks move at a step."""
    return plan.periodic(step)


def check(plan: Plan, *, first: float = 0.7) -> None:
    """See that the first step does not go beyond the goal."""
    if not 0 <= first < 1 or _kept(first, plan) < plan.goal:
        raise UsageError(
            f"gmp-star's first pruning would go to {first:g}, beyond --to: give a --first S from 0 "
            "to there"
        )


def move(moment: Moment, *, first: float = 0.7) -> Moved:
    """The largest of the kept weights: first as many as `first` leaves, then by the cubic.

    Args:
        moment: The network between two steps.
        first: Sparsity that the first pruning goes to.
    """
    plan = moment.plan
    start = min(_kept(first, plan), sum(plan.start.values()))
    after = plan.last - plan.every
    left = 1 - (moment.step - plan.every) / after if after else 0
    keep = round(plan.goal + (start - plan.goal) * left**3)
    return Moved(largest(moment.weights, keep, moment.masks))


def _kept(first: float, plan: Plan) -> int:
    return round((1 - Fraction(str(first))) * sum(plan.sizes.values()))

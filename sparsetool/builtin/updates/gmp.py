"""GMP: gradual magnitude pruning, on a cubic schedule.

Zhu, Gupta, 2017, "To prune, or not to prune: exploring the efficacy of pruning for model
compression". Of n prunings, one every D steps, the i-th goes to the sparsity
s_f + (s_i - s_f) (1 - i / n)^3, with s_i the ticket's own and s_f of `--to`; all layers are ranked
together, and each keeps one weight at least. Nothing that was pruned comes back. The paper's D is
from 100 to 1000 steps; pruning ends at 3/4 of the cycle here, where Gale, Elsen, Hooker, 2019, "The
state of sparsity in deep neural networks" ended it for ResNet50.
"""

from __future__ import annotations

from ...masks.moving import largest
from ...plugins.updates import Moment, Moved, Plan

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "rising"
DEFAULTS = {"every": "100 steps or 1/40 cycle", "until": "3/4"}


def due(step: int, plan: Plan) -> bool:
    """Whether masks move at a step."""
    return plan.periodic(step)


def move(moment: Moment) -> Moved:
    """The largest of the kept weights, as many as the cubic says."""
    plan = moment.plan
    keep = cubic(plan, moment.step, sum(plan.start.values()))
    return Moved(largest(moment.weights, keep, moment.masks))


def cubic(plan: Plan, step: int, start: int) -> int:
    """Weights to keep from a step on: from `start` to the goal, which the last update reaches."""
    left = 1 - step / plan.last
    return round(plan.goal + (start - plan.goal) * left**3)

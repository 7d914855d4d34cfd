"""Warm-up, then the peak, divided by 10 at each drop (default).

The paper's CIFAR form warms up linearly over 10 of 150 epochs and drops at 70 and 130; its ImageNet
form (`warm="tenth"`) stays at a tenth of the peak for 10 of 90 epochs and drops at 40 and 70.
Warm-up and drops are fractions of the cycle, computed exactly in steps.

Reference: Gadhikar, Nelaturu, Burkholz, "Cyclic sparse training: is it enough?"; Goyal et al.,
2017, "Accurate, large minibatch SGD", section 2.2 (linear warm-up). The authors' public scheduler
acts an epoch late, each cycle starting with an epoch at the peak; this follows the paper's text.
"""

from ...plugins.schedules import Cycle
from ._warmup import warming

USES = ("warmup", "drops", "drop_by")


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    if cycle.warm == "tenth" and step < cycle.warmup * cycle.total:
        return cycle.peak / 10
    if cycle.warm == "linear":
        warm = warming(step, cycle)
        if warm is not None:
            return warm
    passed = sum(step >= drop * cycle.total for drop in cycle.drops)
    return cycle.peak / cycle.drop_by**passed

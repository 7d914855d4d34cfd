"""Linear warm-up, then half a cosine from the peak down to the floor at the last step.

Restarts with every cycle (Loshchilov, Hutter, 2017, "SGDR: stochastic gradient descent with warm
restarts", ICLR, equation 5, with warm-up); one cycle of all epochs has no restarts. The floor is a
rate, not a fraction of the peak; a peak below it is kept to the end.
"""

import math

from ...plugins.schedules import Cycle
from ._warmup import warming

USES = ("warmup", "floor")


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    warm = warming(step, cycle)
    if warm is not None:
        return warm
    steps = cycle.warmup * cycle.total
    part = float((step + 1 - steps) / (cycle.total - steps))
    floor = min(cycle.floor, cycle.peak)
    return floor + (cycle.peak - floor) * (1 + math.cos(math.pi * part)) / 2

"""From the peak linearly down to a tenth, again after each pruning of a cycle.

Reference: Kurtic, Alistarh, 2022, "GMP*: Well-tuned gradual magnitude pruning can outperform most
BERT-pruning methods": the rate restarts with each pruning. A cycle without any has one descent.
"""

from bisect import bisect_right

from ...plugins.schedules import Cycle

END = 0.1  # of the peak


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    limits = (0, *cycle.restarts, cycle.total)
    at = min(bisect_right(limits, step), len(limits) - 1)
    begin, end = limits[at - 1], limits[at]
    return cycle.peak * (1 - (1 - END) * (step - begin) / (end - begin))

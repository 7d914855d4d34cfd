"""From a fifth of the peak linearly up to it over the first fifth of the steps, then down to 0.

Reference: Smith, Topin, 2019, "Super-convergence: very fast training of neural networks using large
learning rates", in the form the paper on cyclic training compares with: the peak is reached after
20% of all steps, and 0 would be the rate of the step after the last.
"""

from fractions import Fraction

from ...plugins.schedules import Cycle

START = Fraction(1, 5)  # of the peak
RISE = Fraction(1, 5)  # of all steps


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    rise = RISE * cycle.total
    if step < rise:
        return cycle.peak * float(START + (1 - START) * step / rise)
    return cycle.peak * float((cycle.total - step) / (cycle.total - rise))

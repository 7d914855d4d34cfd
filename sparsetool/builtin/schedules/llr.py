"""Linear: a tenth of the cycle warms up to the peak, then straight down to 0.

Reference: Zimmer, Spiegel, Pokutta, 2023, "How I learned to stop worrying and love retraining",
ICLR (LLR). Its relative `allr` adapts the peak to what was pruned.
"""

from fractions import Fraction

from ...plugins.schedules import Cycle

WARMUP = Fraction(1, 10)


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    warm = WARMUP * cycle.total
    if step < warm:
        return cycle.peak * min(float((step + 1) / warm), 1.0)
    return cycle.peak * float((cycle.total - step) / (cycle.total - warm))

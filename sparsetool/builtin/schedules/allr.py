"""Linear like `llr`, its peak adapted to what the last pruning removed and to the budget.

The peak is the asked one times clip(d / sqrt(s), min(T_rt / T, 1), 1), with d the norm of the
removed weights over that of all weights before that pruning, s the fraction of the survivors it
removed (not the ticket's sparsity), T_rt this cycle's epochs and T those of the dense cycle.

Reference: Zimmer, Spiegel, Pokutta, 2023, "How I learned to stop worrying and love retraining",
ICLR, section 3.2 (ALLR).
"""

from fractions import Fraction
from math import sqrt

from ...errors import SparsetoolError
from ...plugins.schedules import Cycle

WARMUP = Fraction(1, 10)


def peak(cycle: Cycle) -> float:
    """The adapted peak.

    Raises:
        SparsetoolError: The ticket was never trained or never pruned.
    """
    if cycle.budget is None or cycle.distance is None or not cycle.removed:
        raise SparsetoolError(
            "schedule allr adapts to a pruning: it needs a ticket that was trained and then pruned "
            "(use llr for others)"
        )
    least = min(cycle.budget, 1.0)
    return cycle.peak * min(max(cycle.distance / sqrt(cycle.removed), least), 1.0)


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle."""
    warm = WARMUP * cycle.total
    if step < warm:
        return peak(cycle) * min(float((step + 1) / warm), 1.0)
    return peak(cycle) * float((cycle.total - step) / (cycle.total - warm))

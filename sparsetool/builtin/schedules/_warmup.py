"""The linear warm-up that several schedules begin with."""

from ...plugins.schedules import Cycle


def warming(step: int, cycle: Cycle) -> float | None:
    """Rate peak (t + 1) / W of step t in a warm-up of W steps; None once it is over.

    W may be a fraction of steps; the last rate is then the peak, never above it.
    """
    steps = cycle.warmup * cycle.total
    if step >= steps:
        return None
    return cycle.peak * min(float((step + 1) / steps), 1.0)

"""The peak at every step, without warm-up."""

from ...plugins.schedules import Cycle


def rate(step: int, cycle: Cycle) -> float:
    """Learning rate of step `step` (from 0) of a cycle: the peak."""
    return cycle.peak

"""Exponential moving average of the weights.

Polyak, Juditsky, 1992, "Acceleration of stochastic approximation by averaging", with a decay d as
in Tarvainen, Valpola, 2017 ("mean teachers") and timm: after every step the average becomes d times
itself and 1 - d times the weights, from the cycle's first weights on; batch-norm statistics are
averaged as well. Tickets hold the average, and figures of splits are its; training goes on with the
weights themselves until the cycle ends, and the next cycle starts at the average. Not to be
confused with `average`, the mean of some tickets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor


def check(*, ema: float = 0.0) -> None:
    """See that it is a decay."""
    if not 0 <= ema < 1:
        raise UsageError(f"--ema must be in [0, 1), not {ema:g}")


def average(held: Tensor, now: Tensor, moment: Moment, *, ema: float = 0.0) -> Tensor:
    """The average after a step.

    Args:
        held: The average so far.
        now: The weight or buffer.
        moment: Not looked at.
        ema: Keep the average of the weights that moves with this decay, such as 0.999.
    """
    return held.lerp(now, 1 - ema)

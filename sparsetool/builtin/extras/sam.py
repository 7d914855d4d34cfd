"""Sharpness-aware minimisation: the gradient is taken at the worst place nearby.

Foret, Kleiner, Mobahi, Neyshabur, 2021, "Sharpness-aware minimization for efficiently improving
generalization", ICLR, algorithm 1: with g the gradient of the step, the optimiser gets the gradient
at w + rho g / |g|, on the same batch, so a step costs two. Pruned weights are no part of g and stay
zero there, too; the second pass leaves batch-norm statistics alone and drops out the same units as
the first. The norm is that of the gradient over all ranks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor


def check(*, sam: float = 0.0) -> None:
    """See that it is a radius."""
    if not 0 <= sam < math.inf:
        raise UsageError(f"--sam must not be below 0, not {sam:g}")


def ahead(gradients: list[Tensor], moment: Moment, *, sam: float = 0.0) -> list[Tensor]:
    """The way to the worst place.

    Args:
        gradients: Of all parameters, zero where pruned.
        moment: Not looked at.
        sam: Sharpness-aware minimisation within this radius, such as 0.05.
    """
    import torch

    norm = torch.nn.utils.get_total_norm(gradients)
    return [gradient * (sam / (norm + 1e-12)) for gradient in gradients]

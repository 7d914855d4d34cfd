"""Images and targets mixed with those of another example.

Zhang, Cisse, Dauphin, Lopez-Paz, 2018, "mixup: beyond empirical risk minimization", ICLR. Every
step draws l from Beta(a, a) and a permutation of its examples (of a rank's own, where several
train); an image becomes l times itself and 1 - l times the other, and so does its target. The
training accuracy counts the label that weighs most. Not to be confused with CutMix, which pastes a
box of the other image.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment
from ...ticket.draws import Draws

if TYPE_CHECKING:
    from torch import Tensor


def check(*, mixup: float = 0.0) -> None:
    """See that it is a parameter of a Beta distribution."""
    if not 0 <= mixup < math.inf:
        raise UsageError(f"--mixup must not be below 0, not {mixup:g}")


def batch(
    images: Tensor, targets: Tensor, moment: Moment, *, mixup: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Mix the examples of a step in pairs.

    Args:
        images: [B, C, H, W].
        targets: [B, classes].
        moment: Gives the draws.
        mixup: Mix examples in pairs, in parts from Beta(a, a) with this a, such as 0.2.
    """
    import torch

    part = beta(moment.draws, mixup)
    order = moment.draws.permutation(moment.examples)
    mine = order[(order >= moment.own.start) & (order < moment.own.stop)] - moment.own.start
    other = torch.from_numpy(mine).to(images.device)
    return (
        part * images + (1 - part) * images[other],
        part * targets + (1 - part) * targets[other],
    )


def beta(draws: Draws, a: float) -> float:
    """A number from Beta(a, a): x / (x + y) of two from Gamma(a), by their logarithms.

    Gamma(a) is Gamma(a + 1) times U^(1/a), and for Gamma(a + 1): Marsaglia, Tsang, 2000, "A simple
    method for generating gamma variables".
    """
    x, y = _log_gamma(draws, a), _log_gamma(draws, a)
    return 1 / (1 + math.exp(min(y - x, 700.0)))


def _log_gamma(draws: Draws, a: float) -> float:
    d = a + 1 - 1 / 3
    while True:
        normal, uniform = float(draws.normal(2)[0]), float(draws.uniform(1)[0])
        cube = (1 + normal / math.sqrt(9 * d)) ** 3
        if cube > 0 and math.log1p(-uniform) < normal**2 / 2 + d * (1 - cube + math.log(cube)):
            return math.log(d * cube) + math.log1p(-float(draws.uniform(1)[0])) / a

"""AC/DC: dense and compressed phases in turn, the last one compressed.

Peste, Iofinova, Vladu, Alistarh, 2021, "AC/DC: Alternating compressed/decompressed training of deep
neural networks", NeurIPS. Dense until `warm` of the cycle; then phases of `every`, the first one
compressed, until `until`; from there on compressed. A compression keeps the largest magnitudes of
all layers together; at a decompression every weight comes back, at zero.

The authors' code (IST-DASLab/ACDC, its configurations for ResNet20 on CIFAR-10 and ResNet50 on
ImageNet, read 2026-11-25): of 200 epochs dense until 10, then 20 compressed and 20 dense in turn,
compressed from 170 on, with a weight decay of 5e-4 and the rate a tenth at 65, 125, 185; these are
the defaults here, as fractions of the cycle. On ImageNet, of 100: dense until 10, 5 and 5 in turn,
decompressed from 75 to 85. It keeps weights above a threshold, so that ties may miss the sparsity;
here the number is exact, and each layer keeps one weight at least.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...errors import UsageError
from ...masks.moving import largest
from ...plugins.updates import Moment, Moved, Plan

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "given"
DEFAULTS = {"every": "1/10 cycle", "until": "17/20"}


def due(step: int, plan: Plan, *, warm: float = 0.05) -> bool:
    """Whether a phase begins at a step."""
    return step == 0 or compressed(step, plan, warm) != compressed(step - 1, plan, warm)


def compressed(step: int, plan: Plan, warm: float) -> bool:
    """Whether a step is in a compressed phase."""
    begin = _steps(warm, plan)
    return step >= plan.until or (step >= begin and (step - begin) // plan.every % 2 == 0)


def check(plan: Plan, *, warm: float = 0.05) -> None:
    """See that the dense beginning ends before the last phase, and that before the cycle."""
    if plan.until >= plan.total:
        raise UsageError(
            f"ac-dc's last, compressed phase begins at step {plan.until} of {plan.total}, so it "
            "cannot reach --to: give an earlier --update-until or more --epochs"
        )
    if not 0 <= _steps(warm, plan) <= plan.until:
        raise UsageError(
            f"ac-dc's dense beginning (--warm {warm:g} of the cycle) must end before its last "
            "phase begins: see --update-until"
        )


def move(moment: Moment, *, warm: float = 0.05) -> Moved:
    """All weights for a dense phase, the largest for a compressed one.

    Args:
        moment: The network between two steps.
        warm: Part of the cycle that is dense at its beginning.
    """
    if compressed(moment.step, moment.plan, warm):
        return Moved(largest(moment.weights, moment.plan.goal, moment.masks))
    return Moved({name: np.ones_like(mask) for name, mask in moment.masks.items()})


def _steps(warm: float, plan: Plan) -> int:
    return round(Fraction(str(warm)) * plan.total)

"""MEST: drop by magnitude and gradient, grow random weights, less and less.

Yuan, Ma, Niu, Li, Kong, Liu, Gong, Zhan, He, Jin, Wang, Qin, Wang, 2021, "MEST: Accurate and fast
memory-economic sparse training framework on the edge", NeurIPS. Every so often the weights of a
layer with the smallest |w| + lambda |gradient| are dropped and as many are grown at random. The
fraction falls in steps. With `--update-option soft=1` (elastic mutation with a soft bound, EM&S) a
layer grows beyond its number and drops what it has too many at the next update.

The public code (boone891214/MEST, `prune_utils/retrain.py` and its scripts for ResNet32, read
2026-11-25): every 5 of 160 epochs; for 90% it prunes to 92%, then 91%, then 90%, changing at epochs
90 and 120, and grows to 90%: 0.2 and 0.1 of the kept weights and then none, which are the defaults
here. Its EM&S grows to 85%, 87.5%, 90%, which is half and a quarter more than the number kept:
`soft=1` with `--drop-fraction 0.5`. Its lambda is 0 by default; here it is 0.01, so that the
gradient has a part, as in the paper's text; the paper's own value was not found.
"""

from __future__ import annotations

import numpy as np

from ...errors import UsageError
from ...masks.moving import grown_at_random, kept_after
from ...plugins.updates import Moment, Moved, Plan

WHEN = "after"
GRADIENTS = "kept"
SPARSITY = "kept"
DEFAULTS = {
    "every": "1/32 cycle",
    "until": "3/4",
    "drop_fraction": "0.2",
    "drop_decay": "steps",
}


def due(step: int, plan: Plan, *, soft: bool = False) -> bool:
    """Whether masks move at a step; with a soft bound once more in the end, to drop the rest."""
    return plan.periodic(step) or (soft and step == plan.until)


def check(plan: Plan, *, soft: bool = False) -> None:
    """See that a layer with too many weights drops them before the cycle ends."""
    if soft and plan.until >= plan.total:
        raise UsageError("mest with --soft wants an --update-until before the end of the cycle")


def move(moment: Moment, *, gradient_factor: float = 0.01, soft: bool = False) -> Moved:
    """Masks with the same number in each layer; with a soft bound, more until the next update.

    Args:
        moment: The network between two steps.
        gradient_factor: The lambda of |w| + lambda |gradient|.
        soft: Hold those that are to go until the next update.
    """
    plan = moment.plan
    fraction = plan.fraction(moment.step)
    masks = {}
    for name, mask in moment.masks.items():
        number = plan.start[name]
        exchanged = min(int(fraction * number), mask.size - number)
        keep = number if soft else number - exchanged
        gradient = gradient_factor * np.abs(moment.gradients[name])
        scores = np.abs(moment.weights[name]) + gradient
        left = kept_after(mask, scores, int(np.count_nonzero(mask)) - keep)
        among = ~mask if np.count_nonzero(~mask) >= exchanged else ~left
        masks[name] = grown_at_random(left, among, exchanged, moment.draws(name))
    return Moved(masks)

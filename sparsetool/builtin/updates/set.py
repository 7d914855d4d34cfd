"""SET: drop small weights, grow random ones, each layer's number constant.

Mocanu, Mocanu, Stone, Nguyen, Gibescu, Liotta, 2018, "Scalable training of artificial neural
networks with adaptive sparse connectivity inspired by network science", Nature Communications 9.
After each epoch the fraction 0.3 of a layer's kept weights with the smallest magnitude is dropped
and as many are grown, uniformly at random among those that were pruned before.

With a long time between updates and many of them it is SET-ITOP (Liu, Yin, Mocanu, Pechenizkiy,
2021, "Do we actually need dense over-parameterization?"): `--update-every 1000`; the record's
`ever_kept` gives its measure R.

Differences: Mocanu et al. start grown weights at random, here they start at zero, as in RigL's
public code of SET (google-research/rigl, read 2026-11-25; there 0.1 is the default fraction, and
what was just dropped may come back). A layer with less room than it drops, drops as many as fit.
"""

from __future__ import annotations

import numpy as np

from ...masks.moving import grown_at_random, kept_after
from ...plugins.updates import Moment, Moved, Plan

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "kept"
DEFAULTS = {
    "every": "1 epoch",
    "until": "1",
    "drop_fraction": "0.3",
    "drop_decay": "constant",
}


def due(step: int, plan: Plan) -> bool:
    """Whether masks move at a step."""
    return plan.periodic(step)


def move(moment: Moment) -> Moved:
    """Masks with as many weights in each layer, the smallest exchanged for random ones."""
    fraction = moment.plan.fraction(moment.step)
    masks = {}
    for name, mask in moment.masks.items():
        kept = int(np.count_nonzero(mask))
        drop = min(int(fraction * kept), mask.size - kept)
        left = kept_after(mask, np.abs(moment.weights[name]), drop)
        masks[name] = grown_at_random(left, ~mask, drop, moment.draws(name))
    return Moved(masks)

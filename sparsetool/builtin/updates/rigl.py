"""RigL: drop small weights, grow those with large gradients, each layer's number constant.

Evci, Gale, Menick, Castro, Elsen, 2020, "Rigging the lottery: making all tickets winners", ICML.
At step t the fraction a / 2 (1 + cos(pi t / T_end)) of a layer's kept weights, a = 0.3, those of
smallest magnitude, is dropped, and as many of those not kept then are grown, by the magnitude of
their gradient: a weight that was just dropped may come back, and keeps its value and momentum; the
others start at zero with zero momentum. T_end is 3/4 of the training. As in the paper's Algorithm 1
and its code, an update takes the place of that step's descent. Sparse layers by `mask --erk`.

With a long time between updates it is RigL-ITOP (Liu et al., 2021): `--update-every 4000`.

The public code (google-research/rigl, `sparse_optimizers_base.py`, read 2026-11-25) rounds the
number dropped down, as here; adds noise of 1e-5 to magnitudes, which here tie by position; updates
up to T_end inclusive, here before it, as in the paper; and has 0.1 and no decay as defaults, where
the paper's 0.3 and cosine are set by its scripts. Every 100 steps is the paper's; a cycle so short
that this would be fewer than some fifteen updates has one every twentieth of it.
"""

from __future__ import annotations

import numpy as np

from ...masks.moving import grown_by, kept_after
from ...plugins.updates import Moment, Moved, Plan

WHEN = "instead"
GRADIENTS = "dense"
SPARSITY = "kept"
DEFAULTS = {
    "every": "100 steps or 1/20 cycle",
    "until": "3/4",
    "drop_fraction": "0.3",
    "drop_decay": "cosine",
}


def due(step: int, plan: Plan) -> bool:
    """Whether masks move at a step."""
    return plan.periodic(step)


def move(moment: Moment) -> Moved:
    """Masks with as many weights in each layer, the smallest exchanged by gradients."""
    fraction = moment.plan.fraction(moment.step)
    masks = {}
    for name, mask in moment.masks.items():
        drop = int(fraction * np.count_nonzero(mask))
        left = kept_after(mask, np.abs(moment.weights[name]), drop)
        masks[name] = grown_by(left, np.abs(moment.gradients[name]), drop)
    return Moved(masks)

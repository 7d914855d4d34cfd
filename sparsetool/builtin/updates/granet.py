"""GraNet: gradual magnitude pruning, and at each pruning some weights grown again by gradients.

Liu, Chen, Chen, Atashgahi, Yin, Kou, Shen, Pechenizkiy, Wang, Mocanu, 2021, "Sparse training via
boosting pruning plasticity with neuroregeneration", NeurIPS. At each update all layers are pruned
together to GMP's cubic from the ticket's sparsity (0, or 0.5 with ERK) to `--to`, which is reached
at `until`; then in each layer a further fraction of the smallest weights is dropped and as many are
grown, by the magnitude of their gradients, until the end of the cycle.

The authors' code (VITA-Group/GraNet, CIFAR, read 2026-11-25): every 1000 steps of batch 128, here
less in a short cycle; pruned from the beginning to epoch 80 of 160; the fraction from 0.5 by a
cosine over all epochs, to 0.005 there and to 0 here; behind the optimiser's step, with that step's
gradient. It prunes by a threshold and rounds the fraction up; here numbers are exact, and rounded
down.
"""

from __future__ import annotations

import numpy as np

from ...masks.moving import grown_by, kept_after, largest
from ...plugins.updates import Moment, Moved, Plan

WHEN = "after"
GRADIENTS = "dense"
SPARSITY = "rising"
DEFAULTS = {
    "every": "1000 steps or 1/30 cycle",
    "until": "1/2",
    "drop_fraction": "0.5",
    "drop_decay": "cosine",
}


def due(step: int, plan: Plan) -> bool:
    """Whether masks move at a step; they go on after the final sparsity is reached."""
    return step > 0 and step % plan.every == 0


def move(moment: Moment) -> Moved:
    """Masks pruned by the cubic, in which some of each layer's weights are exchanged."""
    plan = moment.plan
    left = max(0.0, 1 - moment.step / plan.last)
    start = sum(plan.start.values())
    keep = round(plan.goal + (start - plan.goal) * left**3)
    pruned = largest(moment.weights, keep, moment.masks)
    fraction = plan.fraction(moment.step, plan.total)
    masks = {}
    for name, mask in pruned.items():
        drop = int(fraction * np.count_nonzero(mask))
        rest = kept_after(mask, np.abs(moment.weights[name]), drop)
        masks[name] = grown_by(rest, np.abs(moment.gradients[name]), drop)
    return Moved(masks)

"""Keep the weights whose removal costs most by the diagonal of the empirical Fisher matrix.

Score w^2 F / 2, F the mean over examples of the squared gradient of each one's loss (labels as
given), in evaluation mode. References: Theis, Korshunova, Tejani, Huszar, 2018, "Faster gaze
prediction with dense networks and Fisher pruning"; LeCun, Denker, Solla, 1989, "Optimal brain
damage", with the Fisher matrix for the Hessian. Not to be confused with the square of the mean
gradient, which is near zero after training (public code that squares a batch's gradient computes
that). Trap: of a network that fits every example, single gradients vanish too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """w^2 F / 2 for every prunable weight."""
    import torch

    from ._network import add, arrays, network

    net = network(ticket, evidence)
    sums = {name: torch.zeros_like(weight) for name, weight in net.weights.items()}
    count = 0
    for gradient in net.each_gradient():
        add(sums, {name: one.square() for name, one in gradient.items()})
        count += 1
    found = arrays(sums)
    return {name: np.square(ticket.weights[name]) * found[name] / (2 * count) for name in found}

"""Keep the weights whose removal would change the loss most, to first order, before training.

Score |w dL/dw|, L the mean cross-entropy on the batches, batch norm normalising by the batch (as in
training). Several batches: the signed gradient is averaged first. Reference: Lee, Ajanthan, Torr,
2019, "SNIP: Single-shot network pruning based on connection sensitivity", ICLR; in rounds
(`--iterations 100`) it is iterative SNIP of de Jorge et al., 2021, and of Verdenius et al., 2020.
Also called connection sensitivity. Not to be confused with Taylor: the same product after training,
in evaluation mode. Trap: in one round it empties whole layers at high sparsity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"
ROUNDING = True


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w g| for every prunable weight, g the mean gradient with batch statistics."""
    from ._network import arrays, network

    gradient = arrays(network(ticket, evidence, batch_statistics=True).mean_gradient())
    return {name: np.abs(ticket.weights[name] * gradient[name]) for name in ticket.prunable}

"""Keep the weights whose removal would change the loss most, to first order, after training.

Score |w dL/dw|, L the mean cross-entropy on the batches, in evaluation mode. Several batches: the
signed gradient is averaged first. Reference: Molchanov, Tyree, Karras, Aila, Kautz, 2017, "Pruning
convolutional neural networks for resource efficient inference", ICLR, there for whole feature maps;
here for single weights. Not to be confused with SNIP: the same product before training, with batch
statistics. Trap: at a minimum the mean gradient is zero, and what is left of it is noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w g| for every prunable weight, g the mean gradient in evaluation mode."""
    from ._network import arrays, network

    gradient = arrays(network(ticket, evidence).mean_gradient())
    return {name: np.abs(ticket.weights[name] * gradient[name]) for name in ticket.prunable}

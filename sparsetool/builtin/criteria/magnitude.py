"""Keep the weights of greatest magnitude.

Score |w|. Reference: Han, Pool, Tran, Dally, 2015, "Learning both weights and connections for
efficient neural networks", NeurIPS. Also called magnitude pruning (IMP, WR and LRR iterate it).
Trap: at initialisation, magnitudes ranked over all layers compare initialisation scales.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "weights"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w| for every prunable weight, in the weight's own precision."""
    return {name: np.abs(ticket.weights[name]) for name in ticket.prunable}

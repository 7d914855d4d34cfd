"""Keep the weights that moved away from zero most since the parent ticket.

Score w^2 - w_parent^2: twice the sum of w times its change over all steps in the limit of small
steps, which is what movement pruning accumulates as -w dL/dw. Reference: Sanh, Wolf, Rush, 2020,
"Movement pruning: Adaptive sparsity by fine-tuning", NeurIPS. Not to be confused with `distance`,
which Zhou et al., 2019, call movement, or with `magnitude-increase`. Trap: give the ticket that
this one was trained from; another parent compares unrelated weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "parent"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """w^2 - w_parent^2 for every prunable weight, float64 (in float32 it would cancel)."""
    assert evidence.parent is not None
    then = evidence.parent.weights
    return {
        name: np.square(ticket.weights[name], dtype=np.float64)
        - np.square(then[name], dtype=np.float64)
        for name in ticket.prunable
    }

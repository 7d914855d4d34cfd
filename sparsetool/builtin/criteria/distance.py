"""Keep the weights that changed most since the parent ticket, whichever way.

Score |w - w_parent|. Reference: Zhou, Lan, Liu, Yosinski, 2019, "Deconstructing lottery tickets:
Zeros, signs, and the supermask", NeurIPS, section 2, where it is called movement. Not to be
confused with `movement` (Sanh et al.), which keeps what moved away from zero. Trap: a weight that
went a long way towards zero scores high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "parent"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w - w_parent| for every prunable weight, in the weights' precision."""
    assert evidence.parent is not None
    then = evidence.parent.weights
    return {name: np.abs(ticket.weights[name] - then[name]) for name in ticket.prunable}

"""Keep the weights whose magnitude grew most since the parent ticket.

Score |w| - |w_parent|. Reference: Zhou, Lan, Liu, Yosinski, 2019, "Deconstructing lottery tickets:
Zeros, signs, and the supermask", NeurIPS, section 2, which found it to keep as good masks as
magnitude. Not to be confused with `movement`, the same of squares, or `distance`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "parent"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w| - |w_parent| for every prunable weight, in the weights' precision."""
    assert evidence.parent is not None
    then = evidence.parent.weights
    return {name: np.abs(ticket.weights[name]) - np.abs(then[name]) for name in ticket.prunable}

"""Keep random weights, each equally likely.

Uniform draws from the mask's own seed, independent of the initialisation's and the data's. Kept
are the highest of 32 random bits, so that the number kept is exact (public code often draws each
weight by itself, and misses its sparsity); equal draws, some 1 in 2^32 a pair, go by position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "nothing"


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """Independent uniform numbers, uint32, for every prunable weight."""
    # Survivors of an earlier random mask are those with high draws, the more so the sparser their
    # layer: ranked by the same draws again, sparse layers would wrongly win.
    again = "" if ticket.kept == ticket.total else f"@{ticket.kept}"
    scores = {}
    for name, shape in ticket.shapes.items():
        size = int(np.prod(shape, dtype=np.int64))
        words = evidence.draws(name + again).words((size + 1) // 2)
        scores[name] = words.astype("<u8", copy=False).view("<u4")[:size].reshape(shape)
    return scores

"""Keep the greatest |w g| of the pruned network, in rounds in which weights may come back (FORCE).

Score |w g| with w the weight of the network before the first round and g the gradient of the mean
loss at the network as masked by the round before, batch norm normalising by the batch; all weights
are ranked again in each of 60 rounds (the authors' number) at geometric densities, so that a weight
left out early can come back. One round is SNIP. Reference: de Jorge, Sanyal, Behl, Torr, Rogez,
Dokania, 2021, "Progressive skeletonization: Trimming more fat from a network at initialization",
ICLR, section 4. Not to be confused with iterative SNIP, where what is gone stays gone (`--force`
already means to overwrite a file). Trap: a masked weight's gradient is that at zero, not at w.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"
ROUNDING = True
DEFAULT_ITERATIONS = 60
REVIVES = True


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """|w g| for every prunable weight, w from `evidence.whole`, g at the masked `ticket`."""
    from ._network import arrays, network

    whole = evidence.whole or ticket
    gradient = arrays(network(ticket, evidence, batch_statistics=True).mean_gradient())
    return {name: np.abs(whole.weights[name] * gradient[name]) for name in ticket.prunable}

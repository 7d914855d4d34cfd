"""Keep the weights whose magnitude times their input's norm is greatest, output by output.

Score |w_ij| ||x_j||, x_j the j-th input over all tokens (or patches of a convolution), in
evaluation mode; weights compete within the row of one output: the score given is their rank in it,
from 0 to 1, so that `--uniform S` removes the same part of each row, and `--n-m 2:4` is theirs too.
Reference: Sun, Liu, Bair, Kolter, 2024, "A simple and effective pruning approach for large language
models", ICLR. `--within layer` gives the plain products, to be ranked in whole layers. Their code
goes on to a layer with what the pruned ones before it give; here all inputs are those of the ticket
as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import UsageError

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"


def score(ticket: Ticket, evidence: Evidence, *, within: str = "output") -> dict[str, np.ndarray]:
    """|w| ||x|| for every prunable weight, as a rank among the weights of its output, float64.

    Args:
        ticket: The ticket.
        evidence: The data.
        within: Where weights compete: `output` or `layer`.

    Raises:
        UsageError: An unknown place.
        SparsetoolError: A layer is neither linear nor a convolution.
    """
    from ._inputs import products

    if within not in ("output", "layer"):
        raise UsageError(f"--within is output or layer, not '{within}'")
    scores = {}
    for name, product_GDD in products(ticket, evidence):
        norms_GD = product_GDD.diagonal(dim1=1, dim2=2).sqrt().cpu().numpy()
        weight = ticket.weights[name].astype(np.float64)
        rows_GRD = np.abs(weight).reshape(len(norms_GD), -1, norms_GD.shape[1])
        found = rows_GRD * norms_GD[:, None, :]
        scores[name] = (_ranks(found) if within == "output" else found).reshape(weight.shape)
    return scores


def _ranks(rows: np.ndarray) -> np.ndarray:
    """Ranks within the last axis, from 0 to 1; of equal ones the first is highest."""
    order = np.argsort(-rows, axis=-1, kind="stable")
    width = rows.shape[-1]
    ranks = np.empty(rows.shape)
    np.put_along_axis(
        ranks, order, np.broadcast_to(np.arange(width, 0, -1) / width, rows.shape), -1
    )
    return ranks

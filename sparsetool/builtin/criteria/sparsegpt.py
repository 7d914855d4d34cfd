"""Keep the weights whose removal changes a layer's outputs most, when later inputs make up for it.

Score w_ij^2 / [(H_F)^-1]_jj, with H = X X' + lambda I of the layer's inputs (columns X: tokens, or
patches of a convolution), F the inputs from the j-th on, and lambda 1% of the mean diagonal. With
`--update` the weights that stay answer: from the first input to the last, the pruned w_ij is
removed by w_i,F <- w_i,F - w_ij / [(H_F)^-1]_jj (H_F)^-1_j, which is the optimal brain surgeon's
step with the inputs before j held fixed. Both come from one Cholesky factor of H^-1. Reference:
Frantar, Alistarh, 2023, "SparseGPT: Massive language models can be accurately pruned in one-shot",
ICML. Here the mask is chosen before the sweep (their mask block size is the whole layer), and all
inputs are those of the ticket as it is; their code goes on with what pruned layers before give.

Shapes: G groups, R outputs of a group, D columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"
DAMPING = 0.01
BLOCK = 128  # columns whose answers are passed on together


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """w^2 / [(H_F)^-1]_jj for every prunable weight, float64.

    Raises:
        SparsetoolError: A layer is neither linear nor a convolution.
    """
    from ._inputs import products

    scores = {}
    for name, product in products(ticket, evidence):
        pivots_GD = _factor(product).diagonal(dim1=1, dim2=2).numpy()
        weight = ticket.weights[name].astype(np.float64)
        rows_GRD = weight.reshape(len(pivots_GD), -1, pivots_GD.shape[1])
        scores[name] = np.square(rows_GRD / pivots_GD[:, None, :]).reshape(weight.shape)
    return scores


def update(
    ticket: Ticket, masks: Mapping[str, np.ndarray], evidence: Evidence
) -> dict[str, np.ndarray]:
    """Weights after those off `masks` are removed and later inputs have made up for them."""
    import torch

    from ._inputs import products

    changed = {}
    for name, product in products(ticket, evidence):
        factor_GDD = _factor(product)
        old = ticket.weights[name]
        shape = (len(factor_GDD), -1, factor_GDD.shape[1])
        rows = torch.from_numpy(old.astype(np.float64)).reshape(shape).clone()
        gone = torch.from_numpy(~masks[name]).reshape(shape)
        for row, dead, factor in zip(rows, gone, factor_GDD, strict=True):
            _sweep(row, dead, factor)
        changed[name] = rows.reshape(old.shape).numpy().astype(old.dtype)
    return changed


def _sweep(rows_RD: Tensor, gone_RD: Tensor, factor_DD: Tensor) -> None:
    """Remove what is gone, column by column, in place; answers go to later blocks all at once."""
    import torch

    width = rows_RD.shape[1]
    for start in range(0, width, BLOCK):
        end = min(start + BLOCK, width)
        errors = torch.zeros(len(rows_RD), end - start, dtype=rows_RD.dtype)
        for at in range(start, end):
            pull = torch.where(gone_RD[:, at], rows_RD[:, at], 0.0) / factor_DD[at, at]
            rows_RD[:, at:end] -= pull[:, None] * factor_DD[at, at:end]
            rows_RD[:, at].masked_fill_(gone_RD[:, at], 0.0)
            errors[:, at - start] = pull
        rows_RD[:, end:] -= errors @ factor_DD[start:end, end:]


def _factor(product_GDD: Tensor) -> Tensor:
    """The upper Cholesky factor of H^-1, [G, D, D]: its row j is (H_F)^-1_j over its pivot."""
    import torch

    diagonal = product_GDD.diagonal(dim1=1, dim2=2)
    mean = diagonal.mean(1)
    damping = DAMPING * torch.where(mean > 0, mean, 1.0)
    eye = torch.eye(product_GDD.shape[1], dtype=product_GDD.dtype, device=product_GDD.device)
    whole = product_GDD + damping[:, None, None] * eye
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(whole))
    return torch.linalg.cholesky(inverse, upper=True).cpu()

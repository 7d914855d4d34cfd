"""Adam with decoupled weight decay.

Reference: Loshchilov, Hutter, 2019, "Decoupled weight decay regularization", ICLR, algorithm 2. Its
beta 1 is `--momentum`. Not to be confused with Adam, whose weight decay goes through the averages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.optimizers import Rates

if TYPE_CHECKING:
    import torch


def optimizer(
    parameters: list[torch.nn.Parameter],
    rates: Rates,
    *,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> torch.optim.Optimizer:
    """Torch's AdamW.

    Args:
        parameters: What it changes.
        rates: Learning rate, beta 1 and weight decay.
        beta2: Decay of the average of squared gradients.
        eps: Added to the root of that average; above 0, so that pruned weights stay zero.
    """
    import torch

    return torch.optim.AdamW(
        parameters,
        lr=rates.lr,
        betas=(rates.momentum, beta2),
        eps=eps,
        weight_decay=rates.weight_decay,
        fused=rates.fused,
    )

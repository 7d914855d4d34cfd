"""Adam with decoupled weight decay.

Reference: Loshchilov, Hutter, 2019, "Decoupled weight decay regularization", ICLR, algorithm 2. Its
beta 1 is `--momentum`. Not to be confused with Adam, whose weight decay goes through the averages.
Transformers are mostly trained with `--decay-on weights`: biases, normalisation and the embeddings
of positions do not decay then (Touvron et al., 2021, DeiT; Brown et al., 2020, GPT-3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...plugins.optimizers import Rates

if TYPE_CHECKING:
    import torch

CHOICES = {"decay_on": ("all", "weights")}


def optimizer(
    parameters: list[torch.nn.Parameter],
    rates: Rates,
    *,
    beta2: float = 0.999,
    eps: float = 1e-8,
    decay_on: str = "all",
) -> torch.optim.Optimizer:
    """Torch's AdamW.

    Args:
        parameters: What it changes.
        rates: Learning rate, beta 1 and weight decay.
        beta2: Decay of the average of squared gradients.
        eps: Added to the root of that average; above 0, so that pruned weights stay zero.
        decay_on: Which parameters decay: `all`, or `weights` of layers and of tables of embeddings.
    """
    import torch

    groups: list[dict[str, Any]] = [{"params": parameters}]
    if decay_on == "weights":
        spared = [p for p in parameters if id(p) not in rates.matrices]
        decayed = [p for p in parameters if id(p) in rates.matrices]
        groups = [{"params": decayed}, {"params": spared, "weight_decay": 0.0}]
    return torch.optim.AdamW(
        groups,
        lr=rates.lr,
        betas=(rates.momentum, beta2),
        eps=eps,
        weight_decay=rates.weight_decay,
        fused=rates.fused,
    )

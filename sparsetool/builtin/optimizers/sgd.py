"""Stochastic gradient descent with momentum.

Weight decay is added to the gradient, as in torch and in the paper. Reference: Sutskever, Martens,
Dahl, Hinton, 2013, "On the importance of initialization and momentum in deep learning", ICML, in
torch's form (the rate multiplies the velocity). Also called heavy ball.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.optimizers import Rates

if TYPE_CHECKING:
    import torch


def optimizer(parameters: list[torch.nn.Parameter], rates: Rates) -> torch.optim.Optimizer:
    """Torch's SGD without Nesterov's momentum."""
    import torch

    return torch.optim.SGD(
        parameters,
        lr=rates.lr,
        momentum=rates.momentum,
        weight_decay=rates.weight_decay,
        fused=rates.fused,
    )

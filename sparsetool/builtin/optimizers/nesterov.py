"""Stochastic gradient descent with Nesterov's momentum.

Reference: Sutskever, Martens, Dahl, Hinton, 2013, "On the importance of initialization and momentum
in deep learning", ICML, section 2, in torch's form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.optimizers import Rates

if TYPE_CHECKING:
    import torch

NEEDS_MOMENTUM = True


def optimizer(parameters: list[torch.nn.Parameter], rates: Rates) -> torch.optim.Optimizer:
    """Torch's SGD with Nesterov's momentum."""
    import torch

    return torch.optim.SGD(
        parameters,
        lr=rates.lr,
        momentum=rates.momentum,
        weight_decay=rates.weight_decay,
        nesterov=True,
        fused=rates.fused,
    )

"""Gradients that are longer than a norm are shortened to it.

Pascanu, Mikolov, Bengio, 2013, "On the difficulty of training recurrent neural networks", ICML,
algorithm 1. The norm is that of all gradients together, over kept weights and all examples of the
step, as in `torch.nn.utils.clip_grad_norm_`. Not to be confused with clipping each value.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor


def check(*, clip_norm: float = 0.0) -> None:
    """See that it is a norm."""
    if not 0 <= clip_norm < math.inf:
        raise UsageError(f"--clip-norm must not be below 0, not {clip_norm:g}")


def gradients(gradients: list[Tensor], moment: Moment, *, clip_norm: float = 0.0) -> None:
    """Shorten the gradients.

    Args:
        gradients: Of all parameters, zero where pruned.
        moment: Not looked at.
        clip_norm: Shorten longer gradients to this norm, such as 1.
    """
    import torch

    norm = torch.nn.utils.get_total_norm(gradients)
    torch._foreach_mul_(gradients, (clip_norm / (norm + 1e-6)).clamp(max=1.0))

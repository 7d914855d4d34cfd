"""STR: soft thresholds, learnt in each layer.

Kusupati, Ramanujan, Somani, Wortsman, Jain, Kakade, Farhadi, 2020, "Soft threshold weight
reparameterization for learnable sparsity", ICML. The network computes with
sign(w) relu(|w| - sigmoid(s)); s of each layer is trained like a weight, under weight decay, which
pulls it from far below towards zero and so the threshold up. The sparsity is what comes out: it
goes by `s_init` (where all begin) and `s_decay`.

The authors' code (RAIVNLab/STR, read 2026-11-25) begins at s = -3200 with the weights' own decay of
2.25e-5, for 90% in 100 epochs on ImageNet: s then moves by the decay alone for most of the
training. A cycle of few steps needs a beginning nearer to zero: -5 here, a threshold of 0.0067.
The weights under the threshold live on in a run's states; a ticket holds what the network computes
with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import UsageError
from ...plugins.updates import Moment, Moved, Plan, Stride

if TYPE_CHECKING:
    from torch import Tensor

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "free"
WEIGHT_DECAY = "weight-decay"


def due(step: int, plan: Plan) -> bool:
    """Never: masks follow thresholds, at every step."""
    return False


def move(moment: Moment) -> Moved:
    """No new masks."""
    return Moved({})


def check(plan: Plan, *, s_decay: str = "weight-decay") -> None:
    """See that the thresholds' decay is a number.

    Args:
        plan: When masks move.
        s_decay: Decay of s: a number, or the weights' own.
    """
    _decay(s_decay, 0.0)


def begin(plan: Plan, *, s_init: float = -5.0) -> dict[str, Any]:
    """Thresholds, by layer, and their momentum.

    Args:
        plan: When masks move.
        s_init: What s begins at; the threshold is its sigmoid.
    """
    s = np.array(s_init)
    return {f"{key}/{n}": v for n in plan.sizes for key, v in (("s", s), ("speed", np.zeros(())))}


def seen(weight: Tensor, name: str, plan: Plan, memory: dict[str, Any]) -> Tensor:
    """The weights less the threshold."""
    threshold = memory[f"s/{name}"].sigmoid().to(weight.dtype)
    size = weight.abs()
    return (weight.sign() * (size - threshold)).where(size > threshold, 0.0)


def pull(
    weight: Tensor,
    gradient: Tensor,
    name: str,
    plan: Plan,
    memory: dict[str, Any],
    stride: Stride,
    *,
    s_decay: str = "weight-decay",
) -> Tensor:
    """The gradient of what is above the threshold; the threshold takes its own step.

    Args:
        weight: The weights that are trained.
        gradient: The gradient in what the network computes with.
        name: The layer.
        plan: When masks move.
        memory: What is kept from step to step.
        stride: How far the optimiser goes.
        s_decay: Decay of s: a number, or the weights' own.
    """
    s, speed = memory[f"s/{name}"], memory[f"speed/{name}"]
    chance = s.sigmoid()
    above = weight.abs() > chance.to(weight.dtype)
    found = gradient.where(above, 0.0)
    slope = -(found * weight.sign()).sum(dtype=s.dtype) * chance * (1 - chance)
    speed.mul_(stride.momentum).add_(slope + _decay(s_decay, stride.weight_decay) * s)
    s.sub_(stride.rate * speed)
    return found


def _decay(typed: str, usual: float) -> float:
    """The decay of s.

    Raises:
        UsageError: It is no number.
    """
    try:
        return usual if typed == WEIGHT_DECAY else float(typed)
    except ValueError:
        raise UsageError(f"str wants a number as --s-decay, or {WEIGHT_DECAY}: '{typed}'") from None

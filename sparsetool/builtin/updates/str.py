"""STR: soft thresholds, learnt in each layer.

Kusupati, Ramanujan, Somani, Wortsman, Jain, Kakade, Farhadi, 2020, "Soft threshold weight
reparameterization for learnable sparsity", ICML. The network computes with
sign(w) relu(|w| - sigmoid(s)); s of each layer is trained like a weight, under weight decay, which
pulls it from far below towards zero and so the threshold up. The sparsity is what comes out: it
goes by `s` (where all begin) and `decay`.

The authors' code (RAIVNLab/STR, read 2026-11-25) begins at s = -3200 with the weights' own decay of
2.25e-5, for 90% in 100 epochs on ImageNet: s then moves by the decay alone for most of the
training. A cycle of few steps needs a beginning nearer to zero: -5 here, a threshold of 0.0067.
The weights under the threshold live on in a run's states; a ticket holds what the network computes
with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...plugins.updates import Moment, Moved, Plan, Stride

if TYPE_CHECKING:
    from torch import Tensor

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "free"
DEFAULTS = {"s": "-5", "decay": "weight-decay"}


def due(step: int, plan: Plan) -> bool:
    """Never: masks follow thresholds, at every step."""
    return False


def move(moment: Moment) -> Moved:
    """No new masks."""
    return Moved({})


def begin(plan: Plan) -> dict[str, Any]:
    """Thresholds, by layer, and their momentum."""
    s = np.array(plan.number("s"))
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
) -> Tensor:
    """The gradient of what is above the threshold; the threshold takes its own step."""
    s, speed = memory[f"s/{name}"], memory[f"speed/{name}"]
    chance = s.sigmoid()
    above = weight.abs() > chance.to(weight.dtype)
    found = gradient.where(above, 0.0)
    slope = -(found * weight.sign()).sum(dtype=s.dtype) * chance * (1 - chance)
    own = plan.own["decay"]
    decay = stride.weight_decay if own == "weight-decay" else plan.number("decay")
    speed.mul_(stride.momentum).add_(slope + decay * s)
    s.sub_(stride.rate * speed)
    return found

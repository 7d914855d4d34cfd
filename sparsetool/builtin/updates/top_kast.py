"""Top-KAST: compute with the largest weights, train these and some more.

Jayakumar, Pascanu, Rae, Osindero, Elsen, 2020, "Top-KAST: Top-K always sparse training", NeurIPS.
The network computes with the set A of the largest weights of each layer; gradients go to the larger
set B, `backward` times as many (2: a backward sparsity of 80% for 90% forward, the paper's pair
for ResNet50), so that weights outside A can grow into it; what is outside B stays as it is. Weight
decay holds for A as ever and for B outside A over the layer's density, so that only weights that
help stay large. Sets are formed anew every so many steps (the paper: every step, or every 100
without loss). Each layer keeps its part of the ticket's mask, or the same density.

A ticket holds A alone: the weights in reserve live as long as the cycle, and in a run's states. No
code of the authors' was found (searched 2026-11-25); that in SparseML (Neural Magic) was read: it
ranks all layers together by default and decays B outside A by one minus the sparsity, where the
paper divides by the density.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import UsageError
from ...masks.selection import highest
from ...plugins import find
from ...plugins.updates import Moment, Moved, Plan, Stride

if TYPE_CHECKING:
    from torch import Tensor

WHEN = "before"
GRADIENTS = "none"
SPARSITY = "given"
DEFAULTS = {"every": "100 steps or 1/100 cycle", "until": "1"}


def due(step: int, plan: Plan) -> bool:
    """Whether the sets are formed anew at a step."""
    return step == 0 or plan.periodic(step)


def check(plan: Plan, *, backward: float = 2.0) -> None:
    """See that B is no smaller than A."""
    if not 1 <= backward < float("inf"):
        raise UsageError(f"top-kast wants a --backward of at least 1, not {backward:g}")


def move(moment: Moment, *, backward: float = 2.0) -> Moved:
    """A, from all weights; B is remembered.

    Args:
        moment: The network between two steps.
        backward: Weights of a layer in B, over those in A.
    """
    shares = _shares(moment.plan, {name: mask.shape for name, mask in moment.masks.items()})
    masks = {}
    for name, weight in moment.weights.items():
        scores = {"": np.abs(weight)}
        masks[name] = highest(scores, shares[name], {})[""]
        more = min(weight.size, int(backward * shares[name]))
        moment.memory[f"trained/{name}"] = highest(scores, more, {})[""]
    return Moved(masks)


def _shares(plan: Plan, shapes: dict[str, tuple[int, ...]]) -> dict[str, int]:
    """Weights of each layer in A."""
    if sum(plan.start.values()) == plan.goal:
        return dict(plan.start)
    uniform = find.load("densities", "uniform")
    shares: dict[str, int] = uniform.share(shapes, plan.goal, plan.sizes)
    return shares


def begin(plan: Plan) -> dict[str, Any]:
    """Nothing: the sets are formed before the first step."""
    return {}


def seen(weight: Tensor, name: str, plan: Plan, memory: dict[str, Any]) -> Tensor:
    """The weights of A."""
    return weight.where(memory[f"mask/{name}"], 0.0)


def pull(
    weight: Tensor,
    gradient: Tensor,
    name: str,
    plan: Plan,
    memory: dict[str, Any],
    stride: Stride,
) -> Tensor:
    """The gradient for B alone, with the further decay of what is outside A."""
    inside, trained = memory[f"mask/{name}"], memory[f"trained/{name}"]
    density = inside.count_nonzero() / inside.numel()
    decay = weight * (stride.weight_decay * (1 / density - 1))
    return gradient.add(decay.where(~inside, 0.0)).where(trained, 0.0)

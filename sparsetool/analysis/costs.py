"""What a ticket costs: multiply-accumulates, training FLOPs of its lineage, memory.

Counted are the multiply-accumulates (MACs) of convolutions and matrix products with a weight, those
of attention and recurrent layers included, per example; FLOPs are twice that. Each kept weight
costs as many as the positions it is applied at, so sparse counts are whole numbers too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..errors import SparsetoolError
from ..ticket.value import Ticket
from .memory import memory
from .training_costs import training
from .uses import seen_uses


def uses(model: str, classes: int, input: Iterable[int]) -> dict[str, int]:
    """How often each layer's weights are applied to one example, by the weight's name.

    A layer's dense MACs are this times its size.

    Args:
        model: `NAME` or `NAME:ARGUMENT`.
        classes: Number of classes.
        input: Channels, height and width of an example, pixels.

    Example:
        >>> uses("mlp:20", 10, (1, 8, 8))
        {'fc1.weight': 1, 'fc2.weight': 1}
    """
    return seen_uses(model, classes, input).times


def flops(ticket: Ticket, *, convention: str = "sparse", bits: int = 32) -> dict[str, Any]:
    """Inference and training cost of a ticket, and its memory.

    Args:
        ticket: The ticket; masks alone have costs too, but for the memory of other parameters.
        convention: `sparse` (a training example costs 3 f(mask), with the mask of its time) or
            `dense` (3 f of the dense network: what hardware without sparse kernels executes).
        bits: Bits of one weight in the memory figures.

    Returns:
        `macs` and `flops` of the dense network, `macs_sparse` and `flops_sparse` under the mask,
        all per example; `layers` with `name`, `macs`, `macs_sparse` and `density` of each
        convolution, linear layer and other matrix; the fields of `training`; `memory` (see there).
        Where there are such weights, `masked_in_vain` names those whose pruned weights cost what
        others do (what is multiplied is no zero where they are), and `uncounted` those of which a
        use was seen that is in no figure.

    Raises:
        UsageError: An unknown convention.
        SparsetoolError: The lineage is of another network.
    """
    seen = seen_uses(ticket.meta["model"], ticket.meta["classes"], ticket.meta["input"])
    times = seen.times
    sizes = _sizes(ticket, times)
    kept = {**sizes, **ticket.kept_by_layer}
    costing = {**kept, **{name: sizes[name] for name in seen.whole}}
    layers: list[dict[str, Any]] = [
        {
            "name": name,
            "macs": times[name] * sizes[name],
            "macs_sparse": times[name] * costing[name],
            "density": kept[name] / sizes[name],
        }
        for name in times
    ]
    vain = [name for name in times if name in seen.whole and name in ticket.masks]
    macs = sum(layer["macs"] for layer in layers)
    macs_sparse = sum(layer["macs_sparse"] for layer in layers)
    return {
        "macs": macs,
        "macs_sparse": macs_sparse,
        "flops": 2 * macs,
        "flops_sparse": 2 * macs_sparse,
        "layers": layers,
        **training(ticket, times, sizes, convention, seen.whole),
        "memory": memory(ticket, bits),
        **({"masked_in_vain": vain} if vain else {}),
        **({"uncounted": list(seen.uncounted)} if seen.uncounted else {}),
    }


def _sizes(ticket: Ticket, names: Iterable[str]) -> dict[str, int]:
    """Weights of each layer; masks alone know those of prunable layers only."""
    sizes = {name: math.prod(shape) for name, shape in ticket.shapes.items()}
    missing = [name for name in names if name not in sizes and name not in ticket.weights]
    if missing:
        raise SparsetoolError(
            f"this file holds masks alone and lacks {missing[0]}: measure a ticket instead"
        )
    return {name: sizes.get(name) or ticket.weights[name].size for name in names}

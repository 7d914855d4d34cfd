"""What a ticket is: its layers and densities, its facts of birth (numpy only)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..layer_graph.paths import connectivity
from ..ticket.value import Ticket, history


def show(ticket: Ticket, *, layers: bool = False, lineage: bool = False) -> dict[str, Any]:
    """What a ticket is, as the verb `show` prints it.

    Args:
        ticket: The ticket, or masks alone.
        layers: Each prunable layer too, with what the masks cut off.
        lineage: Every record that led to it too.

    Returns:
        `digest` (hex), `sparsity` (fraction of prunable weights, 0 to 1), `epochs` (trained in
        all), the fields of `facts`; on demand those of `layers_of`, and `lineage`.

    Example:
        >>> from sparsetool import init, mask, show
        >>> ticket = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.5)
        >>> found = show(ticket, layers=True)
        >>> found["kept"], found["prunable"], found["layers"][0]["shape"]
        (740, 1480, [20, 64])
    """
    found = {"digest": ticket.digest, "sparsity": ticket.sparsity, "epochs": ticket.epochs}
    found |= facts(ticket)
    found |= layers_of(ticket) if layers else {}
    return found | ({"lineage": history(ticket)} if lineage else {})


def facts(ticket: Ticket) -> dict[str, Any]:
    """Counts and facts of birth.

    Returns:
        `kind`, `kept` and `prunable` (weights), `parameters` (all entries but buffers; 0 for masks
        alone), `model`, `data`, `classes`, `input` (channels, height, width), `seed`, and
        `test_accuracy` (fraction) where the last step was a training.
    """
    figures = ticket.lineage[-1].get("figures", {}) if ticket.lineage else {}
    buffers = set(ticket.meta["buffers"])
    return {
        "kind": ticket.kind,
        "kept": ticket.kept,
        "prunable": ticket.total,
        "parameters": sum(w.size for name, w in ticket.weights.items() if name not in buffers),
        **{key: ticket.meta[key] for key in ("model", "data", "classes", "input", "seed")},
        **{key: figures[key] for key in ("test_accuracy",) if key in figures},
    }


def layers_of(ticket: Ticket) -> dict[str, Any]:
    """Each prunable layer in model order, and what the masks cut off.

    Returns:
        `layers`, each with `name`, `shape`, `kept` and `prunable` (weights), `density` (fraction
        kept, 0 to 1), `effective` (kept weights on a path from input to output), `dead_channels`
        (how many outputs are on no path) and `dead` (which, from 0); `effective_sparsity`
        (fraction) and `connected` (whether there is any path). None stands for what a network
        without a traced graph hides.
    """
    paths = connectivity(ticket)
    found = []
    for name, shape in ticket.shapes.items():
        kept, size = ticket.kept_by_layer[name], math.prod(shape)
        dead = None if paths.dead is None else paths.dead.get(name)
        found.append(
            {
                "name": name,
                "shape": list(shape),
                "kept": kept,
                "prunable": size,
                "density": kept / size if size else 0.0,
                "effective": None if paths.effective is None else paths.effective[name],
                "dead_channels": None if dead is None else int(dead.sum()),
                "dead": None if dead is None else np.flatnonzero(dead).tolist(),
            }
        )
    return {"layers": found, "effective_sparsity": paths.sparsity, "connected": paths.connected}

"""What a ticket is: its layers and densities, its facts of birth (numpy only)."""

from __future__ import annotations

from typing import Any

from ..ticket import Ticket, history


def facts(ticket: Ticket) -> dict[str, Any]:
    """Counts and facts of birth.

    Returns:
        `kind`, `kept` and `prunable` (weights), `parameters` (all entries but buffers; 0 for masks
        alone), `model`, `data`, `classes`, `input` (channels, height, width), `seed`.
    """
    buffers = set(ticket.meta["buffers"])
    return {
        "kind": ticket.kind,
        "kept": ticket.kept,
        "prunable": ticket.total,
        "parameters": sum(w.size for name, w in ticket.weights.items() if name not in buffers),
        **{key: ticket.meta[key] for key in ("model", "data", "classes", "input", "seed")},
    }


def layers(ticket: Ticket) -> list[dict[str, Any]]:
    """Each prunable layer in model order.

    Returns:
        `name`, `shape`, `kept` and `prunable` (weights), `density` (fraction kept, 0 to 1).
    """
    found = []
    for name, shape in ticket.shapes.items():
        kept = ticket.kept_by_layer[name]
        size = 1
        for length in shape:
            size *= length
        found.append(
            {
                "name": name,
                "shape": list(shape),
                "kept": kept,
                "prunable": size,
                "density": kept / size if size else 0.0,
            }
        )
    return found


def lineage(ticket: Ticket) -> list[dict[str, Any]]:
    """Every record that led to it, parents before children, each with its digest."""
    return history(ticket)

"""Bytes of weights, masks and optimiser state."""

from __future__ import annotations

from typing import Any

from ..ticket.value import Ticket
from .training_costs import trains

STATE = 4  # bytes of one number of an optimiser's state


def memory(ticket: Ticket, bits: int = 32) -> dict[str, Any]:
    """Bytes of a ticket's network.

    Args:
        ticket: The ticket.
        bits: Bits of one value, for all parameters alike.

    Returns:
        `weights` (all parameters, dense), `packed` (those kept, and the masks), `masks` (one bit
        for each prunable weight; 0 where nothing was masked), `packed_relative` (to `weights`), and
        `optimizer` (float32 state of the last training's optimiser over all parameters).

    Example:
        >>> bitmask_ratio(16, 0.2)
        0.8625
    """
    buffers = set(ticket.meta["buffers"])
    held = ticket.weights if ticket.kind == "ticket" else ticket.masks
    parameters = sum(array.size for name, array in held.items() if name not in buffers)
    removed = ticket.total - ticket.kept
    masks = -(-ticket.total // 8) if ticket.masks else 0
    weights = -(-parameters * bits // 8)
    packed = -(-(parameters - removed) * bits // 8) + masks
    return {
        "weights": weights,
        "packed": packed,
        "masks": masks,
        "packed_relative": packed / weights,
        "optimizer": parameters * STATE * _slots(ticket),
    }


def bitmask_ratio(bits: int, sparsity: float) -> float:
    """Memory of kept values and a bitmask, relative to dense values of so many bits each."""
    return (bits * (1 - sparsity) + 1) / bits


def _slots(ticket: Ticket) -> int:
    """Numbers that the last training's optimiser keeps for each parameter."""
    for record in reversed(ticket.main_line):
        if trains(record):
            options = record["options"]
            if options.get("optimizer") == "adamw":
                return 2
            return 1 if options.get("momentum") else 0
    return 0

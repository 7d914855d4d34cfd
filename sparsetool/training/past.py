"""What a schedule may need to know of the steps before a training."""

from __future__ import annotations

from typing import Any

from ..ticket.value import Ticket


def trained(ticket: Ticket, epochs: int) -> dict[str, Any]:
    """What retraining schedules need of the first cycle ever trained: `budget`."""
    for record in ticket.main_line:
        if record["verb"] == "train-cycles":
            return {"budget": epochs / record["options"]["epochs"]}
    return {}


def pruned(ticket: Ticket) -> dict[str, Any]:
    """What retraining schedules need of the last pruning: `distance` and `removed`."""
    for record in reversed(ticket.main_line):
        figures = record.get("figures", {})
        if record["verb"] == "prune" and figures.get("weight_norm"):
            distance = figures["removed_norm"] / figures["weight_norm"]
            return {"distance": distance, "removed": figures["removed_fraction"]}
    return {}

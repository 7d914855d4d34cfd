"""The learning rate of a cycle: the data set's defaults, overridden by options."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..errors import UsageError
from ..plugins.schedules import Schedule
from ..ticket.counts import decimal
from ..ticket.value import Ticket

TYPED = ("warmup", "drops", "drop_by", "floor")  # fields of `Settings` that say it
NO_DROPS = "none"


def canonical(schedule: Schedule, epochs: int, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of the shape, in one spelling.

    Args:
        schedule: The schedule.
        epochs: Epochs in a cycle.
        typed: Fields of `Settings` in `TYPED`; None where nothing was typed.

    Returns:
        `warmup` (epochs, a decimal), `drops` (epochs, decimals with commas, or `none`), `drop_by`
        and `floor` (numbers), where typed.

    Raises:
        UsageError: A value that cannot be, or that the schedule has no use for.
    """
    given = {name: typed[name] for name in TYPED if typed[name] is not None}
    if idle := [name for name in given if name not in schedule.uses]:
        flag = idle[0].replace("_", "-")
        raise UsageError(f"schedule '{schedule.name}' has no use for --{flag}: leave it out")
    if "warmup" in given:
        given["warmup"] = _epoch(given["warmup"], epochs, "--warmup")
    if "drops" in given and given["drops"] != NO_DROPS:
        found = [_epoch(text, epochs, "--drops") for text in str(given["drops"]).split(",")]
        if sorted(set(found), key=Fraction) != found:
            raise UsageError(f"--drops wants epochs in ascending order, not {given['drops']}")
        given["drops"] = ",".join(found)
    if not 1 < given.get("drop_by", 10) < math.inf:
        raise UsageError(f"--drop-by must be above 1, not {given['drop_by']:g}")
    if not 0 <= given.get("floor", 0) < math.inf:
        raise UsageError(f"--floor must not be below 0, not {given['floor']:g}")
    return given


def _epoch(text: str, epochs: int, option: str) -> str:
    value = decimal(text)
    if not 0 <= Fraction(value) <= epochs:
        raise UsageError(f"{option} must be from 0 to {epochs} epochs, not {text}")
    return value


def cycle_fields(epochs: int, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a `schedules.Cycle` that stand for what was typed.

    Args:
        epochs: Epochs in a cycle.
        typed: As `canonical` returned it.
    """
    found = {name: typed[name] for name in TYPED if typed[name] is not None}
    if "warmup" in found:
        found["warmup"] = Fraction(found["warmup"]) / epochs
    if "drops" in found:
        texts = [] if found["drops"] == NO_DROPS else found["drops"].split(",")
        found["drops"] = tuple(Fraction(text) / epochs for text in texts)
    return found


def past_fields(ticket: Ticket, epochs: int) -> dict[str, Any]:
    """Fields of a `schedules.Cycle` that stand for what was done to a ticket before.

    Args:
        ticket: Where the cycle starts.
        epochs: Epochs in the cycle.
    """
    return {**_trained(ticket, epochs), **_pruned(ticket)}


def _trained(ticket: Ticket, epochs: int) -> dict[str, Any]:
    """What retraining schedules need of the first cycle ever trained: `budget`."""
    for record in ticket.main_line:
        if record["verb"] == "train-cycles":
            return {"budget": epochs / record["options"]["epochs"]}
    return {}


def _pruned(ticket: Ticket) -> dict[str, Any]:
    """What retraining schedules need of the last pruning: `distance` and `removed`."""
    for record in reversed(ticket.main_line):
        figures = record.get("figures", {})
        if record["verb"] == "prune" and figures.get("weight_norm"):
            distance = figures["removed_norm"] / figures["weight_norm"]
            return {"distance": distance, "removed": figures["removed_fraction"]}
    return {}

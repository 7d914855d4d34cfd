"""Cycles until the peak: how many, chosen by what was held out and never by the test split.

After each cycle the accuracy on `--val` is looked at. A cycle is a new peak where it is above the
last one by more than the smallest gain; the training ends when as many cycles as the patience says
were none, or at the most cycles. The result is the ticket at the peak. Its record says which cycle
that was, how many were trained after it, and what they cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import SparsetoolError, UsageError
from ..ticket.counts import decimal, fraction
from ..ticket.lineage import CHOOSING, Record
from ..ticket.value import Ticket

DEFAULTS: Mapping[str, Any] = {"patience": 2, "min_gain": "0", "most_cycles": 20}
CHARGED = (
    "examples",
    "second_examples",
    "kept_examples",
    "gradient_examples",
)  # what `flops` charges a cycle by


@dataclass(frozen=True)
class Peak:
    """When to stop.

    Attributes:
        patience: Cycles without a new peak after which the training ends.
        min_gain: Fraction of the held-out examples by which a cycle must be above the last peak, as
            a decimal; a new peak is above it by more than this.
        most_cycles: Cycles at most.
    """

    patience: int
    min_gain: str
    most_cycles: int

    @property
    def options(self) -> dict[str, Any]:
        """As the record of the peak holds them."""
        return {"until_peak": True, **vars(self)}


def canonical(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of the peak, with defaults.

    Args:
        typed: Fields of `Settings`; those in `CHOOSING` are None or False where nothing was typed.

    Raises:
        UsageError: A value that cannot be, or nothing is held out.
    """
    given = {name: typed[name] for name in DEFAULTS if typed[name] is not None}
    if not typed["until_peak"]:
        if given:
            flag = next(iter(given)).replace("_", "-")
            raise UsageError(f"--{flag} is for --until-peak: give both or neither")
        return {}
    if typed["val"] is None:
        raise UsageError("--until-peak chooses by what is held out: give --val FRACTION, as 0.1")
    found = {**DEFAULTS, **given}
    for name in ("patience", "most_cycles"):
        if found[name] < 1:
            flag = name.replace("_", "-")
            raise UsageError(f"--{flag} must be at least 1, not {found[name]}")
    fraction(found["min_gain"], "--min-gain")
    return {**found, "min_gain": decimal(found["min_gain"])}


def best_of(accuracies: Sequence[float], peak: Peak) -> tuple[int, bool]:
    """The peak of what was trained so far, from 0, and whether the training ends there.

    Args:
        accuracies: Of each cycle, on what was held out; at least one.
        peak: When to stop.

    Example:
        >>> best_of([0.5, 0.7, 0.7, 0.6], Peak(patience=2, min_gain="0", most_cycles=9))
        (1, True)
        >>> best_of([0.5, 0.55, 0.65], Peak(patience=2, min_gain="0.1", most_cycles=9))
        (2, False)
    """
    best = 0
    for cycle, accuracy in enumerate(accuracies):
        if accuracy > accuracies[best] + float(peak.min_gain):
            best = cycle
    done = len(accuracies)
    return best, done - 1 - best >= peak.patience or done >= peak.most_cycles


def accuracy_of(ticket: Ticket) -> float:
    """The accuracy of a cycle's end on what was held out.

    Raises:
        SparsetoolError: Its record has none.
    """
    found = ticket.lineage[-1].get("figures", {}).get("val_accuracy")
    if found is None:
        raise SparsetoolError("a cycle's record has no accuracy on what was held out (--val)")
    return float(found)


def at_peak(ticket: Ticket, peak: Peak, cycle: int, later: Iterable[Record]) -> Ticket:
    """The ticket at the peak, its record saying how it was chosen and what that cost.

    Args:
        ticket: The ticket after the `cycle`-th cycle.
        peak: When to stop.
        cycle: Which cycle of the command, from 1.
        later: Records of the cycles trained after it.
    """
    last, beyond = ticket.lineage[-1], [record["achieved"] for record in later]
    extra: dict[str, Any] = {"peak_cycle": cycle, "extra_cycles": len(beyond)}
    for name in CHARGED:
        parts = [achieved[name] for achieved in beyond if name in achieved]
        if name == "examples" or (parts and name == "second_examples"):
            extra[f"extra_{name}"] = sum(parts)
        elif parts:
            extra[f"extra_{name}"] = [sum(layer) for layer in zip(*parts, strict=True)]
    record: Record = {
        **last,
        "options": dict(sorted({**last["options"], **peak.options}.items())),
        "achieved": {**last["achieved"], **extra},
    }
    return replace(ticket, lineage=(*ticket.lineage[:-1], record))


def plain(record: Record) -> Record:
    """The record of a peak as that of any cycle: without how it was chosen."""
    options = {k: v for k, v in record["options"].items() if k not in CHOOSING}
    return {**record, "options": options}


def cycles_of(record: Record) -> tuple[int, int]:
    """Cycles of the command that a record of a peak ends: up to the peak, and trained in all."""
    achieved = record["achieved"]
    upto = int(achieved["peak_cycle"])
    return upto, upto + int(achieved["extra_cycles"])

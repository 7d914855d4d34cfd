"""Epochs of each cycle of a command, and whether a ticket is what the command would give."""

from __future__ import annotations

from dataclasses import replace

from ..errors import UsageError
from ..ticket.lineage import Record
from ..ticket.value import Ticket
from .peak import cycles_of, plain
from .settings import Settings

MOST_CYCLES = 1_000_000  # that one command plans; more are reached by several


def asked_epochs(settings: Settings, n: int) -> list[int]:
    """Epochs that each of `n` cycles trains."""
    return [settings.epochs - settings.first_epoch(cycle) for cycle in range(n)]


def is_result(old: Ticket, start: str, settings: Settings, epochs: list[int]) -> bool:
    """Whether `old` is what training the ticket with digest `start` would give.

    Args:
        old: A ticket found where the result would go.
        start: Digest of the ticket to train.
        settings: The settings.
        epochs: Epochs trained in each cycle (the last may be cut short by `--stop-after`).
    """
    line = old.main_line[-len(epochs) :]
    if len(line) != len(epochs) or line[0]["inputs"].get("ticket") != start:
        return False
    return all(_same(record, settings, c, epochs[c]) for c, record in enumerate(line))


def is_peak(old: Ticket, start: str, settings: Settings) -> bool:
    """Whether `old` is what training the ticket with digest `start` until the peak would give."""
    last = old.lineage[-1] if old.lineage else None
    if last is None or settings.peak is None or not last["options"].get("until_peak"):
        return False
    upto, _ = cycles_of(last)
    chosen = {k: v for k, v in last["options"].items() if k in settings.peak.options}
    known = replace(old, lineage=(*old.lineage[:-1], plain(last)))
    epochs = asked_epochs(settings, upto)
    return chosen == settings.peak.options and is_result(known, start, settings, epochs)


def trained_until(old: Ticket, epochs: list[int]) -> int:
    """Epochs that were trained to find a peak.

    Args:
        old: The ticket at the peak.
        epochs: Epochs of each cycle, to the most.
    """
    _, cycles = cycles_of(old.lineage[-1])
    return sum(epochs[:cycles])


def _same(record: Record, settings: Settings, cycle: int, epochs: int) -> bool:
    return (
        record["verb"] == "train-cycles"
        and record["options"] == settings.options(cycle)
        and record["seed"] == settings.seed
        and record["achieved"].get("epochs") == epochs
    )


def cut(epochs: list[int], stop_after: int | None) -> list[int]:
    """Epochs of each cycle when the command stops after `stop_after` epochs of its own."""
    if stop_after is None:
        return epochs
    if not 1 <= stop_after <= sum(epochs):
        raise UsageError(f"--stop-after must be from 1 to {sum(epochs)} epochs, not {stop_after}")
    left, result = stop_after, []
    for length in epochs:
        if left:
            result.append(min(length, left))
            left -= result[-1]
    return result


def planned(settings: Settings, n: int, stop_after: int | None) -> list[int]:
    """Epochs of each cycle that a command of `n` cycles trains, stopped or not.

    Only cycles that are reached are counted, so a huge `n` costs nothing. Until the peak it may be
    fewer: as many as are trained at most.

    Raises:
        UsageError: `stop_after` is beyond the end, or there are too many cycles.
    """
    if settings.peak is not None:
        if stop_after is not None:
            raise UsageError("--stop-after and --until-peak do not go together: both say when")
        n = settings.peak.most_cycles
    if stop_after is not None:
        n = min(n, max(1, -(-(stop_after + settings.from_epoch) // settings.epochs)))
    if n > MOST_CYCLES:
        raise UsageError(f"--n {n} is more cycles than one command trains, {MOST_CYCLES:,}")
    return cut(asked_epochs(settings, n), stop_after)

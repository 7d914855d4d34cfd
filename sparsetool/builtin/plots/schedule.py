"""The learning rate over a whole run: of tickets, or of schedules by name.

A name may say its length: `cosine:150x3` is three cycles of 150 epochs (default 150x1, of 98 steps
an epoch and peak 0.1, as on CIFAR-10).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial

from ...data.naming import recipe_of
from ...errors import SparsetoolError, UsageError
from ...plugins import find, schedules
from ...plugins.plot_rows import short
from ...plugins.plots import Figure, Panel, Series, View, axis
from ...plugins.schedules import Cycle
from ...ticket.lineage import Record
from ...ticket.value import Ticket
from ...training.settings import Settings

READS = "tickets or names"
TAKES = ()
CIFAR_STEPS = 98
POINTS = 100  # in a cycle, besides
BEND = 1e-3  # second difference, in peaks, above which a step is drawn
Rate = Callable[[int, Cycle], float]


def figure(sources: Sequence[tuple[str, Ticket | None]], view: View) -> Figure:
    """One panel: rate against epochs trained; steps between bends are left out."""
    known = short(name for name, ticket in sources if ticket is not None)
    drawn = tuple(
        _named(name) if ticket is None else _trained(known[name], ticket)
        for name, ticket in sources
    )
    return Figure((Panel(axis("epochs"), axis("rate"), drawn),))


def _named(spec: str) -> Series:
    name, length = find.split(spec)
    epochs, _, cycles = (length or "150x1").partition("x")
    if not (epochs.isdigit() and (cycles or "1").isdigit() and int(epochs) and int(cycles or 1)):
        raise UsageError(f"'{spec}': wanted a ticket's file or SCHEDULE:EPOCHSxCYCLES")
    rate = schedules.load(name).rate
    cycle = Cycle(int(epochs), CIFAR_STEPS, 0.1)
    x: list[float] = []
    y: list[float] = []
    for number in range(int(cycles or 1)):
        _sample(rate, cycle, range(cycle.epochs), number * cycle.epochs, x, y)
    return Series(spec, x, y, look="plain")


def _trained(name: str, ticket: Ticket) -> Series:
    x: list[float] = []
    y: list[float] = []
    start = 0
    known = {field.name for field in fields(Settings)}
    line = ticket.main_line
    for at, record in enumerate(line):
        if record["verb"] != "train-cycles":
            continue
        before = replace(ticket, lineage=tuple(line[:at]))
        options = {k: v for k, v in record["options"].items() if k in known}
        own = {k: v for k, v in record["options"].items() if k not in known}
        settings = Settings(**{**options, "seed": record["seed"], "own": own})
        cycle = settings.shape(_steps(record), recipe_of(settings.data), before)
        rate = partial(schedules.load(settings.schedule).rate, **settings.own)
        epochs = int(record["achieved"]["epochs"])
        first = settings.from_epoch
        _sample(rate, cycle, range(first, first + epochs), start - first, x, y)
        start += epochs
    if not x:
        raise SparsetoolError(f"{name} was never trained: it has no learning rate to draw")
    return Series(name, x, y, look="plain")


def _steps(record: Record) -> int:
    """Steps in one epoch of the record's training."""
    return int(record["achieved"]["steps"]) // int(record["achieved"]["epochs"])


def _sample(
    rate: Rate, cycle: Cycle, epochs: range, offset: int, x: list[float], y: list[float]
) -> None:
    """Add some steps, evenly, the last one of each epoch, and those where the rate bends."""
    stride = max(cycle.total // POINTS, 1)
    rates = [rate(step, cycle) for step in range(epochs.stop * cycle.steps)]
    for step in range(epochs.start * cycle.steps, len(rates)):
        around = rates[max(step - 1, 0) : step + 2]
        bend = abs(around[0] - 2 * around[1] + around[2]) if len(around) == 3 else 0.0
        last = step % cycle.steps == cycle.steps - 1
        if step % stride == 0 or last or bend > BEND * cycle.peak:
            x.append(offset + step / cycle.steps)
            y.append(rates[step])

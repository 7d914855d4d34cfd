"""What a training would be done with, and why: each setting with where its value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from fractions import Fraction
from typing import Any

from ..data.facts import facts_of
from ..data.naming import recipe_of
from ..plugins import optimizers, schedules, updates
from ..plugins.datasets import is_text
from ..ticket.value import Ticket
from .rate import TYPED
from .settings import Settings

Row = dict[str, Any]
SHAPES = ("warmup", "drops")  # of a recipe, as fractions of a cycle
WARM = {"linear": "rising from 0", "tenth": "at a tenth of the peak"}


def _row(setting: str, value: Any, why: str) -> Row:
    return {"setting": setting.replace("_", "-"), "value": value, "why": why}


def _epochs(value: Any, epochs: int) -> str:
    """Fractions of a cycle as its epochs."""
    parts = value if isinstance(value, tuple) else (value,)
    return ",".join(f"{float(Fraction(part) * epochs):g}" for part in parts)


def _shape(recipe: Mapping[str, Any], epochs: int, uses: Any, of: str) -> list[Row]:
    """The rows of a recipe's warm-up and drops, as far as the schedule looks at them."""
    rows = []
    for name in SHAPES:
        if name in recipe and name in uses:
            why = f"{of}, the same part of any cycle"
            if name == "warmup":
                why += f", {WARM[recipe['warm']]}"
            rows.append(_row(name, _epochs(recipe[name], epochs), why))
    if "floor" in recipe and "floor" in uses:
        rows.append(_row("floor", recipe["floor"], of))
    return rows


def _usual(name: str) -> Any:
    """The default of a field of `Settings`; None where it has none."""
    each = next(each for each in fields(Settings) if each.name == name)
    return None if each.default is MISSING else each.default


def defaults(data: str) -> list[Row]:
    """Every training default of a data set, which need not be at hand.

    Args:
        data: The data set's name.

    Returns:
        Rows of `setting`, `value` and `why` (where it comes from).

    Raises:
        UsageError: No such data set.

    Example:
        >>> {row["setting"]: row["value"] for row in defaults("cifar10")}["epochs"]
        150
    """
    recipe = recipe_of(data)
    of = f"recipe of {data}"
    rows = [_row("data", data, "asked for"), _row("n", 1, "default of train-cycles")]
    for name in ("epochs", "lr", "momentum", "weight_decay", "batch_size"):
        rows.append(_row(name, recipe[name], of))
    schedule = schedules.load(recipe.get("schedule", "step-warmup"))
    why = of if "schedule" in recipe else "default of train-cycles"
    rows.append(_row("schedule", schedule.name, why))
    rows += _shape(recipe, recipe["epochs"], schedule.uses, of)
    if "drops" in schedule.uses:
        rows.append(_row("drop_by", 10, "default of schedules that drop"))
    why = of if "optimizer" in recipe else "default of train-cycles"
    rows.append(_row("optimizer", recipe.get("optimizer", _usual("optimizer")), why))
    own = optimizers.load(recipe.get("optimizer", _usual("optimizer"))).options
    rows += [_row(name, recipe[name], of) for name in own if name in recipe]
    rows.append(_row("seed", "the ticket's", "default of train-cycles"))
    for name in ("device", "precision", "threads"):
        rows.append(_row(name, "auto", "found on the machine: train-cycles --show-config"))
    return rows


def explained(
    ticket: Ticket, settings: Settings, asked: Mapping[str, Any], n: int, root: str | None
) -> list[Row]:
    """Every setting of a training of this ticket here.

    Args:
        ticket: The ticket.
        settings: The settings as resolved.
        asked: What was given; None where nothing was.
        n: Cycles.
        root: Folder of data sets as given, or None.

    Returns:
        Rows of `setting`, `value` and `why`.
    """
    facts = facts_of(settings.data, root)
    name = settings.data.partition("@")[0]
    rows = [_row("n", n, "cycles"), _row("data", name, _why("data", asked, "the ticket's"))]
    of = f"recipe of {name}"
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if each.name in ("data", "own", "device", "precision", "threads"):
            continue
        if value is None or value is False:
            continue
        if each.name == "schedule" and (update := _usual_schedule(settings)):
            why = f"usual with --update {settings.update}" if value == update else ""
        else:
            why = of if each.name in facts.recipe else "default"
        why = "the ticket's" if each.name == "seed" else why or "default"
        if each.name != "from_epoch" or value:
            rows.append(_row(each.name, value, _why(each.name, asked, why)))
    for key, value in settings.own.items():
        brought = asked.get(key) is None and facts.recipe.get(key) == value
        rows.append(_row(key, value, of if brought else "given"))
    uses = schedules.load(settings.schedule).uses
    typed = [name for name in TYPED if getattr(settings, name) is not None]
    shape = _shape(facts.recipe, settings.epochs, uses, of)
    rows += [row for row in shape if row["setting"] not in typed]
    rows += place_rows(ticket, settings)
    return rows


def _usual_schedule(settings: Settings) -> str | None:
    """The schedule that an update brings along."""
    return updates.load(settings.update).schedule if settings.update else None


def _why(name: str, asked: Mapping[str, Any], otherwise: str) -> str:
    return "given" if asked.get(name) is not None else otherwise


def place_rows(ticket: Ticket, settings: Settings) -> list[Row]:
    """Device, precision and threads, with the reason where they were `auto`."""
    from ..compute.device import is_small, place
    from .place import better_in_fp32

    input = tuple(ticket.meta["input"])
    found = place(input, settings.device, settings.precision, settings.threads)
    sparse = better_in_fp32(ticket, settings, found)
    found = replace(found, precision="fp32") if sparse else found
    small = is_small(input)
    size = (
        "text of fewer than 256 tokens" if is_text(input) else "images of fewer than 16x16 pixels"
    )
    reasons = {
        "device": "no GPU that torch reaches" if found.kind == "cpu" else "torch reaches it",
        "precision": (
            f"{size} gain nothing from bf16"
            if small
            else "layers that keep few weights are faster so than all layers in bf16"
            if sparse
            else f"{found.kind} computes bfloat16 itself"
            if found.precision == "bf16"
            else f"{found.kind} has no fast bfloat16"
        ),
        "threads": f"one for {size}" if small else "all cores of this process",
    }
    return [
        _row(name, getattr(found, name), f"auto: {why}" if asked == "auto" else "given")
        for name, why in reasons.items()
        for asked in [getattr(settings, name)]
    ]

"""Training settings that a data set brings along, and those that text has no use for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..errors import UsageError
from ..plugins.datasets import Facts, is_text
from ..plugins.extras import Extra
from ..plugins.updates import Update

CYCLE_FIELDS = ("warmup", "drops", "warm", "floor")  # of a recipe


def brought(
    recipe: Mapping[str, Any],
    given: Mapping[str, Any],
    update: Update | None,
    known: Collection[str],
) -> dict[str, Any]:
    """What holds where nothing else is asked for.

    Args:
        recipe: Training defaults of the data set.
        given: What was asked for.
        update: How masks move; it may have a schedule of its own.
        known: Names of settings; others are options of the recipe's optimizer.
    """
    found = {key: value for key, value in recipe.items() if key not in CYCLE_FIELDS}
    if update is not None and update.schedule:
        found["schedule"] = update.schedule
    if given.get("optimizer", own := found.get("optimizer", "sgd")) != own:
        found = {key: value for key, value in found.items() if key in known}
    return {"schedule": "step-warmup", **found}


def check_text(facts: Facts, label_noise: str | None, extras: list[Extra]) -> None:
    """Refuse for text what is for images.

    Args:
        facts: Of the data set.
        label_noise: Fraction of labels permuted, or None.
        extras: What is done beside the plain step.

    Raises:
        UsageError: Something is for images.
    """
    if not is_text(facts.input):
        return
    if label_noise is not None:
        raise UsageError(
            "--label-noise permutes labels of images; those of text are its next characters: leave "
            "it out"
        )
    for extra in extras:
        if extra.roles & {"pixels", "batch"}:
            raise UsageError(f"{extra.title} is for images, and the data are text: leave it out")

"""What there is to choose from: the families, and the members of each."""

from __future__ import annotations

from typing import Any

from ..errors import UsageError, nearest
from . import find, keywords

FAMILIES = {
    "criteria": "Which weights live: mask --NAME, prune --NAME",
    "densities": "How many weights each layer keeps: mask --NAME S, prune --NAME S",
    "schedules": "The learning rate of every step: train-cycles --schedule NAME",
    "optimizers": "How a step changes the weights: train-cycles --optimizer NAME",
    "updates": "How the mask moves while training: train-cycles --update NAME",
    "extras": "What is done beside the plain step: train-cycles --NAME VALUE",
    "models": "Networks: init NAME",
    "datasets": "Data sets: --data NAME",
    "plots": "Kinds of pictures: plot NAME",
    "engines": "Programs that run a recipe's jobs: recipe --as NAME",
    "trackers": "Programs that show a training while it runs: train-cycles --track NAME",
}


def list_members(family: str | None = None) -> list[dict[str, Any]]:
    """The members of a family, our own and those of installed packages; read, not imported.

    Args:
        family: `criteria`, `schedules` and so on, or one member's word (`criterion`); without it,
            the families are listed.

    Returns:
        For each member `family`, `name`, `summary`, `from` (`sparsetool`, or a package with its
        version) and `options` (its own, with their defaults); for each family `family`, `summary`
        and `members` (how many).

    Raises:
        UsageError: No such family; the message names the nearest.

    Example:
        >>> [member["name"] for member in list_members("densities")]
        ['balanced', 'erk', 'global', 'uniform']
    """
    known = {name: words for name, words in FAMILIES.items() if find.members(name)}
    if family is None:
        return [
            {"family": name, "summary": words, "members": len(find.members(name))}
            for name, words in known.items()
        ]
    plural = {word: name for name, word in find.SINGULAR.items()}
    name = plural.get(family, family)
    if name not in known:
        raise UsageError(f"unknown family '{family}': {nearest(family, tuple(known))}")
    return [_row(name, member) for member in find.members(name)]


def _row(family: str, name: str) -> dict[str, Any]:
    where = find.member(family, name)
    options = keywords.options_of(family, where.source, where.function)
    return {
        "family": family,
        "name": name,
        "summary": find.summary(family, name),
        "from": " ".join(where.package) if where.package else "sparsetool",
        "options": {each.name: each.default for each in options},
    }

"""The words that a record's options were typed as: the inverse of parsing a command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data.naming import recipe_of
from ..errors import SparsetoolError
from ..plugins import find
from ..plugins.own_code import is_code
from ..ticket.lineage import Record
from .syntax import declared_options, makes_tickets, result_options

OWN = "own-training"  # the step of somebody's own loop, for which there is no verb
FAMILY_WORDS: Mapping[str, tuple[str, str | None]] = {
    "criterion": ("criteria", None),
    "density": ("densities", "sparsity"),
}


def spelled(options: Mapping[str, Any]) -> list[str]:
    """The words that a record's options were typed as: the inverse of the parsing above."""
    words: list[str] = []
    rest = dict(options)
    for key, (_, value) in FAMILY_WORDS.items():
        if key in rest:
            member = rest.pop(key)
            if is_code(member):
                words += [f"--{key}", member]
            elif value is None:
                words.append(f"--{member}")
            elif value in rest:  # a rate ranks by a density that was not typed
                words += [f"--{member}", str(rest.pop(value))]
    for key, value in rest.items():
        flag = "--" + key.replace("_", "-")
        if value is True:
            words.append(flag)
        else:
            several = [f"{a}={b}" for a, b in value.items()] if isinstance(value, dict) else value
            for item in several if isinstance(several, list) else [several]:
                words += [flag, str(item)]
    return words


def usual(data: str) -> Mapping[str, Any]:
    """Training settings that a data set brings along; none for a data set unknown here."""
    name, _ = find.split(data)
    return recipe_of(data) if name in find.members("datasets") else {}


def results_only(record: Record) -> tuple[Record, list[str]]:
    """A record without options that change no weights, and the names of those.

    A script runs what a file says, so it must not say where to write, or what to overwrite.

    Raises:
        SparsetoolError: Its verb makes no ticket.
    """
    verb, options = record["verb"], record["options"]
    if verb == OWN:
        return record, []
    if verb not in find.members("verbs") or not makes_tickets(verb):
        raise SparsetoolError(
            f"the lineage has a step '{verb}', which is no verb of this version that makes a "
            "ticket: no script can make this one"
        )
    if verb == "init" and str(options.get("model", "")).startswith("-"):
        raise SparsetoolError("the lineage has an 'init' whose model looks like an option")
    known = result_options(verb) | FAMILY_WORDS.keys()
    typed = {key: key.replace("_", "-") for key in options}
    # A member of a family is an option by its own name, unless it is the user's own code.
    members = {key: options[key] for key in FAMILY_WORDS if key in options}
    typed |= {key: str(value) for key, value in members.items() if not is_code(value)}
    # Code of the user's own has options that no verb declares: all but those that it does are its.
    coded = any(is_code(value) for value in options.values())
    foreign = declared_options(verb) if coded else None
    others = [
        key
        for key, name in typed.items()
        if name not in known and (foreign is None or name in foreign or not key.isidentifier())
    ]
    left = {key: value for key, value in options.items() if key not in others}
    return {**record, "options": left}, others

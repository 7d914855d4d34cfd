"""The words that a record's options were typed as: the inverse of parsing a command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data.naming import recipe_of
from ..plugins import find
from ..plugins.own_code import is_code

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

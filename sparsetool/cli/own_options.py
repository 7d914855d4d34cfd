"""Options that members of families bring along: the keywords of their functions.

A verb that lets a person choose members of some families gets an option for every keyword with a
default that ours and those of installed packages have, and for those of the files that are named on
the command line at hand. They are read from the files; nothing is run.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from ..plugins import find, keywords
from ..plugins.keywords import Option
from .options import option

Verb = Callable[..., None]
Offered = Mapping[str, tuple[Option, Sequence[str]]]  # by name: the option, and whose it is


def with_own_options(*families: str) -> Callable[[Verb], Verb]:
    """Give a verb the options of all members; it receives those that were given as `own`."""

    def decorate(verb: Verb) -> Verb:
        known = {
            (family, name): keywords.options_of(family, where.source, where.function)
            for family in families
            for name in find.members(family)
            if (where := find.member(family, name))
        }
        return _taking(verb, _merged({name: o for (_, name), o in known.items()}), families)

    return decorate


def extended(verb: Verb, words: Sequence[str]) -> Verb:
    """The verb with the options of members in files that these words of a command line name."""
    if not hasattr(verb, "offered"):
        return verb
    inner, offered, families = verb.offered
    typed = {
        spec: keywords.options_of(family, Path(file).expanduser(), function)
        for family in families
        for spec in _specs(words)
        if (parts := spec.rpartition(":")) and (file := parts[0]) and (function := parts[2])
        if Path(file).expanduser().is_file()
    }
    return _taking(inner, {**_merged(typed), **offered}, families) if typed else verb


def _specs(words: Sequence[str]) -> list[str]:
    """What looks like `FILE.py:FUNCTION` on a command line."""
    values = [word.partition("=")[2] if word.startswith("--") else word for word in words]
    return [value.partition("@")[0] for value in values if ".py:" in value]


def _merged(found: Mapping[str, Sequence[Option]]) -> dict[str, tuple[Option, list[str]]]:
    made: dict[str, tuple[Option, list[str]]] = {}
    for name, options in found.items():
        for each in options:
            made.setdefault(each.name, (each, []))[1].append(name)
    return made


def _taking(verb: Verb, offered: Offered, families: Sequence[str]) -> Verb:
    signature = inspect.signature(verb, eval_str=True)
    taken = {name: each for name, each in offered.items() if name not in signature.parameters}

    @functools.wraps(verb)
    def call(**given: Any) -> None:
        own = {name: given.pop(name) for name in taken if name in given}
        verb(**given, own={n: value for n, value in own.items() if value not in (None, False)})

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [p.replace(kind=kind) for p in signature.parameters.values() if p.name != "own"]
    made = [_parameter(each, whose) for each, whose in taken.values()]
    result: Any = call
    result.__signature__ = inspect.Signature([*parameters, *made])
    result.__annotations__ = {p.name: p.annotation for p in [*parameters, *made]}
    result.offered = verb, offered, families
    return call


def _parameter(each: Option, whose: Sequence[str]) -> inspect.Parameter:
    flag = f"--{each.name.replace('_', '-')}"
    said = f"{each.help.rstrip('.')}; " if each.help else ""
    words = f"{said}of {', '.join(whose)}"
    if each.default is False:
        annotation: Any = Annotated[bool, option(flag, help=f"{words}.")]
        default: Any = False
    else:
        typed = type(each.default) if isinstance(each.default, int | float) else str
        told = "" if each.default == "" else f"; default: {each.default}"
        words = f"{words}{told}."
        metavar = {int: "N", float: "F"}.get(typed, "TEXT")
        annotation = Annotated[typed | None, option(flag, metavar=metavar, help=words)]
        default = None
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(each.name, kind, default=default, annotation=annotation)

"""Arguments of another type than a function wants, refused in one line that names them.

The types are those of the function's annotations, and of the fields that its `**asked` may name. A
type that is not in `WORDS` accepts anything: the function itself knows better.
"""

from __future__ import annotations

import functools
import inspect
import numbers
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from ..errors import UsageError, nearest
from ..ticket.counts import NUMBER
from ..ticket.value import Ticket

WORDS: Mapping[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    str: "text",
    Ticket: "a ticket",
    Sequence: "a list",
    types.NoneType: "None",
}
# What else may be given for a type.
ACCEPTED: Mapping[Any, Any] = {
    int: numbers.Integral,
    float: numbers.Real,
    bool: numbers.Integral,
    Sequence: Iterable,
}
# Where the names are defined that a function's last, open argument takes.
OPEN = {
    "compare": ("analysis.claims:Rule",),
    "hessian": ("analysis.hessian:hessian",),
    "import_file": ("networks.origin:Origin",),
    "levels": ("training.settings:Settings", "training.cycles:train_cycles"),
    "mask": ("masks.request:Choice",),
    "prune": ("masks.request:Choice",),
    "train_cycles": ("training.settings:Settings",),
}
Kind = inspect.Parameter
PLACED = (Kind.POSITIONAL_ONLY, Kind.POSITIONAL_OR_KEYWORD)
EXACT = (int, float, bool, Ticket)  # fields of texts take numbers too: 0.9 is "0.9"


def check(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """See that a call's arguments are of the types that the function names.

    Args:
        function: The function.
        args: What it is given in order.
        kwargs: What it is given by name.

    Raises:
        UsageError: One is of another type.
    """
    name_of, wanted = function.__name__, _wanted(function)
    kinds = [kind for kind, _ in wanted.values()]
    if Kind.VAR_KEYWORD not in kinds:
        for name in kwargs.keys() - wanted.keys():
            raise UsageError(f"{name_of} takes no {name}: {nearest(name, [*wanted])}")
    placed = [name for name, (kind, _) in wanted.items() if kind in PLACED]
    rest = [name for name, (kind, _) in wanted.items() if kind == Kind.VAR_POSITIONAL]
    if len(args) > len(placed) and not rest:
        last = next((n for n, (kind, _) in wanted.items() if kind == Kind.KEYWORD_ONLY), "")
        by_name = f", the rest by name, such as {last}=..." if last else ""
        raise UsageError(f"{name_of} takes {', '.join(placed) or 'nothing'} by place{by_name}")
    given = [*zip([*placed, *rest * len(args)], args, strict=False), *kwargs.items()]
    opened = _open(name_of) if kwargs.keys() - wanted.keys() else {}
    for name, value in given:
        types_of = wanted[name][1] if name in wanted else opened.get(name, ())
        if types_of and not any(_is(value, each) for each in types_of):
            raise UsageError(_complaint(name_of, name, value, types_of, name in rest))


def _is(value: Any, kind: Any) -> bool:
    if kind is Sequence and isinstance(value, str | bytes | Mapping):
        return False  # a text is a sequence too, of letters
    return isinstance(value, ACCEPTED.get(kind, kind))


def _complaint(
    function: str, name: str, value: Any, kinds: Sequence[Any], several: bool = False
) -> str:
    """What was found, what was wanted and what to do; `several` where it may be given often."""
    wanted = " or ".join(WORDS[kind] for kind in kinds if kind is not types.NoneType)
    found = f"{'the text ' * isinstance(value, str)}{' '.join(repr(value).split())}"
    found = "a ticket" if isinstance(value, Ticket) else f"{found:.60}"
    said = f"{name} of {function} wants {wanted}, not {found}"
    if several and isinstance(value, list | tuple):
        return f"{said}: put a * before the list, {function}(*{name})"
    if inspect.isfunction(value) and str in kinds:
        return f"{said}: put it into a file, and give 'FILE.py:{value.__name__}'"
    if isinstance(value, str):
        if Ticket in kinds:
            return f"{said}: Ticket.load({value!r}) reads a file"
        if Sequence in kinds:
            return f"{said}: give [{value!r}]"
        if {int, float} & {*kinds} and NUMBER.fullmatch(value.strip()):
            return f"{said}: leave out the quotes"
    return said


@functools.cache
def _wanted(function: Callable[..., Any]) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Each parameter's kind, and its types (none where any will do)."""
    inner = inspect.unwrap(function)
    found = inspect.signature(inner).parameters.items()
    names = vars(import_module(inner.__module__))
    return {name: (each.kind, _types(each.annotation, names)) for name, each in found}


@functools.cache
def _open(function: str) -> dict[str, tuple[Any, ...]]:
    """The types of what a function's open argument may name, as far as they are numbers."""
    known: dict[str, tuple[Any, ...]] = {}
    for place in OPEN.get(function, ()):
        module, _, name = place.partition(":")
        found = vars(import_module(f"..{module}", __package__))
        parameters = inspect.signature(inspect.unwrap(found[name])).parameters.items()
        known |= {name: _types(each.annotation, found) for name, each in parameters}
    exact = {n: types_of for n, types_of in known.items() if str not in types_of}
    # None is what was not given.
    return {n: (*t, types.NoneType) for n, t in exact.items() if {*t} & {*EXACT}}


def _types(annotation: Any, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """The types that an annotation allows; none where it allows one that is not in `WORDS`."""
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, dict(names))
        except NameError:
            return ()  # imported for type checkers alone
    union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    kinds = typing.get_args(annotation) if union else (annotation,)
    plain = tuple(typing.get_origin(kind) or kind for kind in kinds)
    return plain if all(kind in WORDS for kind in plain) else ()

"""A member as code: its functions, constants and options, wherever it comes from.

A member is named in one of four ways: by the name of one of ours, by that of an installed
package's, as `FILE.py:FUNCTION`, or, in Python, by the function itself. Where it is one function,
that is the first of its family's functions, unless it bears the name of another one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from ..errors import SparsetoolError
from . import find, given_back, own_code
from .keywords import FUNCTIONS, TOGETHER

Spec = str | Callable[..., Any]


@dataclass(frozen=True)
class Found:
    """A member that was found.

    Attributes:
        name: The name by which records know it.
        functions: Its functions by name, those of `FUNCTIONS` that it defines.
        constants: What it states besides, by name.
        versions: The package that has it and that package's version; empty for others.
    """

    name: str
    functions: Mapping[str, Callable[..., Any]]
    constants: Mapping[str, Any]
    versions: Mapping[str, str]

    @property
    def options(self) -> dict[str, Any]:
        """Its own options with their defaults."""
        return {
            parameter.name: parameter.default
            for function in self.functions.values()
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is not parameter.empty
        }

    def function(self, name: str) -> Callable[..., Any] | None:
        """One of its functions, which takes those of its own options that it knows."""
        function = self.functions.get(name)
        if function is None:
            return None
        known = {p.name for p in inspect.signature(function).parameters.values()}
        return partial(_with_known, function, frozenset(known))


def _with_known(
    function: Callable[..., Any], known: frozenset[str], *args: Any, **options: Any
) -> Any:
    return function(*args, **{key: value for key, value in options.items() if key in known})


def found(family: str, spec: Spec) -> Found:
    """The member of a family that a name, a file's function or a function itself stands for.

    Naming a file here is naming it on the command line: it is run.

    Raises:
        UsageError: No such member; the message names the nearest ones.
        SparsetoolError: It cannot be imported, or does not take what its family gives.
    """
    if not isinstance(spec, str):
        name = own_code.given(spec)
        return _of_function(family, spec, name, vars(spec) if hasattr(spec, "__dict__") else {})
    if own_code.is_allowed(spec) or own_code.is_code(spec):
        recorded = own_code.allow(spec)
        function = own_code.function(recorded, f"--{_word(family)}")
        return _of_function(family, function, recorded, function.__globals__)
    where = find.member(family, spec)
    held = find.load(family, spec)
    versions = {} if where.package is None else dict([where.package])
    if not isinstance(held, ModuleType):
        made = _of_function(family, held, where.name, getattr(held, "__globals__", {}))
        return Found(where.name, made.functions, made.constants, versions)
    defined = {name: getattr(held, name, None) for name in FUNCTIONS[family]}
    functions: dict[str, Callable[..., Any]] = {n: f for n, f in defined.items() if callable(f)}
    if where.package is not None:
        functions = {n: _guarded(family, n, f, where.name) for n, f in functions.items()}
    return Found(where.name, functions, vars(held), versions)


def lacking(held: Found, function: str) -> SparsetoolError:
    """What to raise where a member lacks a function that its family wants."""
    return SparsetoolError(f"{held.name} defines no function '{function}'")


def _word(family: str) -> str:
    return find.SINGULAR[family].replace(" ", "")


def _of_function(
    family: str, function: Callable[..., Any], name: str, constants: Mapping[str, Any]
) -> Found:
    """A member that is one function, or that and others beside it."""
    own = getattr(function, "__name__", "")
    first, *others = FUNCTIONS[family]
    functions = {own if own in FUNCTIONS[family] else first: function}
    if family in TOGETHER:
        beside = {role: constants[role] for role in others if callable(constants.get(role))}
        functions = {first: function, **beside}
    guarded = {role: _guarded(family, role, f, name) for role, f in functions.items()}
    return Found(name, guarded, dict(constants), {})


def _guarded(family: str, role: str, function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function of somebody else's, whose failures and wrong results become one line.

    Raises:
        SparsetoolError: It does not take what its family gives.
    """
    wanted = FUNCTIONS[family][role]
    short = name.partition(own_code.MARK)[0]
    signature = inspect.signature(function)
    try:
        signature.bind(*wanted)
    except TypeError:
        raise SparsetoolError(
            f"{short} takes {signature}, but a {find.SINGULAR[family]} is called with "
            f"({', '.join(wanted)}); its own options are keywords with defaults: "
            "'sparsetool guide adding-a-member' has an example"
        ) from None

    def call(*args: Any, **options: Any) -> Any:
        given = own_code.call(function, short, *args, **options)
        given_back.check(family, role, short, given)
        return given

    call.__signature__ = signature  # type: ignore[attr-defined]
    return call

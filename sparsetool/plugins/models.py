"""Models: networks by name.

A member defines

    def build(argument, classes, input) -> torch.nn.Module

with `argument` what follows the colon of `NAME:ARGUMENT` (or None), `classes` the number of classes
and `input` (channels, height, width) in pixels. The module's logits are [N, classes]. Members
import torch inside `build`, so that listing models costs nothing. A member that needs an argument
has a literal `ARGUMENT`, what to write after the colon; one whose argument names a place on this
machine may define `recorded(argument, root)`, the whole name as tickets record it.
A package's entry point may be such a module, or one function: it is called with those of
`argument`, `classes`, `num_classes` and `input` that it takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from ..errors import UsageError
from . import find, own_code

if TYPE_CHECKING:
    import torch


class Model(Protocol):
    """A network by name."""

    def build(
        self, argument: str | None, classes: int, input: tuple[int, int, int]
    ) -> torch.nn.Module:
        """A fresh network whose logits are [N, classes]."""
        ...


@runtime_checkable
class Named(Protocol):
    """A member whose argument names a place on this machine."""

    def recorded(self, argument: str | None, root: Path) -> str:
        """The whole name as tickets record it."""
        ...


class _Function:
    """A model that is one function."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self._function, self._name = function, name

    def build(
        self, argument: str | None, classes: int, input: tuple[int, int, int]
    ) -> torch.nn.Module:
        call = partial(own_code.call, self._function, self._name)
        return cast("torch.nn.Module", call(**offered(self._function, argument, classes, input)))


def offered(
    function: Callable[..., Any],
    argument: str | None,
    classes: int,
    input: tuple[int, int, int],
) -> dict[str, Any]:
    """What a function that makes a network takes of what it may be given."""
    known = {"argument": argument, "classes": classes, "num_classes": classes, "input": input}
    taken = inspect.signature(function).parameters
    return {name: value for name, value in known.items() if name in taken}


def load(name: str) -> Model:
    """The model of a name.

    Raises:
        UsageError: No such model.
        SparsetoolError: A package's model cannot be imported.
    """
    held = find.load("models", name)
    return cast(Model, held) if hasattr(held, "build") else _Function(held, name)


def no_argument(name: str, argument: str | None) -> None:
    """Refuse an argument given to a model that takes none."""
    if argument is not None:
        raise UsageError(f"model '{name}' takes no argument, but got '{argument}'")

"""Models: networks by name.

A member defines

    def build(argument, classes, input) -> torch.nn.Module

with `argument` what follows the colon of `NAME:ARGUMENT` (or None), `classes` the number of classes
and `input` (channels, height, width) in pixels, of text (tokens,). The module's logits are
[N, classes], of text [N, tokens, classes]. One of ours that takes text has a literal
`INPUT = "text"`. Members import torch inside `build`, so that listing models costs nothing. A
member that needs an argument has a literal `ARGUMENT`, what to write after the colon; one whose
argument names a place on this machine may define `recorded(argument, root)`, the whole name as
tickets record it.
A package's entry point may be such a module, or one function: it is called with those of
`argument`, `classes`, `num_classes` and `input` that it takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from ..errors import SparsetoolError, UsageError
from . import find, own_code
from .datasets import is_text

if TYPE_CHECKING:
    import torch

TEXT = "text"


class Model(Protocol):
    """A network by name."""

    def build(
        self, argument: str | None, classes: int, input: tuple[int, int, int]
    ) -> torch.nn.Module:
        """A fresh network whose logits are [N, classes]; `input` of text is (tokens,)."""
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

    def build(self, argument: str | None, classes: int, input: tuple[int, ...]) -> torch.nn.Module:
        call = partial(own_code.call, self._function, self._name)
        return cast("torch.nn.Module", call(**offered(self._function, argument, classes, input)))


def offered(
    function: Callable[..., Any],
    argument: str | None,
    classes: int,
    input: tuple[int, ...],
) -> dict[str, Any]:
    """What a function that makes a network takes of what it may be given.

    Raises:
        SparsetoolError: It wants something else.
    """
    known = {"argument": argument, "classes": classes, "num_classes": classes, "input": input}
    taken = inspect.signature(function).parameters
    alone = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [n for n, p in taken.items() if p.default is p.empty and p.kind not in alone]
    if strange := [name for name in needed if name not in known]:
        called = getattr(function, "__name__", "the network's function")
        raise SparsetoolError(
            f"{called} wants '{strange[0]}', but it is given classes (or num_classes) and input, "
            "where it has parameters of these names: give others a default"
        )
    return {name: value for name, value in known.items() if name in taken}


def load(name: str) -> Model:
    """The model of a name.

    Raises:
        UsageError: No such model.
        SparsetoolError: A package's model cannot be imported.
    """
    held = find.load("models", name)
    return cast(Model, held) if hasattr(held, "build") else _Function(held, name)


def check_takes(name: str, input: tuple[int, ...]) -> None:
    """Refuse images for one of our models that takes text, and text for one that takes images."""
    name = name.replace("_", "-")
    if name not in find.members("models") or name == "file":
        return
    if find.member("models", name).package is not None:
        return  # it knows itself
    wants = find.constant("models", name, "INPUT") == TEXT
    if wants and not is_text(input):
        raise UsageError(
            f"model '{name}' takes text, and the data are images: give --data shakespeare, or "
            "--data FILE.txt"
        )
    if is_text(input) and not wants:
        raise UsageError(f"model '{name}' takes images, and the data are text: give gpt-mini")


def no_argument(name: str, argument: str | None) -> None:
    """Refuse an argument given to a model that takes none."""
    if argument is not None:
        raise UsageError(f"model '{name}' takes no argument, but got '{argument}'")

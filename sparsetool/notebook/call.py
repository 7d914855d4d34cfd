"""The functions of `import sparsetool` as a person at a prompt or in a notebook calls them.

The shell's verbs call the same functions without this: their options are checked by the parser,
and a terminal has tables and bars of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from ..compute.progress import watched
from .arguments import check
from .bar import Bar, Counted, Training, in_notebook
from .results import shown

TRAINING = ("train_cycles", "levels")
COUNTED = {"hessian": "product"}  # where it is not what is counted first


@functools.cache
def public(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its arguments checked, a bar in a notebook, and a result to be shown.

    Args:
        function: One that `sparsetool` has by name.
    """
    name = function.__name__

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        check(function, args, kwargs)
        if not in_notebook():
            return shown(function(*args, **kwargs))
        bar = Bar(name, COUNTED.get(name, ""))
        if name in TRAINING:
            return _training(function, bar, args, kwargs)
        with watched(Counted(bar)):
            result = function(*args, **kwargs)
        bar.show(last=True)
        return shown(result)

    call.__module__, call.__qualname__ = "sparsetool", name  # where a pickle finds it
    return call


def _training(function: Callable[..., Any], bar: Bar, args: Any, kwargs: dict[str, Any]) -> Any:
    """A training, or several, whose observer is a bar, where nobody else watches."""
    if kwargs.get("watch") is None:
        bar.unit = "step"
        cycles = None if kwargs.get("until_peak") else kwargs.get("n", 1)
        kwargs = {**kwargs, "watch": Training(bar, cycles)}
    result = function(*args, **kwargs)
    if isinstance(result, Iterator):
        return _each(result, bar)
    bar.show(last=True)
    return result


def _each(made: Iterator[Any], bar: Bar) -> Iterator[Any]:
    for each in made:
        bar.show(last=True)
        yield each

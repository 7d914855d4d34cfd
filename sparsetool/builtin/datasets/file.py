"""Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets.

    def digits():
        return (train_images, train_labels), (test_images, test_labels)

FUNCTION takes nothing and returns the pair (train, test), or a dict with `train` and `test` and,
where wanted, `classes`, `mean`, `std`, `pad`, `flip` and training defaults (`epochs`, `lr`,
`momentum`, `weight_decay`, `batch_size`). Each part is a pair (images, labels) of tensors or
arrays, or a `torch.utils.data.Dataset` of such pairs, which is read through once, so leave random
augmentation to `pad` and `flip`. Images are [N, C, H, W], [N, H, W], or vectors [N, D]: uint8,
normalised by `mean` and `std` (by default those of the training part), or float, used as they are.
Images [N, H, W, C] with one or three channels are turned, which `init` says; `channels_last` (True
or False) decides where shapes do not.

The code is run only where the command line names it, never because a ticket does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _arrays

if TYPE_CHECKING:
    import numpy as np

ARGUMENT = "FILE.py:FUNCTION"
OPTION = "--data"
RECIPE = _arrays.RECIPE


def place(argument: str | None, root: Path) -> str:
    """The name as it is: where a file of code lies, the process that was told to run it knows."""
    return _wanted(argument)


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    from ...plugins import own_code

    return own_code.recorded_name(_wanted(argument))


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError(f"your own data are named {ARGUMENT}")
    return argument


def facts(argument: str | None) -> Facts:
    """Its facts, as the function's data say.

    Raises:
        SparsetoolError: The code was not named on the command line, fails, or returns what is no
            data.
    """
    return _called(_wanted(argument)).facts


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 or float32 [N, C, H, W] and labels int64 [N] of `split`."""
    return _called(_wanted(argument)).parts[split]


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over types, shapes and values of what the function returned."""
    return _arrays.digest_of(_called(_wanted(argument)).parts)


@lru_cache(maxsize=2)
def _called(argument: str) -> _arrays.Held:
    """What the function returned."""
    from ...plugins import own_code

    name = argument.partition(own_code.MARK)[0]
    given = own_code.call(own_code.function(argument, OPTION), name)
    if isinstance(given, tuple | list) and len(given) == 2:
        given = {"train": given[0], "test": given[1]}
    if not isinstance(given, Mapping) or not {"train", "test"} <= set(given):
        raise SparsetoolError(f"{name} must return (train, test) or a dict with both")
    known = (*_arrays.SPLITS, *_arrays.SETTINGS)
    if unknown := sorted(set(map(str, given)) - set(known)):
        raise SparsetoolError(f"{name} returns '{unknown[0]}'; known are {', '.join(known)}")
    return _arrays.held(given, name)

"""Data sets: images and labels, and the training settings the paper uses with them.

A member defines

    def facts(argument) -> Facts           what is known without data on disk, numpy-free and fast
    def load(argument, root, split) -> (images, labels)
        '''numpy arrays of split train or test: uint8 images [N, C, H, W], int64 labels [N];
        of text int64 tokens [N, T] and for each the one that follows, int64 [N, T].'''
    def fingerprint(argument, root) -> str
        '''What identifies the data: official md5, else content.'''
    def state(argument, root) -> str       "missing", "damaged" or "whole"

and, where it can be downloaded, `fetch(argument, root)`. `argument` is what follows the colon of
`NAME:ARGUMENT`, or None; `root` is the folder data sets are kept in. A member imports torch and
torchvision only inside `load` and `fetch`.

A member whose examples are too many for one tensor defines, instead of `load`,

    def photographs(argument, root, split) -> data.streaming.Photographs
        '''or, where the argument asks for images that fit, what `load` gives.'''

A member whose argument names a place on this machine has a literal `ARGUMENT` (what to write after
the colon), no `state`, and may look at the disk in `facts`. It defines `RECIPE`, the training
defaults that hold whatever is there, and

    def place(argument, root) -> str       the argument with the place found, as an absolute path:
                                           what all other functions are then given
    def recorded(argument, root) -> str    the whole name as tickets record it: no path, but what
                                           identifies the content, as `NAME:LAST-PART@sha256:HEX`
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from ..errors import UsageError
from . import find


@dataclass(frozen=True)
class Facts:
    """What is known of a data set without looking at the disk.

    Attributes:
        classes: Number of classes; of text how many different characters (tokens) there are.
        input: Channels, height and width of an example, pixels; of text the number of tokens alone.
        mean: Per-channel mean, as a fraction of the full range.
        std: Per-channel standard deviation, likewise.
        pad: Training images are shifted by at most this many pixels (zero-padded random crop).
        flip: Whether training images are mirrored with probability 1/2.
        sizes: Examples in each split, where known beforehand.
        recipe: Defaults of `train-cycles` on this data set: `epochs`, `lr`, `momentum`,
            `weight_decay`, `batch_size`, where they are not the usual ones `optimizer` (with
            options of its own) and `schedule`, and the fields of `schedules.Cycle` that differ from
            its defaults.
        notes: What was done to the data to take them, a line each (own data alone).
    """

    classes: int
    input: tuple[int, ...]
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    pad: int = 0
    flip: bool = False
    sizes: Mapping[str, int] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def is_text(input: Sequence[int]) -> bool:
    """Whether inputs of this shape are rows of tokens (whole numbers), not images."""
    return len(input) == 1


CIFAR_RECIPE: Mapping[str, Any] = {
    "epochs": 150,
    "lr": 0.1,
    "momentum": 0.9,
    "weight_decay": 1e-4,
    "batch_size": 512,
    "warmup": Fraction(10, 150),
    "drops": (Fraction(70, 150), Fraction(130, 150)),
    "warm": "linear",
}


def data_root(option: str | None = None) -> Path:
    """The folder data sets are kept in.

    Args:
        option: The value of `--data-root`, if given; else `$SPARSETOOL_DATA` counts, else
            `sparsetool/data` in the XDG data folder.
    """
    given = option or os.environ.get("SPARSETOOL_DATA")
    if given:
        return Path(given).expanduser()
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "sparsetool" / "data"


def no_argument(name: str, argument: str | None) -> None:
    """Refuse an argument given to a data set that takes none."""
    if argument is not None:
        raise UsageError(f"data set '{name}' takes no argument, but got '{argument}'")


class DataSource(Protocol):
    """A data set by name: what every member defines."""

    def facts(self, argument: str | None) -> Facts:
        """What is known without data on disk."""
        ...

    def fingerprint(self, argument: str | None, root: Path) -> str:
        """What identifies the data."""
        ...


@runtime_checkable
class Arrays(Protocol):
    """A data set that fits into memory."""

    def load(self, argument: str | None, root: Path, split: str) -> tuple[Any, Any]:
        """Images [N, C, H, W] and labels int64 [N] of a split."""
        ...


@runtime_checkable
class Streamed(Protocol):
    """A data set whose examples are too many for one tensor."""

    def photographs(self, argument: str | None, root: Path, split: str) -> Any:
        """A split as `data.streaming.Photographs`, or images and labels where they fit."""
        ...


@runtime_checkable
class Shelved(Protocol):
    """A data set that lies in the folder of data sets."""

    def state(self, argument: str | None, root: Path) -> str:
        """`missing`, `damaged` or `whole`."""
        ...


@runtime_checkable
class Fetched(Shelved, Protocol):
    """A data set that can be downloaded."""

    def fetch(self, argument: str | None, root: Path) -> None:
        """Download it."""
        ...


@runtime_checkable
class Placed(Protocol):
    """A data set whose argument names a place on this machine."""

    RECIPE: Mapping[str, Any]

    def place(self, argument: str | None, root: Path) -> str:
        """The argument with the place found."""
        ...

    def recorded(self, argument: str | None, root: Path) -> str:
        """The whole name as tickets record it."""
        ...


def load(name: str) -> DataSource:
    """The data set of a name.

    Raises:
        UsageError: No such data set.
        SparsetoolError: A package's data set cannot be imported.
    """
    return cast(DataSource, find.load("datasets", name))

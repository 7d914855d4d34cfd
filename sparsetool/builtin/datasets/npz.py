"""Your own data in a file of numpy: FILE.npz with the arrays x_train, y_train, x_test, y_test.

Other names for them: train_images and train_labels (as MedMNIST), images_train and labels_train,
X_train, train_x and train_y, the same for test; without a test split, val is taken. Images are as
for FILE.py:FUNCTION: [N, C, H, W], [N, H, W, C], [N, H, W] or [N, D], uint8 or float. Arrays named
classes, mean, std, pad, flip, epochs, lr and so on are settings, as there.

A ticket records the file's name and a digest of its content, never its path.
"""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _arrays, _one_file

if TYPE_CHECKING:
    import numpy as np

ARGUMENT = "FILE.npz"
RECIPE = _arrays.RECIPE
IMAGES = ("x_{}", "{}_images", "images_{}", "X_{}", "{}_x")
LABELS = ("y_{}", "{}_labels", "labels_{}", "{}_y")


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError("npz wants a file: npz:FILE.npz, or FILE.npz alone")
    return argument


def place(argument: str | None, root: Path) -> str:
    """The file on this machine, as an absolute path.

    Raises:
        UsageError: No file is named.
        SparsetoolError: It is not there, or holds other data than the name says.
    """
    return _one_file.place(_wanted(argument), root, "FILE.npz")


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    return _one_file.recorded("npz", Path(place(argument, root)))


def facts(argument: str | None) -> Facts:
    """Its facts, as the file at the absolute path `argument` says."""
    return _opened(_wanted(argument)).facts


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 or float32 [N, C, H, W] and labels int64 [N] of `split`."""
    return _opened(_wanted(argument)).parts[split]


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over the file's name, size and content."""
    return _one_file.digest(Path(_wanted(argument)))


def _opened(argument: str) -> _arrays.Held:
    path = Path(argument)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> _arrays.Held:
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise SparsetoolError(f"{path.name} holds one array; wanted a .npz file of several")
            return _arrays.held(*_given(file, path.name))
    except (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile, KeyError) as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise SparsetoolError(f"cannot read {path.name}: {first}") from None


def _given(file: Any, name: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """Both splits and settings, the name, and what is to be said of it."""
    names = list(file.files)
    given: dict[str, Any] = {}
    used: set[str] = set()
    for split, sources in (("train", ("train",)), ("test", ("test", "val"))):
        found = [(_one(names, IMAGES, s), _one(names, LABELS, s)) for s in sources]
        images, labels = next((pair for pair in found if all(pair)), (None, None))
        if images is None or labels is None:
            raise SparsetoolError(
                f"{name} has no images and labels to {split} on; it holds "
                f"{', '.join(names[:6]) or 'nothing'}; wanted x_{split} and y_{split}, or "
                f"{split}_images and {split}_labels"
            )
        given[split] = file[images], file[labels]
        used |= {images, labels}
    for key in _arrays.SETTINGS:
        if key in names:
            given[key] = file[key].tolist()
            used.add(key)
    left = [key for key in names if key not in used]
    return given, name, (f"{name}: left aside are {', '.join(left)}",) if left else ()


def _one(names: list[str], patterns: tuple[str, ...], split: str) -> str | None:
    return next((p.format(split) for p in patterns if p.format(split) in names), None)

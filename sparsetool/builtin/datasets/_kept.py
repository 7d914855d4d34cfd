"""Copies of decoded images, kept in a folder `.sparsetool` beside the data.

Copies are written under a lock and renamed into place, so that two processes at once are both
right, and their checksums are verified at every reading. Where the folder cannot be written to
(shared, read-only data), each process decodes for itself.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError
from ...files import replacing

if TYPE_CHECKING:
    import numpy as np

FOLDER = ".sparsetool"
# Folders in which no decoded copy can be kept: read-only, or on a file system without locks.
UNUSABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOLCK, errno.EOPNOTSUPP)
DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError)


def kept(
    folder: Path, name: str, mark: str, make: Callable[[], tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels from their copy, which is made where there is none.

    Args:
        folder: Where the data are.
        name: What the copy is called.
        mark: What identifies the data: a copy of others is not read.
        make: Decodes them.

    Raises:
        SparsetoolError: The disk is full, or `make` raised it.
    """
    path = folder / FOLDER / f"{name}.{mark}.npz"
    try:
        found = _read(path)
        if found is not None:
            return found
        with _locked(path.with_name(f"{name}.lock")):
            found = _read(path)  # whoever held the lock may have written it
            if found is None:
                found = make()
                _write(path, *found)
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise SparsetoolError(f"cannot keep {path}: {error.strerror or error}") from None
        found = make()
    return found


def _read(path: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """A decoded copy; None where there is none or its checksums do not hold."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as held:
            return held["images"], held["labels"]
    except (FileNotFoundError, *DAMAGED):
        return None


def _write(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    import numpy as np

    with replacing(path) as descriptor, os.fdopen(os.dup(descriptor), "wb") as file:
        np.savez(file, images=images, labels=labels)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock; it is released with the process, however that ends."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

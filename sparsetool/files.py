"""Files as bytes: read whole, and written whole or not at all (contract.md, section 2, rule 5).

Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import ReaderGone, SparsetoolError


def reason(error: OSError) -> str:
    """What the system says is wrong."""
    return (error.strerror or str(error)).lower()


def open_file(path: str | os.PathLike[str]) -> memoryview:
    """The bytes of a file: mapped where it is a regular file, read to its end elsewhere.

    Raises:
        SparsetoolError: It cannot be read.
    """
    try:
        with open(path, "rb") as file:
            if os.path.isdir(path):  # pragma: no cover - open() refuses folders first
                raise IsADirectoryError(errno.EISDIR, "Is a directory")
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                return memoryview(file.read())
            if not facts.st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise SparsetoolError(f"cannot read {path}: {reason(error)}") from None


def write(path: str | os.PathLike[str], chunks: Iterable[bytes | memoryview]) -> None:
    """Write a whole file.

    A regular file (or a new one) is written under a temporary name beside the target, synced and
    renamed; anything else, such as a FIFO or `/dev/null`, is written directly. A symbolic link is
    followed, not replaced.

    Args:
        path: The target.
        chunks: The bytes, in pieces.

    Raises:
        SparsetoolError: The target cannot be written; no part of it is left behind.
        ReaderGone: Whoever read the FIFO has left.
    """
    pieces = list(chunks)
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb", buffering=0) as file:
                write_all(file.fileno(), pieces)
        else:
            with replacing(path) as descriptor:
                write_all(descriptor, pieces)
    except BrokenPipeError:
        raise ReaderGone("the reader of the pipe is gone") from None
    except OSError as error:
        raise SparsetoolError(f"cannot write {path}: {reason(error)}") from None


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[int]:
    """A descriptor to a file beside `path` that replaces `path` when the block succeeds."""
    real = Path(os.path.realpath(path))
    mode = stat.S_IMODE(os.stat(real).st_mode) if real.exists() else 0o666 & ~_umask()
    descriptor, temporary = tempfile.mkstemp(
        prefix=f".{real.name}.", suffix=".tmp", dir=real.parent
    )
    try:
        with contextlib.suppress(PermissionError):  # some file systems know no modes
            os.fchmod(descriptor, mode)
        yield descriptor
        os.fsync(descriptor)
        os.close(descriptor)
        descriptor = -1
        os.replace(temporary, real)
    except BaseException:
        if descriptor >= 0:
            os.close(descriptor)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_folder(real.parent)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the file system offers that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_all(descriptor: int, pieces: Iterable[bytes | memoryview]) -> None:
    """Write every byte of some pieces to a descriptor."""
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view[: 1 << 24]) :]

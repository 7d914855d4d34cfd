"""Files as bytes: read whole, and written whole or not at all.

See `sparsetool guide promises`, "Whole files".

Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
import select
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .errors import ReaderGone, SparsetoolError


def reason(error: OSError) -> str:
    """What the system says is wrong."""
    return (error.strerror or str(error)).lower()


Enough = Callable[[bytearray], int | None]
MOMENT = 0.5  # seconds: between its making and its holding a temporary file is nobody's
DEVICE_LIMIT = 1 << 20  # bytes: /dev/zero has no end


def open_file(path: str | os.PathLike[str], enough: Enough | None = None) -> memoryview:
    """The bytes of a file: mapped where it is a regular file, read to its end elsewhere.

    Args:
        path: The file.
        enough: As for `read_all`.

    Raises:
        SparsetoolError: It cannot be read.
    """
    try:
        with open(path, "rb") as file:
            if os.path.isdir(path):  # pragma: no cover - open() refuses folders first
                raise IsADirectoryError(errno.EISDIR, "Is a directory")
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                return memoryview(read_all(file.fileno(), str(path), enough))
            if not facts.st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise SparsetoolError(f"cannot read {path}: {reason(error)}") from None


def read_all(descriptor: int, name: str, enough: Enough | None = None) -> bytearray:
    """Read a pipe or a device to its end.

    A signal is heard within half a second, even if it arrives between two reads.

    Args:
        descriptor: What to read.
        name: What to call it in errors.
        enough: Tells from what has been read how many bytes there can be in all, None as long as
            that is not known. Of what is longer one byte more is read, so that it shows.

    Raises:
        SparsetoolError: It is a device that does not end.
        OSError: It cannot be read.
    """
    data, most = bytearray(), None
    device = stat.S_ISCHR(os.fstat(descriptor).st_mode)
    while most is None or len(data) <= most:
        if not select.select([descriptor], [], [], 0.5)[0]:
            continue
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            break
        data += chunk
        if device and len(data) > DEVICE_LIMIT:
            raise SparsetoolError(f"{name} is a device without an end, not a file")
        if most is None and enough is not None:
            most = enough(data)
    return data


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
    sweep(real.parent, real.name)
    mode = stat.S_IMODE(os.stat(real).st_mode) if real.exists() else 0o666 & ~_umask()
    descriptor, temporary = tempfile.mkstemp(
        prefix=f".{real.name}.", suffix=".tmp", dir=real.parent
    )
    try:
        with contextlib.suppress(OSError):  # held while it is written: see `sweep`
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with contextlib.suppress(PermissionError):  # some file systems know no modes
            os.fchmod(descriptor, mode)
        yield descriptor
        os.fsync(descriptor)
        os.replace(temporary, real)
        os.close(descriptor)
        descriptor = -1
    except BaseException:
        if descriptor >= 0:
            os.close(descriptor)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_folder(real.parent)


def sweep(folder: Path, name: str = "*") -> None:
    """Remove temporary files that killed processes left of a file, or of any in a folder.

    A file that a living process writes is held by it, and stays.
    """
    begin = "." if name == "*" else f".{name}."
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(begin) and entry.name.endswith(".tmp"):
                _remove_abandoned(entry.path)


def _remove_abandoned(path: str) -> None:
    """Remove a temporary file unless it is held, or may just have been made."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            if time.time() - os.fstat(descriptor).st_mtime > MOMENT:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path)
        finally:
            os.close(descriptor)


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

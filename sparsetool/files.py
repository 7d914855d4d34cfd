"""Bytes in, bytes out: the input and output rules of contract.md, section 2.

Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import select
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import ReaderGone, SparsetoolError, UsageError

STDIN_NAME = "standard input"


def _reason(error: OSError) -> str:
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
        raise SparsetoolError(f"cannot read {path}: {_reason(error)}") from None


def read(path: str | None, example: str) -> tuple[memoryview, str]:
    """Read one input whole.

    Args:
        path: A path, or None or `-` for standard input.
        example: A command line that would work, named where there is nothing to read.

    Returns:
        The bytes, and what to call them in messages.

    Raises:
        UsageError: Standard input is a terminal.
        SparsetoolError: The input cannot be read, or standard input was empty.
    """
    if path not in (None, "-"):
        return open_file(path), str(path)
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError(f"no FILE given and standard input is closed; for example: {example}")
    if os.isatty(sys.stdin.fileno()):
        raise UsageError(f"no FILE given and nothing is piped in; for example: {example}")
    try:
        data = _read_all(sys.stdin.fileno())
    except OSError as error:
        raise SparsetoolError(f"cannot read standard input: {_reason(error)}") from None
    if not data:
        raise SparsetoolError(
            "standard input was empty; the command before the pipe probably failed"
        )
    return memoryview(data), STDIN_NAME


def _read_all(descriptor: int) -> bytearray:
    """Read to the end; a signal is seen within half a second even if it arrives between reads."""
    data = bytearray()
    while True:
        if not select.select([descriptor], [], [], 0.5)[0]:
            continue
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            return data
        data += chunk


def at_most_one_stdin(paths: Iterable[str | None]) -> None:
    """Refuse a command line on which two inputs are standard input."""
    if sum(path in (None, "-") for path in paths) > 1:
        raise UsageError("at most one input can be standard input")


@dataclass(frozen=True)
class Target:
    """Where a result goes: a path, or None for standard output."""

    path: Path | None

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return "standard output" if self.path is None else str(self.path)

    def exists(self) -> bool:
        """Whether there is a regular file already, which must not be overwritten unasked."""
        return self.path is not None and self.path.is_file()


def target(output: str | None, default: str | None) -> Target:
    """Decide where a result goes; first match wins (contract.md, section 2, rule 4).

    Args:
        output: The value of `-o`, if given.
        default: Name of the file in the current folder for a person at a prompt; None where
            results without `-o` always go to standard output.

    Raises:
        UsageError: `-o -` on a terminal that would show binary data.
        SparsetoolError: The folder is not there or cannot be written to.
    """
    if output == "-":
        if default is not None and os.isatty(1):
            raise UsageError("will not write a ticket to the terminal: give -o FILE or pipe it on")
        return Target(None)
    if output is None and (default is None or not _wants_a_name()):
        return Target(None)
    path = Path(output if output is not None else str(default))
    if path.is_dir():
        raise SparsetoolError(f"cannot write {path}: it is a folder")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise SparsetoolError(f"cannot write {path}: there is no folder {path.parent}")
    if path.exists() and not path.is_file():
        if not os.access(path, os.W_OK):
            raise SparsetoolError(f"cannot write {path}: it is not writable")
        return Target(path)
    try:
        # Permissions do not tell: a file system may be read-only, or full, also for root.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SparsetoolError(
            f"cannot write {path}: no file can be made in {folder} ({_reason(error)})"
        ) from None
    return Target(path)


def _wants_a_name() -> bool:
    """Whether standard output is a terminal, or the very file or pipe that standard error is."""
    try:
        out, err = os.fstat(1), os.fstat(2)
    except OSError:
        return False
    if os.isatty(1):
        return True
    null = stat.S_ISCHR(out.st_mode) and out.st_rdev == os.stat(os.devnull).st_rdev
    return (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino) and not null


def write(path: str | os.PathLike[str] | None, chunks: Iterable[bytes | memoryview]) -> None:
    """Write a whole result.

    A regular file (or a new one) is written under a temporary name beside the target, synced and
    renamed; anything else, such as a FIFO or `/dev/null`, is written directly. A symbolic link is
    followed, not replaced.

    Args:
        path: The target, or None for standard output.
        chunks: The bytes, in pieces.

    Raises:
        SparsetoolError: The target cannot be written; no part of it is left behind.
        ReaderGone: Whoever read our standard output (or FIFO) has left.
    """
    pieces = list(chunks)
    if path is None and sys.stdout is None:
        raise SparsetoolError("cannot write: standard output is closed, give -o FILE")
    try:
        if path is None:
            sys.stdout.flush()
            _write_all(1, pieces)
        elif os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb", buffering=0) as file:
                _write_all(file.fileno(), pieces)
        else:
            with replacing(path) as descriptor:
                _write_all(descriptor, pieces)
    except BrokenPipeError:
        raise ReaderGone("the reader of the pipe is gone") from None
    except OSError as error:
        raise SparsetoolError(
            f"cannot write {path or 'standard output'}: {_reason(error)}"
        ) from None


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


def _write_all(descriptor: int, pieces: Iterable[bytes | memoryview]) -> None:
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view[: 1 << 24]) :]


def reader_has_left() -> bool:
    """Whether standard output is a pipe that nobody reads any more."""
    try:
        if not stat.S_ISFIFO(os.fstat(1).st_mode):
            return False
    except OSError:
        return False
    poll = select.poll()
    poll.register(1, 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))

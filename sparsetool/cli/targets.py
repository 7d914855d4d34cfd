"""Where input comes from and where a result goes: the rules of `sparsetool guide promises`."""

from __future__ import annotations

import os
import select
import stat
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import files
from ..errors import ReaderGone, SparsetoolError, UsageError
from ..files import open_file, reason
from . import standard_output

STDIN_NAME = "standard input"


def read(
    path: str | None, example: str, enough: files.Enough | None = None
) -> tuple[memoryview, str]:
    """Read one input whole.

    Args:
        path: A path, or None or `-` for standard input.
        example: A command line that would work, named where there is nothing to read.
        enough: How many bytes there can be in all (`files.read_all`); where what is read has its
            length in its header, so that an input without an end is not read for ever.

    Returns:
        The bytes, and what to call them in messages.

    Raises:
        UsageError: Standard input is a terminal.
        SparsetoolError: The input cannot be read, or standard input was empty.
    """
    if path not in (None, "-"):
        return open_file(path, enough), str(path)
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError(f"no FILE given and standard input is closed; for example: {example}")
    if os.isatty(sys.stdin.fileno()):
        raise UsageError(f"no FILE given and nothing is piped in; for example: {example}")
    try:
        data = files.read_all(sys.stdin.fileno(), STDIN_NAME, enough)
    except OSError as error:
        raise SparsetoolError(f"cannot read standard input: {reason(error)}") from None
    if not data:
        raise SparsetoolError(
            "standard input was empty; the command before the pipe probably failed"
        )
    return memoryview(data), STDIN_NAME


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
    """Decide where a result goes (`sparsetool guide promises`, "Where a result goes").

    Args:
        output: The value of `-o`, if given.
        default: Name of the file in the current folder for a person at a prompt; None where
            results without `-o` always go to standard output.

    Raises:
        UsageError: `-o -` on a terminal that would show binary data.
        SparsetoolError: The folder is not there or cannot be written to.
    """
    if output == "-":
        if default is not None and os.isatty(standard_output.descriptor()):
            raise UsageError(
                "will not write a ticket to the terminal: give -o FILE, or pipe it into a command"
            )
        return Target(None)
    if output is None and (default is None or not _wants_a_name()):
        return Target(None)
    path = Path(output if output is not None else str(default))
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except OSError as error:  # links in a circle, a name that is too long, a folder that is a file
        raise SparsetoolError(f"cannot write {path}: {reason(error)}") from None
    if path.is_dir():
        raise SparsetoolError(f"cannot write {path}: it is a folder")
    folder = path.resolve().parent
    if not folder.is_dir():
        missing = folder if path.is_symlink() else path.parent
        raise SparsetoolError(f"cannot write {path}: there is no folder {missing}")
    if path.exists() and not path.is_file():
        if not os.access(path, os.W_OK):
            raise SparsetoolError(f"cannot write {path}: it is not writable")
        return Target(path)
    try:
        # Permissions do not tell: a file system may be read-only, or full, also for root.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SparsetoolError(
            f"cannot write {path}: no file can be made in {folder} ({reason(error)})"
        ) from None
    return Target(path)


def _wants_a_name() -> bool:
    """Whether standard output is a terminal, or the very file or pipe that standard error is."""
    try:
        out, err = os.fstat(standard_output.descriptor()), os.fstat(2)
    except OSError:
        return False
    if os.isatty(standard_output.descriptor()):
        return True
    null = stat.S_ISCHR(out.st_mode) and out.st_rdev == os.stat(os.devnull).st_rdev
    return (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino) and not null


def write(target: Target, chunks: Iterable[bytes | memoryview]) -> None:
    """Write a whole result to where it goes.

    Raises:
        SparsetoolError: It cannot be written; no part of it is left behind.
        ReaderGone: Whoever read our standard output (or FIFO) has left.
    """
    if target.path is not None:
        files.write(target.path, chunks)
        return
    pieces = list(chunks)
    if sys.stdout is None and standard_output.descriptor() == 1:
        raise SparsetoolError("cannot write: standard output is closed, give -o FILE")
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
        files.write_all(standard_output.descriptor(), pieces)
    except BrokenPipeError:
        raise ReaderGone("the reader of the pipe is gone") from None
    except OSError as error:
        raise SparsetoolError(f"cannot write standard output: {reason(error)}") from None


def reader_has_left() -> bool:
    """Whether standard output is a pipe that nobody reads any more."""
    descriptor = standard_output.descriptor()
    try:
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return False
    except OSError:
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))

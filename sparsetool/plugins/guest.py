"""While a user's code runs: what it prints goes to standard error, and it does not end the program.

Nothing that it prints gets into a pipe, neither by Python nor by a library in C or a process that
it starts; its own folder is on the import path, before all others while it runs.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError


class _Errors(io.RawIOBase):
    """Descriptor 2 as a stream, whatever it is at the moment."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return os.write(2, data)


# Never closed: code may hold on to the stream that it found when it was loaded.
_ERRORS = io.TextIOWrapper(
    io.BufferedWriter(_Errors()), "utf-8", "backslashreplace", write_through=True
)


def run(what: Callable[[], Any], name: str, folder: Path | None = None) -> Any:
    """Call a user's code; whatever it raises becomes one line.

    Args:
        what: The code.
        name: What to call it in errors.
        folder: Where its file lies, whose neighbours it may import.

    Raises:
        SparsetoolError: It failed, or wanted to end the program.
    """
    try:
        with contextlib.redirect_stdout(_ERRORS), _descriptor_1_is_2(), _on_path(folder):
            try:
                return what()
            finally:
                _ERRORS.flush()
    except SparsetoolError:
        raise
    except Exception as error:  # a user's code may fail in any way
        where = _line(error, folder)
        raise SparsetoolError(f"{name} fails: {type(error).__name__}: {error}{where}") from error
    except BaseException as error:
        if type(error).__name__ != "SystemExit":
            raise
        code = error.args[0] if error.args else 0
        raise SparsetoolError(f"{name} exits with {code}: it must return instead") from error


def _line(error: BaseException, folder: Path | None) -> str:
    """Where in the user's own files an error arose, in words; nothing where that is not known."""
    found = ""
    frame = error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if folder is not None and file.resolve().parent == folder.resolve():
            found = f" ({file.name}, line {frame.tb_lineno})"
        frame = frame.tb_next
    return found


@contextlib.contextmanager
def _descriptor_1_is_2() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:  # closed: nothing can get into it
        yield
        return
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextlib.contextmanager
def _on_path(folder: Path | None) -> Iterator[None]:
    """The folder first on the import path; afterwards last, where it shadows nothing of ours."""
    if folder is None:
        yield
        return
    place = str(folder)
    if place not in sys.path:
        sys.path.append(place)
    sys.path.insert(0, place)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(place)

"""Standard output is for results: what other code prints goes to standard error.

Code of a user's file, of a package that adds members or of a library may print whenever it runs: in
a forward or backward pass, in a hook, in a process that it starts, when Python ends. So descriptor
1 becomes descriptor 2 for good, and results are written to another one that only this module knows.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

_HELD = [1]


def descriptor() -> int:
    """The descriptor of standard output, for results."""
    return _HELD[0]


def begin(keep_apart: bool) -> None:
    """A command begins.

    Args:
        keep_apart: Whether other code may run in it.
    """
    if _HELD[0] != 1:  # of a command before this one in the same process
        os.close(_HELD[0])
    _HELD[0] = 1
    if keep_apart:
        with contextlib.suppress(OSError):  # closed: nothing can get into it
            _HELD[0] = os.dup(1)
            os.dup2(2, 1)


@contextlib.contextmanager
def sent_to(descriptor: int) -> Iterator[None]:
    """While it lasts, results go to this descriptor."""
    before, _HELD[0] = _HELD[0], descriptor
    try:
        yield
    finally:
        _HELD[0] = before

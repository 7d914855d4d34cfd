"""A buffer as a file of which nothing is copied but what is asked for and there."""

from __future__ import annotations

import io
from typing import Any

LINE = 1 << 16  # longest line of text, as pickles of protocol 0 have them


class Window(io.RawIOBase):
    """A buffer as a file, of which nothing is copied but what is asked for and there."""

    def __init__(self, view: memoryview) -> None:
        self.view, self.at = view, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = max(0, offset + (0, self.at, len(self.view))[whence])
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def read(self, size: int | None = -1) -> bytes:
        end = len(self.view) if size is None or size < 0 else self.at + size
        found = bytes(self.view[self.at : end])
        self.at += len(found)
        return found

    def readline(self, size: int | None = -1) -> bytes:
        found = bytes(self.view[self.at : self.at + LINE])
        end = found.find(b"\n") + 1
        if not end and len(found) == LINE:
            raise ValueError("a line without end")
        found = found[:end] if end else found
        self.at += len(found)
        return found

"""Your own text: text:FILE, or FILE.txt alone, in UTF-8, character by character, 64 at a time.

The first 90% of the characters are for training, the rest for testing; every different character
of the file is a class. Loss is in nats a character. See `shakespeare`, which ships with the package
and has the same training defaults.

A ticket records the file's name and a digest of its content, never its path.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _one_file, _text

if TYPE_CHECKING:
    import numpy as np

ARGUMENT = "FILE.txt"
RECIPE = _text.RECIPE
MOST = 10_000  # different characters: more are hardly a text


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError("text wants a file: text:FILE, or FILE.txt alone")
    return argument


def place(argument: str | None, root: Path) -> str:
    """The file on this machine, as an absolute path.

    Raises:
        UsageError: No file is named.
        SparsetoolError: It is not there, or holds another text than the name says.
    """
    return _one_file.place(_wanted(argument), root, "text:FILE")


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    return _one_file.recorded("text", Path(place(argument, root)))


def facts(argument: str | None) -> Facts:
    """Its facts, as the file at the absolute path `argument` says.

    Raises:
        SparsetoolError: The file is no text in UTF-8, or too short.
    """
    text = _opened(_wanted(argument))
    name = Path(_wanted(argument)).name
    found = _text.facts_of(len(text), different := len(set(text)))
    if not min(found.sizes.values()) > 0:
        raise SparsetoolError(
            f"{name} has {len(text):,} characters; wanted at least {10 * (_text.TOKENS + 1):,}, so "
            f"that a tenth of it has a row of {_text.TOKENS}"
        )
    if not 1 < different <= MOST:
        raise SparsetoolError(
            f"{name} has {different:,} different characters; wanted a text of 2 to {MOST:,}"
        )
    return found


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Tokens int64 [N, T] of `split` and what follows each."""
    return _text.rows(_opened(_wanted(argument)), split)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over the file's name, size and content."""
    return _one_file.digest(Path(_wanted(argument)))


def _opened(argument: str) -> str:
    path = Path(argument)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SparsetoolError(
            f"{path.name} is no text in UTF-8 (byte {error.start:,} of it): convert it first, for "
            "instance by iconv"
        ) from None
    except OSError as error:
        raise SparsetoolError(f"cannot read {path.name}: {error.strerror}") from None

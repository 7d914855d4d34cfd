"""Three plays of Shakespeare's that ship with the package, character by character, 64 at a time.

Macbeth, Romeo and Juliet and Hamlet, from Project Gutenberg; in the public domain (see
shakespeare.LICENSE.txt): 419,047 characters, 73 different ones. The last 10% (of Hamlet) are for
testing; see `_text` for how a text becomes examples. Loss is in nats a character, accuracy the
fraction of next characters that are right. `shakespeare:N` is the first N characters. `gpt-mini`
is a network for it.

Training defaults: AdamW with a peak rate of 0.002, beta 1 0.9, weight decay 0.1 on layers' and
embeddings' weights alone, a cosine with warm-up, batches of 64, 10 epochs.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BrokenPromise, UsageError
from ...plugins.datasets import Facts

if TYPE_CHECKING:
    import numpy as np

FILE = Path(__file__).with_name("shakespeare.txt.gz")
SHA256 = "af4c44e93beb0080ee22336e5f35bf31010ee72820ceeff9bc2cfecd3cb6682f"
CHARACTERS, LEAST = 419047, 1000


def facts(argument: str | None) -> Facts:
    """Its facts.

    Raises:
        UsageError: The argument is no number of characters that it has.
    """
    from ._text import facts_of

    text = _first(argument)
    return facts_of(len(text), len(set(text)))


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Tokens int64 [N, T] of `split` and what follows each; `root` is not looked at."""
    from ._text import rows

    return rows(_first(argument), split)


def _first(argument: str | None) -> str:
    """The whole text, or as many characters as are asked for."""
    count = CHARACTERS if argument is None else 0
    if argument is not None and argument.isascii() and argument.isdecimal():
        count = int(argument)
    if not LEAST <= count <= CHARACTERS:
        raise UsageError(
            f"shakespeare takes a number of characters, {LEAST:,} to {CHARACTERS:,}, such as "
            f"shakespeare:100000, not '{argument}'"
        )
    return gzip.decompress(FILE.read_bytes()).decode("ascii")[:count]


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 of the embedded file.

    Raises:
        BrokenPromise: The file is not the one that was shipped.
    """
    found = hashlib.sha256(FILE.read_bytes()).hexdigest()
    if found != SHA256:
        raise BrokenPromise(f"{FILE.name} is damaged (SHA-256 {found[:12]}): reinstall sparsetool")
    return found if argument is None else f"{found}:{len(_first(argument))}"


def state(argument: str | None, root: Path) -> str:
    """Whether the embedded file is `whole`, `damaged` or `missing`; `root` is not looked at."""
    if not FILE.is_file():
        return "missing"
    return "whole" if hashlib.sha256(FILE.read_bytes()).hexdigest() == SHA256 else "damaged"

"""Loops that numba compiles when they are first used, and keeps in a folder.

It is $SPARSETOOL_KERNELS, else the one that the program names, else one beside the code.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

log = logging.getLogger(__name__)
FILES = ("vectors", "channels", "weights", "packing", "loops", "sums", "norms", "turning", "rows")
_folder = [Path(__file__).parent / "__pycache__"]


def keep_in(folder: Path) -> None:
    """Keep compiled loops in a folder, which is made when they are."""
    _folder[:] = [folder]


@lru_cache(maxsize=1)
def possible() -> bool:
    """Whether numba is there; says on the log, once, why not."""
    try:
        import numba  # noqa: F401
    except ImportError as error:
        log.warning(
            "sparsetool: layers that keep few weights are computed dense, which is slower: "
            "numba cannot be imported (%s); 'pip install numba' where there is one",
            error,
        )
        return False
    return True


class Loops(NamedTuple):
    """Functions that are compiled by their first call for a type; see their own files."""

    multiply: Any
    correlate: Any
    both: Any
    reduced: Any
    measure: Any
    normalise: Any
    normalise_back: Any
    inside: Any
    to_blocks: Any
    from_blocks: Any
    multiply_rows: Any
    both_rows: Any


@lru_cache(maxsize=1)
def loops() -> Loops:
    """All compiled loops."""
    import numba

    before = numba.config.CACHE_DIR
    try:
        folder = Path(os.environ.get("SPARSETOOL_KERNELS") or _folder[0])
        folder /= _version(numba.__version__)
        if not folder.exists():
            log.warning("sparsetool: compiling products of sparse layers, once: about 15 s")
        numba.config.CACHE_DIR = str(folder)
        files = [importlib.import_module(f".{name}", __package__) for name in FILES[2:]]
    finally:
        numba.config.CACHE_DIR = before
    made = {name: function for file in files for name, function in vars(file).items()}
    return Loops(*(made[name] for name in Loops._fields))


def _version(numba: str) -> str:
    """A name for what is compiled: numba itself looks at one file alone for changes."""
    found = hashlib.sha256(numba.encode())
    for name in ("ways", "around", *FILES):
        found.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return found.hexdigest()[:16]

"""What identifies data that lie in files of their own: names, sizes and content.

Reading everything once is enough: the digest is kept in the state folder beside a stamp (names,
sizes and times of change), and holds as long as the stamp does. The same notes say where on this
machine data of a digest lie, so that a ticket, which names no path, finds them again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ...errors import SparsetoolError
from ...files import replacing

MARK = "@sha256:"
SHORT = 16  # hexadecimal digits of the digest in a ticket's name of the data
BLOCK = 1 << 20  # bytes


def pinned(argument: str) -> tuple[str, str | None]:
    """`PLACE@sha256:HEX` as place and digest; the digest is None where there is none."""
    place, _, digest = argument.partition(MARK)
    return place, digest or None


def digest(name: str, root: Path, files: Sequence[str]) -> str:
    """SHA-256 (hex) over names, sizes and content of files.

    Args:
        name: What the data are known by on this machine: an absolute path, or several.
        root: Folder of the files.
        files: Their paths in it, in order.

    Raises:
        SparsetoolError: A file cannot be read.
    """
    stamp = _stamp(root, files)
    note = _notes() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
    with contextlib.suppress(OSError, ValueError, KeyError):
        held = json.loads(note.read_text())
        if (held["place"], held["stamp"]) == (name, stamp):
            return str(held["digest"])
    found = _read_all(root, files)
    with contextlib.suppress(OSError):  # without a note it is only read again
        note.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"place": name, "stamp": stamp, "digest": found})
        with replacing(note) as descriptor:
            os.write(descriptor, text.encode())
    return found


def places(short: str) -> Iterator[str]:
    """Where on this machine data whose digest begins so were last seen."""
    for note in sorted(_notes().glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            held = json.loads(note.read_text())
            if str(held["digest"]).startswith(short):
                yield str(held["place"])


def _notes() -> Path:
    from ...runs.where import state_folder

    return state_folder() / "data"


def _stamp(root: Path, files: Iterable[str]) -> str:
    stamp = hashlib.sha256()
    for name in files:
        try:
            facts = os.stat(root / name)
        except OSError as error:
            raise SparsetoolError(f"cannot read {root / name}: {error.strerror}") from None
        stamp.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return stamp.hexdigest()


def _read_all(root: Path, files: Sequence[str]) -> str:
    def one(name: str) -> bytes:
        content, size = hashlib.sha256(), 0
        try:
            with open(root / name, "rb") as file:
                while block := file.read(BLOCK):
                    content.update(block)
                    size += len(block)
        except OSError as error:
            raise SparsetoolError(f"cannot read {root / name}: {error.strerror}") from None
        return f"{name}\0{size}\0{content.hexdigest()}\n".encode()

    whole = hashlib.sha256()
    with ThreadPoolExecutor() as pool:  # hashing and reading let other threads go on
        for line in pool.map(one, files):
            whole.update(line)
    return whole.hexdigest()

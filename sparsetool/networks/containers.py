"""Files of every kind that people keep weights in, opened into named tensors (no torch).

Known are safetensors (also in shards, by their index), files of `torch.save` and `torch.jit.save`,
pickles of arrays, `.npz` and ONNX. Others are told by what they are.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from ..files import open_file
from ..ticket.checks import SUFFIX
from ..ticket.format import DTYPES, decode, header_of, looks_safe
from ..ticket.format import enough as whole_size
from ..ticket.packed import KEY, unpack
from . import onnx_files, state_dicts, torch_files
from .found import SMALL, Contents, Found, Odd, of_numbers, plain, some
from .pickles import DAMAGE
from .windows import Window

NAMED = {
    b"\x89HDF": "an HDF5 file (Keras?): save a state_dict or safetensors from it",
    b"GGUF": "a GGUF file of quantised weights: convert the original weights instead",
    b"\x1f\x8b": "gzip data: unpack it first",
    b"BZh": "bzip2 data: unpack it first",
    b"\xfd7zX": "xz data: unpack it first",
    b"\x93NUM": "a single numpy array (.npy): save named arrays by numpy.savez",
    b"version https://git-lfs": "a pointer of Git LFS, not the file itself: run 'git lfs pull'",
    b"<!DO": "a web page, not a checkpoint: the download failed",
    b"<htm": "a web page, not a checkpoint: the download failed",
}
PICKLES = (b"\x80", b"ccollections\n", b"(dp", b"}q")
INDEX_LIMIT = 1 << 26  # bytes of an index of shards
EXPANDED = 1 << 27  # bytes that a compressed .npz may take, beside a hundred times its own size
MOST = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2  # bytes from a pipe
TYPES = {**DTYPES, **SMALL, "C64": np.dtype("<c8")}


def opened(content: bytes | memoryview, name: str, take: str | None = None) -> Contents:
    """The tensors of a file by name.

    Args:
        content: The file's bytes.
        name: Its path, by which an index finds its shards; and what to call it in errors.
        take: Which of several state dicts in the file, as `state_dict_ema`.

    Raises:
        SparsetoolError: It cannot be read, or has no tensors, or not what `take` says.
    """
    try:
        return _opened(memoryview(content), name, take)
    except DAMAGE as error:
        # Bytes that nobody meant can mislead any reader of them, ours or a library's.
        raise SparsetoolError(f"{name} is damaged: {plain(error)}") from None


def _opened(view: memoryview, name: str, take: str | None) -> Contents:
    start = bytes(view[:32])
    if not start:
        raise SparsetoolError(f"{name} is empty; the command that made it probably failed")
    safe = looks_safe(view)
    if not safe and start[:4] == b"PK\x03\x04":
        return _archive(view, name, take)
    if not safe and start.startswith(PICKLES):
        return state_dicts.chosen(torch_files.pickled(view, name), name, take)
    for magic, words in NAMED.items():
        if not safe and start.startswith(magic):
            raise SparsetoolError(f"{name} is {words}")
    if not safe and start.lstrip()[:1] == b"{":
        return _sharded(view, name, take)
    if not safe and onnx_files.looks_like(view):
        return _named(_graph(view, name), name, take, "an ONNX file")
    arrays, metadata = decode(view, name, TYPES)
    arrays = unpack(arrays, metadata, name, SUFFIX)
    return _named(dict(arrays), name, take, "a safetensors file")


def enough(start: bytearray) -> int | None:
    """Bytes that a stream which begins so can have; None where only its end tells.

    Raises:
        SparsetoolError: It is longer than half of this machine's memory.
    """
    if looks_safe(bytes(start[:9])):
        return whole_size(start, TYPES)
    begin = bytes(start[:32])
    if len(start) > MOST:
        raise SparsetoolError(
            f"standard input or a pipe gave more than {MOST:,} bytes, half of this machine's "
            "memory, and has not ended: give the path of a file"
        )
    kinds = begin.startswith((b"PK\x03\x04", b"\x08", *PICKLES)) or begin.lstrip()[:1] == b"{"
    return None if kinds or len(begin) < 32 else 0


def digest(content: bytes | memoryview, name: str) -> str:
    """SHA-256 of a file; of an index of shards, of it and then of every shard by name."""
    made = hashlib.sha256(content)
    view = memoryview(content)
    if not looks_safe(view) and bytes(view[:32]).lstrip()[:1] == b"{":
        for path in sorted(set(_index(view, name).values())):
            made.update(open_file(_shard(path, name)))
    return made.hexdigest()


def is_ticket(content: bytes | memoryview) -> bool:
    """Whether a file is a ticket, packed or not."""
    return "sparsetool" in _metadata(content)


def is_packed(content: bytes | memoryview) -> bool:
    """Whether a file is a packed ticket."""
    return KEY in _metadata(content)


def _metadata(content: bytes | memoryview) -> dict[str, str]:
    if not looks_safe(content):
        return {}
    try:
        return header_of(content, "")[1]
    except SparsetoolError:
        return {}


def _named(entries: dict[str, Found], name: str, take: str | None, kind: str) -> Contents:
    if take is not None:
        raise SparsetoolError(f"{name} is {kind}, which holds one set of weights: leave --take out")
    if not entries:
        raise SparsetoolError(f"{name} is {kind} without tensors")
    return Contents(entries)


def _graph(view: memoryview, name: str) -> dict[str, Found]:
    """Initializers of an ONNX file, and what our own export puts beside the graph."""
    found = onnx_files.read(view, name)
    try:
        rest = onnx_files.properties(view).get("sparsetool")
        if rest is None:
            return found
        content = memoryview(base64.b64decode(rest, validate=True))
        with zipfile.ZipFile(Window(content)) as archive:
            return {**found, **_arrays(content, archive, name)}
    except (zipfile.BadZipFile, *DAMAGE) as error:
        raise SparsetoolError(f"{name} is a damaged ONNX file: {plain(error)}") from None


def _archive(view: memoryview, name: str, take: str | None) -> Contents:
    """A zip archive: of numpy, or of torch."""
    try:
        with zipfile.ZipFile(Window(view)) as archive:
            if all(key.endswith(".npy") for key in archive.namelist()) and archive.namelist():
                return _named(_arrays(view, archive, name), name, take, "a numpy archive")
            return state_dicts.chosen(torch_files.zipped(view, archive, name), name, take)
    except (zipfile.BadZipFile, NotImplementedError, zipfile.LargeZipFile, *DAMAGE) as error:
        raise SparsetoolError(
            f"{name} is a damaged zip archive, or cut short: {plain(error)}"
        ) from None


def _arrays(view: memoryview, archive: zipfile.ZipFile, name: str) -> dict[str, Found]:
    """Arrays of an `.npz`; compressed ones only as far as the file's size makes likely."""
    whole = sum(info.file_size for info in archive.infolist())
    if whole > EXPANDED + 100 * len(view):
        raise SparsetoolError(
            f"{name} would unpack {len(view):,} bytes to {whole:,}, more than a checkpoint "
            "does: save it by numpy.savez"
        )
    found: dict[str, Found] = {}
    for info in archive.infolist():
        with archive.open(info) as member:
            try:
                array = np.lib.format.read_array(member, allow_pickle=False)
            except ValueError as error:
                if "allow_pickle" not in str(error) and "Object arrays" not in str(error):
                    raise
                array = None
        key = info.filename.removesuffix(".npy")
        found[key] = Odd("object") if array is None else of_numbers(array)
    return found


def _sharded(view: memoryview, name: str, take: str | None) -> Contents:
    """All shards that an index names."""
    where = _index(view, name)
    entries: dict[str, Found] = {}
    for path in dict.fromkeys(where.values()):
        part = opened(open_file(_shard(path, name)), str(_shard(path, name)), take)
        twice = [key for key in part.entries if key in entries]
        if twice:
            raise SparsetoolError(f"{name}: {some(twice)} lies in several shards")
        entries |= part.entries
    missing = [key for key in where if key not in entries]
    if missing:
        raise SparsetoolError(f"{name}: its shards lack {some(missing)}")
    ordered = {key: entries[key] for key in [*where, *(k for k in entries if k not in where)]}
    shards = len(set(where.values()))
    return Contents(ordered, [f"read {len(ordered)} tensors from {shards} shards"])


def _index(view: memoryview, name: str) -> dict[str, str]:
    """Shard of each tensor."""
    try:
        held: Any = json.loads(bytes(view[:INDEX_LIMIT]))["weight_map"]
        if not all(isinstance(k, str) and isinstance(v, str) for k, v in held.items()):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SparsetoolError(
            f"{name} is JSON text, but no index of shards (it has no 'weight_map')"
        ) from None
    return dict(held)


def _shard(path: str, name: str) -> Path:
    """Where a shard lies: beside the index, never elsewhere."""
    if Path(path).name != path or path in ("", ".", ".."):
        raise SparsetoolError(f"{name} names the shard {plain(path)!r}, which is not beside it")
    found = Path(name).parent / path
    if not found.is_file():
        raise SparsetoolError(
            f"{name} is an index of shards, but there is no {plain(found)}: "
            "give the path of an index that lies beside all its shards"
        )
    if found.name.endswith(".json"):
        raise SparsetoolError(f"{name} names another index as a shard: {plain(path)}")
    return found

"""Files of `torch.save`, `torch.jit.save` and `pickle.dump`, read without torch and without code.

Three containers: a zip archive with `data.pkl` and one stored member for each storage (TorchScript
has the same, with its code beside it, which is not looked at); the older form, several pickles one
after another and then the storages; and a bare pickle of numpy arrays.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .found import Odd
from .known_names import known
from .pickles import DAMAGE, Machine, Name
from .rebuilding import REBUILD, STORAGES, Storage, dtype_of
from .windows import Window

MAGIC = 0x1950A86A20F9469CFC6C
CODE = "__torch__."  # classes of a TorchScript archive


@dataclass
class Loaded:
    """What a file describes: the object, names that were not known, whether it is TorchScript."""

    held: Any
    strange: list[str]
    script: bool = False


def zipped(view: memoryview, archive: zipfile.ZipFile, name: str) -> Loaded:
    """An archive of `torch.save` or `torch.jit.save`.

    Raises:
        SparsetoolError: It is damaged, compressed or foreign.
    """
    members = {info.filename: info for info in archive.infolist()}
    pickles = [key for key in members if key == "data.pkl" or key.endswith("/data.pkl")]
    if any(key.endswith("archive_format") for key in members):
        raise SparsetoolError(
            f"{name} is a program of torch.export: save its weights where it was made, by "
            "torch.save(torch.export.load(FILE).state_dict, 'weights.pt')"
        )
    if len(pickles) != 1:
        raise SparsetoolError(f"{name} is a zip archive without the data.pkl of torch.save")
    folder = pickles[0].removesuffix("data.pkl")
    order = members.get(f"{folder}byteorder")
    if order and bytes(stored(view, order, name)) != sys.byteorder.encode():
        raise SparsetoolError(f"{name} was written by a machine of another byte order")

    def storage(key: Any) -> Storage:
        kind, where, numel = _persistent(key)
        if f"{folder}data/{where}" not in members:
            raise ValueError(f"the storage {where} is missing")
        return Storage(stored(view, members[f"{folder}data/{where}"], name), kind, numel)

    script = any(key.startswith(f"{folder}code/") for key in members)
    machine = Machine(REBUILD, lambda n: known(n) or (script and n.startswith(CODE)), storage)
    content = stored(view, members[pickles[0]], name)
    return Loaded(machine.load(Window(content), name), machine.strange, script)


def stored(view: memoryview, info: zipfile.ZipInfo, name: str) -> memoryview:
    """The bytes of an uncompressed member, a view of the file.

    Raises:
        SparsetoolError: It is compressed, which torch never does, cut short or damaged.
    """
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise SparsetoolError(
            f"{name}: its member {info.filename[:80]!r} is compressed ({info.compress_size:,} to "
            f"{info.file_size:,} bytes), as torch.save never does: unpack and save it again"
        )
    head = bytes(view[info.header_offset : info.header_offset + 30])
    begin = info.header_offset + 30 + int.from_bytes(head[26:28], "little")
    begin += int.from_bytes(head[28:30], "little")
    found = view[begin : begin + info.file_size]
    if len(found) != info.file_size or zlib.crc32(found) != info.CRC:
        raise SparsetoolError(f"{name}: its member {info.filename[:80]!r} is cut short or damaged")
    return found


def _persistent(key: Any) -> tuple[np.dtype | Odd, str, int]:
    """Type, name and length of the storage that a persistent id means."""
    if not isinstance(key, tuple) or len(key) < 5 or key[0] != "storage":
        raise ValueError("it refers to something that is no storage")
    if not isinstance(key[1], Name):
        raise ValueError("a storage without a type")
    kind = STORAGES.get(key[1].text.rpartition(".")[2], Odd(key[1].text))
    return kind, str(key[2]), int(key[4])


def pickled(view: memoryview, name: str, inside: bool = False) -> Loaded:
    """A bare pickle, or the older form of `torch.save`.

    Args:
        view: The file's bytes.
        name: What to call it in errors.
        inside: Whether it lies in another pickle, as `pickle.dump` writes each storage.

    Raises:
        SparsetoolError: It is damaged.
    """
    file = Window(view)

    def nested(content: bytes) -> Any:
        return pickled(memoryview(content), name, inside=True).held

    more = {} if inside else {"torch.storage._load_from_bytes": nested}
    machine = Machine({**REBUILD, **more}, known)
    held = machine.load(file, name)
    if not isinstance(held, int) or held != MAGIC:
        return Loaded(held, machine.strange)
    for _ in range(2):  # version of the protocol, sizes of C types
        machine.load(file, name)
    wanted: dict[str, Storage] = {}

    def storage(key: Any) -> Storage:
        kind, where, numel = _persistent(key)
        if isinstance(kind, Odd):
            raise SparsetoolError(
                f"{name} holds {kind.kind} tensors, which a ticket cannot hold: "
                "save them as ordinary floating-point numbers where they were made"
            )
        whole = wanted.setdefault(where, Storage(None, kind, numel))
        if len(key) > 5 and key[5] is not None:
            raise ValueError("views of storages, as torch before 0.4 wrote them")
        return whole

    machine.persistent = storage
    held = machine.load(file, name)
    keys = machine.load(file, name)
    try:
        for key in keys:
            _fill(wanted[str(key)], view, file)
    except DAMAGE as error:
        raise SparsetoolError(f"{name} is damaged or cut short: {str(error)[:80]}") from None
    return Loaded(held, machine.strange)


def _fill(storage: Storage, view: memoryview, file: Window) -> None:
    """Give a storage its bytes: their count in 8 bytes, then they themselves."""
    count = int.from_bytes(file.read(8), "little")
    size = dtype_of(storage.kind).itemsize
    if count != storage.numel:
        raise ValueError("a storage of another length than announced")
    begin = file.tell()
    if begin + count * size > len(view):
        raise ValueError(f"it ends inside its storages, after {len(view):,} bytes")
    storage.content = view[begin : begin + count * size]
    file.seek(begin + count * size)

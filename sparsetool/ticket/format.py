"""The bytes of a ticket: safetensors in one canonical form (`sparsetool guide formats`, "Bytes").

An 8-byte little-endian length, a JSON header padded with spaces to 8 bytes, then the data, largest
element size first and by name within a size. The same arrays and the same metadata give the same
bytes, which the safetensors library itself does not promise. Every safetensors reader opens them.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .json_text import parse, shown
from .schema import check_header

Buffer = bytes | memoryview
DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
# Of other programs: how long they are is all that is known here.
FOREIGN = {
    **{name: np.dtype("V1") for name in ("F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")},
    "BF16": np.dtype("V2"),
    "C64": np.dtype("V8"),
}
HEADER_LIMIT = 100_000_000  # the safetensors library's own


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces, ASCII only, and no NaN or infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def chunks(
    arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]
) -> Iterator[bytes | memoryview]:
    """The canonical bytes of `arrays` and `metadata`, in pieces: nothing is copied whole."""
    ordered = _ordered(arrays)
    header: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))}
    end = 0
    for name, array in ordered:
        begin, end = end, end + array.nbytes
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    yield struct.pack("<Q", len(text)) + text
    for _, array in ordered:
        yield _bytes(array)


def checksum(arrays: Mapping[str, np.ndarray]) -> str:
    """A checksum of the canonical data: `crc32:` and 8 hex digits.

    It is there to find damage, not forgery, so it is a fast one.
    """
    value = 0
    for _, array in _ordered(arrays):
        value = zlib.crc32(_bytes(array), value)
    return f"crc32:{value:08x}"


def _ordered(arrays: Mapping[str, np.ndarray]) -> list[tuple[str, np.ndarray]]:
    """Arrays in the order of their bytes: largest element first, then by name."""
    return sorted(arrays.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))


def _bytes(array: np.ndarray) -> memoryview:
    # asarray, not ascontiguousarray: the latter turns a scalar into a vector.
    return np.asarray(array, order="C").reshape(-1).view(np.uint8).data


def foreign(start: bytes) -> str:
    """What a file that is no ticket seems to be, from its first bytes."""
    if start.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x04")):
        return "this looks like a PyTorch pickle: run 'sparsetool import' first"
    if start.startswith(b"\x1f\x8b"):
        return "this is gzip data, not a ticket: unpack it first"
    if start.lstrip()[:1] in (b"{", b"["):
        return "this is JSON text, not a ticket"
    return "this is not a ticket (no safetensors header found)"


def looks_safe(buffer: Buffer) -> bool:
    """Whether bytes begin as safetensors do: a length, whose bytes may be any, and a header."""
    start = bytes(buffer[:9])
    return start[8:] == b"{" and struct.unpack("<Q", start[:8])[0] <= HEADER_LIMIT


def is_foreign(buffer: Buffer) -> bool:
    """Whether bytes are a whole file of another program: a zip archive, pickle or safetensors."""
    if not looks_safe(buffer):
        return bytes(buffer[:4]).startswith(
            (b"PK\x03\x04", *(bytes((128, n)) for n in range(2, 6)))
        )
    try:
        return "sparsetool" not in header_of(buffer, "", {**DTYPES, **FOREIGN})[1]
    except SparsetoolError:
        return False


def header_of(
    buffer: Buffer, name: str, dtypes: Mapping[str, np.dtype[Any]] = DTYPES
) -> tuple[dict[str, Any], dict[str, str], int]:
    """Read the header alone.

    Args:
        buffer: The file's bytes, or at least its beginning.
        name: What to call the input in errors.
        dtypes: Types of tensors by name; the usual ones are those of tickets.

    Returns:
        Entries by tensor name, metadata, and the offset at which the data begins.

    Raises:
        SparsetoolError: These bytes do not begin a safetensors file.
    """
    start = bytes(buffer[:8])
    if not start:
        raise SparsetoolError(f"{name} is empty; the command that made it probably failed")
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
    if len(start) == 8 and length <= HEADER_LIMIT and bytes(buffer[8:9]) == b"{":
        if len(buffer) < 8 + length:
            raise SparsetoolError(f"{name} ended after {len(buffer)} bytes, inside its header")
    else:
        raise SparsetoolError(f"{name}: {foreign(bytes(buffer[:16]))}")
    try:
        header, metadata = check_header(
            parse(bytes(buffer[8 : 8 + length])), {n: d.itemsize for n, d in dtypes.items()}
        )
    except KeyError as error:
        own = dtypes is DTYPES
        cure = "run 'sparsetool import' first" if own else "widen them where it was made"
        raise SparsetoolError(
            f"{name}: {shown(error.args[0])} tensors are not what a ticket holds: {cure}"
        ) from None
    except ValueError as error:
        raise SparsetoolError(f"{name}: its safetensors header is damaged: {error}") from None
    return header, metadata, 8 + length


def enough(start: bytearray, dtypes: Mapping[str, np.dtype[Any]] = DTYPES) -> int | None:
    """Bytes that a stream which begins so can have; None as long as that is not known.

    Nothing at all where it begins no safetensors file, so that such a stream is not read on.
    """
    if len(start) < 9:
        return None
    length = struct.unpack("<Q", start[:8])[0]
    if length > HEADER_LIMIT or start[8:9] != b"{":
        return 0
    if len(start) < 8 + length:
        return None
    try:
        header, _, begin = header_of(bytes(start[: 8 + length]), "", dtypes)
    except SparsetoolError:
        return 0
    return begin + max((entry["data_offsets"][1] for entry in header.values()), default=0)


def decode(
    buffer: Buffer, name: str, dtypes: Mapping[str, np.dtype[Any]] = DTYPES
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read arrays (read-only views of `buffer`) and metadata.

    Args:
        buffer: The whole file.
        name: What to call the input in errors.
        dtypes: Types of tensors by name; the usual ones are those of tickets.

    Raises:
        SparsetoolError: Empty, short, overlong, damaged or foreign input.
    """
    header, metadata, start = header_of(buffer, name, dtypes)
    size = start + max((entry["data_offsets"][1] for entry in header.values()), default=0)
    if len(buffer) < size:
        raise SparsetoolError(f"{name} ended after {len(buffer)} of {size} bytes")
    if len(buffer) > size:
        raise SparsetoolError(f"{name} has {len(buffer) - size} bytes after its end")
    arrays = {}
    for key, entry in header.items():
        dtype = dtypes[entry["dtype"]]
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(buffer, dtype, (end - begin) // dtype.itemsize, start + begin)
        if not flat.flags.aligned:  # ours always are; others may order their tensors otherwise
            flat = flat.copy()
        arrays[key] = flat.reshape(entry["shape"])
        arrays[key].flags.writeable = False
    return arrays, metadata

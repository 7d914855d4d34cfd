"""Tickets read and written from `sparsetool guide formats` alone, never by sparsetool's own code.

The header is taken apart by `struct` and `json`, the arrays by the safetensors library.
`pack` writes the canonical form of `sparsetool guide formats`, "Bytes" anew, so that a test can
hold the program's bytes against it and craft tickets that no verb would write.
"""

from __future__ import annotations

import copy
import hashlib
import json
import struct
import zlib
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}
OUTSIDE_DIGEST = ("versions", "device", "figures")


def content(source: bytes | Path) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def header(source: bytes | Path) -> dict[str, Any]:
    data = content(source)
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length])


def start(source: bytes) -> int:
    """Where the data begin."""
    return 8 + int.from_bytes(source[:8], "little")


def meta(source: bytes | Path) -> dict[str, Any]:
    return json.loads(header(source)["__metadata__"]["sparsetool"])


def lineage(source: bytes | Path) -> list[dict[str, Any]]:
    return meta(source)["lineage"]


def arrays(source: bytes | Path) -> dict[str, np.ndarray]:
    """All tensors, by name in order (the library's own order changes from call to call)."""
    found = safetensors.numpy.load(content(source))
    return dict(sorted(found.items()))


def masks(source: bytes | Path) -> dict[str, np.ndarray]:
    """Masks by the name of the parameter they belong to."""
    found = arrays(source)
    return {
        name.removesuffix("_mask"): array
        for name, array in found.items()
        if name.endswith("_mask") and array.dtype == np.bool_
    }


def weights(source: bytes | Path) -> dict[str, np.ndarray]:
    found = arrays(source)
    return {name: array for name, array in found.items() if not name.endswith("_mask")}


def kept(source: bytes | Path) -> int:
    return sum(int(mask.sum()) for mask in masks(source).values())


def prunable(source: bytes | Path) -> dict[str, int]:
    """Number of weights of each prunable layer."""
    header_ = header(source)
    return {
        name: int(np.prod(header_[name]["shape"], dtype=np.int64))
        for name in meta(source)["prunable"]
    }


def to_keep(sparsity: str, of: int) -> int:
    """round((1 - S) N) in decimals, halves to even."""
    return int(((1 - Decimal(sparsity)) * of).quantize(Decimal(1), ROUND_HALF_EVEN))


def pack(tensors: dict[str, np.ndarray], facts: dict[str, Any] | None) -> bytes:
    """The canonical bytes: element size (largest first), then name; header padded to 8."""
    order = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    head: dict[str, Any] = {}
    if facts is not None:
        # What a test changes has another checksum; without one a ticket reads all the same.
        raw = b"".join(np.asarray(tensors[name], order="C").tobytes() for name in order)
        if facts.get("checksum") != f"crc32:{zlib.crc32(raw):08x}":
            facts = {key: value for key, value in facts.items() if key != "checksum"}
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head["__metadata__"] = {"format": "pt", "sparsetool": text}
    body = b""
    for name in order:
        raw = np.asarray(tensors[name], order="C").tobytes()
        head[name] = {
            "dtype": DTYPES[tensors[name].dtype.name],
            "shape": list(tensors[name].shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    line = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    line += b" " * (-len(line) % 8)
    return struct.pack("<Q", len(line)) + line + body


def digest(source: bytes | Path) -> str:
    """SHA-256 of the canonical bytes without checksum, nor versions, device and figures."""
    facts = copy.deepcopy(meta(source))
    facts.pop("checksum", None)
    for record in facts["lineage"]:
        for key in OUTSIDE_DIGEST:
            record.pop(key, None)
    return hashlib.sha256(pack(arrays(source), facts)).hexdigest()


def off_mask_bits(source: bytes | Path) -> int:
    """Bits that are set in weights off the mask, where all must be +0.0."""
    found, total = arrays(source), 0
    for name, mask in masks(source).items():
        raw = found[name][~mask]
        total += int(np.unpackbits(np.frombuffer(raw.tobytes(), np.uint8)).sum())
    return total

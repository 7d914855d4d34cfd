"""Tickets in few bytes: surviving values and one bit for each prunable weight.

A packed ticket is a safetensors file too. Its metadata are the ticket's, and `packed`: type of the
values, shape of each masked weight by name, and whether masks are deflated. For a masked weight
NAME it holds `NAME.values` (what the mask keeps, in C order) and `NAME.bits` (the mask, by
`numpy.packbits` and then, but for very sparse tickets, zlib); all else as a ticket does. At
sparsity s a prunable weight takes at most 32 (1 - s) + 1 bits in float32, 16 (1 - s) + 1 in half
precision.

Every verb reads it. In float32 (or float64, as the ticket has it) nothing is lost: what is read is
the ticket itself. A smaller type rounds, so the ticket has a step more in its lineage.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import SparsetoolError, UsageError, nearest
from .format import canonical_json, chunks

KEY = "packed"
SMALLER = ("float16", "bfloat16")
TYPES = ("float32", *SMALLER)  # float32 is as the ticket has it
DEFLATED = 100  # masks are deflated unless fewer than 1 in so many weights is kept
EXPANDED = 64  # most weights that a byte of the file can mean, with what is deflated above


def _small(dtype: str) -> np.dtype:
    if dtype == "float16":
        return np.dtype(np.float16)
    import ml_dtypes  # for this type alone

    return np.dtype(ml_dtypes.bfloat16)


def rounded(
    weights: Mapping[str, np.ndarray], masks: Mapping[str, np.ndarray], dtype: str
) -> dict[str, np.ndarray]:
    """Masked weights as a smaller type holds them, widened again.

    Raises:
        UsageError: No such type.
        SparsetoolError: Values overflow, or vanish.
    """
    if dtype not in TYPES:
        raise UsageError(f"unknown type '{dtype}': {nearest(dtype, TYPES)}")
    made = {}
    for name in masks if dtype in SMALLER else ():
        array = weights[name]
        with np.errstate(over="ignore", under="ignore"):
            small = array.astype(_small(dtype)).astype(array.dtype)
        over = int(np.count_nonzero(~np.isfinite(small)))
        gone = int(np.count_nonzero((small == 0) & (array != 0)))
        if over or gone:
            raise SparsetoolError(
                f"{over:,} values of {name} overflow {dtype} and {gone:,} become zero in it: "
                "give another --packed-dtype (float32 loses nothing)"
            )
        made[name] = small
    return made


def pack(
    weights: Mapping[str, np.ndarray],
    masks: Mapping[str, np.ndarray],
    metadata: Mapping[str, str],
    dtype: str,
) -> Iterator[bytes | memoryview]:
    """The bytes of a packed ticket.

    Args:
        weights: As the ticket has them; already rounded to `dtype`.
        masks: Its masks.
        metadata: Its metadata.
        dtype: Of the surviving values, one of `TYPES`.
    """
    arrays: dict[str, np.ndarray] = {}
    kept = sum(int(np.count_nonzero(mask)) for mask in masks.values())
    deflated = kept * DEFLATED >= sum(mask.size for mask in masks.values())
    for name, array in weights.items():
        if name not in masks:
            arrays[name] = array
            continue
        values = array[masks[name]]
        if dtype in SMALLER:
            # As integers of the same bits: safetensors of a ticket know no bfloat16.
            values = values.astype(_small(dtype)).view(np.uint16)
        arrays[f"{name}.values"] = values
        bits = np.packbits(masks[name].reshape(-1))
        if deflated:
            bits = np.frombuffer(zlib.compress(bits.tobytes(), 9), np.uint8)
        arrays[f"{name}.bits"] = bits
    shapes = {name: list(mask.shape) for name, mask in masks.items()}
    facts = {"dtype": dtype, "shapes": shapes, "deflated": deflated}
    # A field of the ticket's own, that old versions do not find what they look for in it.
    return chunks(arrays, {**metadata, KEY: canonical_json(facts)})


def unpack(
    arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str], name: str, suffix: str
) -> dict[str, np.ndarray]:
    """The arrays of the ticket that was packed; of any other file, its own.

    Args:
        arrays: What the file holds.
        metadata: Its metadata.
        name: What to call it in errors.
        suffix: What the names of masks end in.

    Raises:
        SparsetoolError: It is damaged.
    """
    if KEY not in metadata:
        return dict(arrays)
    whole = dict(arrays)
    try:
        facts: Any = json.loads(metadata[KEY])
        small = _small(facts["dtype"]) if facts["dtype"] in SMALLER else None
        if facts["dtype"] not in TYPES:
            raise SparsetoolError(
                f"{name} is packed as {facts['dtype']}: a newer sparsetool reads it"
            )
        size = sum(math.prod(shape) for shape in facts["shapes"].values())
        if size > EXPANDED * sum(array.nbytes for array in arrays.values()):
            raise ValueError(f"{size:,} weights are more than so small a file can mean")
        for key, shape in facts["shapes"].items():
            values, bits = whole.pop(f"{key}.values"), whole.pop(f"{key}.bits")
            size = math.prod(shape)
            if facts["deflated"]:
                bits = _inflated(bits, -(-size // 8))
            if len(bits) != -(-size // 8):
                raise ValueError(f"the mask of {key} has another size")
            mask = np.unpackbits(bits, count=size).astype(bool)
            if small is not None:
                values = values.view(small).astype(np.float32)
            if np.count_nonzero(mask) != len(values):
                raise ValueError(f"{key} has other values than its mask keeps")
            array = np.zeros(size, values.dtype)
            array[mask] = values
            whole[key], whole[key + suffix] = array.reshape(shape), mask.reshape(shape)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise SparsetoolError(f"{name} is a damaged packed ticket: {error}") from None
    return whole


def _inflated(content: np.ndarray, size: int) -> np.ndarray:
    """What was deflated, never more than one byte above `size`."""
    return np.frombuffer(zlib.decompressobj().decompress(content.tobytes(), size + 1), np.uint8)

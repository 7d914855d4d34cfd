"""Reading a ticket's bytes, and saying exactly what is wrong where something is.

The checks take arrays and facts, so that the ticket itself can be made of what passed them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .format import Buffer
from .format import decode as decode_arrays
from .packed import unpack

SCHEMA = 1
SUFFIX = "_mask"
FACTS = ("model", "classes", "input", "data", "seed", "prunable", "buffers", "graph")
# Facts that not every ticket states: what its images are normalised by, the order its tensors had.
OPTIONAL = ("normalize", "order")


@dataclass(frozen=True)
class Parts:
    """What a sound file holds (see `Ticket`)."""

    weights: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray]
    meta: Mapping[str, Any]
    lineage: tuple[Any, ...]
    kind: str


def facts_of(metadata: Mapping[str, str], name: str) -> dict[str, Any]:
    """The facts in a file's metadata.

    Raises:
        SparsetoolError: There are none, or they are of a newer schema.
    """
    if "sparsetool" not in metadata:
        raise SparsetoolError(
            f"{name}: this is a safetensors file but no ticket: run 'sparsetool import' first"
        )
    try:
        facts = json.loads(metadata["sparsetool"])
        schema = facts["schema"]
    except (ValueError, TypeError, KeyError):
        raise SparsetoolError(f"{name}: its 'sparsetool' metadata is damaged") from None
    if not isinstance(schema, int) or schema > SCHEMA:
        raise SparsetoolError(
            f"{name} has schema {schema}, this program knows up to {SCHEMA}: "
            f"it needs sparsetool {schema}.0 or newer"
        )
    return facts


def decode(buffer: Buffer, name: str) -> Parts:
    """Read and check a ticket.

    Args:
        buffer: The whole file.
        name: What to call the input in errors.

    Raises:
        SparsetoolError: Empty, short, damaged or foreign input; a mask that does not fit; weights
            that are not finite, or not zero off the mask.
    """
    held, metadata = decode_arrays(buffer, name)
    facts = facts_of(metadata, name)
    arrays = unpack(held, metadata, name, SUFFIX)
    kind = facts.get("kind")
    if kind not in ("ticket", "mask") or any(key not in facts for key in (*FACTS, "lineage")):
        raise SparsetoolError(f"{name} is no ticket: its metadata lacks what a ticket must state")
    masks = {
        key.removesuffix(SUFFIX): array
        for key, array in arrays.items()
        if key.endswith(SUFFIX) and key.removesuffix(SUFFIX) in facts["prunable"]
    }
    parts = Parts(
        weights={k: a for k, a in arrays.items() if k not in {m + SUFFIX for m in masks}},
        masks=masks,
        meta={key: facts[key] for key in (*FACTS, *OPTIONAL) if key in facts},
        lineage=tuple(facts["lineage"]),
        kind=kind,
    )
    check(parts, name)
    return parts


def off_mask(weights: Mapping[str, np.ndarray], masks: Mapping[str, np.ndarray]) -> list[str]:
    """Names of masked weights that are not +0.0, bit for bit, somewhere off the mask."""
    wrong = []
    for name, mask in masks.items():
        weight = weights.get(name)
        if weight is None:
            continue
        bits = weight.reshape(-1).view(np.dtype(f"u{weight.dtype.itemsize}"))
        if np.any((bits != 0) & ~mask.reshape(-1)):
            wrong.append(name)
    return wrong


def check(parts: Parts, name: str) -> None:
    """See that a ticket is sound.

    Raises:
        SparsetoolError: A mask that does not fit; weights that are not finite, or not zero off it.
    """
    held = parts.weights if parts.kind == "ticket" else parts.masks
    missing = [key for key in parts.meta["prunable"] if key not in held]
    if missing:
        raise SparsetoolError(f"{name}: it lacks {', '.join(missing[:3])}")
    known = {*parts.meta["buffers"], *parts.meta["prunable"]}
    for key, array in parts.weights.items():
        if key.endswith(SUFFIX) and array.dtype == bool and key not in known:
            raise SparsetoolError(f"{name}: {key} is a mask of nothing prunable")
    for key, mask in parts.masks.items():
        if mask.dtype != bool:
            raise SparsetoolError(f"{name}: the mask of {key} is {mask.dtype}, not BOOL")
        if mask.size and mask.view(np.uint8).max() > 1:
            raise SparsetoolError(f"{name}: the mask of {key} holds bytes other than 0 and 1")
        if parts.kind == "ticket" and mask.shape != parts.weights[key].shape:
            raise SparsetoolError(
                f"{name}: the mask of {key} has shape {mask.shape}, "
                f"its weight {parts.weights[key].shape}"
            )
    for key, weight in parts.weights.items():
        if weight.dtype.kind != "f":
            continue
        # A finite sum proves finite terms without a temporary array; an overflow may not.
        with np.errstate(all="ignore"):
            doubtful = not np.isfinite(weight.sum())
        if doubtful and not np.isfinite(weight).all():
            count = int(np.count_nonzero(~np.isfinite(weight)))
            raise SparsetoolError(f"{name}: {count} values of {key} are NaN or infinite")
    wrong = off_mask(parts.weights, parts.masks)
    if wrong:
        raise SparsetoolError(f"{name}: weights off the mask are not zero in {', '.join(wrong)}")

"""Reading a ticket from its bytes, and saying exactly what is wrong with it where something is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .format import Buffer
from .format import decode as decode_arrays
from .value import FACTS, SCHEMA, SUFFIX, Ticket


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


def decode(buffer: Buffer, name: str) -> Ticket:
    """Read and check a ticket.

    Args:
        buffer: The whole file.
        name: What to call the input in errors.

    Raises:
        SparsetoolError: Empty, short, damaged or foreign input; a mask that does not fit; weights
            that are not finite, or not zero off the mask.
    """
    arrays, metadata = decode_arrays(buffer, name)
    facts = facts_of(metadata, name)
    kind = facts.get("kind")
    if kind not in ("ticket", "mask") or any(key not in facts for key in (*FACTS, "lineage")):
        raise SparsetoolError(f"{name} is no ticket: its metadata lacks what a ticket must state")
    masks = {
        key.removesuffix(SUFFIX): array
        for key, array in arrays.items()
        if key.endswith(SUFFIX) and key.removesuffix(SUFFIX) in facts["prunable"]
    }
    ticket = Ticket(
        weights={k: a for k, a in arrays.items() if k not in {m + SUFFIX for m in masks}},
        masks=masks,
        meta={key: facts[key] for key in FACTS},
        lineage=tuple(facts["lineage"]),
        kind=kind,
    )
    check(ticket, name)
    return ticket


def check(ticket: Ticket, name: str) -> None:
    """See that a ticket is sound.

    Raises:
        SparsetoolError: A mask that does not fit; weights that are not finite, or not zero off it.
    """
    held = ticket.weights if ticket.kind == "ticket" else ticket.masks
    missing = [key for key in ticket.prunable if key not in held]
    if missing:
        raise SparsetoolError(f"{name}: it lacks {', '.join(missing[:3])}")
    known = {*ticket.meta["buffers"], *ticket.prunable}
    for key, array in ticket.weights.items():
        if key.endswith(SUFFIX) and array.dtype == bool and key not in known:
            raise SparsetoolError(f"{name}: {key} is a mask of nothing prunable")
    for key, mask in ticket.masks.items():
        if mask.dtype != bool:
            raise SparsetoolError(f"{name}: the mask of {key} is {mask.dtype}, not BOOL")
        if mask.size and mask.view(np.uint8).max() > 1:
            raise SparsetoolError(f"{name}: the mask of {key} holds bytes other than 0 and 1")
        if ticket.kind == "ticket" and mask.shape != ticket.weights[key].shape:
            raise SparsetoolError(
                f"{name}: the mask of {key} has shape {mask.shape}, "
                f"its weight {ticket.weights[key].shape}"
            )
    for key, weight in ticket.weights.items():
        if weight.dtype.kind != "f":
            continue
        # A finite sum proves finite terms without a temporary array; an overflow may not.
        with np.errstate(all="ignore"):
            doubtful = not np.isfinite(weight.sum())
        if doubtful and not np.isfinite(weight).all():
            count = int(np.count_nonzero(~np.isfinite(weight)))
            raise SparsetoolError(f"{name}: {count} values of {key} are NaN or infinite")
    wrong = ticket.off_mask()
    if wrong:
        raise SparsetoolError(f"{name}: weights off the mask are not zero in {', '.join(wrong)}")

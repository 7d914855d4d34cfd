"""Reading a ticket's bytes, with exact errors.

The checks take arrays and facts, so that the ticket itself can be made of what passed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .format import Buffer, checksum
from .format import decode as decode_arrays
from .graph import check_graph
from .json_text import parse, shown
from .packed import unpack
from .records import check_lineage
from .schema import check_facts

SCHEMA = 1
SUFFIX = "_mask"
FLOATS = (np.float32, np.float64)
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
        facts = parse(metadata["sparsetool"])
    except ValueError as error:
        raise SparsetoolError(f"{name}: its 'sparsetool' metadata is damaged: {error}") from None
    schema = facts.get("schema") if isinstance(facts, dict) else None
    if type(schema) is not int or schema < 1:
        raise SparsetoolError(f"{name}: its 'sparsetool' metadata is damaged: it has no schema")
    if schema > SCHEMA:
        raise SparsetoolError(
            f"{name} has schema {schema}, this program knows up to {SCHEMA}: "
            f"it needs sparsetool {schema}.0 or newer"
        )
    missing = [key for key in (*FACTS, "kind", "lineage") if key not in facts]
    if missing:
        raise SparsetoolError(
            f"{name} is no ticket: its metadata lacks '{missing[0]}', which a ticket must state"
        )
    return dict(facts)


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
    shapes = {key: array.shape for key, array in arrays.items()}
    try:
        check_facts(facts)
        check_lineage(facts["lineage"], len(facts["prunable"]))
        if facts["kind"] == "mask":
            shapes = {key.removesuffix(SUFFIX): shape for key, shape in shapes.items()}
        channels = facts["input"][0] if len(facts["input"]) > 1 else None
        check_graph(facts["graph"], channels, shapes, facts["kind"] == "ticket")
    except ValueError as error:
        raise SparsetoolError(f"{name}: its 'sparsetool' metadata is damaged: {error}") from None
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
        kind=facts["kind"],
    )
    check(parts, name)
    # Last, as what was found before says more; tickets of earlier versions have none.
    if "checksum" in facts and facts["checksum"] != checksum(arrays):
        raise SparsetoolError(f"{name} is damaged: its data do not give its checksum")
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


def selected(
    weights: dict[str, np.ndarray], masks: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Weights with exactly +0.0 off the masks; arrays that already are so stay as they are."""
    for name, mask in masks.items():
        weight = weights[name]
        bits = weight.reshape(-1).view(np.dtype(f"u{weight.dtype.itemsize}"))
        if np.any((bits != 0) & ~mask.reshape(-1)):
            weights[name] = np.where(mask, weight, weight.dtype.type(0))
    return weights


def check(parts: Parts, name: str) -> None:
    """See that a ticket is sound.

    Raises:
        SparsetoolError: A tensor that is missing or of a type that it cannot have, a mask that does
            not fit, weights that are not finite, or not zero off it, or other counts than recorded.
    """
    _check_names(parts, name)
    _check_types(parts, name)
    for key, mask in parts.masks.items():
        if parts.kind == "ticket" and mask.shape != parts.weights[key].shape:
            raise SparsetoolError(
                f"{name}: the mask of {shown(key)} has shape {mask.shape}, "
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
            raise SparsetoolError(f"{name}: {count} values of {shown(key)} are NaN or infinite")
    wrong = off_mask(parts.weights, parts.masks)
    if wrong:
        raise SparsetoolError(f"{name}: weights off the mask are not zero in {_few(wrong)}")
    _check_counts(parts, name)


def _check_names(parts: Parts, name: str) -> None:
    """See that every tensor that is named is there, and no mask of nothing."""
    prunable, buffers = parts.meta["prunable"], parts.meta["buffers"]
    held = parts.weights if parts.kind == "ticket" else parts.masks
    wanted = [*prunable, *buffers] if parts.kind == "ticket" else prunable
    missing = [key for key in wanted if key not in held]
    if missing:
        raise SparsetoolError(f"{name}: it lacks {_few(missing)}")
    if parts.kind == "mask" and parts.weights:
        raise SparsetoolError(f"{name}: it holds {_few(list(parts.weights))} besides masks")
    known = {*buffers, *prunable}
    for key, array in parts.weights.items():
        if key.endswith(SUFFIX) and array.dtype == bool and key not in known:
            raise SparsetoolError(f"{name}: {shown(key)} is a mask of nothing prunable")


def _check_types(parts: Parts, name: str) -> None:
    """See that masks are of zeros and ones, and weights of floating-point numbers."""
    for key, mask in parts.masks.items():
        if mask.dtype != bool:
            raise SparsetoolError(f"{name}: the mask of {shown(key)} is {mask.dtype}, not BOOL")
    for key, array in (*parts.masks.items(), *parts.weights.items()):
        if array.dtype == bool and array.size and array.view(np.uint8).max() > 1:
            what = f"the mask of {shown(key)}" if key in parts.masks else shown(key)
            raise SparsetoolError(f"{name}: {what} holds bytes other than 0 and 1")
    for key, weight in parts.weights.items():
        if weight.dtype not in FLOATS and key not in parts.meta["buffers"]:
            raise SparsetoolError(
                f"{name}: {shown(key)} is {weight.dtype}, but weights are float32 or float64: "
                "'sparsetool import' converts"
            )


def _check_counts(parts: Parts, name: str) -> None:
    """See that the last record counts what the masks keep."""
    achieved = parts.lineage[-1]["achieved"] if parts.lineage else {}
    held = parts.weights if parts.kind == "ticket" else parts.masks
    total = kept = 0
    for key in parts.meta["prunable"]:
        mask = parts.masks.get(key)
        total += held[key].size
        kept += held[key].size if mask is None else int(np.count_nonzero(mask))
    found = {"kept": kept, "prunable": total}
    for what, count in found.items():
        if achieved.get(what, count) != count:
            raise SparsetoolError(
                f"{name} is damaged: its last record says {what} {achieved[what]}, "
                f"its masks say {count}"
            )


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(shown, names[:3])) + more

"""Other people's checkpoints as tickets, and their masks as masks of a ticket.

`containers` opens the file, `fitting` gives each entry its place in the network, `found_masks`
makes masks; here they become a ticket. What is done to the file's values is said, line by line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..data.facts import facts_of, normalisation
from ..errors import SparsetoolError, UsageError
from ..files import open_file
from ..plugins.datasets import is_text
from ..plugins.own_code import within_call
from ..ticket.lineage import Record
from ..ticket.value import Ticket, versions
from . import containers
from .fitting import COUNTER, Fitted, fit, only_masks
from .found import numbers, plain, some
from .found_masks import bare, masks_of, stored_positions, within
from .origin import Origin

Arrays = dict[str, np.ndarray]
Say = Callable[[str], None]


@within_call
def import_file(
    file: str | os.PathLike[str], model: str, *, say: Say = lambda line: None, **how: Any
) -> Ticket:
    """A ticket from somebody else's checkpoint, as the verb `import` makes it.

    Args:
        file: Its path.
        model: The network that the weights are of: a name, or FILE.py:FUNCTION.
        say: Takes a line on each thing that was done to the file's values.
        how: Further fields of `Origin`: `data`, `maps`, `zeros`, `normalize` ...

    Raises:
        SparsetoolError: It cannot be read, or does not fit the network.
    """
    return adopt(open_file(file), os.fspath(file), Origin.typed(model, **how), say)


def adopt(
    content: bytes | memoryview, name: str, origin: Origin, say: Say = lambda line: None
) -> Ticket:
    """A ticket from a foreign checkpoint; of kind `mask` where the file holds masks alone.

    Args:
        content: The file's bytes.
        name: Its path, which is what to call it in errors.
        origin: How it is to be read.
        say: Takes a line on each thing that was done to the file's values.

    Raises:
        SparsetoolError: It cannot be read, or does not fit the network, or a ticket cannot hold it.
    """
    contents = containers.opened(content, name, origin.take)
    from .build import from_module
    from .init import constructed, facts_of_birth, initial  # torch, once the file is known sound

    facts = facts_of(origin.data, origin.data_root)
    module = constructed(origin.model, facts.classes, facts.input, origin.seed)
    own = from_module(module)
    shapes = {key: array.shape for key, array in own.items()}
    called = origin.model.partition("@sha256:")[0]
    fitted = fit(
        contents, shapes, _aliases(module), name, called,
        maps=origin.maps, ignore=origin.ignore, fresh=origin.fresh,
    )  # fmt: skip
    meta = facts_of_birth(
        module, facts, origin.model, origin.data, origin.seed, origin.exclude, origin.prune_also
    )
    if origin.normalize is not None:
        if is_text(facts.input):
            raise UsageError("--normalize is for images, and the data are text: leave it out")
        meta["normalize"] = normalisation(origin.normalize, facts.input[0])
    alone = _masks_alone(fitted, shapes, origin)
    if alone:
        masks = bare(fitted, shapes, meta["prunable"], name)
        made = Ticket({}, masks, meta, kind="mask")
    else:
        start = {**own, **(initial(module, origin.seed, "kaiming") if origin.fresh else {})}
        weights = {key: _weight(fitted, key, start[key], name) for key in own}
        left = [key for key in own if key not in fitted.weights and not key.endswith(COUNTER)]
        if left:
            fitted.said.append(f"initialised {some(left)} by seed {origin.seed}")
        masks = masks_of(fitted, shapes, name)
        made = _masked(weights, masks, meta, origin, fitted, name)
        meta["order"] = [*fitted.weights] + [k for k in own if k not in fitted.weights]
    for line in (*contents.said, *fitted.said):
        say(line)
    return _born(made, origin, containers.digest(content, name))


def masks_from(
    content: bytes | memoryview, name: str, ticket: Ticket, say: Say = lambda line: None
) -> Ticket:
    """The masks of a foreign file as a ticket of kind `mask`, for a ticket of the same network.

    It is what `adopt` makes of the file with the ticket's model, data, seed and exclusions, but
    needs neither torch nor the network.

    Raises:
        SparsetoolError: It cannot be read, or has no masks that fit.
    """
    contents = containers.opened(content, name)
    held = ticket.weights or ticket.masks
    shapes = {key: array.shape for key, array in held.items()}
    birth = ticket.main_line[0]["options"] if ticket.lineage else {}
    exclude, also = (tuple(birth.get(key) or ()) for key in ("exclude", "prune_also"))
    origin = Origin(**_facts(ticket), exclude=exclude, prune_also=also)
    called = origin.model.partition("@sha256:")[0]
    known = {key: key for key in shapes}
    fitted = fit(contents, shapes, known, name, called, maps={}, whole=False)
    alone = not fitted.masks and only_masks(fitted, shapes)
    if fitted.weights and not alone:
        fitted.masks |= stored_positions(fitted, name)
        fitted.weights.clear()
        if not fitted.masks:
            raise SparsetoolError(
                f"{name} holds weights, but no masks (of zeros and ones): 'sparsetool import "
                "--zeros' takes exact zeros as pruned"
            )
    masks = bare(fitted, shapes, ticket.prunable, name)
    for line in (*contents.said, *fitted.said):
        say(line)
    made = Ticket({}, masks, {k: v for k, v in ticket.meta.items() if k != "order"}, kind="mask")
    return _born(made, origin, containers.digest(content, name))


def _facts(ticket: Ticket) -> dict[str, Any]:
    return {key: ticket.meta[key] for key in ("model", "data", "seed")}


def _aliases(module: Any) -> dict[str, str]:
    """First name of each tensor by every name that it has."""
    first: dict[int, str] = {}
    found = {}
    for name, tensor in module.state_dict(keep_vars=True).items():
        found[name] = first.setdefault(id(tensor), name)
    return found


def _masks_alone(fitted: Fitted, shapes: Mapping[str, tuple[int, ...]], origin: Origin) -> bool:
    """Whether a file holds masks and no weights, by their names or under the weights' own."""
    if not fitted.weights:
        return bool(fitted.masks)
    whole = all(k in fitted.weights or k.endswith(COUNTER) for k in shapes)
    kinds = {np.dtype(getattr(e, "dtype", np.float32)).kind for _, e in fitted.weights.values()}
    typed = kinds <= {"b", "u", "i"} and not origin.fresh
    # Weights of every layer that are all 0 or 1, and both, are nobody's weights.
    both = all(
        0 < np.count_nonzero(found) < found.size
        for _, found in fitted.weights.values()
        if isinstance(found, np.ndarray) and found.ndim > 1
    )
    return not fitted.masks and (typed or not whole or both) and only_masks(fitted, shapes)


def _weight(fitted: Fitted, key: str, own: np.ndarray, name: str) -> np.ndarray:
    """A tensor as the ticket holds it: floats as float32, or float64 where the file has that."""
    if key not in fitted.weights:
        return own
    entry, found = fitted.weights[key]
    array = numbers(found, entry, name).reshape(own.shape)
    if own.dtype.kind == "f":
        if array.dtype.kind != "f":
            raise SparsetoolError(
                f"{name}: {plain(entry)} holds {array.size:,} values of type {array.dtype}, where "
                "floating-point weights belong: if they are codes of a quantised network, save "
                "the dequantised weights"
            )
        return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)
    with np.errstate(invalid="ignore"):
        exact = array.astype(own.dtype)
    wrong = int(np.count_nonzero(exact != array))
    if wrong:
        raise SparsetoolError(
            f"{name}: {wrong:,} of {array.size:,} values of {plain(entry)} ({array.dtype}) are no "
            f"{own.dtype}, which the network wants"
        )
    return exact


def _masked(
    weights: Arrays,
    found: Arrays,
    meta: Mapping[str, Any],
    origin: Origin,
    fitted: Fitted,
    name: str,
) -> Ticket:
    """The weights under the file's masks; those outside the prunable list are applied once."""
    prunable = meta["prunable"]
    outside = {key: mask for key, mask in found.items() if key not in prunable}
    masks = within(found, {key: array.shape for key, array in weights.items()}, prunable)
    for key, mask in {**masks, **outside}.items():
        weights[key] = np.where(mask, weights[key], weights[key].dtype.type(0))
    for key, mask in outside.items():
        zeroed = int(np.count_nonzero(~mask))
        if not zeroed:
            continue
        fitted.said.append(
            f"{key} is not prunable: its mask made {zeroed:,} of {mask.size:,} values zero, and is "
            "not kept (training may change them)"
        )
    for key, array in weights.items():
        wrong = int(np.count_nonzero(~np.isfinite(array))) if array.dtype.kind == "f" else 0
        if wrong:
            raise SparsetoolError(
                f"{name}: {wrong:,} of {array.size:,} values of {key} are NaN or infinite: the "
                "training that made them diverged, take an earlier checkpoint"
            )
    if not masks:
        zero = sum(int(np.count_nonzero(weights[key] == 0)) for key in prunable)
        total = sum(weights[key].size for key in prunable)
        if origin.zeros:
            masks = {key: weights[key] != 0 for key in prunable}
            # A weight of -0.0 is no +0.0, which a ticket has off its mask.
            weights |= {k: np.where(masks[k], weights[k], weights[k].dtype.type(0)) for k in masks}
        elif zero > total / 100:
            fitted.said.append(
                f"{zero:,} of {total:,} prunable weights are exactly zero, and the file has no "
                "masks: --zeros takes them as pruned"
            )
    return Ticket(weights, masks, meta)


def _born(made: Ticket, origin: Origin, digest: str) -> Ticket:
    """The ticket with the record of its birth."""
    record: Record = {
        "verb": "import",
        "options": origin.options,
        "seed": made.seed,
        "inputs": {"file": digest},
        "achieved": {"kept": made.kept, "prunable": made.total},
        "versions": versions(),
    }
    return Ticket(made.weights, made.masks, made.meta, (record,), made.kind)

"""Tickets as files for other programs; `import` makes the ticket's weights and masks of each again.

Every function gives the file's bytes in pieces. Names and their order are those of the network, or
of the file that the ticket was imported from.
"""

from __future__ import annotations

import base64
import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import SparsetoolError, UsageError, nearest
from ..ticket.format import chunks
from ..ticket.packed import pack, rounded
from ..ticket.value import Ticket

Pieces = list[bytes | memoryview]
REST = "sparsetool"  # property of an ONNX file: what its graph has no place for


def in_order(ticket: Ticket) -> dict[str, np.ndarray]:
    """The weights in the order of the file they came from, else of the network.

    Raises:
        SparsetoolError: The network is code that was not named.
    """
    order: Sequence[str] = ticket.meta.get("order") or [*ticket.model().state_dict()]
    return {key: ticket.weights[key] for key in order if key in ticket.weights}


def plain(ticket: Ticket) -> Pieces:
    """The weights alone as an ordinary safetensors file, zeros where the mask is."""
    return list(chunks(ticket.weights, {"format": "pt"}))


def pickled(ticket: Ticket) -> Pieces:
    """The weights alone as `torch.save(module.state_dict())`."""
    return _saved({key: _tensor(array) for key, array in in_order(ticket).items()})


def torch_prune(ticket: Ticket, safe: bool = False) -> Pieces:
    """A state dict as `torch.nn.utils.prune` makes it: `NAME_orig` and `NAME_mask`.

    It opens in a module whose same weights are pruned. The originals are zero where the mask is.

    Args:
        ticket: The ticket.
        safe: Whether as safetensors, which knows no order.
    """
    weights = ticket.weights if safe else in_order(ticket)
    held: dict[str, np.ndarray] = {}
    for key, array in weights.items():
        if key in ticket.masks:
            held[f"{key}_orig"] = array
            held[f"{key}_mask"] = ticket.masks[key].astype(array.dtype)
        else:
            held[key] = array
    if safe:
        return list(chunks(held, {"format": "pt"}))
    return _saved({key: _tensor(array) for key, array in held.items()})


def csr(ticket: Ticket) -> Pieces:
    """A state dict with a sparse CSR matrix [out, rest] for each masked weight.

    What the mask keeps is stored, zeros too, so that the stored positions are the mask.
    """
    import torch

    held = {}
    for key, array in in_order(ticket).items():
        mask = ticket.masks.get(key)
        if mask is None:
            held[key] = _tensor(array)
            continue
        rows = mask.reshape(len(mask), -1)
        starts = np.concatenate([[0], np.cumsum(np.count_nonzero(rows, axis=1))])
        values = array.reshape(rows.shape)[rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that CSR is in beta
            held[key] = torch.sparse_compressed_tensor(
                _tensor(starts),
                _tensor(np.nonzero(rows)[1]),
                _tensor(values),
                size=rows.shape,
                layout=torch.sparse_csr,
                check_invariants=True,
            )
    return _saved(held)


def masks(ticket: Ticket) -> Pieces:
    """The masks as a numpy archive, bool arrays by the names of their weights.

    Raises:
        SparsetoolError: There are none.
    """
    if not ticket.masks:
        raise SparsetoolError("this ticket is dense: it has no masks to write")
    return [_zipped({key: ticket.masks[key] for key in ticket.prunable})]


def packed(ticket: Ticket, dtype: str = "float32") -> Pieces:
    """A packed ticket (see `ticket.packed`).

    Raises:
        UsageError: An unknown type.
        SparsetoolError: The ticket is dense, or its values do not fit the type.
    """
    if not ticket.masks:
        raise SparsetoolError("this ticket is dense, there is nothing to pack: use --plain")
    small = rounded(ticket.weights, ticket.masks, dtype)
    if any((array != ticket.weights[key]).any() for key, array in small.items()):
        options = {"packed": True, "packed_dtype": dtype}
        ticket = ticket.derive("export", options, weights=small)
    return list(pack(ticket.weights, ticket.masks, ticket.metadata, dtype))


def onnx(ticket: Ticket) -> Pieces:
    """The network as an ONNX model for any number of images, in evaluation mode.

    Initializers have the parameters' names. The masks, and what the graph has no use for, are in
    the model's property `sparsetool`, so that `import` finds all.

    Raises:
        SparsetoolError: The extra `onnx` is not installed, or torch cannot export the network.
    """
    from .inference import onnx_model

    model = onnx_model(ticket.model(), ticket.meta["input"])
    import onnx as library

    held = {t.name: library.numpy_helper.to_array(t) for t in model.graph.initializer}
    whole = {key for key, array in ticket.weights.items() if _same(held.get(key), array)}
    rest = {key: array for key, array in ticket.weights.items() if key not in whole}
    rest |= {f"{key}_mask": mask for key, mask in ticket.masks.items()}
    library.helper.set_model_props(model, {REST: base64.b64encode(_zipped(rest)).decode()})
    return [model.SerializeToString(deterministic=True)]


def shrunk(ticket: Ticket, onnx: bool = False) -> Pieces:
    """The network without the channels that its masks removed, for inference.

    Args:
        ticket: The ticket.
        onnx: Whether as ONNX, else as a program of `torch.export`.

    Raises:
        SparsetoolError: No channel is removed in all its layers, or the network cannot be cut.
    """
    from .shrink import shrink

    return whole_program(shrink(ticket).module, ticket, onnx)


def whole_program(module: Any, ticket: Ticket, onnx: bool) -> Pieces:
    """A module that takes a ticket's images, as a file for inference."""
    from . import inference

    if onnx:
        model = inference.onnx_model(module, ticket.meta["input"])
        return [model.SerializeToString(deterministic=True)]
    return [inference.program(module, ticket.meta["input"])]


def _same(found: np.ndarray | None, array: np.ndarray) -> bool:
    """Whether two arrays are the same bit for bit."""
    return (
        found is not None
        and (found.shape, found.dtype) == (array.shape, array.dtype)
        and found.tobytes() == array.tobytes()
    )


def _zipped(arrays: Mapping[str, np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _tensor(array: np.ndarray) -> Any:
    import torch

    return torch.tensor(np.array(array))


def _saved(held: Mapping[str, Any]) -> Pieces:
    import torch

    file = io.BytesIO()
    torch.save(dict(held), file)
    return [file.getvalue()]


FORMS: dict[str, Callable[..., Pieces]] = {
    "plain": plain,
    "pickled": pickled,
    "packed": packed,
    "torch_prune": torch_prune,
    "csr": csr,
    "masks": masks,
    "onnx": onnx,
    "shrink": shrunk,
}


def export(ticket: Ticket, form: str = "plain", **how: Any) -> bytes:
    """The bytes of a ticket as a file for another program.

    Args:
        ticket: The ticket.
        form: `plain`, `packed`, `torch_prune`, `csr`, `masks`, `onnx` or `shrink`, as the options
            of the verb `export`; `pickled` is what its `--plain -o NAME.pt` writes.
        how: `dtype` of `packed` (`float32`, `float16` or `bfloat16`); `safe` of `torch_prune`
            (whether as safetensors); `onnx` of `shrink` (whether as ONNX, else a .pt2 file).

    Raises:
        UsageError: An unknown form, or one that has no use for an argument.
        SparsetoolError: The form cannot hold the ticket, or a package that it needs is missing.

    Example:
        >>> from sparsetool import export, init
        >>> len(export(init("mlp:20"), "plain")) > 4 * 1480
        True
    """
    if form not in FORMS:
        raise UsageError(f"unknown form '{form}': {nearest(form, tuple(FORMS))}")
    if ticket.kind == "mask" and form != "masks":
        raise SparsetoolError("this file holds masks alone: there are no weights to export")
    known = inspect.signature(FORMS[form]).parameters
    if idle := [name for name in how if name not in known or name == "ticket"]:
        raise UsageError(f"form '{form}' has no use for {idle[0]}: leave it out")
    return b"".join(FORMS[form](ticket, **how))

"""Other people's checkpoints as tickets, and tickets as checkpoints for other people.

What is understood: a `state_dict` saved by torch (alone, or under `state_dict`, `model` or `net`,
with or without the prefix `module.` of parallel training) and safetensors files. Masks are taken
from entries named `<parameter>_mask`; with `<parameter>_orig` beside it, as `torch.nn.utils.prune`
saves them, the weight is the masked original.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ..data.facts import facts_of
from ..data.naming import recorded_name
from ..errors import SparsetoolError
from ..ticket.checks import SUFFIX
from ..ticket.format import chunks, header_of
from ..ticket.value import Ticket
from .build import build, from_module, prunable_names
from .init import born, facts_of_birth

ORIGINAL = "_orig"
NESTS = ("state_dict", "model", "net", "model_state_dict")
PREFIXES = ("module.", "_orig_mod.")
Arrays = dict[str, np.ndarray]


def adopt(
    content: bytes | memoryview,
    name: str,
    *,
    model: str,
    data: str = "digits",
    seed: int = 0,
    exclude: tuple[str, ...] = (),
    renames: Mapping[str, str] | None = None,
    zeros: bool = False,
) -> Ticket:
    """A ticket from a foreign checkpoint.

    Args:
        content: The file's bytes.
        name: What to call it in errors.
        model: The network that the weights are of.
        data: Data set, which decides classes and input.
        seed: The ticket's seed.
        exclude: Patterns of weights that no verb shall ever prune.
        renames: New beginning of a parameter's name by its beginning in the file.
        zeros: Take weights that are exactly zero as pruned, where the file has no masks.

    Raises:
        SparsetoolError: It cannot be read, or does not fit the network.
    """
    held = _renamed(_read(content, name), renames or {})
    model, data = recorded_name("models", model), recorded_name("datasets", data)
    facts = facts_of(data)
    module = build(model, facts.classes, facts.input)
    own = from_module(module)
    weights = {key: _weight(held, key, array, name) for key, array in own.items()}
    unknown = [key for key in held if _parameter(key) not in own]
    if unknown:
        raise SparsetoolError(
            f"{name}: {model} has no {', '.join(unknown[:3])}"
            f"{f' and {len(unknown) - 3} more' if len(unknown) > 3 else ''}: "
            "give the right --model, or --map OLD=NEW"
        )
    masks = _masks(held, weights, prunable_names(module, exclude), name, zeros)
    meta = facts_of_birth(module, facts, model, data, seed, exclude)
    for key, mask in masks.items():
        weights[key] = np.where(mask, weights[key], weights[key].dtype.type(0))
    options: dict[str, Any] = dict(model=model, data=data, zeros=zeros)
    options |= {"exclude": list(exclude) or None, "map": dict(renames or {}) or None}
    digest = hashlib.sha256(content).hexdigest()
    return born(Ticket(weights, masks, meta), "import", options, {"file": digest})


def _read(content: bytes | memoryview, name: str) -> Arrays:
    """Every tensor of a foreign file by name, half precision widened to float32."""
    if bytes(content[:2]) == b"PK" or bytes(content[:1]) == b"\x80":
        return _read_pickle(content, name)
    from safetensors import SafetensorError
    from safetensors.torch import load

    header_of(content, name)
    try:
        return {key: _array(tensor) for key, tensor in load(bytes(content)).items()}
    except (SafetensorError, KeyError) as error:
        raise SparsetoolError(f"{name} is no checkpoint this program can read: {error}") from None


def _read_pickle(content: bytes | memoryview, name: str) -> Arrays:
    try:
        # weights_only: a checkpoint from elsewhere must never run code.
        loaded: Any = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, zipfile.BadZipFile, EOFError, OSError) as error:
        first = str(error).strip().splitlines()[0]
        raise SparsetoolError(f"{name} is no checkpoint torch can read safely: {first}") from None
    for nest in NESTS:
        if isinstance(loaded, dict) and isinstance(loaded.get(nest), dict):
            loaded = loaded[nest]
    if not isinstance(loaded, dict):
        raise SparsetoolError(f"{name} holds a {type(loaded).__name__}, not a state_dict")
    return {k: _array(v) for k, v in loaded.items() if isinstance(v, torch.Tensor)}


def _array(tensor: torch.Tensor) -> np.ndarray:
    if tensor.dtype in (torch.float16, torch.bfloat16):
        tensor = tensor.float()
    return np.array(tensor.detach().contiguous().numpy(), order="C")


def _renamed(held: Arrays, renames: Mapping[str, str]) -> Arrays:
    for prefix in PREFIXES:
        if held and all(key.startswith(prefix) for key in held):
            held = {key.removeprefix(prefix): array for key, array in held.items()}
    result = {}
    for key, array in held.items():
        for old, new in renames.items():
            if key.startswith(old):
                key = new + key.removeprefix(old)
                break
        result[key] = array
    return result


def _parameter(key: str) -> str:
    """The parameter that an entry of a file belongs to."""
    return key.removesuffix(SUFFIX).removesuffix(ORIGINAL)


def _weight(held: Arrays, key: str, own: np.ndarray, name: str) -> np.ndarray:
    found = held.get(key, held.get(key + ORIGINAL))
    if found is None:
        if key.endswith("num_batches_tracked"):
            return own  # files from before PyTorch 0.4.1 have none
        raise SparsetoolError(f"{name} lacks {key}: give the right --model, or --map OLD=NEW")
    if found.shape != own.shape:
        raise SparsetoolError(
            f"{name}: {key} has shape {list(found.shape)}, the model wants {list(own.shape)}"
        )
    return found if found.dtype == np.float64 else found.astype(own.dtype, copy=False)


def _masks(
    held: Arrays, weights: Arrays, prunable: list[str], name: str, zeros: bool
) -> dict[str, np.ndarray]:
    masks = {key: held[key + SUFFIX] != 0 for key in prunable if key + SUFFIX in held}
    for key, mask in masks.items():
        if mask.shape != weights[key].shape:
            raise SparsetoolError(f"{name}: the mask of {key} has shape {list(mask.shape)}")
    if not masks and zeros:
        masks = {key: weights[key] != 0 for key in prunable}
    if masks:
        masks |= {key: np.ones(weights[key].shape, bool) for key in prunable if key not in masks}
    return masks


def plain(ticket: Ticket) -> list[bytes | memoryview]:
    """The weights alone as an ordinary safetensors file, zeros where the mask is."""
    return list(chunks(ticket.weights, {"format": "pt"}))


def pickled(ticket: Ticket) -> list[bytes | memoryview]:
    """The weights alone as `torch.save(module.state_dict())`."""
    file = io.BytesIO()
    torch.save({k: torch.tensor(np.array(a)) for k, a in ticket.weights.items()}, file)
    return [file.getvalue()]


def packed(ticket: Ticket) -> list[bytes | memoryview]:
    """Surviving values and bit masks: `NAME.values`, `NAME.bits` (numpy.packbits), `NAME.shape`.

    Values are float16: at sparsity s the prunable weights take 16 (1 - s) + 1 bits each.
    """
    arrays: Arrays = {}
    for key, array in ticket.weights.items():
        if key in ticket.masks:
            mask = ticket.masks[key]
            arrays[f"{key}.values"] = array[mask].astype(np.float16)
            arrays[f"{key}.bits"] = np.packbits(mask.reshape(-1))
            arrays[f"{key}.shape"] = np.array(mask.shape, dtype=np.int64)
        else:
            arrays[key] = array
    return list(chunks(arrays, {"format": "pt"}))

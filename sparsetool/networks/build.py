"""Between tickets and torch modules, by parameter name.

A tensor that a module holds under several names (tied weights) is one weight: a ticket keeps it
once, under the first name, as `safetensors.torch.save_model` does, so that a mask can never apply
to one copy and not to the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DataParallel, DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from ..errors import SparsetoolError, UsageError
from ..layer_graph.tensors import tensors
from ..plugins import find, models
from ..ticket.matrices import is_matrix
from ..ticket.value import Ticket
from .guard import guard
from .trial import materialise
from .weight_norms import without_empty_rows

# nn.Linear and every (transposed) convolution of torch.
LAYERS = (nn.modules.conv._ConvNd, nn.Linear)
PROJECTIONS = ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight")
WRAPPERS = (DataParallel, DistributedDataParallel, AveragedModel)
WIDENED = (torch.float16, torch.bfloat16)


def build(spec: str, classes: int, input: Iterable[int]) -> nn.Module:
    """A network by name, freshly initialised; torch's own random state is left as it was.

    Args:
        spec: `NAME` or `NAME:ARGUMENT`.
        classes: Number of classes.
        input: Channels, height and width of an example, pixels; of text its tokens alone.

    Raises:
        UsageError: No such model, or an argument or a kind of input that it does not take.
        SparsetoolError: Layers without a shape (`nn.LazyLinear`) do not get one.
    """
    name, argument = find.split(spec)
    shape = tuple(input)
    models.check_takes(name, shape)
    with torch.random.fork_rng(devices=[]):
        module = models.load(name).build(argument, classes, cast(Any, shape))
        materialise(module, shape)
        return module


def from_module(module: nn.Module) -> dict[str, np.ndarray]:
    """Copies of a module's parameters and buffers as a ticket holds them.

    float16 and bfloat16 are widened to float32; other types stay.
    """
    arrays = {}
    for name, tensor in tensors(module).items():
        exact = tensor.detach().cpu()
        if exact.dtype in WIDENED:
            exact = exact.float()
        arrays[name] = exact.contiguous().clone().numpy()
    return arrays


def to_module(ticket: Ticket, *, guarded: bool = False) -> nn.Module:
    """The ticket's network with its weights, in evaluation mode, on the CPU.

    Each parameter takes the type of the ticket's array, so a float64 ticket gives a float64 module.

    Args:
        ticket: The ticket.
        guarded: Whether its pruned weights stay zero in somebody else's loop (see `guard`).

    Raises:
        SparsetoolError: The ticket's tensors are not the network's.
    """
    if ticket.kind != "ticket":
        raise SparsetoolError("this file holds masks alone: it has no weights to build a model of")
    spec = str(ticket.meta["model"])
    module = build(spec, int(ticket.meta["classes"]), ticket.meta["input"])
    own = tensors(module)
    if complaint := _misfit(own, ticket.weights):
        raise SparsetoolError(f"the ticket does not fit model '{spec}': {complaint}")
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.data = torch.tensor(ticket.weights[name])
    without_empty_rows(module)
    if guarded:
        guard(module, ticket.masks)
    return module.eval()


def weights_after(ticket: Ticket, module: nn.Module) -> dict[str, np.ndarray]:
    """The weights of a module that somebody else's loop has trained from the ticket's.

    Args:
        ticket: Where it started.
        module: The module, or what `torch.compile`, `DataParallel`, `DistributedDataParallel` or
            `AveragedModel` made of it.

    Raises:
        SparsetoolError: It is another network, a pruned weight is not zero, or one not finite.
    """
    inner: Any = module
    while isinstance(inner, WRAPPERS) or hasattr(inner, "_orig_mod"):
        inner = inner._orig_mod if hasattr(inner, "_orig_mod") else inner.module
    module = inner
    own = tensors(module)
    if complaint := _misfit(own, ticket.weights):
        raise SparsetoolError(f"the ticket does not fit this module: {complaint}")
    arrays = from_module(module)
    for name, mask in ticket.masks.items():
        if revived := np.count_nonzero(arrays[name][~mask]):
            raise SparsetoolError(
                f"{revived:,} pruned weights of {name} are not zero: the loop broke the mask; "
                "train the module that ticket.model() gives, which keeps it"
            )
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            count = np.count_nonzero(~np.isfinite(array))
            raise SparsetoolError(f"{count:,} values of {name} are NaN or infinite")
    return arrays


def _misfit(own: Mapping[str, Tensor], held: Mapping[str, np.ndarray]) -> str:
    """What keeps a ticket's tensors from being a network's, in words; empty where nothing does."""
    missing = [name for name in own if name not in held]
    unknown = [name for name in held if name not in own]
    shapes = [
        f"{name} has shape {list(held[name].shape)}, not {list(tensor.shape)}"
        for name, tensor in own.items()
        if name in held and held[name].shape != tuple(tensor.shape)
    ]
    complaints = [
        *([f"it lacks {_few(missing)}"] if missing else []),
        *([f"the model knows no {_few(unknown)}"] if unknown else []),
        *([_few(shapes)] if shapes else []),
    ]
    return "; ".join(complaints)


def _few(words: list[str], most: int = 3) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


@contextlib.contextmanager
def normalisable() -> Iterator[None]:
    """Run a network with batch statistics.

    Raises:
        SparsetoolError: A batch has one example, and with it one value in a channel.
    """
    try:
        yield
    except ValueError as error:
        if "more than 1 value per channel" not in str(error):
            raise
        raise SparsetoolError(
            "batch norm cannot normalise a batch of one example (the last of an epoch holds what "
            "is left): give another --batch-size"
        ) from None


def prunable_names(
    module: nn.Module, exclude: Iterable[str] = (), also: Iterable[str] = ()
) -> list[str]:
    """Names of the prunable weights, in model order.

    These are the weights of convolutions and linear layers, and the projections inside
    `nn.MultiheadAttention`; never biases, normalisation or embeddings (nor a weight tied to an
    embedding). A tied weight counts once, under its first name.

    Args:
        module: The network.
        exclude: Patterns as in the shell (`*downsample*`), matched against the name of the
            parameter and the name of its module, case and all.
        also: Patterns of further matrices (GPT-2's Conv1D, LSTM, embeddings) that count as
            prunable, matched alike.

    Raises:
        UsageError: A pattern matches no prunable weight, or no further matrix.
    """
    names = _with_matrices(module, list(_weights(module)), also)
    if not names:
        matrices = _few(_matrices(module), 5) or "it has no matrix either"
        raise UsageError(
            "the network has no convolution or linear layer, so no weight is prunable: "
            f"--prune-also takes in matrices ({matrices})"
        )
    left = names
    for pattern in exclude:
        matched = {name for name in names if _matches(name, pattern)}
        if not matched:
            raise UsageError(
                f"--exclude '{pattern}' matches no prunable weight; there are {_few(names, 5)}"
            )
        left = [name for name in left if name not in matched]
    if not left:
        raise UsageError("no prunable weight is left: nothing could be masked")
    return left


def _with_matrices(module: nn.Module, names: list[str], also: Iterable[str]) -> list[str]:
    """The names with those of the matrices that some patterns match, in model order."""
    further = [name for name in _matrices(module) if name not in names]
    taken = set(names)
    for pattern in also:
        matched = [name for name in further if _matches(name, pattern)]
        if not matched:
            there = f"there are {_few(further, 5)}" if further else "every matrix is prunable"
            raise UsageError(f"--prune-also '{pattern}' matches no further matrix; {there}")
        taken.update(matched)
    return [name for name in tensors(module) if name in taken] if set(names) != taken else names


def _matrices(module: nn.Module) -> list[str]:
    parameters = {id(parameter) for parameter in module.parameters()}
    return [
        name
        for name, tensor in tensors(module).items()
        if id(tensor) in parameters and is_matrix(tensor.shape)
    ]


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name.rpartition(".")[0], pattern)


def _weights(module: nn.Module) -> Iterator[str]:
    """First names of the weights of all layers, in the order of `state_dict()`."""
    layers = {id(tensor) for child in module.modules() for tensor in layer_weights(child)}
    embedded = {
        id(child.weight)
        for child in module.modules()
        if isinstance(child, nn.Embedding | nn.EmbeddingBag)
    }
    for name, tensor in tensors(module).items():
        if id(tensor) in layers and id(tensor) not in embedded:
            yield name


def matrices_of(module: nn.Module) -> list[Tensor]:
    """The weights of layers and the tables of embeddings, of all parts of a network."""
    tables = (nn.Embedding, nn.EmbeddingBag)
    found = [weight for child in module.modules() for weight in layer_weights(child)]
    return found + [child.weight for child in module.modules() if isinstance(child, tables)]


def layer_weights(module: nn.Module) -> list[Tensor]:
    """The weights that a layer itself (not its children) multiplies with; none for other modules.

    Convolutions [out, in / groups, ...], linear layers [out, in], attention [3 x width, width].
    A weight that is computed anew at every use (a parametrisation, weight norm) is none: what
    stands behind it is.
    """
    if isinstance(module, LAYERS):
        return [module.weight] if module._parameters.get("weight") is not None else []
    if isinstance(module, nn.MultiheadAttention):
        found = (module._parameters.get(name) for name in PROJECTIONS)
        return [tensor for tensor in found if tensor is not None]
    return []

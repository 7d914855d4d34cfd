"""Between tickets and torch modules, by parameter name.

A tensor that a module holds under several names (tied weights) is one weight: a ticket keeps it
once, under the first name, as `safetensors.torch.save_model` does, so that a mask can never apply
to one copy and not to the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

import numpy as np
import torch
from torch import Tensor, nn

from ..errors import SparsetoolError, UsageError
from ..layer_graph.tensors import tensors
from ..plugins import find, models
from ..ticket.value import Ticket

# nn.Linear and every (transposed) convolution of torch.
LAYERS = (nn.modules.conv._ConvNd, nn.Linear)
PROJECTIONS = ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight")
WIDENED = (torch.float16, torch.bfloat16)


def build(spec: str, classes: int, input: Iterable[int]) -> nn.Module:
    """A network by name, freshly initialised; torch's own random state is left as it was.

    Args:
        spec: `NAME` or `NAME:ARGUMENT`.
        classes: Number of classes.
        input: Channels, height and width of an example, pixels.

    Raises:
        UsageError: No such model, or an argument that it does not take.
    """
    name, argument = find.split(spec)
    channels, height, width = input
    with torch.random.fork_rng(devices=[]):
        return models.load(name).build(argument, classes, (channels, height, width))


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


def to_module(ticket: Ticket) -> nn.Module:
    """The ticket's network with its weights, in evaluation mode, on the CPU.

    Each parameter takes the type of the ticket's array, so a float64 ticket gives a float64 module.

    Raises:
        SparsetoolError: The ticket's tensors are not the network's.
    """
    if ticket.kind != "ticket":
        raise SparsetoolError("this file holds masks alone: it has no weights to build a model of")
    spec = str(ticket.meta["model"])
    module = build(spec, int(ticket.meta["classes"]), ticket.meta["input"])
    own = tensors(module)
    _check_fit(spec, own, ticket.weights)
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.data = torch.tensor(ticket.weights[name])
    return module.eval()


def _check_fit(spec: str, own: Mapping[str, Tensor], held: Mapping[str, np.ndarray]) -> None:
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
    if complaints:
        raise SparsetoolError(f"the ticket does not fit model '{spec}': {'; '.join(complaints)}")


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


def prunable_names(module: nn.Module, exclude: Iterable[str] = ()) -> list[str]:
    """Names of the prunable weights, in model order.

    These are the weights of convolutions and linear layers, and the projections inside
    `nn.MultiheadAttention`; never biases, normalisation or embeddings (nor a weight tied to an
    embedding). A tied weight counts once, under its first name.

    Args:
        module: The network.
        exclude: Patterns as in the shell (`*downsample*`), matched against the name of the
            parameter and the name of its module, case and all.

    Raises:
        UsageError: A pattern matches no prunable weight.
    """
    names = list(_weights(module))
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


def layer_weights(module: nn.Module) -> list[Tensor]:
    """The weights that a layer itself (not its children) multiplies with; none for other modules.

    Convolutions [out, in / groups, ...], linear layers [out, in], attention [3 x width, width].
    """
    if isinstance(module, LAYERS):
        return [module.weight]
    if isinstance(module, nn.MultiheadAttention):
        found = (getattr(module, name) for name in PROJECTIONS)
        return [tensor for tensor in found if tensor is not None]
    return []

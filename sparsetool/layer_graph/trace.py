"""The graph between a network's layers, found by running it once and watching.

Every call of a torch function is seen (`TorchFunctionMode`), whatever Python code made it, so
control flow does not matter. Layers are not computed: zeros of the right shape take their place.
Functions are known by name; one that is not known ends the tracing, because a graph with a missing
edge would call live weights dead.

Graphs and nodes are described in `channels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from ..errors import SparsetoolError
from ..plugins.datasets import is_text
from . import layers
from .activations import Activations
from .channels import CONSTANT, Node, Untraceable, along
from .functions import (
    BLIND,
    CONVOLUTIONS,
    GATES,
    MOVES,
    PLACES,
    PRODUCTS,
    REDUCTIONS,
    SAME,
    SUMS,
    name_of,
)
from .inputs import made_up
from .logits import logits_of
from .tensors import tensors

FAILURES = (RuntimeError, ValueError, TypeError, IndexError)
BATCH = 2  # so that the dimension of examples is not mistaken for one of size 1


def trace(module: nn.Module, input: Sequence[int]) -> list[Node] | None:
    """The graph between a network's layers.

    Args:
        module: The network; gives logits [N, classes]. Its weights, buffers and modes stay.
        input: Channels, height and width of an example, pixels; of text its tokens alone.

    Returns:
        The nodes in topological order, or None where they could not be traced.

    Raises:
        SparsetoolError: The network does not take such an input.
    """
    watch = watched(module, input)
    return None if watch is None else watch.graph.nodes


def watched(
    module: nn.Module, input: Sequence[int], kind: type[Watch] | None = None
) -> Watch | None:
    """What `trace` saw: a watch with the whole graph, or None where it could not be traced.

    Args:
        module: As for `trace`.
        input: As for `trace`.
        kind: The watch to use, where more is to be seen than the graph.

    Raises:
        SparsetoolError: The network does not take such an input.
    """
    names = {id(tensor): name for name, tensor in tensors(module).items()}
    of = next((p.dtype for p in module.parameters() if p.is_floating_point()), torch.float32)
    images = made_up(input, BATCH, of)
    modes = {child: child.training for child in module.modules()}
    watch = (kind or Watch)(names)
    if is_text(input):
        watch.tokens = images
    else:
        watch.mark(images, along(watch.graph.add("input", input[0], []), 1, images.shape))
    module.eval()
    try:
        with torch.no_grad(), watch:
            logits = logits_of(module(images))
        if logits.dim() != 2:
            return None
        classes = watch.channels(logits, 1)
    except Untraceable:
        return None
    except (*FAILURES, AssertionError) as error:
        raise SparsetoolError(
            f"the model does not take inputs of {list(input)} (channels, height, width): {error}"
        ) from None
    finally:
        for child, training in modes.items():
            child.training = training
    watch.graph.add("output", len(classes), [classes])
    return watch


class Watch(Activations, TorchFunctionMode):
    """Sees every torch function that is called inside its block.

    Attributes:
        tokens: The input where that is text: the graph begins with what an embedding makes of it.
    """

    tokens: Tensor | None = None

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call `func`, and give what it makes a twin."""
        kwargs = kwargs or {}
        if any(tensor is self.tokens for tensor in _tensors((args, kwargs))):
            return self._embed(func, args, kwargs)
        if not any(id(tensor) in self.twins for tensor in _tensors((args, kwargs))):
            return func(*args, **kwargs)
        name = name_of(func)
        if name in BLIND:
            raise Untraceable(name)
        if name in CONVOLUTIONS:
            return layers.convolution(self, func, name, *args, **kwargs)
        if name in layers.LAYERS:
            return layers.LAYERS[name](self, *args, **kwargs)
        made = func(*args, **kwargs)
        if next(_tensors(made), None) is not None:
            try:
                self._follow(func, name, args, kwargs, made)
            except FAILURES as error:
                raise Untraceable(f"{name}: {error}") from None
        return made

    def _embed(self, func: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        """What is done to tokens: one embedding of them can be followed."""
        made = func(*args, **kwargs)
        if next(_tensors(made), None) is None:
            return made
        if name_of(func) != "embedding" or self.graph.nodes:
            raise Untraceable("tokens are used otherwise than in one embedding")
        channels = self.graph.add("input", made.shape[-1], [])
        self.mark(made, along(channels, -1, made.shape))
        return made

    def _follow(self, func: Any, name: str, args: tuple, kwargs: dict[str, Any], made: Any) -> None:
        """What every function but a layer does to twins."""
        first = args[0] if args else kwargs["input"]
        if name in MOVES:
            self._move(torch.Tensor.reshape if name == "view" else func, args, kwargs, made)
        elif name in SUMS or name in PRODUCTS:
            self._join(name, first, args[1] if len(args) > 1 else kwargs["other"], made)
        elif any(id(t) in self.twins and t is not first for t in _tensors((args, kwargs))):
            raise Untraceable(f"torch function {name} of several activations")
        elif name == "pad":
            self._pad(made, *args, **kwargs)
        elif name in SAME or name in GATES:
            self.mark(made, self.twin(first))
        elif name in PLACES:
            self._places(first, made)
        elif name in REDUCTIONS:
            self._reduce(made, *args, **kwargs)
        else:
            raise Untraceable(f"torch function {name}")
        if name in GATES or (name in MOVES and id(first) in self.gates):
            self.gates |= {id(tensor) for tensor in _tensors(made)}

    # -- what moves or combines numbers ----------------------------------------------------------

    def _move(self, func: Any, args: tuple, kwargs: dict[str, Any], made: Any) -> None:
        twins = func(*self._replaced(args), **self._replaced(kwargs))
        for tensor, twin in zip(_tensors(made), _tensors(twins), strict=True):
            self.mark(tensor, twin)

    def _replaced(self, value: Any) -> Any:
        """Arguments with twins for activations; indices stay."""
        if isinstance(value, Tensor):
            return self.twin(value) if value.is_floating_point() else value
        if isinstance(value, tuple | list):
            return type(value)(self._replaced(item) for item in value)
        if isinstance(value, dict):
            return {key: self._replaced(item) for key, item in value.items()}
        return value

    def _pad(
        self, made: Tensor, input: Tensor, pad: Any, mode: str = "constant", value: Any = None
    ) -> None:
        if mode == "constant":
            self.mark(made, functional.pad(self.twin(input), pad, value=CONSTANT))
        else:
            self._places(input, made)

    def _places(self, input: Tensor, made: Tensor) -> None:
        places = range(2, input.dim())
        self.mark(made, self.graph.collapsed(self.twin(input), places).expand(made.shape))

    def _reduce(
        self, made: Tensor, input: Tensor, dim: Any = None, keepdim: bool = False, **rest: Any
    ) -> None:
        dims = range(input.dim()) if dim is None else [dim] if isinstance(dim, int) else dim
        self.mark(made, self.graph.collapsed(self.twin(input), list(dims)).reshape(made.shape))

    def _join(self, name: str, first: Any, second: Any, made: Tensor) -> None:
        """A sum or a product of two activations, or of one and a constant."""
        if made is first and first._is_view():
            raise Untraceable("a part of an activation is changed in place")
        one, two = (
            self.twin(value) if isinstance(value, Tensor) else torch.tensor(CONSTANT)
            for value in (first, second)
        )
        op = "sum" if name in SUMS else "product"
        if op == "product" and id(first) in self.gates:
            op, one, two = "gate", two, one
        elif op == "product" and id(second) in self.gates:
            op = "gate"
        self.mark(made, self.graph.joined(op, one, two, made.shape))


def _tensors(value: Any) -> Iterator[Tensor]:
    """All tensors in arguments or results."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors(item)

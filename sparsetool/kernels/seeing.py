"""Calls of torch that a network makes are seen, and sparse layers computed in their place.

Blocked images stay blocked through batch norm and what goes number by number; any other function
gets them turned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_map_only

from . import attention, channelwise
from .autograd import convolve, multiply
from .axes import Pair
from .batch_norm import BatchNorm
from .blocked import Blocked, to_channels_last
from .convolution import Convolution
from .linear import Linear

TYPES = (torch.float32, torch.float64)


class Layer:
    """A mask and the lists of weights that were made of it.

    Args:
        mask: bool [O, I / groups, a, b], or [O, I] of a linear layer.

    Attributes:
        normed: Whether batch norm comes next.
    """

    def __init__(self, mask: Tensor) -> None:
        self.normed = False
        self.mask = mask if mask.dim() == 4 else mask[:, :, None, None]
        self.kept = int(mask.sum())
        self._made: dict[tuple[Pair, Pair, Pair, Pair, int], Convolution] = {}

    @cached_property
    def linear(self) -> Linear:
        """What computes a linear layer."""
        return Linear(self.mask.flatten(1))

    def convolution(
        self, images: Tensor, stride: Pair, padding: Pair, dilation: Pair, groups: int
    ) -> Convolution:
        """What computes the layer for images [B, C, H, W]."""
        key = ((images.shape[2], images.shape[3]), stride, padding, dilation, groups)
        if key not in self._made:
            self._made[key] = Convolution(self.mask, *key)
        return self._made[key]


class Seeing(TorchFunctionMode):
    """Sees the calls of torch's functions."""

    def __init__(self, layers: Mapping[int, Layer]) -> None:
        super().__init__()
        self.layers = layers
        self.turned: list[Blocked] = []

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        for images in self.turned:
            if _current(images) is images:
                images.turned = None  # which the backward pass would keep
        self.turned.clear()

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        handler = HANDLERS.get(func)
        if handler is not None:
            return handler(self, func, *args, **kwargs)
        if func in ASKING:
            return func(*args, **kwargs)
        of: Callable[[Any], Tensor] = self.turn
        if func in NUMBERS:
            inplace = kwargs.get("inplace") or any(each is True for each in args)
            of = _written if func in WRITING or inplace else _current
        args, kwargs = (tree_map_only(Blocked, of, each) for each in (args, kwargs))
        return func(*args, **kwargs)

    def turn(self, images: Tensor) -> Tensor:
        """Blocked images turned, once: what is written there, or into a view of it, is theirs."""
        if not isinstance(images, Blocked):
            return images
        if _unseen(images):
            return _current(images)
        if images.turned is None:
            with torch.enable_grad():  # whatever it is asked for with: it is asked for once
                made = to_channels_last(images)
            images.turned, images.version = made, made._version
            self.turned.append(images)
        return images.turned


def _unseen(images: Blocked) -> bool:
    """Whether torch is not to record what is done to images, as in a function of a user's own.

    What is written is then theirs at once, not that of images turned, which are let go.
    """
    if torch.is_grad_enabled() or not images.requires_grad:
        return False
    if images.turned is not None and images.turned._version == images.version:
        images.turned = None
    return True


def _current(images: Tensor) -> Tensor:
    """Images as they are now: turned if they were written to there."""
    if not isinstance(images, Blocked) or images.turned is None:
        return images
    return images if images.turned._version == images.version else images.turned


def _written(images: Blocked) -> Tensor:
    """Images to be written to: where others may see them, if they were turned."""
    return images if _unseen(images) or images.turned is None else images.turned


def _conv2d(
    self: Seeing,
    func: Any,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    layer = self.layers.get(id(weight))
    known = input.dim() == 4 and not isinstance(padding, str)
    typed = _plain(input, weight, bias)
    if layer and known and typed and weight.permute(0, 2, 3, 1).is_contiguous():
        pairs = _pair(stride), _pair(padding), _pair(dilation)
        found = layer.convolution(input, *pairs, groups)
        measure = layer.normed and torch.is_grad_enabled()
        return convolve(_current(input), weight, bias, found, measure)
    rest = weight, bias, stride, padding, dilation
    alike = groups == len(weight) == input.shape[-3] and weight.shape[1] == 1
    blocked = _current(input)
    if alike and isinstance(blocked, Blocked) and _plain(input, weight):
        return channelwise.depthwise(blocked, *rest)
    return func(self.turn(input), *rest, groups)


def _linear(
    self: Seeing, func: Any, input: Tensor, weight: Tensor, bias: Tensor | None = None
) -> Any:
    layer, input = self.layers.get(id(weight)), self.turn(input)
    if layer and input.dim() > 1 and _plain(input, weight, bias) and weight.is_contiguous():
        result = multiply(input.reshape(-1, input.shape[-1]), weight, bias, layer.linear)
        return result.reshape(*input.shape[:-1], -1)
    return func(input, weight, bias)


def _attention(self: Seeing, func: Any, *args: Any, **kwargs: Any) -> Any:
    given = attention.projections(*args, **kwargs)
    if given and any(id(given[name]) in self.layers for name in attention.WEIGHTS):
        return attention.attend(given, partial(_linear, self, functional.linear))
    return func(*args, **kwargs)


def _plain(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> bool:
    """Whether a layer computes in the type of its weight, and nothing will compute it again.

    Checkpoints, which hook what is saved, compute a layer again in the backward pass, unseen.
    """
    hooked = torch._C._autograd._top_saved_tensors_default_hooks(False)
    of = weight if bias is None else bias  # else torch says what is wrong
    typed = input.dtype == of.dtype == weight.dtype and weight.dtype in TYPES
    return typed and hooked is None and not torch.is_autocast_enabled("cpu")


def _batch_norm(
    self: Seeing,
    func: Any,
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    known = (weight is None) == (bias is None) and input.numel() > input.shape[1]
    typed = input.dtype in TYPES and (weight is None or weight.dtype == input.dtype)
    input = _current(input)
    if known and typed and isinstance(input, Blocked):
        return BatchNorm.apply(  # type: ignore[no-untyped-call]
            input, weight, bias, running_mean, running_var, training, momentum, eps
        )
    rest = weight, bias, training, momentum, eps
    return func(self.turn(input), running_mean, running_var, *rest)


def _applied(self: Seeing, func: Any, input: Tensor, *args: Any, **kwargs: Any) -> Any:
    input = _current(input)
    if not isinstance(input, Blocked):
        return func(self.turn(input), *args, **kwargs)
    return channelwise.applied(lambda seen: func(seen, *args, **kwargs), input)


def _padded(
    self: Seeing, func: Any, input: Tensor, pad: Any, mode: str = "constant", value: Any = None
) -> Any:
    input = _current(input)
    if not isinstance(input, Blocked) or len(pad) > 6 or (len(pad) > 4 and mode != "constant"):
        return func(self.turn(input), pad, mode, value)
    return channelwise.padded(func, input, pad, mode, value)


def _pair(value: Any) -> Pair:
    return (value, value) if isinstance(value, int) else (value[0], value[-1])


HANDLERS: dict[Any, Callable[..., Any]] = {
    torch.conv2d: _conv2d,
    functional.linear: _linear,
    attention.PACKED: _attention,
    functional.batch_norm: _batch_norm,
    functional.pad: _padded,
    torch.max_pool2d: _applied,
    functional.max_pool2d: _applied,
    functional.avg_pool2d: _applied,
    functional.adaptive_avg_pool2d: _applied,
}
# Functions that go number by number: these keep the layout, see `blocked`.
WRITING = {torch.relu_, Tensor.relu_, Tensor.add_, Tensor.__iadd__}
NUMBERS = WRITING | {
    torch.relu, Tensor.relu, functional.relu, functional.relu6, functional.hardtanh,
    functional.silu, torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__,
}  # fmt: skip
# Functions that are about a tensor and not about its numbers.
ASKING = {
    *(getattr(Tensor, name).__get__ for name in (
        "shape", "dtype", "device", "ndim", "layout", "requires_grad", "grad_fn", "is_leaf",
        "is_cuda", "is_mps", "is_sparse", "is_quantized", "_version", "_backward_hooks",
    )),
    Tensor.size, Tensor.dim, Tensor.numel, Tensor.__len__, Tensor.stride, Tensor.is_contiguous,
    Tensor.is_floating_point, Tensor.register_hook, torch.is_floating_point, torch.numel,
}  # fmt: skip

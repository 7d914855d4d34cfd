"""A masked convolution with gradients, as torch sees it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from . import blocked
from .convolution import Convolution
from .memory import Normal
from .ways import WIDTH, Before


def convolve(images: Tensor, weight: Tensor, bias: Tensor | None, layer: Convolution) -> Tensor:
    """Convolve images [B, I, H, W]; the result and its gradients are blocked.

    Args:
        images: float32 or float64.
        weight: Channels-last [O, I / groups, a, b], or [O, I], of the same type.
        bias: [O], if there is one.
        layer: With the mask.
    """
    result: Tensor = _Convolve.apply(blocked.to_blocked(images), weight, bias, layer)  # type: ignore[no-untyped-call]
    return result


class _Convolve(Function):
    """A convolution by sparse products; its gradient in the weight is zero off the mask."""

    @staticmethod
    def forward(
        ctx: Any, images: Tensor, weight: Tensor, bias: Tensor | None, layer: Convolution
    ) -> Tensor:
        out = blocked.empty(images, layer.channels[0], *layer.output)
        given, before = _read(images, layer)
        layer.forward(given, _flat(weight), out, bias, before)
        ctx.layer = layer
        ctx.save_for_backward(images, weight)
        return blocked.of(out, len(images))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, weight = ctx.saved_tensors
        numbers = blocked.memory(gradient).numbers()
        inner = outer = total = None
        if ctx.needs_input_grad[0]:
            found = blocked.empty(images, *_places(images))
            ctx.layer.input_gradient(numbers, _flat(weight), found)
            inner = blocked.of(found, len(images))
        if ctx.needs_input_grad[1]:
            outer = torch.empty_like(weight)
            given, before = _read(images, ctx.layer)
            ctx.layer.weight_gradient(numbers, given, _flat(outer), before)
        if ctx.needs_input_grad[2]:
            channels = numbers.shape[3]
            total = numbers.view(-1, channels * WIDTH).sum(0).view(channels, WIDTH).sum(1)
        return inner, outer, total, None


def _read(images: Tensor, layer: Convolution) -> tuple[Tensor, Before | None]:
    """Numbers that a layer reads, and what it does to them then.

    Batch norm whose result is not made yet, with a ReLU or without, is computed while the layer
    packs what was given to it, so that its result need not go through memory.
    """
    lazy = blocked.memory(images)
    if isinstance(lazy, Normal) and lazy.alone and layer.packs and not len(images) % WIDTH:
        return lazy.given.numbers(), lazy.before()
    return lazy.numbers(), None


def _places(images: Tensor) -> tuple[int, int, int]:
    _, channels, height, width = images.shape
    return channels, height, width


def _flat(weight: Tensor) -> Tensor:
    """The memory of a weight, [O x a x b x I / groups]: that of a convolution is channels-last."""
    return weight.view(-1) if weight.dim() == 2 else weight.permute(0, 2, 3, 1).view(-1)

"""Masked convolutions and linear layers with gradients, as torch sees them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from . import blocked
from .convolution import Convolution
from .linear import Linear
from .ways import WIDTH


def convolve(
    images: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    layer: Convolution,
    measure: bool = False,
) -> Tensor:
    """Convolve images [B, I, H, W]; the result and its gradients are blocked.

    Args:
        images: float32 or float64.
        weight: Channels-last [O, I / groups, a, b], of the same type.
        bias: [O], if there is one.
        layer: With the mask.
        measure: Whether batch norm comes next, which will want moments of the result.
    """
    result: Tensor = _Convolve.apply(blocked.to_blocked(images), weight, bias, layer, measure)  # type: ignore[no-untyped-call]
    return result


class _Convolve(Function):
    """A convolution by sparse products; its gradient in the weight is zero off the mask."""

    @staticmethod
    def forward(
        ctx: Any,
        images: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        layer: Convolution,
        measure: bool,
    ) -> Tensor:
        out = blocked.empty(images, layer.channels[0], *layer.output)
        given, before = blocked.memory(images).to_pack()
        added_up = layer.forward(given, _flat(weight), out, bias, before, measure)
        ctx.layer = layer
        ctx.save_for_backward(images, weight)
        return blocked.of(out, len(images), added_up)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, weight = ctx.saved_tensors
        layer, flat = ctx.layer, _flat(weight)
        ahead, given = blocked.memory(gradient), blocked.memory(images)
        inner = outer = total = found = None
        if ctx.needs_input_grad[2]:
            channels = len(weight)
            sums = ahead.numbers().view(-1, channels * WIDTH).sum(0)
            total = sums.view(channels, WIDTH).sum(1)
        if ctx.needs_input_grad[0]:
            found = blocked.empty(images, *_places(images))
        if ctx.needs_input_grad[1]:
            outer = torch.empty_like(weight)
        if found is not None and outer is not None and layer.even:
            (numbers, behind), (seen, before) = ahead.to_pack(), given.to_pack()
            sums = layer.gradients(numbers, seen, flat, found, _flat(outer), behind, before)
            inner = blocked.of(found, len(images), sums)
        else:
            if found is not None:
                layer.input_gradient(ahead.numbers(), flat, found)
                inner = blocked.of(found, len(images))
            if outer is not None:
                seen, before = given.to_pack()
                layer.weight_gradient(ahead.numbers(), seen, _flat(outer), before)
        return inner, outer, total, None, None


def multiply(tokens: Tensor, weight: Tensor, bias: Tensor | None, layer: Linear) -> Tensor:
    """Tokens [B, O] of tokens [B, I].

    Args:
        tokens: float32 or float64.
        weight: [O, I], of the same type, contiguous.
        bias: [O], if there is one.
        layer: With the mask.
    """
    result: Tensor = _Multiply.apply(tokens.contiguous(), weight, bias, layer)  # type: ignore[no-untyped-call]
    return result


class _Multiply(Function):
    """A linear layer by sparse products; its gradient in the weight is zero off the mask."""

    @staticmethod
    def forward(
        ctx: Any, tokens: Tensor, weight: Tensor, bias: Tensor | None, layer: Linear
    ) -> Tensor:
        out = tokens.new_empty(len(tokens), len(weight))
        layer.forward(tokens, weight, out, bias)
        ctx.layer = layer
        ctx.save_for_backward(tokens, weight)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        (tokens, weight), gradient = ctx.saved_tensors, gradient.contiguous()
        inner = outer = None
        if ctx.needs_input_grad[1]:
            inner, outer = torch.empty_like(tokens), torch.empty_like(weight)
            ctx.layer.gradients(gradient, tokens, weight, inner, outer)
        elif ctx.needs_input_grad[0]:
            inner = torch.empty_like(tokens)
            ctx.layer.input_gradient(gradient, weight, inner)
        total = gradient.sum(0) if ctx.needs_input_grad[2] else None
        return inner, outer, total, None


def _places(images: Tensor) -> tuple[int, int, int]:
    _, channels, height, width = images.shape
    return channels, height, width


def _flat(weight: Tensor) -> Tensor:
    """The memory of a weight that is channels-last, [O x a x b x I / groups]."""
    return weight.permute(0, 2, 3, 1).view(-1)

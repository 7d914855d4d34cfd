"""A masked convolution with gradients, as torch sees it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from . import batch_last
from .convolution import Convolution


def convolve(images: Tensor, weight: Tensor, bias: Tensor | None, layer: Convolution) -> Tensor:
    """Convolve images [B, I, H, W]; the result and its gradients are batch-last.

    Args:
        images: float32 or float64.
        weight: Channels-last [O, I / groups, a, b], or [O, I], of the same type.
        bias: [O], if there is one.
        layer: With the mask.
    """
    result: Tensor = _Convolve.apply(batch_last.to_batch_last(images), weight, layer)  # type: ignore[no-untyped-call]
    return result if bias is None else result.add_(bias[:, None, None])


class _Convolve(Function):
    """A convolution by sparse products; its gradient in the weight is zero off the mask."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, layer: Convolution) -> Tensor:
        out = batch_last.empty(images, layer.channels[0], *layer.output)
        layer.forward(batch_last.rows(images), _flat(weight), batch_last.rows(out))
        ctx.layer = layer
        ctx.save_for_backward(images, weight)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        images, weight = ctx.saved_tensors
        gradient = batch_last.rows(batch_last.to_batch_last(gradient))
        inner = outer = None
        if ctx.needs_input_grad[0]:
            inner = batch_last.empty(images, *images.shape[1:])
            ctx.layer.input_gradient(gradient, _flat(weight), batch_last.rows(inner))
        if ctx.needs_input_grad[1]:
            outer = torch.empty_like(weight)
            ctx.layer.weight_gradient(gradient, batch_last.rows(images), _flat(outer))
        return inner, outer, None


def _flat(weight: Tensor) -> Tensor:
    """The memory of a weight, [O x a x b x I / groups]: that of a convolution is channels-last."""
    return weight.view(-1) if weight.dim() == 2 else weight.permute(0, 2, 3, 1).view(-1)

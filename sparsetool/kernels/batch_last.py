"""Images with the examples innermost in memory, as sparse products want them.

A batch-last tensor is an ordinary one [B, C, H, W] whose memory runs over H, W, C, B. What works
number by number keeps this layout by itself; what does not is here: turning it round, and batch
norm, which torch would do one number at a time.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def is_batch_last(images: Tensor) -> bool:
    """Whether images [B, C, H, W] have their examples innermost."""
    return images.dim() == 4 and images.permute(2, 3, 1, 0).is_contiguous()


def empty(like: Tensor, channels: int, height: int, width: int) -> Tensor:
    """Images to be filled, batch-last [B, C, H, W], as many and of the type of others."""
    batch = len(like)
    strides = (1, batch, width * channels * batch, channels * batch)
    return like.new_empty_strided((batch, channels, height, width), strides)


def rows(images: Tensor) -> Tensor:
    """The memory of batch-last images: [H, W x C, B]."""
    batch, channels, height, width = images.shape
    return images.permute(2, 3, 1, 0).view(height, width * channels, batch)


def to_batch_last(images: Tensor) -> Tensor:
    """The same images [B, C, H, W], batch-last."""
    turned: Tensor = images if is_batch_last(images) else _ToBatchLast.apply(images)  # type: ignore[no-untyped-call]
    return turned


def to_channels_last(images: Tensor) -> Tensor:
    """Batch-last images [B, C, H, W], channels-last; others as they are."""
    if not is_batch_last(images) or images.is_contiguous(memory_format=torch.channels_last):
        return images
    turned: Tensor = _ToChannelsLast.apply(images)  # type: ignore[no-untyped-call]
    return turned


def _to_batch_last(images: Tensor) -> Tensor:
    out = empty(images, *images.shape[1:])
    # Both as matrices, which torch transposes in blocks.
    rows(out).flatten(0, 1).copy_(images.permute(0, 2, 3, 1).flatten(1).t())
    return out


def _to_channels_last(images: Tensor) -> Tensor:
    out = torch.empty(images.shape, dtype=images.dtype, memory_format=torch.channels_last)
    matrix = images.permute(2, 3, 1, 0).flatten(0, 2)
    out.permute(0, 2, 3, 1).flatten(1).copy_(matrix.t())
    return out


class _ToBatchLast(Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        return _to_batch_last(images)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _to_channels_last(gradient)


class _ToChannelsLast(Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        return _to_channels_last(images)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _to_batch_last(gradient)


class BatchNorm(Function):
    """Batch norm of batch-last images, as of [H x W, C, B]: the same means, other places."""

    @staticmethod
    def forward(
        ctx: Any,
        images: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        mean: Tensor | None,
        variance: Tensor | None,
        training: bool,
        momentum: float,
        eps: float,
    ) -> Tensor:
        """Arguments as of `torch.native_batch_norm`; `images` and the result [B, C, H, W]."""
        out = empty(images, *images.shape[1:])
        given, result = _by_channel(images), _by_channel(out)
        if training:
            mean_C, deviation_C = _normalise(given, result, eps, mean, variance, momentum)
            if weight is not None and bias is not None:
                result.mul_(weight[:, None]).add_(bias[:, None])
        else:
            _, mean_C, deviation_C = torch.native_batch_norm(
                given,
                weight,
                bias,
                mean,
                variance,
                False,
                momentum,
                eps,
                out=(result, given.new_empty(0), given.new_empty(0)),
            )
        ctx.training, ctx.eps = training, eps
        if training:
            mean = variance = None  # they move on at every call, and are not needed
        ctx.save_for_backward(images, weight, mean, variance, mean_C, deviation_C)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, weight, mean, variance, mean_C, deviation_C = ctx.saved_tensors
        inside, scale, shift = torch.ops.aten.native_batch_norm_backward(
            _by_channel(to_batch_last(gradient)),
            _by_channel(images),
            weight,
            mean,
            variance,
            mean_C,
            deviation_C,
            ctx.training,
            ctx.eps,
            [ctx.needs_input_grad[0], weight is not None, weight is not None],
        )
        if inside is not None:
            inside = inside.unflatten(0, images.shape[2:]).permute(3, 2, 0, 1)
        return inside, scale, shift, None, None, None, None, None


def _normalise(
    given: Tensor,
    result: Tensor,
    eps: float,
    mean: Tensor | None,
    variance: Tensor | None,
    momentum: float,
) -> tuple[Tensor, Tensor]:
    """Means and inverse deviations of channels, by sums in rows, which vectorise; updates both."""
    count = given.numel() // given.shape[1]
    ones = given.new_ones(given.shape[2])
    mean_C = ((given @ ones).sum(0, dtype=torch.float64) / count).to(given.dtype)
    torch.sub(given, mean_C[:, None], out=result)
    squares = torch.linalg.vecdot(result, result).sum(0, dtype=torch.float64)
    deviation_C = (squares / count + eps).rsqrt().to(given.dtype)
    result.mul_(deviation_C[:, None])
    if mean is not None:
        mean.lerp_(mean_C, momentum)
    if variance is not None:
        variance.lerp_((squares / (count - 1)).to(given.dtype), momentum)
    return mean_C, deviation_C


def _by_channel(images: Tensor) -> Tensor:
    """Batch-last images as [H x W, C, B], contiguous."""
    return images.permute(2, 3, 1, 0).flatten(0, 1)

"""Images with the examples innermost in memory, as sparse products want them.

A batch-last tensor is an ordinary one [B, C, H, W] whose memory runs over H, W, C, B. What works
number by number keeps this layout by itself; what does not is here: turning it round, and batch
norm, which torch would do one number at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from . import compiling, pool


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
        found = mean_C = deviation_C = None
        if training:
            found = _normalise(given, result, weight, bias, eps)
            _move(found, given.numel() // given.shape[1], mean, variance, momentum)
            mean = variance = None  # they move on at every call, and are not needed
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
        ctx.eps, ctx.found = eps, found
        ctx.save_for_backward(images, weight, mean, variance, mean_C, deviation_C)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, weight, mean, variance, mean_C, deviation_C = ctx.saved_tensors
        given, ahead = _by_channel(images), _by_channel(to_batch_last(gradient))
        inside: Tensor | None
        scale: Tensor | None
        shift: Tensor | None
        if ctx.found is not None:
            inside, scale, shift = _normalise_back(ahead, given, weight, ctx.found, ctx.eps)
        else:
            inside, scale, shift = torch.ops.aten.native_batch_norm_backward(
                ahead, given, weight, mean, variance, mean_C, deviation_C, False, ctx.eps,
                [ctx.needs_input_grad[0], weight is not None, weight is not None],
            )  # fmt: skip
        if inside is not None:
            inside = inside.view(*images.shape[2:], *inside.shape[1:]).permute(3, 2, 0, 1)
        if weight is None:
            scale = shift = None
        return inside, scale, shift, None, None, None, None, None


def _normalise(
    given: Tensor, result: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float
) -> np.ndarray:
    """Means and sums of squared distances of channels [2, C]; the result is filled."""
    channels = given.shape[1]
    scale = given.new_ones(channels).numpy() if weight is None else weight.detach().numpy()
    shift = given.new_zeros(channels).numpy() if bias is None else bias.detach().numpy()
    found = np.empty((2, channels))
    loop, arrays = compiling.loops().normalise, (given.detach().numpy(), scale, shift)
    to = result.numpy()
    pool.shared(
        lambda _, begin, end: loop(*arrays, eps, to, found, begin, end),
        channels,
        pool.worth(given.numel()),
    )
    return found


def _move(
    found: np.ndarray, count: int, mean: Tensor | None, variance: Tensor | None, momentum: float
) -> None:
    """Moves running statistics towards those of a batch, of `count` numbers in a channel."""
    means, squares = (torch.from_numpy(each) for each in found)
    if mean is not None:
        mean.lerp_(means.to(mean.dtype), momentum)
    if variance is not None:
        variance.lerp_((squares / (count - 1)).to(variance.dtype), momentum)


def _normalise_back(
    ahead: Tensor, given: Tensor, weight: Tensor | None, found: np.ndarray, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    channels = given.shape[1]
    inside, scale, shift = (
        torch.empty_like(given),
        given.new_empty(channels),
        given.new_empty(channels),
    )
    held = given.new_ones(channels).numpy() if weight is None else weight.detach().numpy()
    arrays = ahead.numpy(), given.detach().numpy(), held, found
    to = inside.numpy(), scale.numpy(), shift.numpy()
    loop = compiling.loops().normalise_back
    pool.shared(
        lambda _, begin, end: loop(*arrays, eps, *to, begin, end),
        channels,
        pool.worth(given.numel()),
    )
    return inside, scale, shift


def _by_channel(images: Tensor) -> Tensor:
    """Batch-last images as [H x W, C, B], contiguous."""
    return images.permute(2, 3, 1, 0).flatten(0, 1)

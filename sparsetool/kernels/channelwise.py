"""What goes channel by channel: blocks of C channels are images of 16 C channels to torch.

So pooling, padding and depthwise convolutions keep the layout, and are torch's own.

Shapes: as in `blocked`; memory [N, H, W, C, 16] is seen as images [N, 16 C, H, W], channels-last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from .blocked import Blocked, memory, of
from .ways import WIDTH


class _Seen(Function):
    """Blocked images [B, C, H, W] as [N, 16 C, H, W]; not to be written to if `saved`."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, saved: bool) -> Tensor:
        ctx.batch = len(images)
        ctx.save_for_backward(*[images] * saved)
        return _seen(images)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        ctx.saved_tensors  # noqa: B018 raises where they were written to
        return _blocked(gradient, ctx.batch), None


class _Blocked(Function):
    """Images [N, 16 C, H, W] as blocked images [B, C, H, W]."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, batch: int) -> Tensor:
        return _blocked(images, batch)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _seen(gradient), None


def _seen(images: Tensor) -> Tensor:
    return memory(images).numbers().flatten(3).permute(0, 3, 1, 2)


def _blocked(images: Tensor, batch: int) -> Blocked:
    numbers = images.permute(0, 2, 3, 1).contiguous()
    return of(numbers.view(*numbers.shape[:3], -1, WIDTH), batch)


def applied(function: Callable[[Tensor], Tensor], images: Blocked, saved: bool = True) -> Tensor:
    """What a function makes of every channel of images; blocked.

    Args:
        function: Of images [N, 16 C, H, W].
        images: The blocked ones.
        saved: Whether its gradient needs them, so that they are not to be written to.
    """
    made = function(_Seen.apply(images, saved))  # type: ignore[no-untyped-call]
    result: Tensor = _Blocked.apply(made, len(images))  # type: ignore[no-untyped-call]
    return result


def padded(
    function: Callable[..., Tensor],
    images: Blocked,
    pad: Sequence[int],
    mode: str = "constant",
    value: float | None = None,
) -> Tensor:
    """`torch.nn.functional.pad` of columns, rows and channels."""
    pad = [*pad[:4], *(WIDTH * each for each in pad[4:])]
    return applied(lambda seen: function(seen, pad, mode, value), images, False)


def depthwise(
    images: Blocked,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
) -> Tensor:
    """`torch.conv2d` with a kernel for each channel, weight [C, 1, a, b] and bias [C]."""
    weight, bias = _sixteen(weight), None if bias is None else _sixteen(bias)
    rest = weight, bias, stride, padding, dilation, len(weight)
    return applied(lambda seen: torch.conv2d(seen, *rest), images)


def _sixteen(numbers: Tensor) -> Tensor:
    """Each channel's [C, ...], for sixteen examples [16 C, ...]."""
    each = numbers.unsqueeze(1).expand(-1, WIDTH, *numbers.shape[1:])
    return each.reshape(-1, *numbers.shape[1:])

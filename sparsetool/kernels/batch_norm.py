"""Batch norm of blocked images: the same means, other places."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from . import compiling, pool
from .around import MEASURE, PASS_AGAIN, After
from .blocked import Blocked, memory
from .memory import Inward, Memory, Normal, Rectified, Sum, in_blocks, outline
from .ways import WIDTH


class BatchNorm(Function):
    """Batch norm of blocked images [B, C, H, W]."""

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
        given, batch = memory(images), len(images)
        if training or mean is None or variance is None:
            center, spread = _moments(given, batch)
            _move(center, spread, images.numel() // images.shape[1], mean, variance, momentum)
        else:
            center, spread = mean.double().numpy(), variance.double().numpy()
        ctx.inverse = 1 / (spread + eps) ** 0.5
        factor = ctx.inverse if weight is None else weight.detach().double().numpy() * ctx.inverse
        shift = np.zeros_like(center) if bias is None else bias.detach().double().numpy()
        dtype = given.numbers().numpy().dtype
        ctx.scales = np.stack([center, factor, shift]).astype(dtype)
        ctx.training = training or mean is None
        ctx.batch, ctx.affine = batch, weight is not None
        ctx.save_for_backward(images)
        return Blocked(Normal(given, batch, ctx.scales), batch)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        given = memory(*ctx.saved_tensors)
        shape = outline(given.shape, ctx.batch)
        passing = _Passing.of(memory(gradient), ctx.scales)
        dtype = ctx.scales.dtype
        sums = passing.added_up(ctx.scales)
        if sums is None:
            images, loop = given.numbers(), compiling.loops().normalise_back
            sums = np.empty((given.shape[0], 2, shape[1], WIDTH), dtype)
            from_ = passing.numbers.data_ptr(), images.data_ptr(), shape, ctx.scales
            to = passing.again, dtype.type(passing.top), *passing.addresses(), sums
            in_blocks(lambda begin, end: loop(*from_, *to, begin, end), given.shape)
        total, products = _reduced(sums, ctx.batch).sum(0)
        inside = None
        if ctx.needs_input_grad[0]:
            slopes = np.zeros((2, shape[1]))
            factor = ctx.scales[1].astype(np.float64)
            if ctx.training:
                count = shape[0] * ctx.batch
                slopes[0] = -factor * ctx.inverse**2 * products / count
                slopes[1] = -factor * total / count
            scales = ctx.scales, slopes.astype(dtype)
            rest = passing.again, passing.top
            inside = Blocked(Inward(passing.ahead, given, ctx.batch, *scales, *rest), ctx.batch)
        scale = shift = None
        if ctx.affine:
            scale, shift = (
                torch.from_numpy(each.astype(dtype)) for each in (products * ctx.inverse, total)
            )
        return inside, scale, shift, None, None, None, None, None


class _Passing(NamedTuple):
    """A gradient, and where it passes the ReLU after batch norm; held while it is read.

    Attributes:
        ahead: Takes, or is, what passes; with `again` all of it.
        numbers: Of the gradient.
        other: Of a gradient to be added to it.
        again: Whether it passes where normalised numbers are above zero alone.
        made: What was made, where it passes where that is above zero alone.
        passed: Takes what passes then.
        top: What is to be above zero is to be below this, too; or no number.
    """

    ahead: Memory
    numbers: Tensor
    again: bool = False
    other: Tensor | None = None
    made: Tensor | None = None
    passed: Tensor | None = None
    top: float = math.nan

    @classmethod
    def of(cls, ahead: Memory, scales: np.ndarray) -> _Passing:
        """A gradient that has yet to pass a ReLU does so while it is read."""
        if not isinstance(ahead, Rectified) or ahead.given is None:
            return cls(ahead, ahead.numbers())
        gradient, result = ahead.given
        if isinstance(result, Normal) and result.scales is scales and not result.added:
            return cls(gradient, gradient.numbers(), True, top=ahead.top)
        ahead.put(ahead.empty())
        parts = gradient.parts if isinstance(gradient, Sum) else None
        first, second = parts or (gradient, None)
        other = None if second is None else second.numbers()
        made, passed = result.numbers(), ahead.numbers()
        return cls(ahead, first.numbers(), False, other, made, passed, ahead.top)

    def added_up(self, scales: np.ndarray) -> np.ndarray | None:
        """The sums [N, 2, C, 16] that were made with the gradient, if it was for this norm.

        And if it passes the same ReLU: an activation of a user's own may have another gradient.
        """
        found = None if self.made is not None else self.ahead.added_up
        if found is None or found.numbers is not scales:
            return None
        top = scales.dtype.type(self.top)
        same = found.top == top or (math.isnan(found.top) and math.isnan(top))
        return found.sums if same and (found.kind == PASS_AGAIN) == self.again else None

    def addresses(self) -> tuple[int, int, int, bool]:
        """Of the other gradient, of what was made and passes, or zeros; whether past the caches."""
        other, made, passed = (
            0 if each is None else each.data_ptr() for each in (self.other, self.made, self.passed)
        )
        return other, made, passed, self.passed is not None and pool.past_caches(self.passed)


def _reduced(sums: np.ndarray, batch: int) -> np.ndarray:
    """Sums [N, 2, C, 16] of blocks, float64 [N, 2, C]."""
    found = np.empty(sums.shape[:3])
    compiling.loops().reduced(sums, batch, found)
    return found


def _moments(given: Memory, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Means and variances of channels, float64."""
    shape, found = outline(given.shape, batch), given.added_up
    if found is None or found.kind != MEASURE:
        numbers, loop = given.numbers(), compiling.loops().measure
        found = After.measure(given.shape[0], shape[1], numbers.numpy().dtype)
        rest = numbers.data_ptr(), shape, found.numbers, found.sums
        in_blocks(lambda begin, end: loop(*rest, begin, end), given.shape)
    sums, squares = _reduced(found.sums, batch).swapaxes(0, 1)
    examples = np.minimum(WIDTH, batch - WIDTH * np.arange(len(sums)))[:, None]
    count, about = shape[0] * examples, found.numbers.astype(np.float64)
    mean = (count * about + sums).sum(0) / count.sum()
    away = about - mean
    variance = (squares + 2 * away * sums + count * away**2).sum(0) / count.sum()
    return mean, np.maximum(variance, 0.0)


def _move(
    means: np.ndarray,
    variances: np.ndarray,
    count: int,
    mean: Tensor | None,
    variance: Tensor | None,
    momentum: float,
) -> None:
    """Moves running statistics towards those of a batch, of `count` numbers in a channel."""
    if mean is not None:
        mean.lerp_(torch.from_numpy(means).to(mean.dtype), momentum)
    if variance is not None:
        unbiased = torch.from_numpy(variances * (count / (count - 1)))
        variance.lerp_(unbiased.to(variance.dtype), momentum)

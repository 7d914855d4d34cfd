"""Batch-last images: the same numbers elsewhere, and their batch norm against torch's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sparsetool.kernels import batch_last

Shape = tuple[int, int, int, int]
SHAPES: list[Shape] = [
    (5, 3, 4, 2), (1, 3, 4, 2), (5, 1, 4, 2), (5, 3, 1, 2), (5, 3, 4, 1), (5, 3, 1, 1),
    (5, 1, 1, 1), (1, 3, 1, 1), (1, 1, 4, 2), (1, 1, 1, 1), (33, 17, 6, 5),
]  # fmt: skip
LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "contiguous": torch.clone,
    "channels last": lambda x: x.clone(memory_format=torch.channels_last),
    "flipped": lambda x: x.transpose(2, 3).contiguous().transpose(2, 3),
    "every other": lambda x: x.repeat_interleave(2, 3)[..., ::2],
    "batch last": lambda x: x.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1),
}
EXACT = dict(rtol=1e-12, atol=1e-12)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def lies_batch_last(images: Tensor) -> bool:
    """From the definition: the memory runs over H, W, C, B."""
    batch, channels, _, width = images.shape
    wanted = (1, batch, width * channels * batch, channels * batch)
    each = zip(images.shape, images.stride(), wanted, strict=True)
    return all(size == 1 or found == right for size, found, right in each)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_turned_there_and_back(shape: Shape, layout: str) -> None:
    numbers = torch.randn(shape)
    images = LAYOUTS[layout](numbers)
    turned = batch_last.to_batch_last(images)
    assert turned.equal(numbers)
    assert lies_batch_last(turned)
    assert batch_last.is_batch_last(turned)
    assert batch_last.is_batch_last(images) == lies_batch_last(images)
    back = batch_last.to_channels_last(turned)
    assert back.equal(numbers)
    assert back.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_are_the_memory(shape: Shape) -> None:
    """[H, W x C, B], a view: what is written there is in the images."""
    batch, channels, height, width = shape
    images = batch_last.empty(torch.zeros(batch, 7, dtype=torch.float64), channels, height, width)
    assert (images.shape, images.dtype) == (shape, torch.float64)
    assert lies_batch_last(images)
    rows = batch_last.rows(images)
    rows.copy_(torch.arange(rows.numel()).view(height, width * channels, batch))
    b, c, h, w = (torch.arange(size) for size in shape)
    place = (h[:, None] * width + w) * channels * batch
    assert images.equal((place + (c * batch)[:, None, None] + b[:, None, None, None]).double())


def test_what_is_right_already_is_not_copied() -> None:
    turned = LAYOUTS["batch last"](torch.randn(4, 3, 5, 2))
    assert batch_last.to_batch_last(turned) is turned
    for layout in ("contiguous", "channels last", "every other"):
        images = LAYOUTS[layout](torch.randn(4, 3, 5, 2))
        assert batch_last.to_channels_last(images) is images
    tokens = torch.randn(4, 3, 5)
    assert batch_last.to_channels_last(tokens) is tokens


@pytest.mark.parametrize("layout", [*LAYOUTS, "expanded"])
def test_turning_passes_gradients_on(layout: str) -> None:
    """Whatever layout they come in, and also one number standing for all."""
    images = torch.randn(4, 3, 5, 2, requires_grad=True)
    numbers = torch.randn(4, 3, 5, 2)
    gradient = numbers[0, 0, 0, 0].expand(4, 3, 5, 2) if layout == "expanded" else None
    gradient = LAYOUTS[layout](numbers) if gradient is None else gradient
    turned = batch_last.to_batch_last(images)
    (found,) = torch.autograd.grad(turned, images, gradient, retain_graph=True)
    assert found.equal(gradient)
    (found,) = torch.autograd.grad(batch_last.to_channels_last(turned), images, gradient)
    assert found.equal(gradient)


def drawn(shape: Shape, affine: bool, stats: bool, dtype: torch.dtype) -> list[Tensor | None]:
    """Images, weight, bias, running mean and variance, with scales and means of channels."""
    channels = shape[1]
    scale, shift = torch.rand(channels) + 0.5, torch.randn(channels)
    images = torch.randn(shape) * scale[:, None, None] + shift[:, None, None]
    weight = [torch.randn(channels), torch.randn(channels)] if affine else [None, None]
    running = [torch.randn(channels), torch.rand(channels) + 0.5] if stats else [None, None]
    return [None if each is None else each.to(dtype) for each in (images, *weight, *running)]


def both(
    given: list[Tensor | None], training: bool, momentum: float, eps: float,
    after: Callable[[Tensor], Tensor] = torch.clone, needed: str = "111",
) -> list[list[Tensor]]:  # fmt: skip
    """By the code under test and by torch: the result, running statistics and gradients."""
    answers = []
    for own in (True, False):
        copies = [None if each is None else each.clone() for each in given]
        leaves = [
            each.requires_grad_()
            for each, need in zip(copies, needed, strict=False)
            if each is not None and need == "1"
        ]
        images, weight, bias, mean, variance = copies
        if own:
            rest = (weight, bias, mean, variance, training, momentum, eps)
            out = batch_last.BatchNorm.apply(batch_last.to_batch_last(images), *rest)
            assert lies_batch_last(out)
        else:
            rest = (mean, variance, weight, bias, training, momentum, eps)
            out = functional.batch_norm(images, *rest)
        out = after(out)
        kernel = torch.arange(out.numel(), dtype=out.dtype).view(out.shape).sin()
        grads = torch.autograd.grad((out * kernel).sum(), leaves)
        answers.append([out.detach(), *(s for s in (mean, variance) if s is not None), *grads])
        assert images.detach().equal(given[0])
    return answers


MODES = {  # training, affine, running statistics
    "training": (True, True, True),
    "training without affine": (True, False, True),
    "training without statistics": (True, True, False),
    "training with neither": (True, False, False),
    "evaluation": (False, True, True),
    "evaluation without affine": (False, False, True),
}


@pytest.mark.parametrize("shape", [(6, 3, 4, 5), (7, 4, 1, 1), (1, 2, 3, 2), (2, 1, 1, 1)], ids=str)
@pytest.mark.parametrize(("training", "affine", "stats"), MODES.values(), ids=MODES)
def test_batch_norm(shape: Shape, training: bool, affine: bool, stats: bool) -> None:
    given = drawn(shape, affine, stats, torch.float64)
    found, right = both(given, training, 0.3, 1e-3)
    assert len(right) == 2 + 2 * stats + 2 * affine
    torch.testing.assert_close(found, right, **EXACT)


@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_batch_norm_of_any_momentum_and_eps(momentum: float, eps: float) -> None:
    given = drawn((6, 3, 4, 5), True, True, torch.float64)
    found, right = both(given, True, momentum, eps)
    torch.testing.assert_close(found, right, **EXACT)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_of_single_values(training: bool) -> None:
    """A channel with one value has no deviation: what is left is the bias."""
    given = drawn((4, 3, 2, 2), True, True, torch.float64)
    given[0] = given[0][:1, :, :1, :1].expand(4, 3, 2, 2).contiguous()
    torch.testing.assert_close(*both(given, training, 0.1, 1e-2), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("after", [functional.relu_, lambda x: x.add_(x)], ids=["relu", "add"])
def test_what_comes_after_may_work_in_place(
    training: bool, after: Callable[[Tensor], Tensor]
) -> None:
    given = drawn((6, 3, 4, 5), True, True, torch.float64)
    torch.testing.assert_close(*both(given, training, 0.1, 1e-5, after), **EXACT)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("needed", ["100", "110", "101", "011"])
def test_gradients_of_a_part(needed: str, training: bool) -> None:
    """Of the images alone, of the weight and bias alone, and so on."""
    given = drawn((6, 3, 4, 5), True, True, torch.float64)
    found, right = both(given, training, 0.1, 1e-5, needed=needed)
    assert len(right) == 3 + needed.count("1")
    torch.testing.assert_close(found, right, **EXACT)


def test_two_uses_before_one_backward_pass() -> None:
    images, weight, bias, mean, variance = drawn((6, 3, 4, 5), True, True, torch.float64)
    right_mean, right_variance = mean.clone(), variance.clone()
    grads = []
    for own in (True, False):
        leaf, total = images.clone().requires_grad_(), torch.zeros((), dtype=torch.float64)
        for scale in (1.0, 2.0):
            if own:
                given = batch_last.to_batch_last(leaf**scale)
                rest = (weight, bias, mean, variance, True, 0.1, 1e-5)
                total = total + (batch_last.BatchNorm.apply(given, *rest) ** 3).sum()
            else:
                rest = (right_mean, right_variance, weight, bias, True, 0.1, 1e-5)
                total = total + (functional.batch_norm(leaf**scale, *rest) ** 3).sum()
        grads.append(torch.autograd.grad(total, leaf)[0])
    torch.testing.assert_close(*grads, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close([mean, variance], [right_mean, right_variance], **EXACT)


def test_float32_is_accurate_where_means_are_large() -> None:
    """Of means 1000 times the deviation, variances from mean squares would be lost."""
    given = drawn((64, 4, 8, 8), True, True, torch.float32)
    given[0] = given[0] + 1000 * torch.tensor([1.0, -1.0, 0.0, 2.0])[:, None, None]
    found, _ = both(given, True, 0.1, 1e-5)
    _, right = both([each.double() for each in given], True, 0.1, 1e-5)
    out, mean, variance, *grads = zip(found, right, strict=True)
    assert (out[0] - out[1]).abs().max() < 1e-3
    torch.testing.assert_close(mean[0].double(), mean[1], rtol=1e-6, atol=1e-5)
    torch.testing.assert_close(variance[0].double(), variance[1], rtol=1e-5, atol=0)
    for own, exact in grads:
        assert (own - exact).abs().max() < 2e-3 * exact.abs().max()
    assert {each.dtype for each in found} == {torch.float32}

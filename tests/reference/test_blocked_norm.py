"""Batch norm of blocked images, with what comes after it, against torch's in float64."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sparsetool.kernels.autograd import convolve
from sparsetool.kernels.batch_norm import BatchNorm
from sparsetool.kernels.blocked import Blocked, to_blocked, to_channels_last
from sparsetool.kernels.convolution import Convolution

Shape = tuple[int, int, int, int]
EXACT = dict(rtol=1e-12, atol=1e-12)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


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
            out = BatchNorm.apply(to_blocked(images), *rest)
            assert isinstance(out, Blocked)
        else:
            rest = (mean, variance, weight, bias, training, momentum, eps)
            out = functional.batch_norm(images, *rest)
        out = after(out)
        kernel = torch.arange(out.numel(), dtype=out.dtype).view(out.shape).sin()
        grads = torch.autograd.grad((out * kernel).sum(), leaves)
        answers.append(
            [
                to_channels_last(out.detach()),
                *(s for s in (mean, variance) if s is not None),
                *grads,
            ]
        )
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


SHAPES = [(6, 3, 4, 5), (7, 4, 1, 1), (1, 2, 3, 2), (2, 1, 1, 1), (40, 5, 2, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
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


def sines(like: Tensor) -> Tensor:
    return torch.arange(like.numel(), dtype=like.dtype).view(like.shape).cos()


def used_twice(x: Tensor) -> Tensor:
    """Before the ReLU and after it."""
    made = functional.relu(x)
    return made + 2 * x


def reluctant(x: Tensor) -> Tensor:
    """The gradient of one ReLU goes two ways, and one of them is not batch norm's."""
    other = to_blocked(sines(x).requires_grad_()) if isinstance(x, Blocked) else sines(x)
    return functional.relu(functional.relu(x + other) - 0.1)


def rectified_later(x: Tensor) -> Tensor:
    """In place, after it was added to something that is not made yet."""
    other = to_blocked(sines(x)) if isinstance(x, Blocked) else sines(x)
    if isinstance(x, Blocked):
        other = BatchNorm.apply(other, None, None, None, None, True, 0.1, 1e-5)
    else:
        other = functional.batch_norm(other, None, None, training=True)
    total = other + x
    return functional.relu_(x) + total


def added_later(x: Tensor) -> Tensor:
    """The same with a sum in place."""
    total = sines(x) + x
    twice = total + x
    return total.add_(sines(x)) + twice


AFTER: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "relu in place": lambda x: functional.relu(x, inplace=True),
    "add itself": lambda x: x.add_(x),
    "add and relu": lambda x: functional.relu(x + sines(x)),
    "add in place and relu": lambda x: functional.relu_(x.add_(sines(x))),
    "add to another and relu": lambda x: functional.relu_(sines(x) + x),
    "add twice": lambda x: functional.relu(x + sines(x) + sines(x).exp()),
    "add without relu": lambda x: (x + sines(x)) * 2,
    "add twice as much": lambda x: functional.relu(x.add(sines(x), alpha=2)),
    "relu twice": lambda x: functional.relu(functional.relu(x)),
    "used twice": used_twice,
    "two ways": reluctant,
    "relu in place later": rectified_later,
    "sum in place later": added_later,
    "another shape": lambda x: functional.relu(x + sines(x)[:1]),
}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", AFTER)
def test_what_comes_after_may_be_made_with_it(name: str, training: bool) -> None:
    """With twenty examples: the last block is not full."""
    given = drawn((20, 3, 4, 5), True, True, torch.float64)
    torch.testing.assert_close(*both(given, training, 0.1, 1e-5, AFTER[name]), **EXACT)


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
                given = to_blocked(leaf**scale)
                rest = (weight, bias, mean, variance, True, 0.1, 1e-5)
                total = total + (BatchNorm.apply(given, *rest) ** 3).sum()
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


def test_gradients_by_differences() -> None:
    """A block of a residual network: two convolutions, norms, a sum and ReLUs."""
    masks = torch.rand(2, 2, 2, 3, 3) < 0.6
    layers = [Convolution(mask, (3, 4), padding=(1, 1)) for mask in masks]

    def block(images: Tensor, *weights: Tensor) -> Tensor:
        made = to_blocked(images)
        for number, (layer, weight, scale) in enumerate(
            zip(layers, weights[:2], weights[2:], strict=True)
        ):
            laid = (weight * masks[number]).contiguous(memory_format=torch.channels_last)
            normal = BatchNorm.apply(
                convolve(made, laid, scale, layer), scale, scale, None, None, True, 0.1, 1e-3
            )
            made = functional.relu(normal if number == 0 else normal + to_blocked(images))
        return to_channels_last(made)

    shapes = [(17, 2, 3, 4), (2, 2, 3, 3), (2, 2, 3, 3), (2,), (2,)]
    given = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    assert torch.autograd.gradcheck(block, given, fast_mode=True)

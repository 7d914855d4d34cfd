"""Pooling, padding and depthwise convolutions of blocked images, and passes made into one."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from sparsetool.kernels import blocked, pool
from sparsetool.kernels.autograd import convolve
from sparsetool.kernels.batch_norm import BatchNorm
from sparsetool.kernels.blocked import Blocked
from sparsetool.kernels.seeing import Layer, Seeing

KEPT: dict[str, Callable[[Tensor], Tensor]] = {
    "max": lambda x: functional.max_pool2d(x, 2),
    "max, overlapping": lambda x: torch.max_pool2d(x, 3, 2, 1),
    "max, with gaps": nn.MaxPool2d(2, 3, dilation=2, ceil_mode=True),
    "every other pixel": lambda x: functional.max_pool2d(input=x, kernel_size=1, stride=2),
    "mean": nn.AvgPool2d((3, 2), 2, 1, count_include_pad=False),
    "mean of all": nn.AdaptiveAvgPool2d(1),
    "means": lambda x: functional.adaptive_avg_pool2d(x, (2, 3)),
    "pad columns": lambda x: functional.pad(x, (2, 1)),
    "pad with ones": lambda x: functional.pad(x, (0, 1, 2, 0), value=1.0),
    "pad channels": lambda x: functional.pad(x, (0, 0, 0, 0, 2, 1)),
    "crop": lambda x: functional.pad(x, (-1, 0, 0, -2, -1, 0)),
    "reflect": nn.ReflectionPad2d(2),
    "replicate": lambda x: functional.pad(x, (1, 1, 0, 2), mode="replicate"),
}
TURNED: dict[str, Callable[[Tensor], Tensor]] = {
    "pad examples": lambda x: functional.pad(x, (0, 0, 0, 0, 0, 0, 0, 1)),
    "where the largest are": lambda x: functional.max_pool2d(x, 2, return_indices=True)[0],
    "groups of two": lambda x: functional.conv2d(x, _kernel(6, 2), groups=3),
    "two of each": lambda x: functional.conv2d(x, _kernel(12, 1), groups=6),
}


def _kernel(out: int, into: int) -> Tensor:
    return torch.arange(out * into * 9.0, dtype=torch.float64).view(out, into, 3, 3).sin()


def _answers(function: Callable[[Tensor], Tensor], own: bool) -> tuple[Tensor, list[Tensor]]:
    """The result, and numbers and gradients of it: of images that fill no number of blocks."""
    draws = torch.Generator().manual_seed(3)
    x = torch.randn(18, 6, 7, 8, dtype=torch.float64, generator=draws).requires_grad_()
    if not own:
        result = function(x)
    else:
        with Seeing({}):
            result = function(blocked.to_blocked(x))
    found = blocked.to_channels_last(result)
    weights = torch.arange(found.numel(), dtype=found.dtype).view(found.shape).sin()
    parameters = list(function.parameters()) if isinstance(function, nn.Module) else []
    grads = torch.autograd.grad((found * weights).sum(), (x, *parameters))
    return result, [found.detach(), *grads]


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    result, found = _answers(KEPT[name], True)
    assert isinstance(result, Blocked)
    torch.testing.assert_close(found, _answers(KEPT[name], False)[1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", TURNED)
def test_turned(name: str) -> None:
    result, found = _answers(TURNED[name], True)
    assert not isinstance(result, Blocked)
    torch.testing.assert_close(found, _answers(TURNED[name], False)[1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"padding": 1},
        {"stride": 2, "padding": 1, "bias": False},
        {"stride": (2, 1), "dilation": (1, 2)},
        {"padding": "same"},
    ],
)
def test_depthwise(options: dict[str, object]) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(6, 6, 3, groups=6, **options).double()  # type: ignore[arg-type]
    result, found = _answers(layer, True)
    assert isinstance(result, Blocked)
    torch.testing.assert_close(found, _answers(layer, False)[1], rtol=1e-12, atol=1e-12)


def _refuse(*given: object) -> None:
    raise AssertionError(f"images were turned for {given[0]}")


@pytest.mark.parametrize("inplace", [True, False])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("residual", [True, False])
def test_an_inverted_residual(
    inplace: bool, training: bool, residual: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch norm and ReLU6 are one pass, and pass gradients on between zero and six alone."""
    torch.manual_seed(1)
    layers = [nn.BatchNorm2d(6), nn.ReLU6(inplace), nn.Conv2d(6, 6, 3, padding=1, groups=6)]
    module = nn.Sequential(*layers, nn.BatchNorm2d(6), nn.ReLU6(inplace)).double().train(training)
    with torch.no_grad():
        for norm in (module[0], module[3]):
            norm.weight.uniform_(2, 4)
            norm.bias.uniform_(-1, 4)
    both = [module, copy.deepcopy(module)]
    runs = [(lambda x, m=m: m(x) + x) if residual else m for m in both]  # type: ignore[misc]
    with monkeypatch.context() as patch:
        patch.setattr(blocked, "_turned", _refuse)
        result, found = _answers(runs[0], True)
    _, right = _answers(runs[1], False)
    assert isinstance(result, Blocked)
    assert (right[0] == 6).any() or residual
    torch.testing.assert_close(found, right, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(both[0].state_dict(), both[1].state_dict())


def test_a_residual_of_gradients_is_added_once() -> None:
    """The gradient in what a ReLU made is that of both ways on from it, added as it is read."""
    torch.manual_seed(2)
    norms = [nn.BatchNorm2d(6).double() for _ in range(2)]

    def run(x: Tensor) -> Tensor:
        first = functional.relu(norms[0](x) + x)
        second = functional.relu(norms[1](first) + first)
        return second + 2 * first

    def own(x: Tensor) -> Tensor:
        def norm(images: Tensor) -> Tensor:
            found: Tensor = BatchNorm.apply(  # type: ignore[no-untyped-call]
                images, torch.ones(6).double(), torch.zeros(6).double(), None, None, True, 0.1, 1e-5
            )
            return found

        first = torch.relu(norm(x) + x)
        second = torch.relu(norm(first) + first)
        return second + first + first

    found, right = _answers(own, True)[1], _answers(run, False)[1]
    torch.testing.assert_close(found, right, rtol=1e-10, atol=1e-10)


def test_writing_to_what_a_gradient_needs_is_refused() -> None:
    kernel = torch.randn(3, 1, 3, 3, requires_grad=True)
    x = blocked.to_blocked(torch.randn(16, 3, 5, 5, requires_grad=True))
    with Seeing({}):
        given = x + 1
        made = torch.conv2d(given, kernel, groups=3)
        given.relu_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        blocked.to_channels_last(made).sum().backward()


def test_what_is_padded_may_be_written_to() -> None:
    x = torch.randn(16, 3, 5, 5, requires_grad=True)
    with Seeing({}):
        given = blocked.to_blocked(x) + 1
        made = functional.pad(given, (1, 1))
        given.relu_()
    blocked.to_channels_last(made).sum().backward()
    assert x.grad is not None
    assert x.grad.equal(torch.ones_like(x))


@pytest.mark.parametrize("channels", [6, 80])
def test_what_is_written_past_the_caches_is_the_same(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last bit; 80 channels are two tiles, whose sums are read again."""
    torch.manual_seed(4)
    conv = nn.Conv2d(channels, channels, 3, padding=1).to(memory_format=torch.channels_last)
    layer = Layer(torch.rand(conv.weight.shape) < 0.3)
    norm, images = nn.BatchNorm2d(channels), torch.randn(18, channels, 6, 7, requires_grad=True)

    def run() -> list[Tensor]:
        with Seeing({id(conv.weight): layer}):
            first = functional.relu(norm(conv(images)))
            second = functional.relu(norm(conv(first)) + first)
            made = blocked.to_channels_last(second + conv(second))
        grads = torch.autograd.grad(made.square().sum(), (images, *conv.parameters()))
        return [made.detach(), *grads]

    right = run()
    assert not pool.past_caches(right[0])
    monkeypatch.setattr(pool, "LARGE", 0)
    assert pool.past_caches(torch.empty(1024))
    assert not pool.past_caches(torch.empty(1024)[1:])
    assert all(a.equal(b) for a, b in zip(run(), right, strict=True))


def test_a_bias_is_added_once() -> None:
    """Also where a layer has several tiles, or keeps nothing."""
    weight, bias = torch.randn(3, 80, 1, 1).double(), torch.randn(3).double()
    for share in (0.3, 0.0):
        mask = torch.rand(weight.shape) < share
        layer = Layer(mask).convolution(torch.empty(1, 80, 4, 5), (1, 1), (0, 0), (1, 1), 1)
        images = torch.randn(7, 80, 4, 5).double()
        found = blocked.to_channels_last(convolve(images, weight, bias, layer))
        right = functional.conv2d(images, weight * mask, bias)
        torch.testing.assert_close(found, right, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("part", [0, 1])
def test_a_sum_is_that_of_what_was_added(part: int) -> None:
    """Though one of both is written to before the sum is made."""
    parts = [blocked.to_blocked(torch.full((3, 2, 4, 4), 1.0 + n)) for n in range(2)]
    made = parts[0] + parts[1]
    parts[part].add_(parts[1 - part])
    assert blocked.to_channels_last(made).equal(torch.full((3, 2, 4, 4), 3.0))

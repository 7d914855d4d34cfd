"""Images in blocks: the same numbers elsewhere, and everything torch does with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sparsetool.kernels import blocked
from sparsetool.kernels.batch_norm import BatchNorm
from sparsetool.kernels.blocked import Blocked

Shape = tuple[int, int, int, int]
SHAPES: list[Shape] = [
    (5, 3, 4, 2), (1, 3, 4, 2), (5, 1, 4, 2), (5, 3, 1, 2), (5, 3, 4, 1), (5, 3, 1, 1),
    (16, 2, 3, 3), (17, 1, 1, 1), (1, 3, 1, 1), (1, 1, 1, 1), (33, 17, 6, 5),
]  # fmt: skip
LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "contiguous": torch.clone,
    "channels last": lambda x: x.clone(memory_format=torch.channels_last),
    "flipped": lambda x: x.transpose(2, 3).contiguous().transpose(2, 3),
    "every other": lambda x: x.repeat_interleave(2, 3)[..., ::2],
    "expanded": lambda x: x[:1, :1, :1, :1].expand(x.shape),
}


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def lies(images: Tensor) -> Tensor:
    """From the definition: [N, H, W, C, 16], filled up with zeros."""
    blocks = -(-len(images) // 16)
    memory = torch.zeros(blocks, *images.shape[2:], images.shape[1], 16, dtype=images.dtype)
    for b, image in enumerate(images):
        memory[b // 16, ..., b % 16] = image.permute(1, 2, 0)
    return memory


def put(images: Tensor) -> Blocked:
    return blocked.of(lies(images), len(images))


def back(images: Tensor) -> Tensor:
    turned = blocked.to_channels_last(images)
    assert not isinstance(turned, Blocked)
    return turned


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_turned_there_and_back(shape: Shape, layout: str) -> None:
    images = LAYOUTS[layout](torch.randn(shape))
    turned = blocked.to_blocked(images)
    assert isinstance(turned, Blocked)
    assert (turned.shape, turned.dtype) == (images.shape, images.dtype)
    assert turned.memory.numbers().equal(lies(images))
    assert back(turned).equal(images)
    assert back(turned).is_contiguous(memory_format=torch.channels_last)


def test_what_is_right_already_is_not_copied() -> None:
    images = torch.randn(4, 3, 5, 2)
    turned = blocked.to_blocked(images)
    assert blocked.to_blocked(turned) is turned
    assert blocked.to_channels_last(images) is images


@pytest.mark.parametrize("layout", LAYOUTS)
def test_turning_passes_gradients_on(layout: str) -> None:
    """Whatever layout they come in, also one number standing for all."""
    images = torch.randn(4, 3, 5, 2, requires_grad=True)
    gradient = LAYOUTS[layout](torch.randn(4, 3, 5, 2))
    turned = blocked.to_blocked(images)
    for given in (gradient, put(gradient)):
        (found,) = torch.autograd.grad(turned, images, given, retain_graph=True)
        assert found.equal(gradient)
    (found,) = torch.autograd.grad(back(turned), images, gradient)
    assert found.equal(gradient)


FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "relu": lambda x, y: functional.relu(x),
    "relu6": lambda x, y: functional.relu6(3 * x),
    "hardtanh in place": lambda x, y: functional.hardtanh_(x + y),
    "silu": lambda x, y: functional.silu(x),
    "silu in place": lambda x, y: functional.silu(x + y, inplace=True),
    "sum": lambda x, y: x + y,
    "sum in place": lambda x, y: functional.silu(x).add_(y, alpha=2),
    "one number more": lambda x, y: x + 1.5,
    "a channel more": lambda x, y: x + torch.arange(3.0, dtype=x.dtype)[:, None, None],
    "sums of many": lambda x, y: x + y + x * y,
    "not number by number": lambda x, y: functional.softmax(x, 1) - x.mean((2, 3), keepdim=True),
    "pooled": lambda x, y: functional.max_pool2d(x, 2, 1) * y[:, :, 1:, 1:],
    "a part": lambda x, y: torch.cat([x[:, 1:], y], 1),
    "written": lambda x, y: (x + y).mul_(y).clamp_(min=-0.5),
    "flat": lambda x, y: x.flatten(1) @ y.flatten(1).t(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("both", [True, False])
def test_functions_of_torch(name: str, both: bool) -> None:
    """Results and gradients, of two blocked images, and of one and another that is not."""
    first, second = torch.randn(2, 18, 3, 4, 5, dtype=torch.float64)
    answers = []
    for own in (False, True):
        x, y = first.clone().requires_grad_(), second.clone().requires_grad_()
        given = blocked.to_blocked(x) if own else x
        other = blocked.to_blocked(y) if own and both else y
        result = FUNCTIONS[name](given, other)
        kernel = torch.arange(result.numel(), dtype=result.dtype).view(result.shape).sin()
        grads = torch.autograd.grad((result * kernel).sum(), (x, y), allow_unused=True)
        answers.append([back(result.detach()), *grads])
    torch.testing.assert_close(*answers, rtol=1e-12, atol=1e-12)


def test_what_changes_is_made_first() -> None:
    """Numbers that are to be made of images are those of the images as they were."""
    images, norm = put(torch.randn(5, 3, 4, 2)), torch.nn.BatchNorm2d(3)
    right = norm(back(images).clone())
    with torch.no_grad():
        made = BatchNorm.apply(images, None, None, None, None, True, 0.1, 1e-5)
        images.add_(torch.ones(5, 3, 4, 2))
        torch.testing.assert_close(back(made), right.detach())

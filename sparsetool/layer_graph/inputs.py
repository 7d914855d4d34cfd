"""Inputs made up to run a network once with: images of floats, or text as rows of tokens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from ..plugins.datasets import is_text
from ..ticket.draws import Draws


def made_up(
    input: Sequence[int],
    count: int,
    dtype: torch.dtype = torch.float32,
    *,
    fill: float = 0.0,
    device: str | torch.device = "cpu",
) -> Tensor:
    """Examples that say nothing: images of one value, or rows of the first token.

    Args:
        input: Channels, height and width of an example; of text its tokens alone.
        count: How many.
        dtype: Type of images; tokens are int64.
        fill: Value of the images.
        device: Where.
    """
    if is_text(input):
        return torch.zeros((count, *input), dtype=torch.int64, device=device)
    return torch.full((count, *input), fill, dtype=dtype, device=device)


def varied(input: Sequence[int], count: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Examples that are neither equal nor constant; of text those of the first two tokens."""
    numbers = torch.linspace(-1, 1, count * torch.Size(input).numel()).reshape(count, *input)
    return (numbers > 0.5).long() if is_text(input) else numbers.square().to(dtype)


def drawn(input: Sequence[int], count: int, name: str) -> Tensor:
    """Examples of normal draws, float64, the same for the same name; of text as `varied`."""
    if is_text(input):
        return varied(input, count)
    size = count * torch.Size(input).numel()
    return torch.from_numpy(Draws(0, "probe", name=name).normal(size)).reshape(count, *input)


def typed(examples: Tensor, dtype: torch.dtype) -> Tensor:
    """Images in a type; tokens stay whole numbers."""
    return examples.to(dtype) if examples.is_floating_point() else examples


@contextlib.contextmanager
def ones_embedded(module: nn.Module) -> Iterator[None]:
    """Within it every embedding gives ones: what an image of ones is, for text."""

    def ones(_: nn.Module, given: object, made: Tensor) -> Tensor:
        return torch.ones_like(made)

    hooks = [
        child.register_forward_hook(ones)
        for child in module.modules()
        if isinstance(child, nn.Embedding)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()

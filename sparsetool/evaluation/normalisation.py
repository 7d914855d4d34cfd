"""Batch-norm statistics of a network that was not trained, such as a point between two others.

Averaging the weights of two networks does not average the activations' statistics, and stale ones
alone can make a barrier (Jordan et al., 2023, "REPAIR: REnormalizing permuted activations for
interpolation repair").
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

RECOMPUTE_EXAMPLES = 2048
MOST = 512  # examples in a batch of the recomputation


def norms(module: nn.Module) -> list[nn.modules.batchnorm._BatchNorm]:
    """The batch norms that keep running statistics."""
    return [
        child
        for child in module.modules()
        if isinstance(child, nn.modules.batchnorm._BatchNorm) and child.running_mean is not None
    ]


def batch_size(examples: int) -> int:
    """Size that makes batches of at most `MOST` nearly equal, since each counts the same."""
    return -(-examples // -(-examples // MOST))


@torch.no_grad()
def recompute_statistics(module: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> None:
    """Replace running statistics by plain averages over some batches.

    The module's mode and its norms' momentum are left as they were; without batch norms nothing is
    done and no batch is asked for.

    Args:
        module: The network.
        batches: Images float [B, C, H, W] and labels, which are not used.
    """
    found = norms(module)
    if not found:
        return
    before = [(child, child.training) for child in module.modules()]
    momenta = [norm.momentum for norm in found]
    module.eval()
    for norm in found:
        norm.reset_running_stats()
        norm.momentum = None  # a cumulative average
        norm.training = True
    for images, _ in batches:
        module(images)
    for norm, momentum in zip(found, momenta, strict=True):
        norm.momentum = momentum
    for child, training in before:
        child.training = training


@contextlib.contextmanager
def batch_statistics(module: nn.Module) -> Iterator[None]:
    """Inside it, batch norm in evaluation mode uses each batch's own statistics."""
    held: list[tuple[Any, Tensor | None, Tensor | None]] = [
        (norm, norm.running_mean, norm.running_var) for norm in norms(module)
    ]
    try:
        for norm, _, _ in held:
            norm.running_mean = norm.running_var = None
        yield
    finally:
        for norm, mean, variance in held:
            norm.running_mean, norm.running_var = mean, variance

"""The graph of a gradient, to be differentiated once more, and what it is made under."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..layer_graph.logits import logits_of
from .convolution import TwiceDifferentiable


def gradient_graph(
    module: nn.Module,
    parameters: Mapping[str, Tensor],
    buffers: Mapping[str, Tensor],
    images: Tensor,
    labels: Tensor,
    share: float,
    train_norm: bool,
) -> tuple[Tensor | None, ...]:
    """The gradient of `share` times the mean cross-entropy, with its graph.

    Args:
        module: Gives logits [N, classes]; its own tensors and mode are left as they were.
        parameters: What it computes with, by name; the gradient is in these.
        buffers: Its buffers by name, which batch norm in training mode writes into.
        images: Inputs [N, ...].
        labels: int64 [N].
        share: Factor of the mean loss, dimensionless.
        train_norm: Whether batch norm is in training mode; all else is in evaluation mode.

    Returns:
        The gradient in each parameter; None where the loss does not depend on it.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_mode(module, train_norm))
        stack.enter_context(full_precision(images.device))
        # The fused kernels of attention cannot be differentiated twice.
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        stack.enter_context(TwiceDifferentiable())
        logits = logits_of(functional_call(module, {**parameters, **buffers}, (images,)))
        loss = functional.cross_entropy(logits, labels.flatten()) * share
        return torch.autograd.grad(
            loss, tuple(parameters.values()), create_graph=True, allow_unused=True
        )


@dataclass
class Weight:
    """Bytes counted so far."""

    bytes: int = 0


@contextlib.contextmanager
def weighed() -> Iterator[Weight]:
    """Count the bytes of the tensors that graphs built inside it save, each storage once."""
    weight, seen = Weight(), set[int]()

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in seen:
            seen.add(storage.data_ptr())
            weight.bytes += storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        yield weight


@contextlib.contextmanager
def _mode(module: nn.Module, train_norm: bool) -> Iterator[None]:
    """Evaluation mode, but for batch norm where asked; every module's mode is put back after."""
    before = [(child, child.training) for child in module.modules()]
    module.eval()
    if train_norm:
        for child, _ in before:
            if isinstance(child, nn.modules.batchnorm._BatchNorm):
                child.training = True
    try:
        yield
    finally:
        for child, training in before:
            child.training = training


@contextlib.contextmanager
def full_precision(device: torch.device) -> Iterator[None]:
    """Convolutions in full float32 on CUDA, where TF32 is the default."""
    if device.type != "cuda":
        yield
        return
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
        yield

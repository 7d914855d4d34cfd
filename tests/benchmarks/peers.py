"""Sparse products beside SparseProp's, the published ones, where it is installed.

SparseProp (Nikdan et al., 2023) is compiled on installation, in an environment of one's own:

    pip install wheel setuptools pybind11 && pip install --no-build-isolation sparseprop

One layer, forward pass and both gradients, each in its own layout, on one thread. Of SparseProp's
two ways to vectorise the better one counts.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from sparsetool.compute.allocator import keep_freed
from sparsetool.kernels import Convolution
from sparsetool.kernels.blocked import empty, memory

from .beside import Row, interleaved

LAYERS = {
    "16 channels, 32x32, batch 128": (16, 16, 3, 32, 128),
    "32 channels, 16x16, batch 128": (32, 32, 3, 16, 128),
    "64 channels, 8x8, batch 128": (64, 64, 3, 8, 128),
    "512 channels, 4x4, batch 64": (512, 512, 3, 4, 64),
    "1024 to 256 channels, 1x1, 14x14, batch 64": (256, 1024, 1, 14, 64),
}
SPARSITIES = (0.7, 0.9, 0.98)
TARGET = 0.5


def sparseprop(rounds: int) -> Iterator[Row]:
    """One row per layer and sparsity."""
    modules = importlib.import_module("sparseprop.modules")
    torch.set_num_threads(1)
    keep_freed()
    for name, (out, into, kernel, side, batch) in LAYERS.items():
        for sparsity in SPARSITIES:
            draws = torch.Generator().manual_seed(0)
            images = torch.randn(batch, into, side, side, generator=draws)
            gradient = torch.randn(batch, out, side, side, generator=draws)
            dense = torch.randn(out, into, kernel, kernel, generator=draws)
            kept = torch.rand(dense.shape, generator=draws) >= sparsity
            weight, pad = torch.where(kept, dense, 0.0), kernel // 2
            ways = [modules.SparseConv2d(weight, None, pad, 1, way) for way in (False, True)]
            mine, *theirs = interleaved(
                rounds,
                _ours(kept, weight, images, gradient),
                *(_theirs(layer, images, gradient) for layer in ways),
            )
            best = min(theirs, key=sorted)
            yield Row(f"{name} at {sparsity:.0%}", "SparseProp", mine, best, TARGET)


def _ours(kept: Tensor, weight: Tensor, images: Tensor, gradient: Tensor) -> Callable[[], None]:
    side, pad = images.shape[2], weight.shape[2] // 2
    layer = Convolution(kept, (side, side), padding=(pad, pad))
    flat = weight.permute(0, 2, 3, 1).flatten()
    given, ahead = memory(images).numbers(), memory(gradient).numbers()
    result = empty(images, weight.shape[0], side, side)
    inner, outer = empty(images, weight.shape[1], side, side), torch.empty_like(flat)

    def run() -> None:
        layer.forward(given, flat, result)
        layer.gradients(ahead, given, flat, inner, outer)

    return run


def _theirs(layer: torch.nn.Module, images: Tensor, gradient: Tensor) -> Callable[[], None]:
    leaf = images.clone().requires_grad_()

    def run() -> None:
        torch.autograd.grad(layer(leaf), [leaf, *layer.parameters()], gradient)

    return run

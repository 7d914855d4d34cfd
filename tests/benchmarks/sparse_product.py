"""Where a real sparse product beats the dense convolution on a CPU: a break-even table.

The sparse form of a 3x3 convolution: the input unfolded into columns (im2col), times the weight as
compressed rows (torch's CSR, which calls MKL where torch was built with it). Forward passes alone:
training needs two more products, one of them sampled, so where this loses, training loses more.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import torch
from torch.nn.functional import conv2d, unfold

from .beside import Row, interleaved

# Channels, side and batch of the 3x3 layers that hold most of the work.
LAYERS = {
    "ResNet20 stage 1": (16, 32, 128),
    "ResNet20 stage 2": (32, 16, 128),
    "ResNet20 stage 3": (64, 8, 128),
    "ResNet18 stage 4": (512, 4, 64),
}
SPARSITIES = (0.9, 0.95, 0.98, 0.99)


@torch.no_grad()
def break_even(rounds: int) -> Iterator[Row]:
    """One row per layer and sparsity: the sparse product beside the dense convolution."""
    torch.set_num_threads(1)
    for name, (channels, side, batch) in LAYERS.items():
        draws = torch.Generator().manual_seed(0)
        images = torch.randn(batch, channels, side, side, generator=draws)
        last = images.contiguous(memory_format=torch.channels_last)
        dense = torch.randn(channels, channels, 3, 3, generator=draws)
        for sparsity in SPARSITIES:
            kept = torch.rand(dense.shape, generator=draws) >= sparsity
            weight = torch.where(kept, dense, 0.0)
            rows = weight.flatten(1).to_sparse_csr()
            prepacked = weight.contiguous(memory_format=torch.channels_last)

            def sparse(rows: torch.Tensor = rows, images: torch.Tensor = images) -> torch.Tensor:
                columns = unfold(images, 3, padding=1).transpose(0, 1).flatten(1)
                return rows @ columns

            def convolution(
                weight: torch.Tensor = prepacked, last: torch.Tensor = last
            ) -> torch.Tensor:
                return conv2d(last, weight, padding=1)

            columns = unfold(images, 3, padding=1).transpose(0, 1).flatten(1)
            ours, theirs, product = interleaved(
                rounds, sparse, convolution, lambda a=rows, b=columns: a @ b
            )
            facts = {"product_alone": statistics.median(product) / statistics.median(theirs)}
            yield Row(f"{name} at {sparsity:.0%}", "dense convolution", ours, theirs, None, facts)

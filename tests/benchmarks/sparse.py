"""Where sparse products beat dense ones on a CPU: the break-even table, and whole steps.

`sparse` times layers by themselves, in the layout that each form wants, on one thread: what
`sparsetool.kernels.plan.COSTS` is fitted to. `sparse-steps` times whole training steps of
networks, as the program computes them and with every layer dense.
"""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import conv2d, cross_entropy, linear

from sparsetool import init, mask
from sparsetool.compute.allocator import keep_freed
from sparsetool.compute.device import Place, cores
from sparsetool.evaluation.measure import masks_of, prepared, sparse_products
from sparsetool.kernels import Convolution, Linear
from sparsetool.kernels.blocked import empty, memory

from .beside import Row, interleaved, machine

# Channels out and in, kernel, side and batch.
LAYERS = {
    "ResNet20 stage 1": (16, 16, 3, 32, 128),
    "ResNet20 stage 2": (32, 32, 3, 16, 128),
    "ResNet20 stage 3": (64, 64, 3, 8, 128),
    "ResNet20 stage 1, digits": (16, 16, 3, 8, 128),
    "ResNet18 stage 1": (64, 64, 3, 32, 64),
    "ResNet18 stage 4": (512, 512, 3, 4, 64),
    "ResNet50, 1x1": (256, 1024, 1, 14, 64),
}
# Numbers of a token out and in, and tokens.
LINEAR = {
    "linear, 1000 to 1000": (1000, 1000, 128),
    "vit-tiny, in": (768, 192, 8320),
    "vit-tiny, out": (192, 768, 8320),
}
Call = Callable[[], None]
SPARSITIES = (0.7, 0.8, 0.9, 0.95, 0.98)

# Model, share of a layer, batch, sparsities.
NETWORKS = (
    ("resnet20", "balanced", 512, (0.8, 0.9, 0.95, 0.98)),
    ("resnet20", "erk", 512, (0.9, 0.95, 0.98)),
    ("resnet18", "erk", 128, (0.8, 0.9, 0.95, 0.98)),
    ("vit-tiny", "uniform", 128, (0.95,)),
    ("mobilenet-v2", "uniform", 128, (0.95,)),
)


def break_even(rounds: int) -> Iterator[Row]:
    """One row per layer and sparsity: forward pass and both gradients, beside the dense ones."""
    torch.set_num_threads(1)
    keep_freed()
    for name, shape in LAYERS.items():
        for sparsity in SPARSITIES:
            yield _layer(name, shape, sparsity, rounds)
    for name, tokens in LINEAR.items():
        for sparsity in SPARSITIES:
            yield _linear(name, tokens, sparsity, rounds)


def _layer(name: str, shape: tuple[int, int, int, int, int], sparsity: float, rounds: int) -> Row:
    out, into, kernel, side, batch = shape
    draws = torch.Generator().manual_seed(0)
    images = torch.randn(batch, side, side, into, generator=draws).permute(0, 3, 1, 2)
    gradient = torch.randn(batch, side, side, out, generator=draws).permute(0, 3, 1, 2)
    dense = torch.randn(out, kernel, kernel, into, generator=draws).permute(0, 3, 1, 2)
    kept = torch.rand(dense.shape, generator=draws) >= sparsity
    weight = torch.where(kept, dense, 0.0).contiguous(memory_format=torch.channels_last)
    pad = (kernel // 2, kernel // 2)
    layer = Convolution(kept, (side, side), padding=pad)
    flat = weight.permute(0, 2, 3, 1).reshape(-1)
    turned, back = memory(images).numbers(), memory(gradient).numbers()
    result, inner = empty(images, out, side, side), empty(images, into, side, side)
    outer = torch.empty_like(flat)

    def sparse_forward() -> None:
        layer.forward(turned, flat, result)

    def sparse() -> None:
        sparse_forward()
        layer.gradients(back, turned, flat, inner, outer)

    def dense_forward() -> Tensor:
        return conv2d(images, weight, padding=pad)

    def both() -> None:
        dense_forward()
        torch.ops.aten.convolution_backward(
            gradient, images, weight, None, (1, 1), pad, (1, 1), False, (0, 0), 1,
            (True, True, False),
        )  # fmt: skip

    return _row(f"{name} at {sparsity:.0%}", rounds, sparse, both, sparse_forward, dense_forward)


def _linear(name: str, shape: tuple[int, int, int], sparsity: float, rounds: int) -> Row:
    out, into, count = shape
    draws = torch.Generator().manual_seed(0)
    tokens, gradient = (torch.randn(count, width, generator=draws) for width in (into, out))
    dense = torch.randn(out, into, generator=draws)
    kept = torch.rand(dense.shape, generator=draws) >= sparsity
    weight, layer = torch.where(kept, dense, 0.0), Linear(kept)
    result, inner, outer = (torch.empty_like(each) for each in (gradient, tokens, weight))

    def sparse_forward() -> None:
        layer.forward(tokens, weight, result)

    def sparse() -> None:
        sparse_forward()
        layer.gradients(gradient, tokens, weight, inner, outer)

    def dense_forward() -> Tensor:
        return linear(tokens, weight)

    def both() -> None:
        dense_forward()
        torch.mm(gradient, weight)
        torch.mm(gradient.t(), tokens)

    return _row(f"{name} at {sparsity:.0%}", rounds, sparse, both, sparse_forward, dense_forward)


def _row(what: str, rounds: int, *calls: Callable[[], object]) -> Row:
    ours, theirs, first, second = interleaved(rounds, *calls)
    facts = {"forward": statistics.median(a / b for a, b in zip(first, second, strict=True))}
    return Row(what, "dense, both gradients too", ours, theirs, None, facts)


def steps(rounds: int) -> Iterator[Row]:
    """One row per network and sparsity: a step by the plan, beside every layer dense.

    Where the processor has instructions for bfloat16, `of_bf16` is the same beside dense layers so.
    """
    keep_freed()
    for model, density, batch, sparsities in NETWORKS:
        for sparsity in sparsities:
            yield _step(model, density, batch, sparsity, rounds)


def _step(model: str, density: str, batch: int, sparsity: float, rounds: int) -> Row:
    ticket = init(model, data="cifar10")
    ticket = mask(ticket, criterion="random", density=density, sparsity=sparsity)
    where = Place("cpu", "fp32", cores())
    draws = torch.Generator().manual_seed(0)
    images = torch.randn(batch, 32, 32, 3, generator=draws).permute(0, 3, 1, 2)
    labels = torch.randint(10, (batch,), generator=draws)
    module = prepared(ticket, where).train()
    products = sparse_products(module, masks_of(ticket), ticket, where).of_step(batch)

    def step(context: Callable[[], contextlib.AbstractContextManager[object]]) -> Call:
        def run() -> None:
            module.zero_grad()
            with context():
                loss = cross_entropy(module(images), labels)
            loss.backward()  # type: ignore[no-untyped-call]

        return run

    halves = [step(replace(where, precision="bf16").autocast)] * bool(
        {"avx512_bf16", "amx_bf16"} & set(machine()["features"])
    )
    with where.entered():
        ours, theirs, *of = interleaved(
            rounds, step(lambda: products), step(contextlib.nullcontext), *halves
        )
    facts = {"images_per_s": batch / statistics.median(ours), "threads": where.threads}
    for half in of:
        facts["of_bf16"] = statistics.median(a / b for a, b in zip(ours, half, strict=True))
    what = f"{model}, {density} {sparsity:.0%}, batch {batch}"
    return Row(what, "the same, every layer dense", ours, theirs, None, facts)

"""Which masked layers are worth computing by sparse products: a rule fixed by measured figures.

It depends on the network, its masks, the batch and the threads alone, never on a clock, so the same
command gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from . import attention


class Costs(NamedTuple):
    """What a layer's part of a training step costs: its forward pass and both its gradients.

    Seconds on one thread, from lines through layers of ResNet20, ResNet18, ResNet50, MobileNet-v2,
    ViT and linear layers at 50 to 98% sparsity, 2026-11-26, see `python -m tests.benchmarks
    sparse`: by default of an AMD EPYC (AVX2); AVX512 of an Intel Xeon (Emerald Rapids), whose dense
    layers take less than half of the time.

    Attributes:
        dense: Of a multiply-accumulate of the dense layer.
        convolution: Of calling a dense convolution, however small.
        near: Of a multiply-accumulate of a kept weight in the sparse layer, where what four
            neighbouring pixels see fits the nearest cache.
        kept: The same where it does not.
        activation: Of a number that goes into the sparse layer or comes out of it.
        row: The same of a linear layer, whose tokens are turned meanwhile; measured on the Xeon,
            with AVX2 held to that (1.7 ns there).
        weight: Of a kept weight of the sparse layer, whatever the batch.
        sparse: Of calling the sparse layer, however small.
        turn: Of turning a number from one layout to the other, and its gradient back.
        alike: Of a number that goes into a depthwise layer or comes out of it, beyond what it costs
            there, in the layout of sparse layers.
        norm: Of a pixel that batch norm and a ReLU pass after a dense convolution, beyond what it
            costs after a sparse one.
        normal: The same, of a number.
    """

    dense: float = 0.095e-9
    convolution: float = 0.5e-3
    near: float = 0.1e-9
    kept: float = 0.15e-9
    activation: float = 1.4e-9
    row: float = 2.2e-9
    weight: float = 40e-9
    sparse: float = 0.3e-3
    turn: float = 4.5e-9
    alike: float = 0.4e-9
    norm: float = 30e-9
    normal: float = 0.0


AVX512 = Costs(
    0.042e-9, 0.5e-3, 0.07e-9, 0.1e-9, 0.9e-9, 1.8e-9, 30e-9, 0.2e-3, 1.5e-9, 0.4e-9, 0.0, 2.2e-9
)  # fmt: skip
COSTS = AVX512 if torch.backends.cpu.get_cpu_capability() == "AVX512" else Costs()
MARGIN = 1.1  # how much cheaper sparse must be: other processors have other figures
BF16 = 0.5  # of a dense layer's time, where the processor multiplies bfloat16 itself
TRIED = 2  # examples to see a network's calls with: of one, some drop the dimension
# Seconds an example saves, below which loading the loops, 1.05 and 1.5 s, is not earned back.
EARNED = 175e-6 if COSTS is AVX512 else 250e-6
NEAR = 512  # numbers of an example that fit the nearest cache, in blocks of sixteen examples


class Call(NamedTuple):
    """One use of a layer for one example.

    Attributes:
        weight: Identity of its weight.
        weights: How many they are.
        macs: Multiply-accumulates of the dense layer.
        taken: Numbers that go in.
        given: Numbers that come out.
        convolves: Whether it is a convolution.
        able: Whether it may be sparse: its padding is given in pixels, and it is not depthwise, as
            such layers wait for memory and gain nothing.
        alike: Whether it is depthwise, and as well done in the layout of sparse layers.
        seen: Numbers that four neighbouring pixels of a row see.
        normed: Pixels that batch norm passes after it.
    """

    weight: int
    weights: int
    macs: int
    taken: int
    given: int
    convolves: bool
    able: bool
    alike: bool = False
    seen: int = 0
    normed: int = 0


def calls(module: torch.nn.Module, input: tuple[int, ...]) -> list[Call]:
    """The convolutions and linear layers that a network uses for one example, in their order.

    Args:
        module: The network; its buffers and the modes of its parts are left as they were.
        input: Channels, height and width of an example, pixels; of text its tokens alone.
    """
    before = [(child, child.training) for child in module.modules()]
    buffers = [(buffer, buffer.clone()) for buffer in module.buffers()]
    if len(input) == 1:  # tokens
        images = torch.zeros(TRIED, *input, dtype=torch.int64)
    else:
        images = torch.zeros(TRIED, *input).to(memory_format=torch.channels_last)
    watching = _Watching()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]), watching:
            module.eval()(images)
    finally:
        for child, training in before:
            child.training = training
        for buffer, held in buffers:
            buffer.copy_(held)  # some networks count, or keep averages in evaluation mode too
    return watching.calls


class _Watching(TorchFunctionMode):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._last: Tensor | None = None

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is attention.PACKED and (given := attention.projections(*args, **kwargs)):
            return attention.attend(given, self._linear)
        result = func(*args, **kwargs)
        if func in (torch.conv2d, functional.linear):
            self._note(result, *args, **kwargs)
        elif func is functional.batch_norm and args and args[0] is self._last:
            pixels = result.numel() // (TRIED * result.shape[1])
            self.calls[-1] = self.calls[-1]._replace(normed=pixels)
        return result

    def _linear(self, *args: Any) -> Tensor:
        result = functional.linear(*args)
        self._note(result, *args)
        return result

    def _note(
        self,
        result: Tensor,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> None:
        taken, given = input.numel() // TRIED, result.numel() // TRIED
        macs = weight.numel() * (given // weight.shape[0])
        alike = groups == weight.shape[0] == input.shape[1] > 1
        able = not isinstance(padding, str) and (groups == 1 or weight.shape[1] > 1)
        kernel = weight.shape[2:] if weight.dim() == 4 else (1, 1)
        seen = kernel[0] * (kernel[-1] + 3) * weight.shape[1]
        self._last = result
        kind = weight.dim() > 2, able, alike
        self.calls.append(Call(id(weight), weight.numel(), macs, taken, given, *kind, seen))


def plan(
    found: Sequence[Call], kept: Mapping[int, int], batch: int, threads: int
) -> frozenset[int]:
    """The weights whose layers are to be sparse: the cheapest way through the network.

    None are sparse where all of them together save too little.

    Args:
        found: From `calls`.
        kept: Kept weights of the layers that may be sparse, by the weight's identity.
        batch: Examples in a step.
        threads: That compute it.
    """
    spent, way = _cheapest(found, kept, batch, threads)
    alone = sum(_dense(call, batch, threads) for call in found)
    if alone - spent < EARNED * batch:
        return frozenset()
    dense = {call.weight for number, call in enumerate(found) if number not in way}
    return frozenset(found[number].weight for number in way) - dense


def beats_bf16(found: Sequence[Call], kept: Mapping[int, int], batch: int, threads: int) -> bool:
    """Whether sparse layers in float32 take less time than all layers dense in bfloat16.

    Args:
        found: From `calls`.
        kept: As for `plan`.
        batch: Examples in a step.
        threads: That compute it.
    """
    if not plan(found, kept, batch, threads):
        return False
    spent, _ = _cheapest(found, kept, batch, threads)
    return spent < BF16 * sum(_dense(call, batch, threads) for call in found)


def _cheapest(
    found: Sequence[Call], kept: Mapping[int, int], batch: int, threads: int
) -> tuple[float, frozenset[int]]:
    """The time of the cheapest way through the network, seconds, and its sparse calls.

    Sparse and dense convolutions want their numbers in different layouts, so every change from one
    to the other costs as well: the shortest path through the calls, with two choices at each.
    Linear layers take and give the layout of dense ones, be they sparse or not.
    """
    spent = {False: 0.0, True: float("inf")}
    ways: dict[bool, tuple[int, ...]] = {False: (), True: ()}
    for number, call in enumerate(found):
        turn = COSTS.turn * call.taken * batch
        costs = {False: _dense(call, batch, threads), True: float("inf")}
        taken = {False: (), True: (number,) * call.able}
        if call.able and call.weight in kept:
            share = kept[call.weight] / call.weights
            sparse = MARGIN * _sparse(call, share, batch, threads)
            if call.convolves:
                costs[True] = sparse
            elif sparse < costs[False]:
                costs[False], taken[False] = sparse, (number,)
        elif call.alike:
            costs[True] = _alike(call, batch, threads)
        steps = {
            blocked: min((spent[before] + turn * (before != blocked), before) for before in spent)
            for blocked in costs
        }
        ways = {blocked: ways[before] + taken[blocked] for blocked, (_, before) in steps.items()}
        spent = {blocked: before + costs[blocked] for blocked, (before, _) in steps.items()}
    last = spent[True] < spent[False]
    return spent[last], frozenset(ways[last])


def _dense(call: Call, batch: int, threads: int) -> float:
    normed = COSTS.norm * call.normed + COSTS.normal * call.given * (call.normed > 0)
    each = COSTS.dense * call.macs + normed
    return COSTS.convolution * call.convolves + each * batch / threads


def _alike(call: Call, batch: int, threads: int) -> float:
    each = COSTS.dense * call.macs + COSTS.alike * (call.taken + call.given)
    return COSTS.convolution + each * batch / threads


def _sparse(call: Call, share: float, batch: int, threads: int) -> float:
    once = COSTS.sparse + COSTS.weight * share * call.weights
    kept = COSTS.near if call.seen <= NEAR else COSTS.kept
    each = COSTS.activation if call.convolves else COSTS.row
    return once + (kept * share * call.macs + each * (call.taken + call.given)) * batch / threads

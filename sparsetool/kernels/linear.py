"""A masked linear layer by its kept weights, on tokens as rows.

As in `convolution`, sixteen tokens lie side by side while they are multiplied; here so many at a
time as the caches hold, see `rows`. Pruned weights are never read, be they infinite. Results are
the same for any batch and any threads, but for the gradient in the weights, which is the same for
the same threads.

Shapes: B tokens; I and O numbers of a token that goes in and comes out.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from . import compiling, pool
from .around import After
from .axes import Axis
from .ways import GROUP, WIDTH, Kept, Pass, Plan, Way, gathered

STRIP = 2**18  # bytes of tokens in blocks at a time: half a cache of the second level
ADDED = 512  # blocks whose products with gradients are added up as they are, before float64 is
TURNED = 8  # multiply-accumulates that turning a number is worth


class Linear:
    """A linear layer with a mask; float32 or float64, on a CPU.

    Args:
        mask: Weights kept, bool [O, I].

    Example:
        >>> import torch
        >>> layer = Linear(torch.tensor([[True, False], [True, True]]))
        >>> tokens, out = torch.tensor([[1.0, 2.0]]), torch.empty(1, 2)
        >>> layer.forward(tokens, torch.tensor([[3.0, torch.inf], [4.0, 5.0]]), out)
        >>> out.tolist()
        [[3.0, 14.0]]
    """

    def __init__(self, mask: Tensor) -> None:
        outputs, inputs = mask.shape
        kept, line = Kept.of(mask.numpy()[:, :, None, None], 1), next(Axis(1, 1, 1, 0, 1).forward())
        given, made = (1, 1, inputs), (1, 1, outputs)
        self._forward = Plan.of(Pass.of(kept, (line, line), given, made))
        self._backward = Plan.of(Pass.of(kept.turned(), (line, line), made, given))
        self._shape = outputs, inputs

    def forward(
        self, tokens: Tensor, weight: Tensor, out: Tensor, bias: Tensor | None = None
    ) -> None:
        """Multiply and add.

        Args:
            tokens: The input [B, I], contiguous.
            weight: [O, I], contiguous.
            out: Takes the result [B, O], contiguous.
            bias: [O], to be added.
        """
        self._multiply(self._forward, tokens, weight, out, bias)

    def input_gradient(self, gradient: Tensor, weight: Tensor, out: Tensor) -> None:
        """The gradient in the input.

        Args:
            gradient: In the output [B, O], contiguous.
            weight: [O, I], contiguous.
            out: Takes the result [B, I], contiguous.
        """
        self._multiply(self._backward, gradient, weight, out)

    def _multiply(
        self, plan: Plan, given: Tensor, weight: Tensor, out: Tensor, bias: Tensor | None = None
    ) -> None:
        multiply = compiling.loops().multiply_rows
        values = weight.detach().numpy().reshape(-1)[plan.way.source]
        dtype, outputs, inputs = values.dtype, plan.way.made[2], plan.way.given[2]
        start, zero = np.zeros(outputs, dtype), dtype.type(0)
        if bias is not None:
            start[:] = bias.detach().numpy()
        way, strips, threads = self._shares(plan, len(given), dtype.itemsize, inputs + outputs)
        needed = {"packed": way.blocks * WIDTH * inputs, "made": way.blocks * WIDTH * outputs}
        lists, after = plan.lists(way.size, values), After.nothing(dtype)
        from_, to = given.data_ptr(), out.data_ptr()
        rest = from_, to, len(given), way, lists, start.ctypes.data, after.around(), zero

        def part(number: int, begin: int, end: int) -> None:
            multiply(*rest, *_scratch(needed, dtype), begin, end)

        pool.shared(part, strips, threads)

    def gradients(
        self, gradient: Tensor, tokens: Tensor, weight: Tensor, inner: Tensor, outer: Tensor
    ) -> None:
        """Both gradients at once.

        Args:
            gradient: In the output [B, O], contiguous.
            tokens: The input [B, I], contiguous.
            weight: [O, I], contiguous.
            inner: Takes the gradient in the input [B, I], contiguous.
            outer: Takes that in the kept weights [O, I], contiguous; zero off the mask.
        """
        both = compiling.loops().both_rows
        fore, back, result = self._forward, self._backward, outer.numpy().reshape(-1)
        values, dtype = weight.detach().numpy().reshape(-1)[back.way.source], result.dtype
        outputs, inputs = self._shape
        numbers = 2 * inputs + outputs
        way, strips, threads = self._shares(fore, len(tokens), dtype.itemsize, numbers)
        other, _, _ = self._shares(back, len(tokens), dtype.itemsize, numbers)
        start, after, zero = np.zeros(inputs, dtype), After.nothing(dtype), dtype.type(0)
        sums = np.zeros((max(1, min(threads, strips)), len(fore.way.source)))
        lists = fore.lists(way.size), back.lists(way.size, values)
        from_ = tokens.data_ptr(), gradient.data_ptr(), inner.data_ptr(), len(tokens)
        rest = *from_, way, other, *lists, start.ctypes.data, after.around(), zero
        each = way.blocks * WIDTH
        needed = {"packed": each * inputs, "ahead": each * outputs, "made": each * inputs}
        needed["parts"] = WIDTH * len(fore.way.source)
        most = max(1, ADDED // way.blocks)

        def part(number: int, begin: int, end: int) -> None:
            scratch, total = _scratch(needed, dtype), sums[number].ctypes.data
            for first in range(begin, end, most):
                both(*rest, total, *scratch, first, min(first + most, end))

        pool.shared(part, strips, threads)
        gathered(sums, fore, result)

    def _shares(self, plan: Plan, batch: int, size: int, numbers: int) -> tuple[Way, int, int]:
        """Sizes, strips and threads for tokens, of some bytes a number, with so many in a strip."""
        threads = pool.worth((len(plan.way.source) + TURNED * numbers) * batch)
        blocks = -(-batch // WIDTH)
        way, _ = plan.way.way(blocks, size * WIDTH, threads, STRIP)
        fit = min(STRIP // (numbers * way.size), -(-blocks // threads))
        way = way._replace(blocks=max(GROUP, -(-fit // GROUP) * GROUP))
        return way, -(-blocks // way.blocks), threads


def _scratch(needed: dict[str, int], dtype: np.dtype) -> list[int]:
    """Addresses of memory of this thread for so many numbers each."""
    return [pool.scratch(name, count, dtype).ctypes.data for name, count in needed.items()]

"""Keep the weights whose removal costs most when the others are adjusted (inverse Fisher matrix).

Score w_q^2 / (2 [F^-1]_qq), with F = lambda I + mean of g g' over examples, g the gradient of one
example's loss in evaluation mode, lambda 1e-5, taken in blocks of neighbouring weights of a layer
(`--block-size`, 50 by default: time and memory grow with it). With `--update` the weights that
stay answer: for every pruned q, w_q F^-1 e_q / [F^-1]_qq is subtracted, then the pruned are zeroed.
Weights pruned earlier take no part. Reference: Singh, Alistarh, 2020, "WoodFisher: Efficient
second-order approximation for neural network compression", NeurIPS, equations 11 to 13. Also called
optimal brain surgeon (Hassibi and Stork, 1993), with the Fisher matrix for the Hessian. F^-1 is
computed directly: in blocks it is what their recursion gives. Traps: the update adds up answers to
single removals, so at high sparsity in one round it overshoots (give `--iterations`); their code
averages gradients of small batches, a smaller F.

Shapes: D weights of a layer, S block size, M blocks, E examples at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...errors import UsageError

if TYPE_CHECKING:
    from torch import Tensor

    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket
    from ._network import Network

NEEDS = "data"
DAMPING = 1e-5
HELD = 1 << 26  # numbers in the blocks held at once; more layers need another pass over the data
EXAMPLES = 64  # gradients gathered before they are multiplied
SOLVED = 1 << 22  # numbers in the blocks inverted at once, in float64


def score(ticket: Ticket, evidence: Evidence, *, block_size: int = 50) -> dict[str, np.ndarray]:
    """w_q^2 / (2 [F^-1]_qq) for every prunable weight, float64.

    Args:
        ticket: The ticket.
        evidence: The data.
        block_size: Weights in a block.

    Raises:
        UsageError: A block of no weight.
    """
    scores = {}
    for name, blocks in _fisher(ticket, evidence, block_size):
        weight = ticket.weights[name].astype(np.float64)
        diagonal = [inverse.diagonal(dim1=1, dim2=2) for inverse in _inverses(blocks)]
        scores[name] = np.square(weight) / (2 * _flat(diagonal, weight.shape))
    return scores


def update(
    ticket: Ticket, masks: Mapping[str, np.ndarray], evidence: Evidence, *, block_size: int = 50
) -> dict[str, np.ndarray]:
    """Weights after those off `masks` are removed and the others have answered."""
    import torch

    changed = {}
    for name, blocks in _fisher(ticket, evidence, block_size):
        old = ticket.weights[name]
        # Weights pruned earlier are zero and add nothing.
        gone = _in_blocks(torch.from_numpy(np.where(masks[name], 0.0, old)).double()[None], blocks)
        answers, at = [], 0
        for inverse in _inverses(blocks):
            part = gone[0, at : at + len(inverse)].to(inverse.device)
            pull = part / inverse.diagonal(dim1=1, dim2=2)
            answers.append(-(inverse @ pull[:, :, None])[:, :, 0])
            at += len(inverse)
        changed[name] = (old + _flat(answers, old.shape)).astype(old.dtype)
    return changed


def _fisher(ticket: Ticket, evidence: Evidence, size: int) -> Iterator[tuple[str, Tensor]]:
    """The mean of g g' of every prunable layer in blocks [M, S, S], without damping."""
    from ._network import network

    if size < 1:
        raise UsageError(f"--block-size must be at least 1, not {size}")
    net = network(ticket, evidence)
    group: list[str] = []
    held = 0
    for name, weight in net.weights.items():
        if group and held + weight.numel() * size > HELD:
            yield from _accumulated(net.only(group), size).items()
            group, held = [], 0
        group.append(name)
        held += weight.numel() * size
    yield from _accumulated(net.only(group), size).items()


def _accumulated(net: Network, size: int) -> dict[str, Tensor]:
    """The blocks of these layers, in one pass over the data."""
    import torch

    sums: dict[str, Tensor] = {}
    for name, weight in net.weights.items():
        width = min(size, weight.numel())
        blocks = -(-weight.numel() // width)
        # In float32 rounding can exceed the damping, and the blocks would not be positive.
        where = "cpu" if weight.device.type == "mps" else weight.device
        sums[name] = torch.zeros((blocks, width, width), dtype=torch.float64, device=where)
    waiting: dict[str, list[Tensor]] = {name: [] for name in sums}
    count = 0

    def multiply() -> None:
        for name, gathered in waiting.items():
            if gathered:
                rows = torch.stack(gathered).to(sums[name])
                rows_MES = _in_blocks(rows, sums[name]).transpose(0, 1)
                sums[name].baddbmm_(rows_MES.transpose(1, 2), rows_MES)
                gathered.clear()

    for gradient in net.each_gradient():
        for name, one in net.alive(gradient).items():
            waiting[name].append(one)
        count += 1
        if count % EXAMPLES == 0:
            multiply()
    multiply()
    return {name: total.div_(count) for name, total in sums.items()}


def _in_blocks(rows: Tensor, blocks: Tensor) -> Tensor:
    """Rows [E, ...] of a layer's weights by block, [E, M, S], the last filled up with zeros."""
    from torch.nn.functional import pad

    count, width = blocks.shape[:2]
    flat = rows.reshape(len(rows), -1)
    return pad(flat, (0, count * width - flat.shape[1])).reshape(len(rows), count, width)


def _inverses(blocks: Tensor) -> Iterator[Tensor]:
    """Inverses of the damped blocks in float64, some at a time, [some of M, S, S]."""
    import torch

    width = blocks.shape[1]
    some = max(1, SOLVED // width**2)
    for at in range(0, len(blocks), some):
        part = blocks[at : at + some].cpu().double()
        damping = DAMPING * torch.eye(width, dtype=torch.float64)
        yield torch.cholesky_inverse(torch.linalg.cholesky(part + damping))


def _flat(parts: list[Tensor], shape: tuple[int, ...]) -> np.ndarray:
    """Values by block [some of M, S] as one array of the weight's shape, float64."""
    import torch

    found: np.ndarray = torch.cat(parts).reshape(-1)[: int(np.prod(shape))].reshape(shape).numpy()
    return found

"""One module on several ranks: gradients averaged, buffers and weights the same on all."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, distributed
from torch.nn import Module
from torch.nn.parallel import DistributedDataParallel

from .ranks import Ranks

BITS = {2: torch.int16, 4: torch.int32, 8: torch.int64}
OWN_BUCKETS = 1e-6  # MiB in a bucket of gradients: each parameter gets its own


class _Logits(Module):
    """A network that gives its logits alone: what they do not depend on is seen to be unused."""

    def __init__(self, network: Module, logits_of: Callable[[Any], Tensor]) -> None:
        super().__init__()
        self.network, self.logits_of = network, logits_of
        # Never used: torch warns on standard error where it looks for such and finds none.
        self.spare = torch.nn.Parameter(torch.zeros_like(next(network.parameters()).detach()[:1]))

    def forward(self, images: Tensor) -> Tensor:
        return self.logits_of(self.network(images))


def averaging(
    forward: Callable[..., Any],
    module: Module,
    ranks: Ranks,
    logits_of: Callable[[Any], Tensor] | None = None,
) -> Callable[..., Any]:
    """What calls `forward` and, in the backward pass, averages gradients over ranks.

    Args:
        forward: The module, or what it was compiled to.
        module: The module.
        ranks: At least two.
        logits_of: Takes the logits from an output, of a network that may leave parameters unused;
            those that no rank uses in a step keep having no gradient. None where all are used
            always, which spares looking for them.

    Raises:
        LostRank: Another rank is gone.
    """
    # Buckets are laid out anew after the first step, and with more than two ranks the order of
    # a sum goes by its place in the bucket: a resumed run would round otherwise. A bucket for
    # each parameter knows one layout; on a GPU, where bytes are not promised, it costs too much.
    cap = OWN_BUCKETS if next(module.parameters()).device.type == "cpu" else None
    network = forward if isinstance(forward, Module) else module
    if logits_of is not None:
        network = _Logits(network, logits_of)
    with ranks.meeting(), warnings.catch_warnings():
        # Its new name, from torch 2.13, is unknown to earlier versions.
        warnings.filterwarnings("ignore", message=".broadcast_buffers", category=FutureWarning)
        return DistributedDataParallel(
            network,
            broadcast_buffers=False,
            bucket_cap_mb=cap,
            find_unused_parameters=logits_of is not None,
        )


def same(tensors: Iterable[Tensor], ranks: Ranks) -> bool:
    """Whether all ranks hold the same floating-point tensors, by a checksum of their bits."""
    if ranks.size == 1:
        return True
    sums = [t.detach().view(BITS[t.element_size()]).sum(dtype=torch.int64) for t in tensors]
    low = torch.stack(sums).cpu()
    high = low.clone()
    with ranks.meeting():
        distributed.all_reduce(low, op=distributed.ReduceOp.MIN)
        distributed.all_reduce(high, op=distributed.ReduceOp.MAX)
    return torch.equal(low, high)


def broadcast(buffers: Iterable[Tensor], ranks: Ranks) -> None:
    """Copy rank 0's buffers to every rank (batch norm's running statistics)."""
    if ranks.size == 1:
        return
    with ranks.meeting():
        for buffer in buffers:
            held = buffer.view(torch.uint8) if buffer.dtype == torch.bool else buffer
            distributed.broadcast(held, src=0)

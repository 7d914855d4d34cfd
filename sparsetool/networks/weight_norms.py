"""Weight norm of rows that are wholly pruned: 0, where torch computes 0 / 0.

Weight norm is g v / ||v||, row by row (Salimans and Kingma, 2016, "Weight normalization", NIPS). A
mask may leave a row of v empty; its outputs are 0 then, as those of a pruned row of any layer. For
all other rows nothing is computed differently.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import _WeightNorm
from torch.nn.utils.parametrize import ParametrizationList
from torch.nn.utils.weight_norm import WeightNorm


def without_empty_rows(module: nn.Module) -> None:
    """Let the weight norms of a network give 0 for empty rows.

    Args:
        module: The network; only these instances are changed, no class of torch.
    """
    for child in module.modules():
        if isinstance(child, ParametrizationList) and type(child[0]) is _WeightNorm:
            child[0].__class__ = _Norm
        for hook in child._forward_pre_hooks.values():
            if type(hook) is WeightNorm:
                hook.__class__ = _OlderNorm


def _norm(v: Tensor, g: Tensor, dim: int) -> Tensor:
    others = [axis for axis in range(v.dim()) if axis != dim]  # all of them where dim is -1
    empty = v.detach().abs().amax(dim=others, keepdim=True) == 0
    return torch._weight_norm(v.masked_fill(empty, 1.0), g, dim).masked_fill(empty, 0.0)


class _Norm(_WeightNorm):
    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return _norm(weight_v, weight_g, self.dim)


class _OlderNorm(WeightNorm):
    def compute_weight(self, module: nn.Module) -> Any:
        return _norm(getattr(module, f"{self.name}_v"), getattr(module, f"{self.name}_g"), self.dim)

"""A module that keeps its mask in whatever loop it is trained, for `Ticket.model()`.

Three things hold the pruned weights at +0.0. The gradient is zero off the mask, so momentum, the
norm that gradients are clipped by and curvature estimates do not see pruned weights. After each
step of any `torch.optim.Optimizer` the pruned weights are set to zero again: an optimiser may have
brought momentum along, or mix a matrix's entries (Muon). And before each forward pass they are set
to zero too, whatever else has written into them. The module's tensors, names and `state_dict()`
stay those of the network; copies (`copy.deepcopy`) are guarded as well.

The training loop of this program masks gradients itself and needs none of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer, register_optimizer_step_post_hook
from torch.utils.weak import WeakTensorKeyDictionary

_HELD = WeakTensorKeyDictionary()  # what is pruned, bool, by guarded parameter
_WATCHES_OPTIMIZERS: list[Any] = []


def guard(module: nn.Module, masks: Mapping[str, np.ndarray]) -> None:
    """Keep a module's weights at zero off their masks from now on.

    Args:
        module: The network.
        masks: For each masked parameter its mask, bool, true = kept.
    """
    pruned = {name: torch.from_numpy(~mask) for name, mask in masks.items() if not mask.all()}
    if not pruned:
        return
    if not _WATCHES_OPTIMIZERS:
        _WATCHES_OPTIMIZERS.append(register_optimizer_step_post_hook(_after_step))
    hold = _Guard(pruned)
    hold(module, ())
    module.register_forward_pre_hook(hold)


class _Guard:
    """Called before each forward pass; finds parameters by name, as a copy has others.

    Args:
        pruned: For each masked parameter what is pruned, bool.
    """

    def __init__(self, pruned: dict[str, Tensor]) -> None:
        self.pruned = pruned

    def __call__(self, module: nn.Module, args: Any) -> None:
        if torch.compiler.is_compiling():
            return  # gradients and steps are guarded all the same
        for name, pruned in self.pruned.items():
            owner, _, last = name.rpartition(".")
            parameter = module.get_submodule(owner)._parameters.get(last)
            if not isinstance(parameter, nn.Parameter):
                continue  # `torch.func.functional_call` computes with other tensors
            if parameter.requires_grad and parameter not in _HELD:
                _HELD[parameter] = pruned
                parameter.register_hook(_Gradient(pruned))  # type: ignore[no-untyped-call]
            _zero(parameter, _held(parameter, pruned))


class _Gradient:
    """A gradient without its pruned part.

    Args:
        pruned: What is pruned, bool.
    """

    def __init__(self, pruned: Tensor) -> None:
        self.pruned = pruned

    def __call__(self, gradient: Tensor) -> Tensor:
        self.pruned = self.pruned.to(gradient.device)
        return gradient.masked_fill(self.pruned, 0.0)


def _after_step(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter in _HELD:
                _zero(parameter, _held(parameter, _HELD[parameter]))


def _held(parameter: nn.Parameter, pruned: Tensor) -> Tensor:
    """What is pruned, beside the parameter; it is moved there once."""
    if parameter not in _HELD:
        return pruned.to(parameter.device)
    if _HELD[parameter].device != parameter.device:
        _HELD[parameter] = pruned.to(parameter.device)
    found: Tensor = _HELD[parameter]
    return found


def _zero(parameter: nn.Parameter, pruned: Tensor) -> None:
    # Through `data`: graphs that hold the parameter, all zero there already, stay valid.
    parameter.data.masked_fill_(pruned, 0.0)

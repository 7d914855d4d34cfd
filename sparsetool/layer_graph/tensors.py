"""The tensors of a module by name, as tickets name them."""

from __future__ import annotations

from torch import Tensor, nn


def is_extra(name: str) -> bool:
    """Whether an entry of a `state_dict()` is what `get_extra_state` gave."""
    return name.rpartition(".")[2] == "_extra_state"


def tensors(module: nn.Module) -> dict[str, Tensor]:
    """Entries of a module's `state_dict()` by name, each tensor once, under its first name.

    Parameters stay parameters: writing into one writes into the module. What a module gives as
    extra state is no tensor of it, and left out.
    """
    held: dict[str, Tensor] = {}
    seen: set[int] = set()
    for name, tensor in module.state_dict(keep_vars=True).items():
        if is_extra(name):
            continue
        if id(tensor) not in seen:
            seen.add(id(tensor))
            held[name] = tensor
    return held

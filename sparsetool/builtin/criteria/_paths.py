"""Paths through a network under masks that are chosen while the network runs.

With every weight 0 or 1, biases and normalisation left out and activations passed on as they are,
a number in the network is how many paths from the input arrive there. So one run from the input to
the output tells each layer's mask, when it is due, what its inputs are worth; the gradient of the
sum of the outputs then says of every weight how many paths it would carry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from ...errors import SparsetoolError
from ...layer_graph.functions import CONVOLUTIONS, SAME, name_of
from ...layer_graph.inputs import made_up
from ...layer_graph.layers import PLAIN, TRANSPOSED
from ...layer_graph.logits import logits_of
from ...layer_graph.tensors import tensors
from ...networks.build import to_module

if TYPE_CHECKING:
    from ...ticket.value import Ticket

Choose = Callable[[str, np.ndarray, int, bool], np.ndarray]


class Paths(TorchFunctionMode):
    """A network that has been run once, and the masks that were chosen on the way.

    Args:
        ticket: Its weights do not matter.
        device: Where to compute, in float64.
        choose: Gives the mask of a prunable weight from its name, the paths that arrive at its
            inputs (float64 [G I]), its number of groups G, and whether it is transposed.

    Attributes:
        masks: The masks by name, in the order in which the network uses them.

    Raises:
        SparsetoolError: There are more paths than float64 can count, or a prunable weight is used
            in no layer.
    """

    def __init__(self, ticket: Ticket, device: str, choose: Choose) -> None:
        super().__init__()
        module = to_module(ticket).to(device).double()
        self.names = {id(tensor): name for name, tensor in tensors(module).items()}
        self.prunable, self.choose = set(ticket.prunable), choose
        self.masks: dict[str, np.ndarray] = {}
        self.kept: dict[str, Tensor] = {}
        ones = made_up(ticket.meta["input"], 1, torch.float64, fill=1.0, device=device)
        with torch.enable_grad(), self:
            self.total = logits_of(module(ones)).sum()
        if unused := [name for name in ticket.prunable if name not in self.masks]:
            raise SparsetoolError(f"no path could lead through {unused[0]}: no layer uses it")
        self.finite(self.total)

    def through(self) -> dict[str, np.ndarray]:
        """For each place of a prunable weight whether a path leads through it, were it kept."""
        found = torch.autograd.grad(self.total, list(self.kept.values()), materialize_grads=True)
        return {
            name: (gradient > 0).cpu().numpy()
            for name, gradient in zip(self.kept, found, strict=True)
        }

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call `func`, but with masks for weights, and without what is no sum."""
        kwargs = kwargs or {}
        name = name_of(func)
        if name in CONVOLUTIONS or name == "linear":
            return self._layer(func, name, *args, **kwargs)
        if name in SAME:
            return args[0] if args else kwargs["input"]
        return func(*args, **kwargs)

    def _layer(
        self,
        func: Any,
        name: str,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        *args: Any,
        **rest: Any,
    ) -> Any:
        own = self.names.get(id(weight))
        if own not in self.prunable or own is None:
            return func(input, torch.ones_like(weight), None, *args, **rest)
        if own not in self.kept:
            order = TRANSPOSED if "transpose" in name else PLAIN
            groups = {**dict(zip(order, args, strict=False)), **rest}.get("groups", 1)
            channel = input.dim() - 1 if name == "linear" else 1
            arriving = self.finite(input.detach().transpose(0, channel).flatten(1).sum(1))
            mask = self.choose(own, arriving.cpu().numpy(), groups, "transpose" in name)
            self.masks[own] = mask
            self.kept[own] = torch.from_numpy(mask).to(weight).requires_grad_()
        return func(input, self.kept[own], None, *args, **rest)

    @staticmethod
    def finite(counts: Tensor) -> Tensor:
        """The counts, if they are numbers."""
        if not bool(torch.isfinite(counts).all()):
            raise SparsetoolError(
                "there are more paths than float64 can count: give another criterion"
            )
        return counts

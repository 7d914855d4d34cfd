"""The masks that a network in training holds: weights, gradients and momentum are zero off them.

Weights and momentum start at +0.0 there and the gradient is masked before the optimiser sees it,
which is exact for SGD, Nesterov and AdamW as long as gradients are finite. Modules are never
replaced or wrapped; masks go by parameter name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ..compute.device import Place
from ..errors import BrokenPromise
from ..evaluation.measure import masks_of, sparse_products
from ..ticket.value import Ticket

Context = contextlib.AbstractContextManager[Any]


class Held:
    """Masks, and how the network is computed under them.

    Args:
        ticket: Where the cycle starts.
        module: Its module, on the device.
        optimizer: Its optimiser.
        where: Device, precision and threads.
        batch: Examples in a step, of this rank, or None where steps are always dense.
        dense: Whether figures are computed dense as well.

    Attributes:
        masks: By parameter name, bool; empty for a dense network.
    """

    def __init__(
        self,
        ticket: Ticket,
        module: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        where: Place,
        batch: int | None,
        dense: bool = False,
    ) -> None:
        self.masks = {n: mask.to(where.device) for n, mask in masks_of(ticket).items()}
        self.parameters = dict(module.named_parameters())
        self._optimizer, self._batch = optimizer, batch
        self._products = sparse_products(module, self.masks, ticket, where, dense)
        self._plan()
        self._gradient_masks: dict[str, Tensor] = {}

    def _plan(self) -> None:
        self.of_figures = self._products.of_figures
        self.of_step: Context = contextlib.nullcontext()
        if self._batch is not None:
            self.of_step = self._products.of_step(self._batch)

    @torch.no_grad()
    def move_to(self, masks: Mapping[str, Tensor], grown: Mapping[str, Tensor]) -> None:
        """Take up other masks.

        Args:
            masks: All masks, by name.
            grown: What weights start with that were not kept before; +0.0 for other layers.
        """
        for name, mask in masks.items():
            before = self.masks[name]
            if torch.equal(before, mask):
                continue
            weight = self.parameters[name]
            weight.masked_fill_(~mask, 0.0)
            stays = mask & before
            if name in grown:
                weight.copy_(weight.where(stays | ~mask, grown[name].to(weight)))
            for tensor in self._optimizer.state[weight].values():
                if tensor.shape == mask.shape:
                    tensor.masked_fill_(~stays, 0.0)
        self.take(masks)

    def take(self, masks: Mapping[str, Tensor]) -> None:
        """Hold these masks from now on; weights and momentum are zero off them already."""
        self.masks = dict(masks)
        self._gradient_masks = {}
        self._products.follow(self.masks)
        self._plan()

    def mask_gradients(self) -> None:
        """Make gradients zero off the masks."""
        # A weight that is frozen, or that this step did not use, has none: it stays as it is.
        found = ((name, self.parameters[name].grad) for name in self.masks)
        gradients = {name: gradient for name, gradient in found if gradient is not None}
        for name in gradients.keys() - self._gradient_masks.keys():
            # In the gradients' own layout and type: other layouts cost four times as much.
            own = torch.empty_like(gradients[name]).copy_(self.masks[name])
            self._gradient_masks[name] = own
        if gradients:
            masks = [self._gradient_masks[name] for name in gradients]
            torch._foreach_mul_(list(gradients.values()), masks)

    @property
    def idle(self) -> list[str]:
        """Masked weights that the last step gave no gradient: frozen, or not used by the loss."""
        return [name for name in self.masks if self.parameters[name].grad is None]

    @torch.no_grad()
    def check(self, epoch: int) -> None:
        """See that weights and momentum are zero off the masks.

        Raises:
            BrokenPromise: They are not.
        """
        states = self._optimizer.state
        for name, mask in self.masks.items():
            weight = self.parameters[name]
            bits = weight.view(torch.int32 if weight.dtype == torch.float32 else torch.int64)
            off = [bits, *(t for t in states[weight].values() if t.shape == mask.shape)]
            if any(bool(((t != 0) & ~mask).any()) for t in off):
                raise BrokenPromise(f"{name} is not zero off its mask in epoch {epoch}")

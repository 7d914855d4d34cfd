"""The ticket's network as gradient criteria see it: a copy, whose weights nobody else holds.

Scores never change the ticket: batch-norm statistics that a forward pass updates are those of the
copy, and are taken from the ticket again before every scoring.

Shapes: B batch, C channels, H height, W width, K classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ...layer_graph.inputs import typed
from ...layer_graph.logits import logits_of
from ...layer_graph.tensors import tensors
from ...networks.build import normalisable, to_module

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

Batches = Callable[[], Iterable[tuple[Tensor, Tensor]]]
Gradients = dict[str, Tensor]


@dataclass(frozen=True)
class Network:
    """A network ready for gradients in its prunable weights, and in nothing else.

    Attributes:
        module: Images [B, C, H, W] to logits [B, K].
        weights: The prunable weights by name, in model order.
        dead: For each masked one where it is pruned, bool.
        batches: Gives the data to score on.
    """

    module: nn.Module
    weights: dict[str, Tensor]
    dead: dict[str, Tensor]
    batches: Batches

    def loss(self, images: Tensor, labels: Tensor, temperature: float = 1.0) -> Tensor:
        """Cross-entropy summed over a batch, nats, of the logits divided by `temperature`."""
        first = next(iter(self.weights.values()))
        with normalisable():
            logits = logits_of(self.module(typed(images, first.dtype))) / temperature
        return cross_entropy(logits, labels.flatten(), reduction="sum")

    def gradient(self, loss: Tensor, create_graph: bool = False) -> Gradients:
        """Gradient of a scalar in each prunable weight, zero where it does not depend on it."""
        found = torch.autograd.grad(
            loss,
            list(self.weights.values()),
            create_graph=create_graph,
            allow_unused=True,
            materialize_grads=True,
        )
        return dict(zip(self.weights, found, strict=True))

    def mean_gradient(self, temperature: float = 1.0) -> Gradients:
        """Gradient of the mean loss over all examples of all batches, with its sign."""
        sums = {name: torch.zeros_like(weight) for name, weight in self.weights.items()}
        count = 0
        for images, labels in self.batches():
            add(sums, self.gradient(self.loss(images, labels, temperature)))
            count += labels.numel()
        return {name: total / count for name, total in sums.items()}

    def each_gradient(self) -> Iterator[Gradients]:
        """Gradient of the (mean) loss of every single example, one after the other.

        A loop: on a CPU `torch.func.vmap` was 1.5 to 10 times slower on ResNet20 (its convolutions
        become grouped ones), and it cannot run every network.
        """
        for images, labels in self.batches():
            places = labels[0].numel()
            for at in range(len(labels)):
                loss = self.loss(images[at : at + 1], labels[at : at + 1])
                yield self.gradient(loss if places == 1 else loss / places)

    def only(self, names: Iterable[str]) -> Network:
        """The same network with gradients in some of the weights alone."""
        return replace(self, weights={name: self.weights[name] for name in names})

    def alive(self, given: Gradients) -> Gradients:
        """Gradients that are zero where a weight is pruned."""
        return {
            name: gradient.masked_fill(self.dead[name], 0.0) if name in self.dead else gradient
            for name, gradient in given.items()
        }


def add(sums: Gradients, more: Gradients) -> None:
    """Add to each of `sums` in place."""
    for name, gradient in more.items():
        sums[name] += gradient


def network(
    ticket: Ticket,
    evidence: Evidence,
    *,
    batch_statistics: bool = False,
    dtype: torch.dtype | None = None,
    change: Callable[[Tensor], Any] = lambda tensor: None,
) -> Network:
    """The ticket's network on the evidence's device.

    Args:
        ticket: The (masked) ticket.
        evidence: Batches, device, and the memory in which the module is kept between rounds.
        batch_statistics: Whether batch norm normalises by the batch, as in training; everything
            else, such as dropout, is in evaluation mode, so that scores do not depend on draws.
        dtype: Type to compute in; by default the weights' own.
        change: What is done in place to every floating point tensor of the copy.
    """
    module: nn.Module = evidence.memory.get("module") or _made(ticket, evidence, dtype)
    evidence.memory["module"] = module
    own = tensors(module)
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(torch.from_numpy(np.array(ticket.weights[name])))
            if tensor.is_floating_point():
                change(tensor)
    for child in module.modules():
        if isinstance(child, nn.modules.batchnorm._BatchNorm):
            child.train(batch_statistics)
    weights = {name: own[name] for name in ticket.prunable}
    dead = {
        name: torch.from_numpy(~mask).to(evidence.device) for name, mask in ticket.masks.items()
    }
    return Network(module, weights, dead, evidence.batches)


def _made(ticket: Ticket, evidence: Evidence, dtype: torch.dtype | None) -> nn.Module:
    module = to_module(ticket).to(device=evidence.device, dtype=dtype)
    module.requires_grad_(False)
    own = tensors(module)
    for name in ticket.prunable:
        own[name].requires_grad_(True)
    return module


def arrays(given: Gradients) -> dict[str, np.ndarray]:
    """Tensors as arrays on the CPU."""
    return {name: tensor.detach().cpu().contiguous().numpy() for name, tensor in given.items()}

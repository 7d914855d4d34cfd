"""Keep the weights whose scores, trained at frozen initial weights, end highest (edge-popup).

A construction: every weight gets a score in [0, 1], drawn uniformly; the network computes with the
weights whose score rounds to 1, and descent on the loss moves the scores, the rounding taken as the
identity (straight through), while weights stay as they are. After each round the lowest scores are
frozen at 0, in geometric sequence to the sparsity asked for, which is met exactly. Reference:
Sreenivasan, Sohn, Yang, Grinde, Nagle, Wang, Xing, Lee, Papailiopoulos, 2022, "Rare gems: Finding
lottery tickets at initialization", NeurIPS (Gem-Miner); the scores are those of Ramanujan et al.,
2020, "What's hidden in a randomly weighted neural network?", there a fixed share of the highest in
each layer. The paper descends for 150 epochs on CIFAR-10 and freezes every 5, with a decay of
scores; here a round passes once over the batches (`--batches`; more of them are more of its
epochs), without decay. Its code (ksreenivasan/pruning_is_enough) was found but not read in full.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...errors import UsageError
from ...masks.selection import highest
from ...ticket.counts import rounds_between

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"


def construct(
    ticket: Ticket, keep: int, evidence: Evidence, *, gem_rounds: int = 30, gem_rate: float = 1.0
) -> dict[str, np.ndarray]:
    """Masks that keep the `keep` highest of the trained scores.

    Args:
        ticket: The ticket, whose weights stay as they are.
        keep: Weights to keep.
        evidence: The data.
        gem_rounds: Times that scores are trained on all batches, and the lowest then frozen.
        gem_rate: Step of the descent in scores.

    Raises:
        UsageError: An option that cannot be.
    """
    if gem_rounds < 1 or not gem_rate > 0:
        raise UsageError("--gem-rounds must be at least 1 and --gem-rate above 0")
    import torch

    from ._network import network

    net = network(ticket, evidence, batch_statistics=True)
    shapes = ticket.shapes
    alive = {n: ticket.masks.get(n, np.ones(shape, dtype=bool)) for n, shape in shapes.items()}
    scores = {
        name: evidence.draws(name).uniform(weight.numel()).reshape(weight.shape)
        for name, weight in net.weights.items()
    }
    fixed = {name: weight.detach().clone() for name, weight in net.weights.items()}
    total = sum(int(np.count_nonzero(mask)) for mask in alive.values())
    for count in rounds_between(total, Fraction(keep), gem_rounds):
        for images, labels in net.batches():
            with torch.no_grad():
                for name, weight in net.weights.items():
                    used = torch.from_numpy(alive[name] & (scores[name] >= 0.5))
                    weight.copy_(fixed[name].where(used.to(weight.device), 0.0))
            found = net.gradient(net.loss(images, labels) / labels.numel())
            for name, gradient in found.items():
                slope = (gradient * fixed[name]).double().cpu().numpy()
                scores[name] = np.clip(scores[name] - gem_rate * slope, 0.0, 1.0)
        alive = highest(scores, count, alive)
    return alive

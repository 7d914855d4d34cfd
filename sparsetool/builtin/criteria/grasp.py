"""Keep the weights whose removal would most reduce the flow of gradients, before training.

Score +w (H g), the highest kept: with g the gradient of the mean loss in the prunable weights and H
its Hessian there, removing weight q changes g'g by about -2 w_q (H g)_q. The paper removes the
largest -w (H g): the same. Public re-implementations disagree in sign. The loss is of logits / 200,
batch norm normalises by the batch, and a batch has 10 examples of each class, all as in the paper.
Reference: Wang, Zhang, Grosse, 2020, "Picking winning tickets before training by preserving
gradient flow", ICLR. Trap: without the temperature of 200 the scores are dominated by few examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...plugins.criteria import Evidence
    from ...ticket.value import Ticket

NEEDS = "data"
DEFAULT_PER_CLASS = 10
TEMPERATURE = 200.0


def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
    """w (H g) for every prunable weight; pruned weights take no part in g."""
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel

    from ._network import add, arrays, network

    net = network(ticket, evidence, batch_statistics=True)
    flow = net.alive(net.mean_gradient(TEMPERATURE))
    products = {name: 0.0 * gradient for name, gradient in flow.items()}
    count = 0
    for images, labels in net.batches():
        with sdpa_kernel(SDPBackend.MATH):  # fused kernels cannot be differentiated twice
            loss = net.loss(images, labels, TEMPERATURE)
        gradient = net.gradient(loss, create_graph=True)
        along = [(gradient[name] * flow[name]).sum() for name in flow]
        add(products, net.gradient(torch.stack(along).sum()))
        count += labels.numel()
    found = arrays(products)
    return {name: ticket.weights[name] * found[name] / count for name in ticket.prunable}

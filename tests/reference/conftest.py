"""Networks with their whole Hessians, made once."""

from __future__ import annotations

import pytest
import torch

from tests.reference.whole_hessians import CLASSES, NETWORKS, Case, exact, train


@pytest.fixture(scope="session", params=[(n, s) for n in NETWORKS for s in (0.0, 0.9)], ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """A network trained for a few steps, dense or 90% sparse."""
    name, sparsity = request.param
    build, shape = NETWORKS[name]
    with torch.random.fork_rng():
        torch.manual_seed(3)
        module = build()
        images = torch.randn(50, *shape)
        labels = (images.flatten(1) @ torch.randn(images[0].numel(), CLASSES)).argmax(1)
        masks = {
            name: torch.rand_like(p) >= sparsity
            for name, p in module.named_parameters()
            if p.dim() > 1 and sparsity
        }
        train(module, images, labels, masks)
    module.eval()
    return Case(module, images, labels, masks, exact(module, images, labels))

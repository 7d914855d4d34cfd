"""Products with the Hessian against the whole matrix, in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from sparsetool.analysis import parity, products, spectrum
from sparsetool.analysis.convolution import TwiceDifferentiable
from sparsetool.analysis.lanczos import random_signs
from sparsetool.analysis.products import Hessian
from tests.reference.whole_hessians import Case, convnet, exact, flat_loss, operator


def test_products_are_columns_of_the_exact_hessian(case: Case) -> None:
    found = spectrum.dense(operator(case, dtype=torch.float64))
    assert float((found - case.matrix).abs().max()) < 1e-12 * float(case.matrix.abs().max())


def test_the_gradient_is_that_of_the_mean_loss(case: Case) -> None:
    point = torch.cat([p.detach().double().reshape(-1) for p in case.module.parameters()])
    wanted = torch.func.grad(flat_loss(case.module, case.images, case.labels))(point)[case.kept]
    found = operator(case, dtype=torch.float64).gradient
    assert torch.allclose(found, wanted, rtol=1e-10, atol=1e-14)


def test_chunks_and_graphs_made_anew_change_nothing_but_rounding(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = next(random_signs(operator(case), 0, "test")).double()
    plain = operator(case, dtype=torch.float64).product(vector)
    pixels = case.images.shape[2:].numel() if case.images.dim() > 2 else 1
    monkeypatch.setitem(products.CHUNK_PIXELS, "cpu", 20 * pixels)  # chunks of 20, 20 and 10
    kept = operator(case, dtype=torch.float64).product(vector)
    monkeypatch.setattr(products, "CPU_BUDGET", 0)
    anew = operator(case, dtype=torch.float64).product(vector)
    assert torch.equal(kept, anew)
    assert not torch.equal(kept, plain)
    assert torch.allclose(kept, plain, rtol=1e-10, atol=1e-12)


def test_the_module_is_left_as_it_was(case: Case) -> None:
    module = case.module
    module.train()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    gradients = [parameter.grad for parameter in module.parameters()]
    vector = operator(case).gradient
    operator(case, train_norm=True).product(vector)
    assert all(child.training for child in module.modules())
    assert all(torch.equal(before[name], t) for name, t in module.state_dict().items())
    module.eval()
    operator(case).product(vector)
    assert not any(child.training for child in module.modules())
    assert all(parameter.requires_grad for parameter in module.parameters())
    assert all(a is b.grad for a, b in zip(gradients, module.parameters(), strict=True))


def test_batch_norm_in_training_mode_uses_the_statistics_of_the_batch() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module, images, labels = convnet(), torch.randn(40, 2, 6, 6), torch.randint(0, 5, (40,))
    # torch.func.hessian is wrong here (in torch 2.13 it is not even symmetric): row by row instead.
    point = torch.cat([p.detach().double().reshape(-1) for p in module.parameters()])
    loss = flat_loss(module.train(), images, labels)
    wanted = torch.autograd.functional.hessian(loss, point)
    found = spectrum.dense(Hessian(module, images, labels, train_norm=True, dtype=torch.float64))
    assert torch.allclose(found, wanted, rtol=1e-8, atol=1e-12)
    assert not torch.allclose(found, exact(module.eval(), images, labels), atol=0.01)


def test_a_parameter_that_the_loss_does_not_use_has_zero_curvature() -> None:
    class Spare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.spare = nn.Linear(3, 2), nn.Linear(3, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.used(x)

    module = Spare()
    images, labels = torch.randn(7, 3), torch.randint(0, 2, (7,))
    matrix = spectrum.dense(Hessian(module, images, labels))
    assert matrix.shape == (16, 16)
    assert float(matrix[:8, :8].abs().max()) > 0
    assert float(matrix[8:].abs().max()) == 0
    assert parity.measure(module, images, labels, {}, 1, False, 0)["eigenvalues"][0] > 0


def test_folding_leaves_alone_what_is_used_twice_or_changed_in_between() -> None:
    convolution, norm = nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2).eval()
    with torch.no_grad():
        norm.running_mean.copy_(torch.tensor([0.3, -0.2]))
    x = torch.randn(3, 1, 2, 2)
    twice = lambda: (lambda y: norm(y) + y)(convolution(x))  # noqa: E731
    changed = lambda: norm(convolution(x).relu_())  # noqa: E731
    for forward in (twice, changed):
        wanted = forward()
        with TwiceDifferentiable():
            found = forward()
        assert torch.allclose(found, wanted, atol=1e-6)

"""Curvature against the whole Hessian: torch.func.hessian and eigvalsh in float64."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

from sparsetool import init, mask
from sparsetool.analysis import curvature, parity, products, spectrum
from sparsetool.analysis.convolution import TwiceDifferentiable
from sparsetool.analysis.lanczos import begin, largest, orthogonal, random_signs, step
from sparsetool.analysis.products import Hessian
from sparsetool.errors import UsageError
from sparsetool.ticket import Ticket

CLASSES = 5


def mlp() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(9, 10), nn.Tanh(), nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, CLASSES))
    )


def convnet() -> nn.Module:
    """Strides, groups, dilation, a bias under a batch norm, and one batch norm over a ReLU."""
    return nn.Sequential(
        *(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        *(nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=2, bias=False), nn.BatchNorm2d(4)),
        *(nn.ReLU(), nn.Conv2d(4, 6, (3, 1), padding=(2, 0), dilation=(2, 1)), nn.ReLU()),
        *(nn.BatchNorm2d(6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 5)),
    )


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp": (mlp, (9,)),
    "convnet": (convnet, (2, 6, 6)),
}


@dataclass(frozen=True)
class Case:
    """A network, a sample, masks, and the Hessian in all parameters [P, P], float64."""

    module: nn.Module
    images: Tensor
    labels: Tensor
    masks: Mapping[str, Tensor]
    whole: Tensor

    @property
    def kept(self) -> Tensor:
        """Which of the P parameters survive."""
        parts = [
            self.masks.get(name, torch.ones_like(p, dtype=torch.bool)).reshape(-1)
            for name, p in self.module.named_parameters()
        ]
        return torch.cat(parts)

    @property
    def matrix(self) -> Tensor:
        """The Hessian on the mask's subspace."""
        return self.whole[self.kept][:, self.kept]


def flat_loss(module: nn.Module, images: Tensor, labels: Tensor) -> Callable[[Tensor], Tensor]:
    """The mean loss as a function of all parameters in one vector, in float64."""
    shapes = {name: p.shape for name, p in module.named_parameters()}
    buffers = {
        n: b.double() if b.is_floating_point() else b.clone() for n, b in module.named_buffers()
    }

    def loss(vector: Tensor) -> Tensor:
        parts = torch.split(vector, [shape.numel() for shape in shapes.values()])
        held = {n: p.view(s) for (n, s), p in zip(shapes.items(), parts, strict=True)}
        logits = functional_call(module, {**held, **buffers}, (images.double(),))
        return nn.functional.cross_entropy(logits, labels)

    return loss


def exact(module: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    point = torch.cat([p.detach().double().reshape(-1) for p in module.parameters()])
    return torch.func.hessian(flat_loss(module, images, labels))(point)


@pytest.fixture(scope="module", params=[(n, s) for n in NETWORKS for s in (0.0, 0.9)], ids=str)
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


def train(module: nn.Module, images: Tensor, labels: Tensor, masks: Mapping[str, Tensor]) -> None:
    optimiser = torch.optim.SGD(module.parameters(), 0.1, 0.9)
    held = dict(module.named_parameters())
    for _ in range(30):
        with torch.no_grad():
            for name, kept in masks.items():
                held[name].copy_(torch.where(kept, held[name], 0))
        optimiser.zero_grad()
        nn.functional.cross_entropy(module(images), labels).backward()
        for name, kept in masks.items():
            gradient = held[name].grad
            assert gradient is not None
            gradient *= kept
        optimiser.step()


def operator(case: Case, **options: Any) -> Hessian:
    return Hessian(case.module, case.images, case.labels, case.masks, **options)


def measured(case: Case, top: int = 3, **options: Any) -> dict[str, Any]:
    tolerance = 1e-6 if options.get("dtype") is torch.float64 else 1e-3
    return curvature.figures(operator(case, **options), top, True, True, tolerance, 0, "all")


def relative(found: Any, wanted: Any) -> float:
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    return float(np.max(np.abs(found - wanted) / np.abs(wanted)))


# -- products ------------------------------------------------------------------------------------


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


# -- eigenvalues, trace, density -----------------------------------------------------------------


def test_top_eigenvalues_and_trace_in_float32(case: Case) -> None:
    found = measured(case)
    wanted = torch.linalg.eigvalsh(case.matrix).flip(0)
    assert relative(found["eigenvalues"], wanted[:3]) < 1e-3
    assert relative(found["trace"], case.matrix.trace()) < 1e-3
    assert found["dimension"] == len(case.matrix)


def test_top_eigenvalues_and_trace_in_float64(case: Case) -> None:
    found = measured(case, dtype=torch.float64)
    wanted = torch.linalg.eigvalsh(case.matrix).flip(0)
    assert relative(found["eigenvalues"], wanted[:3]) < 1e-6
    assert relative(found["trace"], case.matrix.trace()) < 1e-6


def test_many_eigenvalues_are_all_found(case: Case) -> None:
    found = curvature.figures(operator(case, dtype=torch.float64), 20, False, False, 1e-6, 0, "all")
    wanted = torch.linalg.eigvalsh(case.matrix).flip(0)[:20]
    assert np.allclose(found["eigenvalues"], wanted, atol=1e-9 * float(wanted[0]))


def test_the_sampled_trace_is_within_its_stated_error(case: Case) -> None:
    wanted = float(case.matrix.trace())
    whole = operator(case)
    misses = []
    for seed in range(8):
        probes = random_signs(whole, seed, "test")
        krylov = begin(next(probes))
        spectrum.grow(krylov, whole, probes, 3)
        found, error = spectrum.trace(whole, krylov, probes)
        assert 0 < error < 0.1 * wanted
        misses.append((found - wanted) / error)
    assert max(map(abs, misses)) < 4
    # A standard error that is far too wide would pass the line above; deviations are about 1.
    assert 0.3 < np.sqrt(np.mean(np.square(misses))) < 2


def test_a_trace_is_exact_where_the_krylov_space_is_all_there_is(case: Case) -> None:
    whole = operator(case)
    probes = random_signs(whole, 0, "test")
    krylov = begin(next(probes))
    spectrum.grow(krylov, whole, probes, whole.size + 1)
    found, error = spectrum.trace(whole, krylov, probes)
    assert whole.products == whole.size
    wanted = float(case.matrix.trace())
    assert abs(found - wanted) < max(4 * error, 1e-6 * wanted)
    assert error < 1e-4 * wanted


def moments(result: dict[str, Any]) -> tuple[float, float, float]:
    grid, values = np.array(result["eigenvalue"]), np.array(result["density"])
    area, first, second = (np.trapezoid(values * grid**k, grid) for k in range(3))
    return area, first, second - result["sigma"] ** 2


def test_the_density_integrates_to_one_and_has_the_exact_moments(case: Case) -> None:
    area, first, second = moments(measured(case)["spectrum"])
    values = torch.linalg.eigvalsh(case.matrix)
    assert abs(area - 1) < 1e-5
    assert relative(first, values.mean()) < 1e-3
    assert relative(second, (values**2).mean()) < 1e-3


def test_the_sampled_density_has_nearly_the_exact_moments(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curvature, "EXACT", 0)
    monkeypatch.setattr(curvature, "RUNS", 10)
    area, first, second = moments(measured(case)["spectrum"])
    values = torch.linalg.eigvalsh(case.matrix)
    assert abs(area - 1) < 1e-5
    assert relative(first, values.mean()) < 0.1
    assert relative(second, (values**2).mean()) < 0.05


# -- subspaces -----------------------------------------------------------------------------------


def test_mask_and_full_are_different_matrices(case: Case) -> None:
    found = measured(case, full=True)
    wanted = torch.linalg.eigvalsh(case.whole).flip(0)
    assert relative(found["eigenvalues"], wanted[:3]) < 1e-3
    assert found["dimension"] == len(case.whole)
    inside = torch.linalg.eigvalsh(case.matrix).flip(0)
    if case.masks:  # by interlacing the larger matrix has the larger top eigenvalue
        assert float(wanted[0]) > 1.01 * float(inside[0])
    else:
        assert torch.equal(wanted, inside)


def test_masks_multiplied_in_the_forward_pass_only_add_zeros(case: Case) -> None:
    within = Hessian(
        parity.Masked(case.module, case.masks), case.images, case.labels, dtype=torch.float64
    )
    found = torch.linalg.eigvalsh(spectrum.dense(within))
    inside = torch.linalg.eigvalsh(case.matrix)
    padded = torch.cat([inside, torch.zeros(len(case.whole) - len(inside))]).sort()[0]
    assert torch.allclose(found, padded, atol=1e-10 * float(inside[-1]))


def test_each_layer_is_a_diagonal_block(case: Case) -> None:
    blocks = operator(case, dtype=torch.float64).layers()
    begin_at = 0
    for name, block in blocks.items():
        part = slice(begin_at, begin_at + block.size)
        begin_at += block.size
        wanted = case.matrix[part, part]
        assert torch.allclose(spectrum.dense(block), wanted, rtol=1e-9, atol=1e-13), name
        found = curvature.figures(block, 1, True, False, 1e-6, 0, name)
        top = float(torch.linalg.eigvalsh(wanted)[-1])
        assert abs(found["eigenvalues"][0] - top) <= 1e-6 * abs(top) + 1e-12
    assert begin_at == len(case.matrix)


# -- Lanczos -------------------------------------------------------------------------------------


@dataclass
class Matrix:
    """A symmetric matrix as an operator that counts its products."""

    matrix: Tensor
    products: int = 0

    @property
    def size(self) -> int:
        return len(self.matrix)

    @property
    def like(self) -> Tensor:
        return self.matrix

    def product(self, vector: Tensor) -> Tensor:
        self.products += 1
        return self.matrix @ vector


def symmetric(values: Tensor) -> Matrix:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        basis = torch.linalg.qr(torch.randn(len(values), len(values), dtype=torch.float64))[0]
    return Matrix(basis @ torch.diag(values) @ basis.T)


def test_repeated_and_hidden_eigenvalues_are_found() -> None:
    values = torch.tensor([4.0, 4.0, 2.0, 1.0, 0.0, -5.0], dtype=torch.float64)
    matrix = symmetric(values)
    fresh = random_signs(matrix, 0, "test")
    eigenvector = torch.linalg.eigh(matrix.matrix)[1][:, 0]  # knows of -5 alone
    found = largest(matrix, eigenvector, fresh, 6, 1e-9, 100)
    assert np.allclose(found.values, values.sort(descending=True)[0], atol=1e-9)


def test_residuals_are_those_of_the_definition() -> None:
    matrix = symmetric(torch.linspace(0, 1, 60, dtype=torch.float64) ** 3)
    fresh = random_signs(matrix, 0, "test")
    found = largest(matrix, next(fresh), fresh, 2, 1e-2, 100)
    _, vectors = found.krylov.ritz()
    for k, (value, residual) in enumerate(zip(found.values, found.residuals, strict=True)):
        vector = found.krylov.vector(vectors[:, -1 - k])
        assert abs(float(vector.norm()) - 1) < 1e-12
        wanted = float((matrix.matrix @ vector - value * vector).norm())
        assert abs(residual - wanted) < 1e-12
        assert residual <= 1e-2 * value
    assert matrix.products == len(found.krylov.basis) < 60


def test_large_problems_stop_by_the_estimated_error() -> None:
    """With 1,100 dimensions fewer steps than with 1,000, and the error is below the tolerance."""
    steps = {}
    for size in (1000, 1100):
        values = torch.linspace(0, 1, size, dtype=torch.float64) ** 8
        values[-3:] = torch.tensor([1.5, 2.0, 3.0])
        matrix = symmetric(values)
        fresh = random_signs(matrix, 0, "test")
        found = largest(matrix, next(fresh), fresh, 2, 1e-3, 300)
        assert relative(found.values, [3.0, 2.0]) < 2e-4
        steps[size] = matrix.products
        worst = max(r / v for r, v in zip(found.residuals, found.values, strict=True))
        assert (worst <= 1e-3) == (size == 1000)
    assert steps[1100] < steps[1000] < 30


def test_a_basis_stays_orthonormal_in_float32() -> None:
    values = torch.cat([torch.full((190,), 1e-3), torch.tensor([1e3, 1e2, 1e1])]).double()
    matrix = symmetric(values)
    matrix = Matrix(matrix.matrix.float())
    fresh = random_signs(matrix, 0, "test")
    krylov = begin(next(fresh))
    for _ in range(40):
        step(krylov, matrix.product, fresh, matrix.size)
    basis = torch.stack(krylov.basis).double()
    assert float((basis @ basis.T - torch.eye(40)).abs().max()) < 1e-5
    assert float((basis @ orthogonal(next(fresh), krylov.basis).double()).abs().max()) < 1e-4


def test_a_zero_operator_has_zero_curvature() -> None:
    matrix = Matrix(torch.zeros(9, 9))
    fresh = random_signs(matrix, 0, "test")
    found = largest(matrix, next(fresh), fresh, 2, 1e-3, 50)
    assert found.values == [0.0, 0.0]
    grid, density, sigma = spectrum.smooth(torch.zeros(9), torch.full((9,), 1 / 9).double())
    assert sigma > 0
    assert abs(float(torch.trapezoid(density, grid)) - 1) < 1e-5


def test_random_signs_are_signs_and_depend_on_seed_and_name() -> None:
    matrix = Matrix(torch.zeros(1000, 1000))
    first = next(random_signs(matrix, 0, "a"))
    assert set(first.tolist()) == {-1.0, 1.0}
    assert abs(float(first.mean())) < 0.1
    assert torch.equal(first, next(random_signs(matrix, 0, "a")))
    assert not torch.equal(first, next(random_signs(matrix, 1, "a")))
    assert not torch.equal(first, next(random_signs(matrix, 0, "b")))


# -- tickets, PyHessian --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> tuple[Ticket, Tensor, Tensor]:
    ticket = mask(init("mlp:12"), criterion="random", density="balanced", sparsity=0.5)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return ticket, torch.randn(50, 1, 8, 8), torch.randint(0, 10, (50,))


def test_a_ticket_is_measured_in_the_subspace_asked_for(
    sample: tuple[Ticket, Tensor, Tensor],
) -> None:
    ticket, images, labels = sample
    found = curvature.hessian(ticket, images, labels, top=2, trace=True, layers=True)
    whole = exact(ticket.model(), images, labels)
    kept = np.concatenate(
        [ticket.masks.get(n, np.ones(w.shape, bool)).reshape(-1) for n, w in ticket.weights.items()]
    )
    inside = whole[kept][:, kept]
    assert relative(found["eigenvalues"], torch.linalg.eigvalsh(inside).flip(0)[:2]) < 1e-3
    assert found["dimension"] == len(inside) == ticket.kept + 22
    assert abs(found["trace"] - float(inside.trace())) <= 1e-3 * float(inside.trace())
    assert (found["subspace"], found["examples"]) == ("mask", 50)
    assert [layer["name"] for layer in found["layers"]] == list(ticket.prunable)
    assert found["layers"][0]["dimension"] == ticket.kept_by_layer["fc1.weight"]
    full = curvature.hessian(ticket, images, labels, subspace="full")
    assert relative(full["eigenvalues"], torch.linalg.eigvalsh(whole)[-1:]) < 1e-3
    assert full["products"] < 60


def test_the_same_call_gives_the_same_figures(sample: tuple[Ticket, Tensor, Tensor]) -> None:
    ticket, images, labels = sample
    options = {"top": 2, "trace": True, "density": True, "seed": 5}
    first = curvature.hessian(ticket, images, labels, **options)
    torch.manual_seed(1)
    assert curvature.hessian(ticket, images, labels, **options) == first


def test_values_that_cannot_be_are_refused(sample: tuple[Ticket, Tensor, Tensor]) -> None:
    for wrong in (
        {"subspace": "masks"},
        {"method": "power"},
        {"bn": "batch"},
        {"precision": "bf16"},
        {"top": 0},
        {"method": "pyhessian", "density": True},
        {"method": "pyhessian", "precision": "float64"},
    ):
        with pytest.raises(UsageError):
            curvature.hessian(*sample, **wrong)  # type: ignore[arg-type]


def test_pyhessian_agrees_and_leaves_nothing_behind(case: Case) -> None:
    random = torch.get_rng_state()
    case.module.train()
    first = parity.measure(case.module, case.images, case.labels, case.masks, 1, True, 0)
    again = parity.measure(case.module, case.images, case.labels, case.masks, 1, True, 0)
    assert first == again  # a second one built beside the first gives twice the values
    assert case.module.training
    case.module.eval()
    assert torch.equal(torch.get_rng_state(), random)
    values = torch.linalg.eigvalsh(case.matrix)
    biggest = float(values[values.abs().argmax()])
    assert abs(first["eigenvalues"][0] - biggest) < 0.03 * abs(biggest)  # it stops early
    assert abs(first["trace"] - float(case.matrix.trace())) < 5 * first["trace_error"]


def test_pyhessian_is_run_on_masks_multiplied_in(sample: tuple[Ticket, Tensor, Tensor]) -> None:
    ticket, images, labels = sample
    ours = curvature.hessian(ticket, images, labels)["eigenvalues"][0]
    theirs = curvature.hessian(ticket, images, labels, method="pyhessian")
    assert abs(theirs["eigenvalues"][0] - ours) < 0.02 * ours
    dense = replace(ticket, masks={})
    full = curvature.hessian(dense, images, labels, method="pyhessian")["eigenvalues"][0]
    assert full > 1.01 * ours

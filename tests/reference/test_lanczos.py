"""Lanczos iterations on matrices whose eigenvalues are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sparsetool.analysis import spectrum
from sparsetool.analysis.lanczos import begin, largest, orthogonal, random_signs, step
from tests.reference.whole_hessians import relative


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

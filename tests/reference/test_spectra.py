"""Eigenvalues, trace, density and subspaces against the whole Hessian: eigvalsh in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from sparsetool.analysis import hessian, parity, spectrum
from sparsetool.analysis.lanczos import begin, random_signs
from sparsetool.analysis.products import Hessian
from tests.reference.whole_hessians import Case, measured, operator, relative


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
    found = hessian.figures(operator(case, dtype=torch.float64), 20, False, False, 1e-6, 0, "all")
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
    monkeypatch.setattr(hessian, "EXACT", 0)
    monkeypatch.setattr(hessian, "RUNS", 10)
    area, first, second = moments(measured(case)["spectrum"])
    values = torch.linalg.eigvalsh(case.matrix)
    assert abs(area - 1) < 1e-5
    assert relative(first, values.mean()) < 0.1
    assert relative(second, (values**2).mean()) < 0.05


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
        found = hessian.figures(block, 1, True, False, 1e-6, 0, name)
        top = float(torch.linalg.eigvalsh(wanted)[-1])
        assert abs(found["eigenvalues"][0] - top) <= 1e-6 * abs(top) + 1e-12
    assert begin_at == len(case.matrix)

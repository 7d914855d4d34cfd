"""`hessian` on tickets, and PyHessian beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from sparsetool import init, mask
from sparsetool.analysis import hessian, parity
from sparsetool.errors import UsageError
from sparsetool.ticket.value import Ticket
from tests.reference.whole_hessians import Case, exact, relative
from tests.verbs.shell import Shell


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
    found = hessian.hessian(ticket, images, labels, top=2, trace=True, layers=True)
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
    full = hessian.hessian(ticket, images, labels, subspace="full")
    assert relative(full["eigenvalues"], torch.linalg.eigvalsh(whole)[-1:]) < 1e-3
    assert full["products"] < 60


def test_the_same_call_gives_the_same_figures(sample: tuple[Ticket, Tensor, Tensor]) -> None:
    ticket, images, labels = sample
    options = {"top": 2, "trace": True, "density": True, "seed": 5}
    first = hessian.hessian(ticket, images, labels, **options)
    torch.manual_seed(1)
    assert hessian.hessian(ticket, images, labels, **options) == first


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
            hessian.hessian(*sample, **wrong)  # type: ignore[arg-type]


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
    ours = hessian.hessian(ticket, images, labels)["eigenvalues"][0]
    theirs = hessian.hessian(ticket, images, labels, method="pyhessian")
    assert abs(theirs["eigenvalues"][0] - ours) < 0.02 * ours
    dense = replace(ticket, masks={})
    full = hessian.hessian(dense, images, labels, method="pyhessian")["eigenvalues"][0]
    assert full > 1.01 * ours


SADDLE = """
import torch
from torch import nn


class Saddle(nn.Module):
    '''Bends downwards more than upwards: the eigenvalue of largest size is negative.'''

    def __init__(self):
        super().__init__()
        self.lines = nn.Linear(64, 2, bias=False)

    def forward(self, x):
        other = self.lines(x.flatten(1)).square().sum(1, keepdim=True)
        return torch.cat([torch.full_like(other, 20.0), *[other] * 9], 1)
"""


def test_the_largest_is_one_thing_by_either_method(tmp_path: Path) -> None:
    """PyHessian's first is of largest size; `largest` is the largest, as Lanczos finds it."""
    shell = Shell(tmp_path / "work", tmp_path / "state")
    (shell / "saddle.py").write_text(SADDLE)
    shell.ok("init", "saddle.py:Saddle", "--init", "model", "-o", "a.st")
    line = ("hessian", "--model", "saddle.py:Saddle", "--examples", "100", "--json", "a.st")
    ours, theirs = (
        json.loads(shell.ok(*line, "--method", method).out) for method in ("lanczos", "pyhessian")
    )
    assert theirs["eigenvalues"][0] < -1
    assert ours["largest"] == ours["eigenvalues"][0] == pytest.approx(theirs["largest"], abs=1e-3)

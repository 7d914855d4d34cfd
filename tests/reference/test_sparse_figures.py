"""What sparse products promise about figures, and what they leave to torch, in float32."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor, nn

from sparsetool import evaluate, init, mask, train_cycles
from sparsetool.evaluation.measure import masks_of
from sparsetool.kernels import compiling, plan
from sparsetool.kernels.products import SparseProducts


def test_figures_are_planned_the_same_for_any_threads() -> None:
    """Steps may go by the threads; `eval` on another machine must agree with a lineage."""
    ticket = init("resnet20", data="cifar10")
    ticket = mask(ticket, criterion="random", density="erk", sparsity=0.9)
    module, kept = ticket.model(), masks_of(ticket)
    plans = {}
    for threads in (1, 16):
        products = SparseProducts(module, kept, (3, 32, 32), threads=threads, figures=500)
        contexts = (products.of_step(512), products.of_figures)
        plans[threads] = [set(getattr(context, "layers", ())) for context in contexts]
    assert plans[1][0] != plans[16][0]
    assert plans[1][1] == plans[16][1] != set()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_eval_gives_the_figures_of_a_training_on_one_thread(
    threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "EARNED", 0.0)
    ticket = mask(init("resnet20"), criterion="random", density="balanced", sparsity=0.9)
    trained = train_cycles(ticket, epochs=1, threads="1")
    figures = trained.lineage[-1]["figures"]
    found = evaluate(trained, threads=threads)
    assert (found["loss"], found["accuracy"]) == (figures["test_loss"], figures["test_accuracy"])


LOADED = """
import sys
from sparsetool import evaluate, init, mask, train_cycles
from sparsetool.kernels import plan
plan.EARNED = 0.0
train_cycles(init("mlp:20"), epochs=1, threads="1")
dense = "numba" in sys.modules
evaluate(mask(init("resnet20"), criterion="random", density="balanced", sparsity=0.95))
print(dense, "numba" in sys.modules)
"""


def test_numba_is_imported_where_a_sparse_layer_runs_and_nowhere_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False True\n"


def test_without_numba_layers_are_dense_and_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plan, "COSTS", plan.Costs(1.0, 1.0, 0, 0, 0, 0, 0))
    monkeypatch.setitem(sys.modules, "numba", None)
    compiling.possible.cache_clear()
    module = nn.Conv2d(2, 10, 1)
    masks = {"weight": torch.arange(20).view(10, 2, 1, 1) % 10 == 0}
    try:
        products = SparseProducts(module, masks, (2, 4, 4), threads=1, figures=500)
        with products.of_step(8) as context, products.of_step(9):
            assert context is None
        assert [each.message for each in caplog.records] == [
            "sparsetool: layers that keep few weights are computed dense, which is slower: numba "
            "cannot be imported (import of numba halted; None in sys.modules); 'pip install numba' "
            "where there is one"
        ]
    finally:
        compiling.possible.cache_clear()


class Half(nn.Module):
    """A network with its own idea of precision."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 8, 3)

    def forward(self, images: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.conv(images)  # type: ignore[no-any-return]


def test_autocast_inside_a_network_is_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "COSTS", plan.Costs(1.0, 1.0, 0, 0, 0, 0, 0))
    module = Half().to(memory_format=torch.channels_last)
    masks = {"conv.weight": torch.arange(288).view(8, 4, 3, 3) % 10 == 0}
    context = SparseProducts(module, masks, (4, 5, 5), threads=1, figures=500).of_step(3)
    assert set(context.layers) == {id(module.conv.weight)}  # type: ignore[attr-defined]
    images = torch.randn(3, 4, 5, 5)
    with context:
        found = module(images)
    assert found.dtype == torch.bfloat16
    assert found.equal(module(images))

"""Every way to compute: zeros hold bit for bit, and an interrupted epoch ends as a whole one."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sparsetool import allow
from sparsetool.compute.device import Place, cpu_has_bf16
from sparsetool.compute.ranks import ALONE
from sparsetool.data.resident import DataSet
from sparsetool.kernels.plan import Costs
from sparsetool.masks.masking import mask
from sparsetool.networks.init import init
from sparsetool.ticket.value import Ticket
from sparsetool.training.explained import place_rows
from sparsetool.training.loop import Arrays, Learner
from sparsetool.training.place import resolved
from sparsetool.training.settings import resolve

# Everything that a resumed run must bring back: statistics, dropout, and (digits) augmentation.
NETWORK = """
from torch import nn

def small(classes, input):
    return nn.Sequential(
        nn.Conv2d(input[0], 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.BatchNorm2d(8), nn.ReLU(),
        nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, classes),
    )
"""
PRECISIONS = ["fp32", "bf16", "fp16"]
Start = Callable[..., Learner]


@pytest.fixture
def ticket(tmp_path: Path) -> Ticket:
    (tmp_path / "net.py").write_text(NETWORK)
    allow(f"{tmp_path / 'net.py'}:small")
    dense = init(f"{tmp_path / 'net.py'}:small")
    return mask(dense, criterion="random", density="uniform", sparsity=0.5)


@pytest.fixture
def start(ticket: Ticket) -> Start:
    """Makes a learner at the beginning of a cycle of two epochs."""
    data = DataSet("digits")

    def learner(precision: str = "fp32", **asked: object) -> Learner:
        settings = resolve(ticket, {"epochs": 2, "batch_size": 240, **asked})
        return Learner(ticket, settings, 0, data, Place("cpu", precision, 1))

    return learner


def never() -> bool:
    return False


def zero_off_mask(arrays: Arrays, ticket: Ticket) -> None:
    """Weights and whatever the optimiser keeps: +0.0, bit for bit."""
    seen = 0
    for full, array in arrays.items():
        name = full.rpartition("/")[2]
        if name in ticket.masks and array.shape == ticket.masks[name].shape:
            assert not array[~ticket.masks[name]].view(np.uint32).any(), full
            seen += 1
    assert seen >= 2 * len(ticket.masks), "weights and momentum"


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_an_interrupted_epoch_ends_as_a_whole_one(
    precision: str, optimizer: str, ticket: Ticket, start: Start
) -> None:
    """Weights, statistics, momentum, loss scale and sums: the same bytes; and zeros hold."""
    whole, first = start(precision, optimizer=optimizer), start(precision, optimizer=optimizer)
    assert whole.run_epoch(never)
    assert whole.run_epoch(never)
    stops = iter([False, False, False, True])
    assert not first.run_epoch(lambda: next(stops))
    second = start(precision, optimizer=optimizer)
    second.restore(first.state(), first.epoch, first.step, first.tally.examples)
    assert second.run_epoch(never)
    assert second.run_epoch(never)
    wanted, found = whole.state(), second.state()
    assert wanted.keys() == found.keys()
    for name, array in wanted.items():
        assert array.tobytes() == found[name].tobytes(), name
    assert ("scaler/scale" in wanted) == (precision == "fp16")
    zero_off_mask(wanted, ticket)


def test_precisions_are_not_the_same(start: Start) -> None:
    """Else the tests above would say nothing of two of them."""
    ends = []
    for precision in PRECISIONS:
        learner = start(precision)
        learner.run_epoch(never)
        ends.append(learner.weights()["0.weight"])
    assert all((a != b).any() for a, b in zip(ends, [*ends[1:], ends[0]], strict=True))
    for end in ends[1:]:
        assert np.abs(end - ends[0]).max() < 0.1, "but close"


def test_steps_that_overflow_in_fp16_are_left_out(ticket: Ticket, start: Start) -> None:
    """Too large a loss scale: no step until it is small enough, and never a weight that is NaN."""
    learner = start("fp16")
    before = learner.weights()
    learner.scaler.load_state_dict({**learner.scaler.state_dict(), "scale": 2.0**100})
    stops = iter([False, False, True])
    learner.run_epoch(lambda: next(stops))
    assert learner.scaler.get_scale() == 2.0**98
    for name, mask_ in ticket.masks.items():
        assert (learner.weights()[name] == before[name]).all()
        assert np.isfinite(learner.weights()[name][mask_]).all()
    learner.check()


def test_compiled(ticket: Ticket, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names stay the ticket's, and zeros hold (with a compiler that starts fast)."""
    quick = functools.partial(torch.compile, backend="aot_eager")
    monkeypatch.setattr(torch, "compile", quick)
    learner, plain = start(compile=True), start()
    assert learner.forward is not learner.module
    stops = iter([False, False, True])
    learner.run_epoch(lambda: next(stops))
    stops = iter([False, False, True])
    plain.run_epoch(lambda: next(stops))
    found = learner.weights()
    assert list(found) == list(ticket.weights)
    zero_off_mask(learner.state(), ticket)
    for name, array in plain.weights().items():
        np.testing.assert_allclose(found[name], array, atol=1e-3, err_msg=name)


def test_deterministic_is_left_as_it_was(ticket: Ticket, start: Start) -> None:
    with Place("cpu", "fp32", 1).entered(deterministic=True):
        assert torch.are_deterministic_algorithms_enabled()
        learner = start(deterministic=True)
        assert learner.run_epoch(never)
    assert not torch.are_deterministic_algorithms_enabled()
    zero_off_mask(learner.state(), ticket)


@pytest.mark.parametrize(
    ("maker", "flags", "fast"),
    [
        ("AuthenticAMD", "avx2", False),
        ("AuthenticAMD", "avx2 avx512f avx512_bf16", True),
        ("AuthenticAMD", "avx2 avx512f avx512_bf16 avx512_fp16", True),
        ("GenuineIntel", "avx2 avx512f avx512_bf16", True),
        ("GenuineIntel", "avx2 avx512f avx512_bf16 avx512_fp16 amx_bf16", True),
        ("GenuineIntel", "avx2 avx512f avx512_bf16 avx512_fp16", False),
    ],
)
def test_bfloat16_is_fast_by_what_linux_lists(
    maker: str, flags: str, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on an Intel processor whose matrix unit is hidden: its vector units do it slowly."""
    listed = f"vendor_id\t: {maker}\nflags\t\t: fpu {flags}\n\nvendor_id\t: amx_bf16\n"
    monkeypatch.setattr("builtins.open", lambda *_, **__: io.StringIO(listed))
    assert cpu_has_bf16() is fast


def test_auto_takes_fp32_where_sparse_layers_beat_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a processor that multiplies bfloat16: by masks and shapes, and not where others asked."""
    monkeypatch.setattr("sparsetool.compute.device.cpu_has_bf16", lambda: True)
    monkeypatch.setattr("sparsetool.kernels.plan.COSTS", Costs())
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    dense = init("resnet20", data="cifar10:16")
    sparse = mask(dense, criterion="random", density="balanced", sparsity=0.98)
    half = mask(dense, criterion="random", density="balanced", sparsity=0.3)

    def found(ticket: Ticket, facts: dict = {}, **asked: object) -> str:  # noqa: B006
        return resolved(ticket, resolve(ticket, asked), facts, ALONE).precision

    assert found(sparse) == "fp32"
    assert [found(dense), found(half)] == ["bf16", "bf16"]
    assert found(sparse, precision="bf16") == "bf16"
    assert found(sparse, dense_products=True) == "bf16"
    begun = {"place": {"device": "cpu", "precision": "bf16", "threads": 1}}
    assert found(sparse, begun) == "bf16"
    rows = {row["setting"]: row for row in place_rows(sparse, resolve(sparse, {}))}
    assert rows["precision"]["value"] == "fp32"
    assert "keep few weights" in rows["precision"]["why"]

"""Where to compute: what is asked for, found, set for a while and put back."""

from __future__ import annotations

import pytest
import torch

from sparsetool import init, train_cycles
from sparsetool.compute.device import Place, place
from sparsetool.errors import SparsetoolError, UsageError

INPUT = (1, 8, 8)


@pytest.mark.parametrize("name", ["cpu:0", "auto:1", "mps:0", "cuda:x", "cuda:-1", "cuda:", "gpu"])
def test_devices_that_cannot_be(name: str) -> None:
    with pytest.raises(UsageError, match="unknown device"):
        place(INPUT, name)


def test_a_gpu_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert place(INPUT, "cuda:1").device == "cuda:1"
    with pytest.raises(SparsetoolError, match=r"no cuda:2.*cuda:1"):
        place(INPUT, "cuda:2")


@pytest.mark.parametrize(("device", "seeded"), [("cuda:1", 1), ("cuda:0", 0), ("cuda", 0)])
def test_the_seed_is_that_of_the_gpu_in_use(
    device: str, seeded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all GPUs the one that dropout draws from; `cuda` is the current one."""
    generators = tuple(torch.Generator().manual_seed(99) for _ in range(2))
    monkeypatch.setattr(torch.cuda, "default_generators", generators)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    with torch.random.fork_rng(devices=[]):
        Place(device, "fp32", 1).seed(7)
        assert torch.initial_seed() == 7
    assert [g.initial_seed() for g in generators] == [7 if n == seeded else 99 for n in range(2)]


def test_float32_is_float32_and_settings_are_put_back() -> None:
    """Not TF32, in which CUDA computes convolutions where nothing is said."""
    before = torch.backends.cudnn.allow_tf32, torch.get_num_threads()
    assert before[0], "else this says nothing"
    with Place("cpu", "fp32", 1).entered():
        assert not torch.backends.cudnn.allow_tf32
        assert torch.get_num_threads() == 1
    assert (torch.backends.cudnn.allow_tf32, torch.get_num_threads()) == before


def test_a_gpu_replays_compiled_steps_as_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[str] = []

    def compiled(module: torch.nn.Module, mode: str) -> torch.nn.Module:
        modes.append(mode)
        return module

    monkeypatch.setattr(torch, "compile", compiled)
    train_cycles(init("mlp:4"), epochs=1, compile=True, device="cpu")
    assert modes == [Place("cpu", "fp32", 1).compile_mode] == ["default"]
    assert Place("cuda:1", "fp32", 1).compile_mode == "reduce-overhead"

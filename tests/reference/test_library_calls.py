"""A call of the library leaves the process around it as it was (`sparsetool guide python`)."""

from __future__ import annotations

import importlib
import logging
import os
import random
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import torch

import sparsetool
from sparsetool import Ticket
from sparsetool.compute import allocator
from sparsetool.compute.torchvision import torchvision
from sparsetool.plugins import own_code

QUICK: dict[str, Any] = {"bn_examples": 50, "device": "cpu"}
EPOCH: dict[str, Any] = {"epochs": 1, "batch_size": 512, "threads": "2"}
NET = """
import torch
print("loaded")
def net(classes, input):
    print("built")
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, classes))
"""


@pytest.fixture(scope="module")
def ticket() -> Ticket:
    # Importing these, and making a first optimiser, changes a process: that is theirs.
    for module in ("scipy.stats", "torch._dynamo"):
        importlib.import_module(module)
    torchvision()
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])
    return sparsetool.mask(sparsetool.init("mlp:4"), criterion="random", sparsity=0.5)


def rows() -> list[dict[str, Any]]:
    return [
        {
            "accuracy": 0.5 + seed**2 / 10 + len(way) * seed,
            "sparsity": 0.5,
            "labels": {"w": way, "seed": seed},
        }
        for way in ("a", "bb")
        for seed in range(3)
    ]


CALLS: dict[str, Callable[[Ticket, Path], object]] = {
    "Ticket": lambda t, p: (t.save(p / "t.st"), Ticket.load(p / "t.st").model()),
    "average": lambda t, p: sparsetool.average(t, t, bn="recompute", **QUICK),
    "card": lambda t, p: sparsetool.card(t, "t.st"),
    "compare": lambda t, p: sparsetool.compare(rows(), "accuracy", between=["a,bb"], resamples=100),
    "connectivity": lambda t, p: sparsetool.connectivity(t),
    "data_sets": lambda t, p: sparsetool.data_sets(data_root=str(p)),
    "defaults": lambda t, p: sparsetool.defaults("digits"),
    "diff": lambda t, p: sparsetool.diff(t, t),
    "evaluate": lambda t, p: sparsetool.evaluate(t, bn="recompute", threads="2", **QUICK),
    "export": lambda t, p: [
        sparsetool.export(t, form) for form in ("plain", "pickled", "packed", "torch_prune", "csr")
    ],
    "fetch": lambda t, p: sparsetool.fetch(),
    "flops": lambda t, p: sparsetool.flops(t),
    "hessian": lambda t, p: sparsetool.hessian(t, examples=20, trace=True, threads="2"),
    "import_file": lambda t, p: (
        (p / "f.pt").write_bytes(sparsetool.export(t, "torch_prune")),
        sparsetool.import_file(p / "f.pt", "mlp:4"),
    ),
    "init": lambda t, p: sparsetool.init("mlp:4", seed=3),
    "levels": lambda t, p: [*sparsetool.levels(t, to="0.9", rate="0.5", **EPOCH)],
    "list_members": lambda t, p: sparsetool.list_members("criteria"),
    "list_runs": lambda t, p: sparsetool.list_runs(),
    "lmc": lambda t, p: sparsetool.lmc(t, t, points=2, examples=50, threads="2", **QUICK),
    "mask": lambda t, p: sparsetool.mask(t, criterion="snip", sparsity=0.9, threads="2"),
    "plot": lambda t, p: sparsetool.plot("layers", {"t": t}, title="t"),
    "plot_table": lambda t, p: sparsetool.plot_table("schedule", ["cosine:2x1"]),
    "prune": lambda t, p: sparsetool.prune(t, criterion="grasp", rate=0.5, threads="2"),
    "recipe": lambda t, p: sparsetool.recipe("sculpt"),
    "rewind": lambda t, p: sparsetool.rewind(t, to=t, allow_zeros=True),
    "script": lambda t, p: sparsetool.script([("t.st", t)]),
    "show": lambda t, p: sparsetool.show(t, layers=True, lineage=True),
    "spreads": lambda t, p: sparsetool.spreads(rows(), "accuracy", by="w"),
    "train_cycles": lambda t, p: sparsetool.train_cycles(
        t, n=2, update="set", update_every=1, deterministic=True, **EPOCH
    ),
    "transfer_signs": lambda t, p: sparsetool.transfer_signs(t, source=t, perturb=0.1),
    "own code": lambda t, p: (
        (p / "net.py").write_text(NET),
        sparsetool.init(f"{p}/net.py:net"),
    ),
}
SPARED = {
    "allow": "its purpose is to let code be run",
    "remove_run": "tests/verbs/test_runs.py; it touches files alone",
    "write_ffcv": "tests/reference/test_ffcv*; needs photographs and the package ffcv",
}


def state() -> dict[str, Any]:
    """What belongs to the process and not to a call."""
    kinds = (torch.nn.Module, torch.nn.Linear, torch.nn.Conv2d, torch.Tensor, torch.optim.SGD)
    functions = vars(torch.nn.functional)
    return {
        "signals": [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        "streams": (sys.stdin, sys.stdout, sys.stderr, sys.displayhook, sys.excepthook),
        "descriptors": [(s.st_dev, s.st_ino) for s in map(os.fstat, (0, 1, 2))],
        "environment": sorted(os.environ.items()),
        "folder": os.getcwd(),
        "warnings": list(warnings.filters),
        "log levels": [logging.getLogger(name).level for name in ("", "matplotlib", "torch")],
        "random": random.getstate(),
        "numpy": repr(np.random.get_state()),
        "numpy errors": (np.geterr(), np.get_printoptions()),
        "torch": torch.get_rng_state().tolist(),
        "threads": (torch.get_num_threads(), torch.get_num_interop_threads()),
        "modes": (
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
            torch.are_deterministic_algorithms_enabled(),
            torch.backends.cudnn.allow_tf32,
            torch.backends.cudnn.benchmark,
            torch.backends.mkldnn.enabled,
            torch.backends.mha.get_fastpath_enabled(),
            torch.get_float32_matmul_precision(),
        ),
        # Not what pickle notes in a class (__slotnames__).
        "classes": [{k: v for k, v in vars(c).items() if k != "__slotnames__"} for c in kinds],
        "functions": {name: id(each) for name, each in functions.items() if callable(each)},
        "drawing": (dict(mpl.rcParams), "matplotlib.pyplot" in sys.modules),
        "leave": dict(own_code._ALLOWED.get()),
    }


def test_every_public_name_is_called():
    assert set(CALLS) - {"own code"} == {*sparsetool.__all__, "Ticket"} - {"__version__", *SPARED}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_leaves_the_process_as_it_was(
    name: str, ticket: Ticket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
):
    def never() -> bool:
        raise AssertionError("malloc is the process's own")

    monkeypatch.setattr(allocator, "keep_freed", never)
    before = state()
    capfd.readouterr()
    CALLS[name](ticket, tmp_path)
    after = state()
    for key, held in before.items():
        assert after[key] == held, key
    assert capfd.readouterr().out == ""

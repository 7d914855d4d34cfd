"""Between tickets and modules: what is kept, what is prunable, and torchvision at hand."""

import importlib

import numpy as np
import pytest
import torch
from torch import nn

from sparsetool.compute.torchvision import torchvision
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.networks import build as modules
from sparsetool.networks.build import build, from_module, prunable_names, to_module
from sparsetool.networks.init import init
from sparsetool.ticket.value import Ticket


def test_building_leaves_torchs_randomness_alone() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    build("mlp", 10, (1, 8, 8))
    assert torch.equal(torch.get_rng_state(), before)


def test_module_and_ticket_hold_the_same() -> None:
    ticket = init("resnet20")
    network = to_module(ticket)
    assert not network.training
    back = from_module(network)
    assert list(back) == list(network.state_dict())
    for name, array in back.items():
        np.testing.assert_array_equal(array, ticket.weights[name])
        assert array.dtype == ticket.weights[name].dtype
    back["conv1.weight"][...] = 7  # copies: the module must not see it
    assert not (network.conv1.weight == 7).any()


def test_float64_tickets_give_float64_modules() -> None:
    ticket = init("mlp:4")
    wide = {name: array.astype(np.float64) / 3 for name, array in ticket.weights.items()}
    network = to_module(Ticket(wide, {}, ticket.meta, ticket.lineage))
    assert network(torch.zeros(1, 1, 8, 8, dtype=torch.float64)).dtype == torch.float64
    np.testing.assert_array_equal(from_module(network)["fc1.weight"], wide["fc1.weight"])


def test_half_precision_is_widened() -> None:
    layer = nn.Linear(2, 2).to(torch.bfloat16)
    arrays = from_module(layer)
    assert arrays["weight"].dtype == np.float32
    np.testing.assert_array_equal(arrays["weight"], layer.weight.detach().float().numpy())


def test_a_ticket_that_does_not_fit_says_which_tensors_differ() -> None:
    ticket = init("mlp:4")
    weights = dict(ticket.weights)
    weights["fc1.weight"] = weights["fc1.weight"][:3]
    weights["extra"] = weights.pop("fc2.bias")
    with pytest.raises(SparsetoolError) as caught:
        to_module(Ticket(weights, {}, ticket.meta, ticket.lineage))
    for word in ("mlp:4", "fc2.bias", "extra", "fc1.weight has shape [3, 64], not [4, 64]"):
        assert word in str(caught.value)


def test_masks_alone_make_no_module() -> None:
    ticket = init("mlp:4")
    with pytest.raises(SparsetoolError, match="masks alone"):
        to_module(Ticket({}, {}, ticket.meta, ticket.lineage, "mask"))


class Odd(nn.Module):
    """One of everything that may or may not be pruned."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(5, 8)
        self.conv = nn.Conv2d(4, 4, 3, groups=2)
        self.up = nn.ConvTranspose1d(2, 3, 2)
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2)
        self.cross = nn.MultiheadAttention(8, 2, kdim=4, vdim=6)
        self.first = nn.Linear(8, 8)
        self.again = nn.Linear(8, 8)
        self.again.weight = self.first.weight
        self.head = nn.Linear(8, 5)
        self.head.weight = self.words.weight
        self.token = nn.Parameter(torch.zeros(1, 8))


ODD = [
    "conv.weight",
    "up.weight",
    "attention.in_proj_weight",
    "attention.out_proj.weight",
    "cross.q_proj_weight",
    "cross.k_proj_weight",
    "cross.v_proj_weight",
    "cross.out_proj.weight",
    "first.weight",
]


def test_what_is_prunable() -> None:
    assert prunable_names(Odd()) == ODD


def test_tied_weights_are_held_once() -> None:
    arrays = from_module(Odd())
    assert "first.weight" in arrays
    assert "again.weight" not in arrays
    assert "words.weight" in arrays
    assert "head.weight" not in arrays


def test_tied_weights_come_back_tied(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Odd()
    meta = {**init("mlp:4").meta, "prunable": ODD}
    ticket = Ticket(from_module(odd), {}, meta)
    monkeypatch.setattr(modules, "build", lambda spec, classes, input: Odd())
    network = to_module(ticket)
    assert network.again.weight is network.first.weight
    assert torch.equal(network.again.weight, odd.first.weight)


@pytest.mark.parametrize(
    ("patterns", "gone"),
    [
        (["conv"], ["conv.weight"]),
        (["*.out_proj.*"], ["attention.out_proj.weight", "cross.out_proj.weight"]),
        (["cross", "up*", "cross.?_proj_weight"], ["up.weight", *ODD[4:7]]),
    ],
)
def test_excluded_patterns(patterns: list[str], gone: list[str]) -> None:
    assert prunable_names(Odd(), patterns) == [name for name in ODD if name not in gone]


@pytest.mark.parametrize("patterns", [["norm*"], ["conv", "Conv"], ["*"]])
def test_patterns_that_help_nobody(patterns: list[str]) -> None:
    with pytest.raises(UsageError):
        prunable_names(Odd(), patterns)


def test_resnet18_without_projections() -> None:
    names = prunable_names(build("resnet18", 10, (3, 32, 32)), ["*downsample*"])
    assert len(names) == 18


def test_torchvision_is_repaired_after_that_very_failure_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(name: str) -> None:
        raise RuntimeError("operator torchvision::roi_align does not exist")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(RuntimeError, match="roi_align"):
        torchvision.__wrapped__()


def test_missing_torchvision_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torchvision'", name="torchvision")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(SparsetoolError, match="pip install torchvision"):
        torchvision.__wrapped__()

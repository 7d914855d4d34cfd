"""FLOPs see every use of a weight, or say which they did not count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sparsetool import init, mask
from sparsetool.analysis.costs import flops
from sparsetool.analysis.uses import Uses, seen_uses
from sparsetool.plugins import own_code
from sparsetool.ticket.value import Ticket
from tests.reference.unusual_networks import LEGAL

MORE = '''

class Tied(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem, self.one, self.two = nn.Linear(64, 16), nn.Linear(16, 16), nn.Linear(16, 16)
        self.two.weight, self.head = self.one.weight, nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.two(self.one(self.stem(x.flatten(1))).relu()).relu())


class Sums(nn.Module):
    """Weights joined, added up or met in another way before they meet an activation."""

    def __init__(self, classes, how):
        super().__init__()
        self.a, self.b = nn.Linear(64, 8, bias=False), nn.Linear(64, 8, bias=False)
        self.head, self.how = nn.Linear(16 if how == "joined" else 8, classes), how

    def forward(self, x):
        x, a, b = x.flatten(1), self.a.weight, self.b.weight
        if self.how == "joined":
            return self.head(functional.linear(x, torch.cat([a, b])))
        if self.how == "half":
            return self.head(functional.linear(x, a[:4]).repeat(1, 2))
        return self.head((x[:, None] * a).sum(2))


def tied(classes): return Tied(classes)
def joined(classes): return Sums(classes, "joined")
def half(classes): return Sums(classes, "half")
def pointwise(classes): return Sums(classes, "pointwise")


class Numbers(nn.Linear):
    """Wants numbers, which shapes alone do not have."""

    def forward(self, x):
        scale = float(x.flatten(1).abs().max())
        return super().forward(x.flatten(1) / scale)


def numbers(classes): return Numbers(64, classes)


class Low(nn.Module):
    """A weight with a product of two small ones added, as LoRA does."""

    def __init__(self, classes):
        super().__init__()
        self.body = nn.Linear(64, classes)
        self.up, self.down = nn.Parameter(torch.ones(classes, 2)), nn.Parameter(torch.ones(2, 64))

    def forward(self, x):
        return functional.linear(x.flatten(1), self.body.weight + self.up @ self.down)


def low(classes): return Low(classes)
'''


@pytest.fixture
def spec(tmp_path: Path) -> Callable[[str], str]:
    path = tmp_path / "legal.py"
    path.write_text(LEGAL + MORE)

    def named(name: str) -> str:
        own_code.allow(f"{path}:{name}")
        return f"{path}:{name}"

    return named


def seen(spec: str) -> Uses:
    return seen_uses(own_code.recorded_name(spec), 10, (1, 8, 8))


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("tied", {"stem.weight": 1, "one.weight": 2, "head.weight": 1}),
        ("conv1d", {"1.weight": 1, "3.weight": 1}),
        ("lstm", {"cell.weight_ih_l0": 8, "cell.weight_hh_l0": 8, "head.weight": 1}),
        ("gru", {"cell.weight_ih_l0": 8, "cell.weight_hh_l0": 8, "head.weight": 1}),
        ("weight_norm", {"1.parametrizations.weight.original1": 1, "3.weight": 1}),
        ("spectral_norm", {"1.parametrizations.weight.original": 1, "3.weight": 1}),
        ("older_norm", {"1.weight_v": 1, "3.weight": 1}),
        ("standardised", {"1.weight": 1, "3.weight": 1}),
        ("auxiliary", {"stem.weight": 1, "spare.weight": 0, "extra.weight": 0, "head.weight": 1}),
        ("joined", {"a.weight": 1, "b.weight": 1, "head.weight": 1}),
        ("embedded", {"4.weight": 1}),
        ("numbers", {"weight": 1}),
        ("low", {"body.weight": 1}),
    ],
)
@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated")
def test_every_use_is_seen(spec: Callable[[str], str], name: str, times: dict[str, int]):
    found = seen(spec(name))
    assert found.times == times
    assert found.uncounted == ()
    assert found.whole == ({"1.weight"} if name == "standardised" else {"body.weight"} & {*times})


@pytest.mark.parametrize("name", ["half", "pointwise"])
def test_what_is_not_counted_is_named(spec: Callable[[str], str], name: str):
    assert seen(spec(name)).uncounted == ("a.weight",)
    assert flops(init(spec(name)))["uncounted"] == ["a.weight"]


def test_a_tied_weight_costs_at_each_of_its_places(spec: Callable[[str], str]):
    assert flops(init(spec("tied")))["macs"] == 64 * 16 + 2 * 16 * 16 + 16 * 10


def masked(spec: str, **options: object) -> Ticket:
    return mask(init(spec, **options), criterion="random", density="uniform", sparsity=0.75)


def test_standardised_weights_cost_the_same_pruned(spec: Callable[[str], str]):
    """The mean of a row is subtracted from its zeros, too."""
    ticket = masked(spec("standardised"))
    weight = torch.from_numpy(np.array(ticket.weights["1.weight"]))
    used = weight - weight.mean(1, keepdim=True)
    assert int(torch.count_nonzero(used)) == used.numel()
    found = flops(ticket)
    assert found["masked_in_vain"] == ["1.weight"]
    assert found["macs_sparse"] == 64 * 16 + ticket.kept_by_layer["3.weight"]


def test_weight_norm_costs_what_is_kept(spec: Callable[[str], str]):
    ticket = masked(spec("weight_norm"), prune_also=["*original1"])
    found = flops(ticket)
    assert "masked_in_vain" not in found
    assert found["macs_sparse"] == ticket.kept
    used = dict(ticket.model().named_modules())["1"].weight
    name = "1.parametrizations.weight.original1"
    assert int(torch.count_nonzero(used)) == ticket.kept_by_layer[name]


def test_networks_as_ever_have_nothing_more_to_say():
    found = flops(mask(init("resnet20"), criterion="random", density="erk", sparsity=0.9))
    assert not found.keys() & {"masked_in_vain", "uncounted", "own_trainings"}


def test_somebodys_own_loop_is_a_cost_that_is_not_known():
    ticket = init("mlp:4")
    assert flops(ticket.with_weights(ticket.model()))["own_trainings"] == 1

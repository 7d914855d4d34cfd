"""Permutation alignment: shuffled copies are put back exactly, functions stay, refusals."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sparsetool import init, mask, train_cycles
from sparsetool.analysis.alignment import align
from sparsetool.analysis.lmc import ground, lmc
from sparsetool.errors import SparsetoolError
from sparsetool.networks.build import to_module
from sparsetool.plugins import find
from sparsetool.ticket.value import Ticket


class Net(nn.Module):
    """What odd networks are made of."""

    def __init__(self, **parts: nn.Module) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


class Small(Net):
    """Batch norm, a channel-wise scale, a depthwise convolution, a flattened map, a gate."""

    def __init__(self) -> None:
        super().__init__(
            stem=nn.Conv2d(1, 6, 3, bias=False),
            norm=nn.BatchNorm2d(6),
            depth=nn.Conv2d(6, 6, 3, groups=6),
            gate=nn.Linear(6, 6),
            up=nn.ConvTranspose2d(6, 5, 2, stride=2),
            head=nn.Linear(5 * 8 * 8, 10),
        )
        self.scale = nn.Parameter(torch.rand(6, 1, 1) + 0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.norm(self.stem(x)))
        x = self.depth(x * self.scale)
        x = x * torch.sigmoid(self.gate(x.mean((2, 3))))[:, :, None, None]
        return self.head(torch.tanh(self.up(x)).flatten(1))


class Grouped(Net):
    def __init__(self) -> None:
        super().__init__(
            stem=nn.Conv2d(1, 4, 3), mixed=nn.Conv2d(4, 4, 3, groups=2), head=nn.Linear(4, 10)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.mixed(torch.relu(self.stem(x))).mean((2, 3)))


class Padded(Net):
    """A shortcut without weights that puts 4 channels into the middle of 8."""

    def __init__(self) -> None:
        super().__init__(stem=nn.Conv2d(1, 4, 3), wide=nn.Conv2d(4, 8, 1), head=nn.Linear(8, 10))

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.stem(x))
        return self.head((self.wide(x) + nn.functional.pad(x, (0, 0, 0, 0, 2, 2))).mean((2, 3)))


class Ordered(Net):
    """Its graph is that of a chain, but neighbouring channels are normalised together."""

    def __init__(self) -> None:
        super().__init__(stem=nn.Conv2d(1, 8, 3), norm=nn.GroupNorm(4, 8), head=nn.Linear(8, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.norm(self.stem(x))).amax((2, 3)))


class Twice(Net):
    def __init__(self) -> None:
        super().__init__(stem=nn.Linear(64, 8), again=nn.Linear(8, 8), head=nn.Linear(8, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.again(torch.relu(self.again(self.stem(x.flatten(1)))))))


class Free(Net):
    def __init__(self) -> None:
        super().__init__(stem=nn.Linear(64, 8), head=nn.Linear(8, 10))
        self.place = nn.Parameter(torch.zeros(2, 8))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.stem(x.flatten(1))) + self.place.sum(0))


class Blind(Net):
    def __init__(self) -> None:
        super().__init__(stem=nn.Linear(64, 8), head=nn.Linear(8, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.stem(x.flatten(1))).cumsum(1))


class Attentive(Net):
    def __init__(self) -> None:
        super().__init__(
            stem=nn.Linear(8, 8), mix=nn.MultiheadAttention(8, 2), head=nn.Linear(8, 10)
        )

    def forward(self, x: Tensor) -> Tensor:
        rows = self.stem(x[:, 0])
        return self.head(self.mix(rows, rows, rows, need_weights=False)[0].mean(1))


ODD = {c.__name__.lower(): c for c in (Small, Grouped, Padded, Ordered, Twice, Free, Blind)}
ODD["attentive"] = Attentive


@pytest.fixture(autouse=True)
def _odd(monkeypatch: pytest.MonkeyPatch) -> None:
    load = find.load
    member = SimpleNamespace(build=lambda argument, classes, input: ODD[argument]())
    monkeypatch.setattr(
        find,
        "load",
        lambda family, name: member if (family, name) == ("models", "odd") else load(family, name),
    )


def lived(ticket: Ticket, seed: int = 5) -> Ticket:
    """The ticket in float64 with every vector and statistic moved, so that each unit is its own."""
    random = np.random.default_rng(seed)
    weights = {}
    for name, array in ticket.weights.items():
        weights[name] = array
        if array.dtype.kind == "f":
            moved = array + random.uniform(0.05, 0.3, array.shape) * (array.ndim < 2)
            weights[name] = moved.astype(np.float64)
    return replace(ticket, weights=weights)


def named(name: str, seed: int = 0) -> Ticket:
    return lived(init(f"odd:{name}" if name in ODD else name, seed=seed), seed)


Move = tuple[str, int, int]  # a tensor, an axis, and places of each unit on it


def vectors(name: str, norm: bool = True) -> list[Move]:
    parts = ("weight", "bias", "running_mean", "running_var") if norm else ("bias",)
    return [(f"{name}.{part}", 0, 1) for part in parts]


def moves(name: str) -> list[tuple[int, list[Move]]]:
    """By hand: each set of units that move alike, its size and where it is."""
    if name == "mlp:20-12":
        return [
            (20, [("fc1.weight", 0, 1), *vectors("fc1", False), ("fc2.weight", 1, 1)]),
            (12, [("fc2.weight", 0, 1), *vectors("fc2", False), ("fc3.weight", 1, 1)]),
        ]
    if name == "small":
        outputs = [("stem.weight", 0, 1), ("depth.weight", 0, 1), ("gate.weight", 0, 1)]
        beside = [*vectors("norm"), ("scale", 0, 1), *vectors("depth", False)]
        inputs = [*vectors("gate", False), ("gate.weight", 1, 1), ("up.weight", 0, 1)]
        last = [("up.weight", 1, 1), *vectors("up", False), ("head.weight", 1, 64)]
        return [(6, [*outputs, *beside, *inputs]), (5, last)]
    sets: list[tuple[int, list[Move]]] = []
    streams: list[list[Move]] = [[("conv1.weight", 0, 1), *vectors("bn1")], [], []]
    for stage, block in itertools.product(range(3), range(3)):
        at = f"layer{stage + 1}.{block}"
        ends = [("conv1.weight", 0, 1), *vectors("bn1"), ("conv2.weight", 1, 1)]
        sets.append((16 << stage, [(f"{at}.{key}", axis, each) for key, axis, each in ends]))
        streams[stage] += [(f"{at}.conv2.weight", 0, 1), *vectors(f"{at}.bn2")]
        source = streams[stage - 1] if stage and not block else streams[stage]
        source.append((f"{at}.conv1.weight", 1, 1))
        if stage and not block:
            streams[stage] += [(f"{at}.downsample.0.weight", 0, 1)]
            streams[stage] += vectors(f"{at}.downsample.1")
            source.append((f"{at}.downsample.0.weight", 1, 1))
    streams[2].append(("fc.weight", 1, 1))
    return [*sets, *((16 << stage, found) for stage, found in enumerate(streams))]


def shuffled(ticket: Ticket, name: str, seed: int) -> Ticket:
    """The ticket with its units in a random order."""
    random = np.random.default_rng(seed)
    weights, masks = dict(ticket.weights), dict(ticket.masks)
    for units, places in moves(name):
        order = random.permutation(units)
        for key, axis, each in places:
            index = (order[:, None] * each + np.arange(each)).reshape(-1)
            for held in (weights, masks):
                if key in held:
                    held[key] = np.take(held[key], index, axis)
    return replace(ticket, weights=weights, masks=masks)


def logits(ticket: Ticket) -> Tensor:
    images = torch.randn(5, *ticket.meta["input"], generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        return to_module(ticket).double()(images.double())


@pytest.mark.parametrize("name", ["mlp:20-12", "small", "resnet20"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_shuffled_copy_is_put_back_exactly(name: str, seed: int) -> None:
    ticket = mask(named(name), criterion="random", density="erk", sparsity="0.3")
    other = shuffled(ticket, name, seed)
    assert (logits(other) - logits(ticket)).abs().max() < 1e-6  # the shuffle itself is right
    assert any(not np.array_equal(other.weights[n], w) for n, w in ticket.weights.items())
    found = align(ticket, other)
    for key, array in ticket.weights.items():
        assert np.array_equal(found.ticket.weights[key], array), key
    for key, kept in ticket.masks.items():
        assert np.array_equal(found.ticket.masks[key], kept), key
    assert 0 < found.moved <= found.units
    assert found.units == {"mlp:20-12": 32, "small": 11, "resnet20": 448}[name]


def test_nothing_moves_where_nothing_has_to() -> None:
    ticket = named("mlp:20-12")
    found = align(ticket, ticket)
    assert (found.moved, found.sweeps) == (0, 1)


@pytest.mark.parametrize("name", ["mlp:20-12", "small", "resnet20"])
def test_another_network_comes_nearer_and_computes_the_same(name: str) -> None:
    a, b = named(name), named(name, seed=1)
    found = align(a, b)

    def distance(other: Ticket) -> float:
        buffers = a.meta["buffers"]
        return sum(
            float(((w - other.weights[n]) ** 2).sum())
            for n, w in a.weights.items()
            if n not in buffers
        )

    assert found.moved > 0
    assert distance(found.ticket) < distance(b)
    assert (logits(found.ticket) - logits(b)).abs().max() < 1e-6


def test_a_single_layer_gets_the_best_of_all_orders() -> None:
    """Six hidden units: all 720 orders tried; one space, so one assignment must find the best."""
    a, b = (named("mlp:6", s) for s in (0, 1))
    first, bias, last = "fc1.weight", "fc1.bias", "fc2.weight"

    def product(order: tuple[int, ...]) -> float:
        index = list(order)
        return float(
            np.vdot(a.weights[first], b.weights[first][index])
            + np.vdot(a.weights[bias], b.weights[bias][index])
            + np.vdot(a.weights[last], b.weights[last][:, index])
        )

    best = max(itertools.permutations(range(6)), key=product)
    found = align(a, b).ticket
    assert np.array_equal(found.weights[first], b.weights[first][list(best)])


def test_alignment_takes_the_barrier_away() -> None:
    trained = train_cycles(init("mlp:20-12"), epochs=5, threads="1")
    other = shuffled(trained, "mlp:20-12", 0)
    on = ground(trained, splits=["test"], threads="1")
    (apart,) = lmc(trained, other, on, points=5)
    (together,) = lmc(trained, other, on, points=5, aligned=True)
    assert apart["loss_barrier"] > 0.05
    assert together["loss_barrier"] == 0
    assert (apart["aligned"], together["aligned"]) == (False, True)
    assert "units" not in apart
    assert together["units"] == 32
    assert 20 < together["units_moved"] <= 32


def test_strangers_come_nearer() -> None:
    a, b = (train_cycles(init("mlp:24", seed=s), epochs=10, threads="1") for s in (0, 1))
    on = ground(a, b, splits=["test"], threads="1")
    (apart,) = lmc(a, b, on, points=5)
    (together,) = lmc(a, b, on, points=5, aligned=True)
    assert together["loss_barrier"] < 0.7 * apart["loss_barrier"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("grouped", "mixed.weight is a convolution in 2 groups"),
        ("padded", "sum of parts"),
        ("ordered", "uses their order"),
        ("twice", r"again.weight is used at two places"),
        ("free", "which units place belongs to"),
        ("blind", "could not be traced"),
        ("attentive", "attention"),
    ],
)
def test_units_that_are_not_free_are_refused(name: str, says: str) -> None:
    with pytest.raises(SparsetoolError, match=says):
        align(named(name), named(name, seed=1))


def test_other_networks_are_refused() -> None:
    with pytest.raises(SparsetoolError, match="another architecture"):
        align(named("mlp:20-12"), named("mlp:12-20"))
    with pytest.raises(SparsetoolError, match="masks alone"):
        align(named("mlp:20-12"), replace(named("mlp:20-12"), kind="mask", weights={}))

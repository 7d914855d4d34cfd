"""The plan of sparse layers against all plans there are, and the calls that it is made for."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from sparsetool.analysis.costs import uses
from sparsetool.kernels import plan as sparse_plan
from sparsetool.kernels.plan import MARGIN, Call, Costs, calls, plan
from sparsetool.layer_graph.tensors import tensors
from sparsetool.networks.build import build
from tests.reference.path_networks import Attending, Concatenated, Squeezed

COSTS = Costs()  # whatever the processor

# -- the plan --------------------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def anything_is_worth_it() -> Iterator[None]:
    """Whatever little it saves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse_plan, "COSTS", COSTS)
        patch.setattr(sparse_plan, "EARNED", 0.0)
        yield


@st.composite
def networks(draw: st.DrawFn, most: int = 7, tied: bool = False) -> list[Call]:
    """Calls of layers of all sizes; about 30 multiplications to a number either way is as dear."""
    found, sizes = [], draw(st.lists(st.integers(100, 10**5), min_size=most, max_size=most))
    for number in range(draw(st.integers(0, most))):
        weight = draw(st.integers(0, 2)) if tied else number
        macs = sizes[weight] * draw(st.integers(1, 1000))
        numbers = int(macs / 10 ** draw(st.floats(0.5, 2.5)))
        taken = int(numbers * draw(st.floats(0.05, 0.95)))
        kind = draw(st.sampled_from([(True, False)] * 4 + [(False, False), (False, True)]))
        rest = (taken, numbers - taken, draw(st.booleans()), *kind)
        found.append(Call(weight, sizes[weight], macs, *rest))
    return found


@st.composite
def shares(draw: st.DrawFn, found: Sequence[Call]) -> dict[int, int]:
    """Kept weights of most layers, in some of them all."""
    kept = st.sampled_from([0, 0.01, 0.02, 0.05, 0.1, 0.19, 0.21, 1.0, None])
    drawn = {call.weight: (call.weights, draw(kept)) for call in found}
    return {weight: int(size * part) for weight, (size, part) in drawn.items() if part is not None}


def cost(
    found: Sequence[Call], kept: dict[int, int], batch: int, threads: int, way: Sequence[bool]
) -> float:
    """Of a way through the calls, which begins in the layout of dense layers, as linear ones."""
    total, before = 0.0, False
    for call, sparse in zip(found, way, strict=True):
        if sparse and not call.alike and not (call.able and call.weight in kept):
            return float("inf")
        blocked = sparse and (call.convolves or call.alike)
        total += COSTS.turn * call.taken * batch * (blocked != before)
        if sparse and call.alike:
            total += sparse_plan._alike(call, batch, threads)
        elif sparse:
            share = kept[call.weight] / call.weights
            total += MARGIN * sparse_plan._sparse(call, share, batch, threads)
        else:
            total += sparse_plan._dense(call, batch, threads)
        before = blocked
    return total


STEPS = (st.sampled_from([1, 8, 128, 1000]), st.sampled_from([1, 2, 16]))


@given(st.data(), networks(), *STEPS)
@settings(max_examples=120)
def test_no_plan_costs_less(
    data: st.DataObject, found: list[Call], batch: int, threads: int
) -> None:
    kept = data.draw(shares(found))
    chosen = plan(found, kept, batch, threads)
    ways = list(itertools.product([False, True], repeat=len(found)))
    least = min(cost(found, kept, batch, threads, other) for other in ways)
    mine = [  # where layers that are alike in both layouts go is left open
        cost(found, kept, batch, threads, way)
        for way in ways
        if chosen == {call.weight for call, to in zip(found, way, strict=True) if to and call.able}
    ]
    assert min(mine) == pytest.approx(least, rel=1e-12)
    assert chosen <= kept.keys()


@given(st.data(), networks(6, tied=True), *STEPS)
@settings(max_examples=80)
def test_a_weight_is_sparse_if_all_its_uses_are(
    data: st.DataObject, found: list[Call], batch: int, threads: int
) -> None:
    kept = data.draw(shares(found))
    ways = itertools.product([False, True], repeat=len(found))
    best = sorted((cost(found, kept, batch, threads, way), way) for way in ways)
    if len(best) > 1 and best[1][0] < best[0][0] * (1 + 1e-9):
        return  # two are as good: either may be chosen
    pairs = list(zip(found, best[0][1], strict=True))
    dense = {call.weight for call, sparse in pairs if not sparse or not call.able}
    every = {call.weight for call in found}
    assert plan(found, kept, batch, threads) == every - dense


@given(st.data(), networks(12, tied=True), *STEPS)
@settings(max_examples=40)
def test_a_plan_depends_on_its_arguments_alone(
    data: st.DataObject, found: list[Call], batch: int, threads: int
) -> None:
    """Not on what identities are, nor on the order of the masks."""
    kept = data.draw(shares(found))
    first = plan(found, kept, batch, threads)
    assert plan(found, dict(reversed(kept.items())), batch, threads) == first
    assert plan(found, {**kept, -1: 7}, batch, threads) == first
    renamed = [call._replace(weight=10**9 - 7 * call.weight) for call in found]
    again = plan(renamed, {10**9 - 7 * w: n for w, n in kept.items()}, batch, threads)
    assert again == {10**9 - 7 * weight for weight in first}


def large(number: int) -> Call:
    """A layer so large that nothing but its multiplications counts."""
    return Call(number, 10**4, 10**12, 1, 1, True, True)


def test_a_weight_with_one_use_that_does_not_pay_is_dense() -> None:
    little = Call(0, 10**4, 10**4, 10**4, 10**7, True, True)
    assert plan([large(0)], {0: 10}, 8, 1) == {0}
    assert plan([large(0), little], {0: 10}, 8, 1) == set()
    assert plan([large(0), little._replace(weight=1)], {0: 10, 1: 10}, 8, 1) == {0}


def test_a_small_layer_goes_with_its_neighbours() -> None:
    """Alone it would not pay to turn its numbers; between sparse layers it would not to turn back.

    By hand, per example: turning 10^4 numbers and their gradients takes 45 us. Dense, the
    layer takes 90 us and the smaller one 43 us, sparse both 31 us and a little, with the margin.
    """
    middle = Call(1, 10**4, 95 * 10**4, 10**4, 10**4, True, True)
    large_one = large(0)._replace(taken=10**4, given=10**4)
    kept = {0: 10, 1: 10, 2: 10}
    assert plan([middle], kept, 10**4, 1) == {1}
    smaller = middle._replace(macs=45 * 10**4)
    assert plan([smaller], kept, 10**4, 1) == set()
    around = [large_one, smaller, large_one._replace(weight=2)]
    assert plan(around, kept, 10**4, 1) == {0, 1, 2}
    assert plan(around, {1: 10}, 10**4, 1) == set()


def test_what_loading_the_loops_costs_is_earned_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle layer above saves 14 us an example, with the margin and turns."""
    middle = Call(1, 10**4, 95 * 10**4, 10**4, 10**4, True, True)
    for earned, chosen in ((1e-6, {1}), (60e-6, set())):
        monkeypatch.setattr(sparse_plan, "EARNED", earned)
        assert plan([middle], {1: 10}, 10**4, 1) == chosen


def test_what_four_pixels_see_decides_what_a_weight_costs() -> None:
    """More than 512 numbers of an example do not fit the nearest cache with fifteen others."""
    near = Call(0, 10**4, 10**9, 1, 1, True, True, seen=512)
    kept = 0.1 * near.macs
    assert sparse_plan._sparse(near, kept / near.macs, 1, 1) < 1.01 * COSTS.near * kept + 1e-3
    far = near._replace(seen=513)
    assert sparse_plan._sparse(far, kept / near.macs, 1, 1) > 1.4 * COSTS.near * kept


def test_batch_norm_after_a_dense_convolution_counts() -> None:
    plain = Call(0, 10**4, 10**6, 10, 10, True, True)
    more = sparse_plan._dense(plain._replace(normed=1000), 8, 2) - sparse_plan._dense(plain, 8, 2)
    assert more == pytest.approx(1000 * COSTS.norm * 8 / 2)


def test_it_counts_by_numbers_where_these_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of AVX-512, on whose processor a pixel of many channels costs more than of few."""
    plain = Call(0, 10**4, 10**6, 10, 16_000, True, True)
    monkeypatch.setattr(sparse_plan, "COSTS", sparse_plan.AVX512)
    more = sparse_plan._dense(plain._replace(normed=1000), 8, 2) - sparse_plan._dense(plain, 8, 2)
    assert more == pytest.approx(16_000 * 2.2e-9 * 8 / 2)


# -- the calls -------------------------------------------------------------------------------

MODELS = {
    "resnet20": (1, 8, 8),
    "mlp:20": (1, 8, 8),
    "lenet5": (1, 8, 8),
    "vgg11-bn": (3, 32, 32),
    "mobilenet-v2": (3, 8, 8),
    "resnext50-32x4d": (1, 8, 8),
    "vit-tiny:4": (1, 8, 8),
}


@pytest.mark.parametrize("model", MODELS)
def test_macs_are_those_of_costs(model: str) -> None:
    times = uses(model, 10, MODELS[model])
    module = build(model, 10, MODELS[model])
    names = {id(tensor): name for name, tensor in tensors(module).items()}
    found = calls(module, MODELS[model])
    macs, sizes = Counter(), {}
    for call in found:
        macs[names[call.weight]] += call.macs
        sizes[names[call.weight]] = call.weights
    right = {n: t.numel() for n, t in tensors(module).items() if n in times}
    assert macs == {name: times[name] * size for name, size in right.items()}
    assert sizes == right
    convolutions = {id(c.weight) for c in module.modules() if isinstance(c, nn.Conv2d)}
    assert {call.weight for call in found if call.convolves} == convolutions


class Mixed(nn.Module):
    """Images, tokens and vectors, with a weight used twice and random numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, (3, 5), stride=2, padding=(1, 2))
        self.norm = nn.BatchNorm2d(4)
        self.deep = nn.Conv2d(4, 8, 1, groups=2)
        self.tokens = nn.Linear(8, 8, bias=False)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, images: Tensor) -> Tensor:
        self.seen += 1
        h = self.deep(self.norm(self.conv(images))) + torch.rand(1)
        h = self.tokens(h.flatten(2).transpose(1, 2)).mean(1)
        return functional.linear(self.drop(h), self.tokens.weight)


def test_calls_by_hand() -> None:
    """Images of 8x6 pixels become 4x3."""
    module = Mixed()
    assert calls(module, (3, 8, 6)) == [
        Call(id(module.conv.weight), 180, 180 * 12, 144, 48, True, True, False, 3 * 8 * 3, 12),
        Call(id(module.deep.weight), 16, 16 * 12, 48, 96, True, True, False, 4 * 2),
        Call(id(module.tokens.weight), 64, 64 * 12, 96, 96, False, True, False, 4 * 8),
        Call(id(module.tokens.weight), 64, 64, 8, 8, False, True, False, 4 * 8),
    ]


def test_depthwise_layers_go_with_their_neighbours() -> None:
    layers = (
        nn.Conv2d(4, 4, 3, groups=4),
        nn.Conv2d(4, 8, 1, groups=2),
        nn.Conv2d(8, 16, 1, groups=8),
    )
    found = calls(nn.Sequential(*layers), (4, 5, 5))
    assert [(call.able, call.alike) for call in found] == [
        (False, True), (True, False), (False, False),
    ]  # fmt: skip
    depthwise = Call(1, 10, 10**4, 10**4, 10**4, True, False, alike=True)
    around = [large(0)._replace(given=10**4), depthwise, large(2)._replace(taken=10**4)]
    spent, _ = sparse_plan._cheapest(around, {0: 10, 2: 10}, 100, 1)
    assert plan(around, {0: 10, 2: 10}, 100, 1) == {0, 2}
    turned, _ = sparse_plan._cheapest(
        [around[0], depthwise._replace(alike=False), around[2]], {0: 10, 2: 10}, 100, 1
    )
    wanted = (2 * COSTS.turn * 10**4 - COSTS.alike * 2 * 10**4) * 100
    assert turned - spent == pytest.approx(wanted, rel=1e-6)


class Named(nn.Linear):
    def forward(self, images: Tensor) -> Tensor:
        return functional.linear(input=images, weight=self.weight)


def test_arguments_by_name() -> None:
    module = Named(6, 5)
    wanted = Call(id(module.weight), 30, 720, 144, 120, False, True, False, 4 * 6)
    assert calls(module, (3, 8, 6)) == [wanted]


class Refusing(nn.Sequential):
    def forward(self, images: Tensor) -> Tensor:
        raise RuntimeError("no such images")


@pytest.mark.parametrize("network", [Squeezed, Attending, Concatenated, Mixed, Refusing])
@pytest.mark.parametrize("training", [True, False])
def test_a_network_is_left_as_it_was(network: type[nn.Module], training: bool) -> None:
    module = nn.Sequential(network(), nn.Identity()).train(training)
    for child in list(module.modules())[::2]:
        child.training = not training  # parts need not agree
    modes = {name: child.training for name, child in module.named_modules()}
    held = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    random = torch.get_rng_state()
    images = getattr(network, "input", (3, 8, 6))
    if network is Refusing:
        with pytest.raises(RuntimeError, match="no such images"):
            calls(module, images)
    else:
        assert calls(module, images)
    assert {name: child.training for name, child in module.named_modules()} == modes
    assert torch.get_rng_state().equal(random)
    assert all(tensor.equal(held[name]) for name, tensor in module.state_dict().items())
    assert all(weight.grad is None and weight.requires_grad for weight in module.parameters())

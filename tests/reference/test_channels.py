"""Whole channels: what leaves is told by hand, and the smaller network computes the same."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from sparsetool import export, flops, init, mask, prune
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.networks.build import to_module
from sparsetool.networks.shrink import shrink
from sparsetool.ticket.value import Ticket
from tests.reference.test_alignment import (
    _odd,  # noqa: F401, the networks of that file by name
    logits,
    moves,
    named,
)
from tests.verbs.shelf import Shelf

NAMES = ["mlp:20-12", "small", "resnet20"]


def filters(ticket: Ticket, places: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of the places of some units those that make them: the weights' output axes."""
    wide = {"up.weight": 1}  # a transposed convolution is [in, out, ...]
    return [
        (name, axis, each)
        for name, axis, each in places
        if name in ticket.prunable and axis == wide.get(name, 0)
    ]


def rows(array: np.ndarray, axis: int, each: int) -> np.ndarray:
    """A unit's numbers, [units, rest]."""
    moved = np.moveaxis(array, axis, 0)
    return moved.reshape(moved.shape[0] // each, -1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("density", ["global", "uniform", "balanced"])
def test_the_channels_of_least_mean_magnitude_leave_whole(name: str, density: str) -> None:
    ticket = named(name)
    made = prune(ticket, sparsity="0.4", density=density, channels=True)
    sets, lowest, highest = moves(name), [], []
    kept = 0
    for units, places in sets:
        total = np.zeros(units)
        count = 0
        for key, axis, each in filters(ticket, places):
            numbers = np.abs(rows(ticket.weights[key], axis, each))
            total, count = total + numbers.sum(axis=1), count + numbers.shape[1]
        score = total / count
        gone = np.ones(units, bool)
        for key, axis, each in places:
            if key in made.masks:
                gone &= ~rows(made.masks[key], axis, each).any(axis=1)
        for key, axis, each in places:
            if not key.endswith(("mean", "var")):
                assert not rows(made.weights[key], axis, each)[gone].any(), key
        left = int((~gone).sum())
        assert left > 0
        kept += left
        if left > 1:  # one stays however low it is
            lowest.append(score[~gone].min())
        highest.append(score[gone].max(initial=0))
        assert score[~gone].min() >= highest[-1]
    if density == "global":
        assert min(lowest) >= max(highest)
    assert kept == round(0.6 * sum(units for units, _ in sets))
    assert made.lineage[-1]["achieved"]["channels"] == kept


@pytest.mark.parametrize("name", NAMES)
def test_the_smaller_network_computes_the_same(name: str) -> None:
    made = mask(named(name), criterion="random", density="uniform", sparsity="0.5", channels=True)
    small = shrink(made)
    images = torch.randn(5, *made.meta["input"], generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        found = small.module.double()(images.double())
    assert (found - logits(made)).abs().max() < 1e-9
    held = dict(small.module.named_parameters())
    assert sum(held[key].numel() for key in made.prunable) == made.kept
    assert small.parameters < 0.7 * small.of_parameters
    for layer in small.module.modules():
        if isinstance(layer, nn.Conv2d):
            assert layer.weight.shape[:2] == (
                layer.out_channels,
                layer.in_channels // layer.groups,
            )


def test_a_removed_channel_is_zero_and_stays_so_in_training() -> None:
    """Also behind a residual sum: nothing reads it, so its biases get no gradient."""
    made = prune(init("resnet20"), sparsity="0.75", density="uniform", channels=True)
    outputs = {}
    whole = to_module(made)
    whole.layer2[0].bn1.register_forward_hook(lambda m, x, y: outputs.update(inner=y))
    whole(torch.randn(3, 1, 8, 8))
    gone = ~made.masks["layer2.0.conv1.weight"].reshape(32, -1).any(axis=1)
    assert gone.sum() == 24
    assert not outputs["inner"][:, gone].any()
    trained = _pushed(made)
    small = shrink(trained)
    images = torch.randn(4, 1, 8, 8)
    with torch.no_grad():
        assert torch.allclose(small.module(images), to_module(trained)(images), atol=1e-5)
    assert small.channels == made.lineage[-1]["achieved"]["of_channels"] - 112


def _pushed(ticket: Ticket) -> Ticket:
    """The ticket after two steps of gradient descent with weight decay."""
    module = ticket.model().train()
    for seed in range(2):
        images = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
        module.zero_grad()
        nn.functional.cross_entropy(module(images), torch.arange(4)).backward()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter -= 0.1 * (parameter.grad + 1e-4 * parameter)
    bias = module.bn1.bias.detach().numpy()
    left = ticket.masks["conv1.weight"].any(axis=(1, 2, 3))
    assert bias[left].all()
    assert not bias[~left].any()
    return ticket.with_weights(module)


def test_files_run_without_this_package_and_cost_what_the_masks_do() -> None:
    made = mask(init("lenet5"), criterion="snip", sparsity="0.5", iterations=2, channels=True)
    program = torch.export.load(io.BytesIO(export(made, "shrink"))).module()
    images = torch.randn(7, 1, 8, 8)
    with torch.no_grad():
        assert torch.allclose(program(images), made.model()(images), atol=1e-5)
    macs = 0

    def count(layer: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        nonlocal macs
        macs += output[0].numel() * layer.weight[0].numel()

    small = shrink(made).module
    for layer in small.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    small(images)
    assert macs == flops(made)["macs_sparse"] < flops(made)["macs"]


def test_pruning_goes_on_among_the_channels_that_are_left() -> None:
    half = prune(named("mlp:20-12"), sparsity="0.5", channels=True)
    less = prune(half, rate="0.25", channels=True)
    assert less.lineage[-1]["achieved"]["channels"] == 12
    assert all(not (less.masks[key] & ~half.masks[key]).any() for key in half.masks)
    with pytest.raises(SparsetoolError, match="only 16 survive"):
        prune(half, sparsity="0.4", channels=True)
    fine = prune(half, sparsity="0.9")  # single weights among those of whole channels
    assert shrink(fine).channels >= 16


def test_random_channels_have_one_draw_each() -> None:
    """Means of many draws lie near 1/2: of large filters none would be among the highest fifth."""
    wide = init("mlp:400-4", seed=0)  # filters of 64 and of 400 weights
    left = []
    for seed in range(12):
        made = mask(wide, criterion="random", sparsity="0.8", channels=True, seed=seed)
        left.append(int(made.masks["fc2.weight"].any(axis=1).sum()))
    assert max(left) > 1, "more than the one that stays"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("attentive", "attention"),
        ("grouped", "convolution in 2 groups"),
        ("padded", "sum of parts"),
        ("ordered", "no channels that can be removed"),
        ("blind", "could not be traced"),
    ],
)
def test_networks_whose_channels_are_not_known_are_refused(name: str, says: str) -> None:
    with pytest.raises(SparsetoolError, match=f"--channels: .*{says}"):
        prune(named(name), sparsity="0.5", channels=True)


def test_what_is_excluded_stays() -> None:
    held = init("resnet20", exclude=("*downsample*",))
    made = prune(held, sparsity="0.5", channels=True)
    assert made.lineage[-1]["achieved"]["of_channels"] == 448 - 16 - 32 - 64
    assert made.masks["conv1.weight"].all()
    shrink(made)


def test_nothing_to_leave_out_and_what_does_not_run() -> None:
    ticket = named("mlp:20-12")
    with pytest.raises(SparsetoolError, match="no channel of this ticket"):
        shrink(prune(ticket, sparsity="0.5"))
    weights = {**ticket.weights, "fc1.bias": ticket.weights["fc1.bias"] * 0}
    rows_0 = replace(prune(ticket, criterion="random", sparsity="0.999"), weights=weights)
    assert rows_0.kept < 3  # all but a few filters and readers are zero: one of each stays
    assert shrink(replace(rows_0, weights=_zeroed(rows_0))).channels >= 29


def _zeroed(ticket: Ticket) -> dict[str, np.ndarray]:
    return {
        name: np.where(ticket.masks[name], array, 0.0) if name in ticket.masks else array
        for name, array in ticket.weights.items()
    }


@pytest.mark.parametrize(
    "how",
    [
        {"sparsity": "0.5", "blocks": "4x1"},
        {"sparsity": "0.5", "n_m": "2:4"},
        {"sparsity": "0.5", "density": "erk"},
        {"n_m": "2:4"},
        {},
    ],
)
def test_refusals(how: dict) -> None:
    with pytest.raises(UsageError):
        mask(init("mlp:8"), criterion="magnitude", channels=True, **how)


def test_at_the_shell(tmp_path_factory: pytest.TempPathFactory) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("channels"))
    shell = shelf.shell
    words = ("--magnitude", "--balanced", "0.5", "--channels")
    made = shell.ok("mask", *words, shelf["mlp"], "-o", "made.st").err
    assert "export --shrink" in made
    assert "up to date" in shell.ok("mask", *words, shelf["mlp"], "-o", "made.st").err
    assert "--channels" in shell.ok("show", "--script", "made.st").out.decode()
    shell.ok("export", "--shrink", "made.st", "-o", "small.pt2")
    assert "up to date" in shell.ok("export", "--shrink", "made.st", "-o", "small.pt2").err
    assert b"/" + b"sparsetool/" not in (shell / "small.pt2").read_bytes()
    shell.refuses(1, "export", "--shrink", shelf["mlp"], "-o", "x.pt2", says="prune --channels")
    shell.refuses(2, "export", "--shrink", "made.st", "-o", "x.pt", says="pt2")
    onnx = pytest.importorskip("onnx")
    shell.ok("export", "--shrink", "made.st", "-o", "small.onnx")
    held = {t.name: list(t.dims) for t in onnx.load(shell / "small.onnx").graph.initializer}
    weight = Ticket.load(shell / "made.st").masks["fc1.weight"]
    assert held["fc1.weight"] == [int(weight.any(axis=1).sum()), weight.shape[1]]

"""Architectures by name: their sizes, their form on small images, and masks that hold in them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from sparsetool import allow
from sparsetool.compute.device import Place
from sparsetool.data.resident import DataSet
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.masks.masking import mask
from sparsetool.networks.build import build, prunable_names
from sparsetool.networks.init import init
from sparsetool.ticket.value import Ticket
from sparsetool.training.cycles import train_cycles
from sparsetool.training.loop import Learner
from sparsetool.training.settings import resolve
from tests.reference.own_network import ODD

PHOTO, SMALL, DIGIT = (3, 224, 224), (3, 32, 32), (1, 8, 8)

# Published parameter counts at 1000 classes (torchvision's and timm's tables).
PUBLISHED = [
    ("mobilenet-v2", 3_504_872),
    ("mobilenet-v3-small", 2_542_856),
    ("efficientnet-b0", 5_288_548),
    ("deit-tiny", 5_717_416),
    ("vit-tiny", 5_717_416),
    ("torchvision:densenet121", 7_978_856),
    ("torchvision:resnext50-32x4d", 25_028_904),
]


@pytest.mark.parametrize(("spec", "parameters"), PUBLISHED)
def test_published_sizes(spec: str, parameters: int) -> None:
    assert sum(p.numel() for p in build(spec, 1000, PHOTO).parameters()) == parameters


def convolution(width_in: int, width: int) -> int:
    return 9 * width_in * width + width


# VGG11 by hand: eight 3x3 convolutions with biases and batch norm, one linear layer.
VGG11 = [64, 128, 256, 256, 512, 512, 512, 512]
VGG11_SMALL = (
    sum(convolution(i, o) + 2 * o for i, o in zip([3, *VGG11], VGG11, strict=False)) + 512 * 10 + 10
)
# LeNet-5 by hand, at 32x32: 5x5 convolutions to 6 and 16 channels, 400-120-84-10.
LENET5 = (25 * 6 + 6) + (25 * 6 * 16 + 16) + (400 * 120 + 120) + (120 * 84 + 84) + (84 * 10 + 10)


@pytest.mark.parametrize(
    ("spec", "input", "parameters"),
    [
        ("vgg11-bn", SMALL, VGG11_SMALL),
        ("lenet5", (1, 28, 28), LENET5),
        ("lenet5", DIGIT, LENET5),
        ("mobilenet-v2", SMALL, 3_504_872 - 990 * 1281),  # the head alone depends on classes
        ("torchvision:resnet18", SMALL, 11_173_962),
    ],
)
def test_small_sizes(spec: str, input: tuple[int, int, int], parameters: int) -> None:
    assert sum(p.numel() for p in build(spec, 10, input).parameters()) == parameters


@pytest.mark.parametrize(
    ("spec", "layer", "sides"),
    [  # side of the maps that reach the named layer, at 32 and at 8 pixels
        ("vgg11-bn", "avgpool", (1, 1)),
        ("mobilenet-v2", "features.18", (4, 1)),
        ("efficientnet-b0", "avgpool", (4, 1)),
        ("convnext-tiny", "avgpool", (4, 1)),
    ],
)
def test_small_images_keep_some_pixels(spec: str, layer: str, sides: tuple[int, int]) -> None:
    seen = []
    for input in (SMALL, DIGIT):
        network = build(spec, 7, input).eval()
        network.get_submodule(layer).register_forward_hook(
            lambda module, given, made: seen.append(given[0].shape[-1])
        )
        with torch.no_grad():
            assert network(torch.zeros(2, *input)).shape == (2, 7)
    assert tuple(seen) == sides


@pytest.mark.parametrize(
    ("spec", "side", "patch"), [("vit-tiny", 8, 1), ("vit-tiny", 28, 4), ("vit-tiny", 32, 4)]
)
def test_vit_tiny_adapts_its_patch(spec: str, side: int, patch: int) -> None:
    network = build(spec, 10, (1, side, side)).eval()
    assert network.conv_proj.weight.shape == (192, 1, patch, patch)
    assert network.encoder.pos_embedding.shape == (1, (side // patch) ** 2 + 1, 192)
    names = prunable_names(network)
    assert len(names) == 1 + 12 * 4 + 1  # patches, four matrices a layer, head
    assert not [name for name in names if "embedding" in name or "token" in name]


def test_vit_tiny_takes_a_patch() -> None:
    assert build("vit-tiny:8", 10, SMALL).conv_proj.weight.shape == (192, 3, 8, 8)


@pytest.mark.parametrize(
    ("spec", "input", "says"),
    [
        ("vit-tiny:5", SMALL, "5x5"),
        ("vit-tiny:x", SMALL, "side of a patch"),
        ("deit-tiny", DIGIT, "vit-tiny"),
        ("torchvision:vit_b_16", (3, 28, 28), "multiple of 16"),
        ("torchvision:resnet19", SMALL, "did you mean resnet"),
        ("torchvision:googlenet", PHOTO, "no network"),
        ("torchvision:densenet121", SMALL, "under 64"),
        ("torchvision", SMALL, "torchvision:NAME"),
        ("lenet5", PHOTO, "64"),
        ("mobilenet-v2:3", SMALL, "no argument"),
    ],
)
def test_what_cannot_be_is_explained(spec: str, input: tuple[int, int, int], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        build(spec, 10, input)


def test_without_timm_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(SparsetoolError, match="pip install timm"):
        build("timm:resnet10t", 10, SMALL)


# -- masks go by name -----------------------------------------------------------------------------

LAYERS = ["stem", "depthwise", "grouped", "up", "attention.in_proj_weight"]
LAYERS += ["attention.out_proj", "first", "head"]


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(ODD)
    return path


def zero_off_mask(weights: dict[str, np.ndarray], ticket: Ticket) -> None:
    """Exactly +0.0, bit for bit, at some places of every prunable weight."""
    for name in ticket.prunable:
        off = weights[name][~ticket.masks[name]]
        assert off.size, name
        assert not off.view(np.uint32).any(), name


def moved(before: Ticket, weights: dict[str, np.ndarray]) -> list[str]:
    """Prunable weights of which most kept ones have another value than before."""
    return [
        name
        for name in before.prunable
        if (weights[name] != before.weights[name])[before.masks[name]].mean() > 0.5
    ]


def allowed(spec: str) -> str:
    """The name of code that the whole test may run."""
    allow(spec)
    return spec


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adamw"])
def test_every_kind_of_layer_trains_and_stays_masked(net: Path, optimizer: str) -> None:
    ticket = mask(
        init(allowed(f"{net}:odd")),
        criterion="random",
        density="uniform",
        sparsity=0.5,
        min_per_layer=1,
    )
    assert list(ticket.prunable) == [f"{n}.weight" if "proj_" not in n else n for n in LAYERS]
    settings = resolve(ticket, {"epochs": 1, "batch_size": 360, "optimizer": optimizer})
    learner = Learner(ticket, settings, 0, DataSet("digits"), Place("cpu", "fp32", 1))
    stops = iter([False, False, True])
    assert not learner.run_epoch(lambda: next(stops))
    weights = learner.weights()
    zero_off_mask(weights, ticket)
    for name in ticket.prunable:
        for state in learner.optimizer.state[learner.parameters[name]].values():
            if state.shape == ticket.masks[name].shape:
                off = state.numpy()[~ticket.masks[name]]
                assert not off.view(np.uint32).any(), name
    assert moved(ticket, weights) == list(ticket.prunable)


def test_tied_weights_stay_tied(net: Path) -> None:
    ticket = mask(init(allowed(f"{net}:odd")), criterion="random", density="uniform", sparsity=0.5)
    assert "again.weight" not in ticket.weights
    trained = train_cycles(ticket, epochs=1, batch_size=720)
    network = trained.model()
    assert network.again.weight is network.first.weight
    zero_off_mask({"first.weight": network.first.weight.detach().numpy()}, _only(ticket, "first"))


def _only(ticket: Ticket, layer: str) -> Ticket:
    name = f"{layer}.weight"
    meta = {**ticket.meta, "prunable": [name]}
    return Ticket({name: ticket.weights[name]}, {name: ticket.masks[name]}, meta)


@pytest.mark.parametrize("spec", ["lenet5", "mlp:20"])
def test_two_masked_cycles(spec: str) -> None:
    """The larger ones (ViT-Tiny, MobileNetV2, EfficientNet-B0) take minutes: run by hand."""
    ticket = mask(init(spec), criterion="random", density="uniform", sparsity=0.8)
    trained = train_cycles(ticket, n=2, epochs=1, batch_size=360, lr=0.01)
    zero_off_mask(dict(trained.weights), ticket)
    assert trained.sparsity == ticket.sparsity
    assert moved(ticket, dict(trained.weights)) == list(ticket.prunable)


def test_a_block_of_mobilenet_trains_masked() -> None:
    """One step of a whole MobileNetV2: depthwise layers, and dropout."""
    ticket = mask(init("mobilenet-v2"), criterion="random", density="erk", sparsity=0.9)
    settings = resolve(ticket, {"epochs": 1, "batch_size": 16})
    learner = Learner(ticket, settings, 0, DataSet("digits"), Place("cpu", "fp32", 1))
    stops = iter([False, True])
    learner.run_epoch(lambda: next(stops))
    for name, array in learner.weights().items():
        if name in ticket.masks:
            assert not array[~ticket.masks[name]].view(np.uint32).any(), name

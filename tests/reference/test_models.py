"""Networks: their sizes, names and arithmetic."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from sparsetool.compute.torchvision import torchvision
from sparsetool.errors import UsageError
from sparsetool.networks.build import build, prunable_names

# Parameters, prunable weights, prunable layers, at ten classes (reference.md for the first three;
# the rest by hand from the widths: every further block of a stage has two convolutions).
SIZES = [
    ("resnet20", (3, 32, 32), 272_474, 270_896, 22),
    ("resnet20", (1, 8, 8), 272_186, 270_608, 22),
    ("resnet18", (3, 32, 32), 11_173_962, 11_164_352, 21),
    ("mlp", (1, 8, 8), 50_610, 50_200, 3),
]


@pytest.mark.parametrize(("spec", "input", "parameters", "prunable", "layers"), SIZES)
def test_sizes(
    spec: str, input: tuple[int, int, int], parameters: int, prunable: int, layers: int
) -> None:
    network = build(spec, 10, input)
    names = prunable_names(network)
    held = dict(network.named_parameters())
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert sum(held[name].numel() for name in names) == prunable
    assert len(names) == layers


@pytest.mark.parametrize("depth", [20, 32, 44, 56, 110])
def test_depths_add_blocks(depth: int) -> None:
    """Each further block of a stage of width w holds two 3x3 convolutions of w channels."""
    more = (depth - 20) // 6
    names = prunable_names(build(f"resnet{depth}", 10, (3, 32, 32)))
    network = build(f"resnet{depth}", 10, (3, 32, 32)).state_dict()
    assert len(names) == depth + 2
    expected = 270_896 + more * sum(2 * 9 * width**2 for width in (16, 32, 64))
    assert sum(network[name].numel() for name in names) == expected


def test_resnet20_multiply_accumulates() -> None:
    """Strides and shortcuts are where they should be: 40,813,184 at 32x32."""
    network = build("resnet20", 10, (3, 32, 32)).eval()
    total = 0

    def count(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel() * layer.weight[0].numel()

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    network(torch.zeros(1, 3, 32, 32))
    assert total == 40_813_184


def resnet20_by_hand(w: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """ResNet20 in evaluation mode, written out from He et al. 2016."""

    def norm(name: str, h: torch.Tensor) -> torch.Tensor:
        shape = (1, -1, 1, 1)
        mean, var = w[name + ".running_mean"].view(shape), w[name + ".running_var"].view(shape)
        scale, shift = w[name + ".weight"].view(shape), w[name + ".bias"].view(shape)
        return (h - mean) / torch.sqrt(var + 1e-5) * scale + shift

    h = norm("bn1", functional.conv2d(x, w["conv1.weight"], padding=1)).clamp(min=0)
    for stage in (1, 2, 3):
        for block in (0, 1, 2):
            at = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            inner = functional.conv2d(h, w[at + ".conv1.weight"], stride=stride, padding=1)
            inner = norm(at + ".bn1", inner).clamp(min=0)
            inner = norm(at + ".bn2", functional.conv2d(inner, w[at + ".conv2.weight"], padding=1))
            if at + ".downsample.0.weight" in w:
                h = functional.conv2d(h, w[at + ".downsample.0.weight"], stride=stride)
                h = norm(at + ".downsample.1", h)
            h = (inner + h).clamp(min=0)
    return h.mean((2, 3)) @ w["fc.weight"].T + w["fc.bias"]


def test_resnet20_is_the_published_network() -> None:
    network = build("resnet20", 10, (1, 8, 8)).double().eval()
    generator = torch.Generator().manual_seed(0)
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
        elif tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.3)
    x = torch.randn(3, 1, 8, 8, generator=generator, dtype=torch.float64)
    with torch.no_grad():
        expected = resnet20_by_hand(dict(network.state_dict()), x)
        torch.testing.assert_close(network(x), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50"])
def test_imagenet_networks_keep_torchvisions_names(name: str) -> None:
    """The form for large images is torchvision's; the small stem differs in conv1 alone."""
    theirs = getattr(torchvision().models, name)(num_classes=7).state_dict()
    large = build(name, 7, (3, 224, 224)).state_dict()
    small = build(name, 7, (3, 63, 64)).state_dict()
    assert {k: v.shape for k, v in large.items()} == {k: v.shape for k, v in theirs.items()}
    assert list(small) == list(theirs)
    assert [k for k in small if small[k].shape != theirs[k].shape] == ["conv1.weight"]


def test_small_stem_does_not_shrink_images() -> None:
    network = build("resnet18", 10, (1, 8, 8)).eval()
    seen = []
    network.layer1.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    assert network(torch.zeros(2, 1, 8, 8)).shape == (2, 10)
    assert seen == [(2, 64, 8, 8)]


OURS = ["mlp", *(f"resnet{depth}" for depth in (18, 20, 32, 34, 44, 50, 56, 110))]


def test_small_images_fit() -> None:
    for name in OURS:
        network = build(name, 10, (1, 8, 8)).eval()
        assert network(torch.zeros(2, 1, 8, 8)).shape == (2, 10), name


def test_mlp_widths() -> None:
    shapes = {k: tuple(v.shape) for k, v in build("mlp:5-4", 3, (1, 2, 3)).state_dict().items()}
    assert shapes["fc1.weight"] == (5, 6)
    assert shapes["fc2.weight"] == (4, 5)
    assert shapes["fc3.weight"] == (3, 4)
    assert len(shapes) == 6


@pytest.mark.parametrize(
    "spec", ["mlp:", "mlp:5-0", "mlp:5-x", "mlp:-3", "resnet20:3", "resnet18:"]
)
def test_bad_arguments(spec: str) -> None:
    with pytest.raises(UsageError, match=spec.partition(":")[0]):
        build(spec, 10, (1, 8, 8))


def test_unknown_model_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="resnet20"):
        build("resnet21", 10, (1, 8, 8))

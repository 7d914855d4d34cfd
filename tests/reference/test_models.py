"""Networks: their sizes, names and arithmetic, and their way to tickets and back."""

import importlib

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from sparsetool import registry
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.ticket import Ticket
from sparsetool.training import module as modules
from sparsetool.training import vision
from sparsetool.training.birth import init
from sparsetool.training.module import build, from_module, prunable_names, to_module

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
    theirs = getattr(vision.torchvision().models, name)(num_classes=7).state_dict()
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


def test_every_model_takes_the_digits() -> None:
    for name in registry.members("models"):
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
        vision.torchvision.__wrapped__()


def test_missing_torchvision_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torchvision'", name="torchvision")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(SparsetoolError, match="pip install torchvision"):
        vision.torchvision.__wrapped__()

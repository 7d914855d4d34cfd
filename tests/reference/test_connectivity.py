"""Paths through a network against what the network computes.

With weights replaced by their magnitudes, without biases and on positive images, nothing can
cancel: a weight lies on a path exactly if it is kept and the logits change with it, and a channel
is alive exactly if it is not zero and the logits change with it. That is taken from a float64
forward and backward pass of the masked network, which knows nothing of graphs. Padding is made
circular for it, so that no position of a kernel meets nothing but padding.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from sparsetool.analysis.connectivity import connectivity
from sparsetool.errors import SparsetoolError
from sparsetool.ticket import Ticket
from sparsetool.training.module import build, from_module, prunable_names
from sparsetool.training.provenance import Graph, runs
from sparsetool.training.tracing import trace
from sparsetool.training.vision import torchvision

# -- networks ------------------------------------------------------------------------------------


class Residual(nn.Module):
    """A projection, an identity, groups, depthwise convolution and a flattened head."""

    input = (2, 6, 6)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.deep = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.point = nn.Conv2d(4, 6, 1)
        self.short = nn.Conv2d(4, 6, 1)
        self.pair = nn.Conv2d(6, 6, 3, padding=1, groups=2)
        self.head = nn.Linear(6 * 9, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.relu_(self.norm(self.stem(x)))
        h = self.point(self.deep(h)).relu() + self.short(h)
        h = h + self.pair(h)
        return self.head(functional.avg_pool2d(h, 2).view(h.size(0), -1))


class Concatenated(nn.Module):
    """Concatenations, slices, a channel shuffle, a padded shortcut, and a tied layer."""

    input = (3, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv2d(3, 4, 1)
        self.two = nn.Conv2d(7, 4, 1)
        self.up = nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2)
        self.first = nn.Linear(6, 6)
        self.again = nn.Linear(6, 6)
        self.again.weight = self.first.weight
        self.head = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = torch.cat([x, self.one(x)], 1)
        h = self.two(h)
        left, right = h.chunk(2, dim=1)
        h = torch.stack([left, right], dim=2).flatten(1, 2)  # shuffled
        h = functional.pad(x, (0, 0, 0, 0, 1, 0)) + h
        h = self.up(h).mean((2, 3))
        h = self.again(torch.tanh(self.first(h)))
        return self.head(torch.cat([h, h[:, 1:3]], dim=-1))


class Squeezed(nn.Module):
    """Squeeze and excitation, and a plain product."""

    input = (2, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(2, 5, 3, padding=1)
        self.squeeze = nn.Linear(5, 3)
        self.excite = nn.Linear(3, 5)
        self.left = nn.Conv2d(5, 4, 1)
        self.right = nn.Conv2d(5, 4, 1)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.stem(x)
        gate = torch.sigmoid(self.excite(self.squeeze(h.mean([-1, -2]))))
        h = gate.view(2, 5, 1, 1) * h
        return self.head((self.left(h) * self.right(h)).sum((2, 3)))


class Attending(nn.Module):
    """A small vision transformer: patches, a class token, two forms of attention.

    Places are scaled apart, as scores of equal places would cancel in the softmax.
    """

    input = (1, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 4, 2, stride=2)
        self.token = nn.Parameter(torch.ones(1, 1, 4))
        self.register_buffer("places", 1 + torch.arange(5).sqrt().reshape(1, 5, 1))
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True, bias=False)
        self.qkv = nn.Linear(4, 12)
        self.project = nn.Linear(4, 4)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.patches(x).flatten(2).transpose(1, 2)
        h = torch.cat([self.token.expand(len(h), -1, -1), h], dim=1)
        h = h * self.places
        h = (h + self.attention(h, h, h, need_weights=False)[0]) * self.places
        q, k, v = self.qkv(h).reshape(len(h), 5, 3, 2, 2).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(q, k, v)
        h = self.project(mixed.transpose(1, 2).reshape(len(h), 5, 4))
        return self.head(h.mean(1))


NETWORKS: list[type[nn.Module]] = [Residual, Concatenated, Squeezed, Attending]


# -- the reference -------------------------------------------------------------------------------


def positive(module: nn.Module, masks: dict[str, np.ndarray], draw: torch.Generator) -> None:
    """Make weights random and positive on their masks, constants 0; float64, evaluation."""
    module.double().eval()
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            layer.padding_mode = "circular"
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            values = torch.rand(parameter.shape, generator=draw, dtype=torch.float64) + 0.5
            if name in masks:
                # Small, so that a sigmoid's slope does not vanish.
                parameter.copy_(0.1 * values * torch.from_numpy(masks[name]))
            elif name.endswith("bias") or name == "token":
                parameter.zero_()
            else:
                parameter.copy_(values)


def by_computing(
    module: nn.Module, masks: dict[str, np.ndarray], input: tuple[int, ...]
) -> tuple[dict[str, int], dict[str, np.ndarray], int]:
    """Weights on a path, by name; dead output channels, by name of a layer; logits reached."""
    draw = torch.Generator().manual_seed(0)
    positive(module, masks, draw)
    seen: dict[str, Tensor] = {}
    hooks = [
        layer.register_forward_hook(remember(seen, name))
        for name, layer in module.named_modules()
        if isinstance(layer, nn.Linear | nn.modules.conv._ConvNd)
    ]
    images = torch.rand(2, *input, generator=draw, dtype=torch.float64) + 0.5
    logits = module(images)
    logits.sum().backward()
    for hook in hooks:
        hook.remove()
    parameters = dict(module.named_parameters())
    effective = {}
    for name, mask in masks.items():
        gradient = parameters[name].grad
        effective[name] = int(np.count_nonzero(gradient.numpy() * mask))
    dead = {}
    for name, output in seen.items():
        alive = (output != 0) & (output.grad != 0)
        dims = [dim for dim in range(output.dim()) if dim != channel_dim(module, name, output)]
        dead[name + ".weight"] = ~alive.any(dim=tuple(dims)).numpy() if dims else ~alive.numpy()
    module.zero_grad()
    return effective, dead, int((logits != 0).any(0).sum())


def remember(seen: dict[str, Tensor], name: str) -> Callable[..., None]:
    def hook(layer: nn.Module, inputs: Any, output: Tensor) -> None:
        output.retain_grad()
        seen[name] = output

    return hook


def channel_dim(module: nn.Module, name: str, output: Tensor) -> int:
    linear = isinstance(module.get_submodule(name), nn.Linear)
    return output.dim() - 1 if linear else 1


def masked(
    module: nn.Module, input: tuple[int, ...], seed: int, density: float, exclude: list[str]
) -> Ticket:
    names = prunable_names(module, exclude)
    weights = from_module(module)
    draw = np.random.default_rng(seed)
    masks = {name: draw.random(weights[name].shape) < density for name in names}
    weights = {k: np.where(masks[k], v, 0) if k in masks else v for k, v in weights.items()}
    meta = {"model": "test", "prunable": names, "graph": trace(module, input)}
    return Ticket(weights, masks, meta)


@pytest.mark.parametrize("network", NETWORKS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), density=st.sampled_from([0.1, 0.3, 0.6, 1.0]))
def test_paths_are_what_the_network_computes(
    network: type[nn.Module], seed: int, density: float
) -> None:
    module = network()
    ticket = masked(module, network.input, seed, density, [])
    found = connectivity(ticket)
    effective, dead, classes = by_computing(module, dict(ticket.masks), network.input)
    assert found.traced
    assert found.effective == effective
    assert found.classes == classes
    assert found.connected == (classes > 0)
    for name, channels in dead.items():
        # A tied layer's channels live by either use; attention's output has no hook of its own.
        if name in found.dead and name not in ("first.weight", "again.weight"):
            np.testing.assert_array_equal(found.dead[name], channels, err_msg=name)
    total = sum(mask.size for mask in ticket.masks.values())
    assert found.sparsity == pytest.approx(1 - sum(effective.values()) / total)


@pytest.mark.parametrize("seed", range(3))
def test_resnet20_at_98_percent(seed: int) -> None:
    module = build("resnet20", 10, (1, 8, 8))
    ticket = masked(module, (1, 8, 8), seed, 0.02, [])
    found = connectivity(ticket)
    effective, dead, classes = by_computing(module, dict(ticket.masks), (1, 8, 8))
    assert found.effective == effective
    assert 0 < sum(effective.values()) < sum(ticket.kept_by_layer.values())
    assert found.classes == classes
    for name in ticket.prunable:
        np.testing.assert_array_equal(found.dead[name], dead[name], err_msg=name)


def test_excluded_layers_are_whole() -> None:
    module = Residual()
    ticket = masked(module, Residual.input, 3, 0.3, ["short", "deep"])
    found = connectivity(ticket)
    everything = dict(ticket.masks)
    effective, dead, _ = by_computing(module, everything, Residual.input)
    assert set(found.effective) == set(ticket.prunable)
    assert found.effective == effective
    np.testing.assert_array_equal(found.dead["short.weight"], dead["short.weight"])


def test_a_dense_ticket_is_all_alive() -> None:
    module = Residual()
    ticket = masked(module, Residual.input, 0, 1.0, [])
    found = connectivity(Ticket(ticket.weights, {}, ticket.meta))
    assert found.sparsity == 0
    assert found.effective == {n: int(np.prod(s)) for n, s in ticket.shapes.items()}
    assert not any(channels.any() for channels in found.dead.values())


def test_masks_alone_say_the_same() -> None:
    ticket = masked(Residual(), Residual.input, 3, 0.3, [])
    alone = Ticket({}, ticket.masks, ticket.meta, kind="mask")
    assert connectivity(alone).effective == connectivity(ticket).effective


def test_by_hand_on_a_chain() -> None:
    """Three layers of width 2: 0 -> 0 -> {0, 1} lives; the weights into and out of 1 do not."""
    module = build("mlp:2-2", 2, (2, 1, 1))
    ticket = masked(module, (2, 1, 1), 0, 1.0, [])
    masks = {
        "fc1.weight": np.array([[1, 0], [1, 1]], bool),
        "fc2.weight": np.array([[1, 0], [0, 0]], bool),
        "fc3.weight": np.array([[1, 1], [1, 1]], bool),
    }
    found = connectivity(Ticket(ticket.weights, masks, ticket.meta))
    assert found.effective == {"fc1.weight": 1, "fc2.weight": 1, "fc3.weight": 2}
    assert found.sparsity == pytest.approx(1 - 4 / 12)
    assert {k: v.tolist() for k, v in found.dead.items()} == {
        "fc1.weight": [False, True],
        "fc2.weight": [False, True],
        "fc3.weight": [False, False],
    }
    assert (found.empty, found.connected, found.classes) == ((), True, 2)


def test_an_empty_layer_cuts_a_chain_but_not_a_block() -> None:
    module = build("resnet20", 10, (1, 8, 8))
    ticket = masked(module, (1, 8, 8), 0, 1.0, [])

    def without(*names: str) -> Ticket:
        masks = {k: m & (k not in names) for k, m in ticket.masks.items()}
        return Ticket({}, masks, ticket.meta, kind="mask")

    arm = connectivity(without("layer2.0.downsample.0.weight"))
    assert (arm.empty, arm.connected) == (("layer2.0.downsample.0.weight",), True)
    both = connectivity(without("layer2.0.downsample.0.weight", "layer2.0.conv2.weight"))
    assert (both.connected, both.classes, both.sparsity) == (False, 0, 1.0)
    inner = connectivity(without("layer1.0.conv1.weight"))
    assert inner.effective["layer1.0.conv2.weight"] == 0
    assert inner.connected
    assert not connectivity(without("fc.weight")).connected


def test_without_a_graph_only_emptiness_is_known() -> None:
    ticket = masked(Residual(), Residual.input, 0, 0.5, [])
    masks = {**ticket.masks, "stem.weight": np.zeros((4, 2, 3, 3), bool)}
    found = connectivity(Ticket(ticket.weights, masks, {**ticket.meta, "graph": None}))
    assert found.empty == ("stem.weight",)
    assert not found.traced
    assert (found.connected, found.sparsity, found.effective) == (None, None, None)


# -- tracing -------------------------------------------------------------------------------------


def test_the_graph_of_a_small_network() -> None:
    """By hand: channels 0 is the input's, 1 to 3 the hidden ones, 4 and 5 the logits."""
    assert trace(build("mlp:3", 2, (1, 2, 2)), (1, 2, 2)) == [
        {"op": "input", "n": 1, "in": []},
        {"op": "layer", "n": 3, "in": [[[0, 1, 4]]], "weight": "fc1.weight"},
        {"op": "layer", "n": 2, "in": [[[1, 3]]], "weight": "fc2.weight"},
        {"op": "output", "n": 2, "in": [[[4, 2]]]},
    ]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("mobilenet_v3_small", {}),
        ("shufflenet_v2_x0_5", {}),
        ("densenet121", {}),
        ("regnet_y_400mf", {}),
        ("squeezenet1_1", {}),
        (
            "VisionTransformer",
            {
                "image_size": 32,
                "patch_size": 16,
                "num_layers": 2,
                "num_heads": 2,
                "hidden_dim": 8,
                "mlp_dim": 16,
            },
        ),
    ],
)
def test_published_networks_can_be_traced(name: str, facts: dict[str, int]) -> None:
    """Every prunable weight is there, and a dense network is alive from end to end."""
    module = getattr(torchvision().models, name)(num_classes=4, **facts)
    names = prunable_names(module)
    graph = trace(module, (3, 32, 32))
    shapes = {k: p.shape for k, p in module.named_parameters() if k in names}
    masks = {name: np.ones(shape, bool) for name, shape in shapes.items()}
    found = connectivity(Ticket({}, masks, {"prunable": names, "graph": graph}, kind="mask"))
    assert found.sparsity == 0
    assert found.classes == 4


class Foreign(nn.Module):
    """Multiplies activations as matrices, which is not known to the tracing."""

    def __init__(self, act: Callable[[Tensor, nn.Linear], Tensor]) -> None:
        super().__init__()
        self.act = act
        self.head = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(x.flatten(1), self.head)


def written(x: Tensor, head: nn.Linear) -> Tensor:
    x = x.clone()
    x[:, 0] = 1
    return head(x)


UNKNOWN: list[Callable[[Tensor, nn.Linear], Tensor]] = [
    lambda x, head: head(x @ torch.ones(4, 4)),
    lambda x, head: x @ head.weight.T,
    lambda x, head: functional.linear(x, head.weight * 2),
    lambda x, head: head(x.cumsum(1)),
    lambda x, head: head(torch.as_tensor(x.tolist())),
    lambda x, head: head(x)[0],
    written,
]


@pytest.mark.parametrize("place", range(len(UNKNOWN)))
def test_what_is_not_known_is_not_guessed(place: int) -> None:
    assert trace(Foreign(UNKNOWN[place]), (1, 2, 2)) is None


def test_tracing_leaves_the_module_alone() -> None:
    module = build("resnet20", 10, (1, 8, 8)).train()
    module.bn1.eval()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    trace(module, (1, 8, 8))
    assert module.training
    assert not module.bn1.training
    assert module.layer1[0].bn1.training
    for name, tensor in module.state_dict().items():
        assert torch.equal(tensor, before[name])


@pytest.mark.parametrize(
    "first", [nn.Linear(4, 2), nn.Conv2d(2, 2, 1), nn.ConvTranspose2d(3, 2, 1), nn.Conv2d(1, 2, 5)]
)
def test_an_input_that_does_not_fit_is_said(first: nn.Module) -> None:
    flat = [nn.Flatten()] if isinstance(first, nn.Linear) else []
    with pytest.raises(SparsetoolError, match=r"\[1, 4, 4\]"):
        trace(nn.Sequential(*flat, first), (1, 4, 4))


def test_layers_have_the_shape_they_would_have_computed() -> None:
    """Strides, dilation, groups and paddings in words and numbers, by position and by name."""
    layers = [
        nn.Conv2d(2, 4, 3, stride=2, dilation=2, groups=2),
        nn.Conv2d(4, 6, 3, padding="same"),
        nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2),
        nn.Flatten(),
    ]
    body = nn.Sequential(*layers)
    size = body(torch.zeros(1, 2, 9, 11)).shape[1]
    assert trace(nn.Sequential(body, nn.Linear(size, 3)), (2, 9, 11)) is not None


def part_written(x: Tensor, head: nn.Linear) -> Tensor:
    part = x[:, :2]
    part += x[:, 2:]
    return head(x)


def test_a_part_changed_in_place_is_not_guessed() -> None:
    assert trace(Foreign(part_written), (1, 2, 2)) is None


def test_two_activations_in_one_are_not_guessed() -> None:
    """A slope that depends on the image is no plain activation function."""
    slope = Foreign(lambda x, head: head(functional.prelu(x, x[0, :1])))
    assert trace(slope, (1, 2, 2)) is None


def test_places_that_differ_are_summed() -> None:
    """Two of the rows hold channels 5 and 6, the third one channel and constants."""
    graph = Graph()
    made = graph.add("input", 7, [])
    twin = torch.tensor([[5, 5, 6], [6, 6, 5], [-1, 2, 2]])
    assert graph.collapsed(twin, [1]).squeeze(1).tolist()[:2] == [len(made) + 1] * 2
    assert graph.nodes[1] == {"op": "sum", "n": 2, "in": [[[2, 1], [6, 1]], [[-1, 1], [5, 1]]]}


@given(st.lists(st.integers(-1, 6), max_size=20))
def test_runs_can_be_read_back(channels: list[int]) -> None:
    read = [
        channel
        for first, count, *repeat in runs(np.array(channels, dtype=np.int64))
        for channel in range(first, first + count)
        for _ in range(repeat[0] if repeat else 1)
    ]
    assert read == channels

"""Graphs between layers: by hand on small networks, whole on published ones, or none at all."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from sparsetool.compute.torchvision import torchvision
from sparsetool.errors import SparsetoolError
from sparsetool.layer_graph.channels import Graph, runs
from sparsetool.layer_graph.paths import connectivity
from sparsetool.layer_graph.trace import trace
from sparsetool.networks.build import build, prunable_names
from sparsetool.ticket.value import Ticket


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

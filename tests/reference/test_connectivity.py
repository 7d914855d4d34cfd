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

from sparsetool.layer_graph.paths import connectivity
from sparsetool.layer_graph.trace import trace
from sparsetool.networks.build import build, from_module, prunable_names
from sparsetool.ticket.value import Ticket
from tests.reference.path_networks import NETWORKS, Residual


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

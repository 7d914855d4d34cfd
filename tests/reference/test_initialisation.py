"""Fresh tickets: the distribution of their weights and the facts of their birth."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from sparsetool.errors import UsageError
from sparsetool.networks.init import INITS, init, initial
from sparsetool.ticket.checks import FACTS
from sparsetool.ticket.draws import Draws


def spread(array: np.ndarray) -> float:
    return float(np.sqrt(np.mean(array.astype(np.float64) ** 2)))


def test_kaiming_has_the_published_spread() -> None:
    """Standard deviation sqrt(2 / fan-in) within 4 standard errors, and normal fourth moments."""
    ticket = init("resnet20")
    for name in ticket.prunable:
        array = ticket.weights[name].astype(np.float64)
        wanted = math.sqrt(2 / math.prod(array.shape[1:]))
        error = 4 * wanted / math.sqrt(2 * array.size)
        assert abs(spread(array) - wanted) < error, name
        assert abs(array.mean()) < 4 * wanted / math.sqrt(array.size), name
    everything = np.concatenate(
        [ticket.weights[n].ravel() / spread(ticket.weights[n]) for n in ticket.prunable]
    )
    assert abs(np.mean(everything.astype(np.float64) ** 4) - 3) < 0.1


def test_weights_come_from_keyed_draws() -> None:
    ticket = init("resnet20", seed=5)
    name = "layer2.0.conv1.weight"
    normal = Draws(5, "initialisation", name=name).normal(32 * 16 * 9)
    expected = (normal * math.sqrt(2 / (16 * 9))).reshape(32, 16, 3, 3).astype(np.float32)
    np.testing.assert_array_equal(ticket.weights[name], expected)


def test_biases_and_normalisation() -> None:
    ticket = init("resnet20")
    bias = ticket.weights["fc.bias"]
    assert np.all(np.abs(bias) <= 1 / math.sqrt(64))
    assert len(np.unique(bias)) == 10
    for name, array in ticket.weights.items():
        if "bn" in name or "downsample.1" in name:
            wanted = 1 if name.endswith(("weight", "running_var")) else 0
            assert np.all(array == wanted), name
    large = init("mlp:2000").weights["fc1.bias"]
    assert abs(spread(large) * math.sqrt(3) - 1 / 8) < 0.01  # uniform in +-1/sqrt(64)
    assert abs(large.mean()) < 0.01


def test_facts_of_birth() -> None:
    ticket = init("resnet20", data="cifar10", seed=3)
    assert tuple(ticket.meta) == FACTS
    assert ticket.meta["classes"] == 10
    assert ticket.meta["input"] == [3, 32, 32]
    assert ticket.meta["data"] == "cifar10"
    assert ticket.seed == 3
    assert ticket.total == ticket.kept == 270_896
    assert ticket.meta["buffers"][:3] == [f"bn1.{x}" for x in BUFFERS]
    assert not set(ticket.meta["buffers"]) & {n for n, _ in ticket.model().named_parameters()}
    (record,) = ticket.lineage
    assert record["verb"] == "init"
    assert record["options"] == {"model": "resnet20", "data": "cifar10"}
    assert record["inputs"] == {}
    assert record["achieved"] == {"kept": 270_896, "prunable": 270_896}
    assert record["versions"]["torch"] == torch.__version__


BUFFERS = ("running_mean", "running_var", "num_batches_tracked")


@pytest.mark.parametrize("how", INITS)
def test_same_seed_same_bytes(how: str) -> None:
    first = init("mlp:20", init=how)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    second = init("mlp:20", init=how)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.to_bytes() == second.to_bytes()
    other = init("mlp:20", init=how, seed=1)
    for name in first.weights:
        assert not np.any(first.weights[name] == other.weights[name]), name


def test_the_models_own() -> None:
    """PyTorch's default for linear layers: uniform in +-1 / sqrt(fan-in)."""
    ticket = init("mlp:500", init="model")
    array = ticket.weights["fc1.weight"]
    assert np.abs(array).max() <= 1 / 8
    assert abs(spread(array) * math.sqrt(3) - 1 / 8) < 0.002
    assert ticket.lineage[0]["options"]["init"] == "model"


def test_fan_out_is_torchvisions() -> None:
    ticket = init("resnet20", init="kaiming-fan-out")
    array = ticket.weights["layer2.0.conv1.weight"]  # 16 to 32 channels: fan-out 288, fan-in 144
    assert abs(spread(array) / math.sqrt(2 / 288) - 1) < 0.06
    head = ticket.weights["fc.weight"]
    assert np.abs(head).max() <= 1 / 8


def test_excluded_weights_are_recorded() -> None:
    ticket = init("resnet20", exclude=["*downsample*"])
    assert len(ticket.prunable) == 20
    assert ticket.lineage[0]["options"]["exclude"] == ["*downsample*"]
    plain = init("resnet20")
    for name, array in plain.weights.items():
        np.testing.assert_array_equal(array, ticket.weights[name])


def test_unknown_initialisation() -> None:
    with pytest.raises(UsageError, match="kaiming"):
        init("mlp", init="kaming")


class Attention(nn.Module):
    """What image transformers hold besides convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.full((1, 6), 0.25))
        self.attention = nn.MultiheadAttention(6, 2)
        self.norm = nn.LayerNorm(6)
        self.depthwise = nn.Conv2d(6, 6, 3, groups=6)
        self.first = nn.Linear(6, 6)
        self.again = nn.Linear(6, 6, bias=False)
        self.again.weight = self.first.weight


def test_attention_groups_and_ties() -> None:
    network = Attention()
    nn.init.constant_(network.norm.weight, 3.0)
    values = initial(network, 0, "kaiming")
    assert "token" not in values
    assert "attention.in_proj_bias" not in values
    assert np.all(values["attention.out_proj.bias"] == 0)
    assert np.all(values["norm.weight"] == 1)
    assert "again.weight" not in values
    normal = Draws(0, "initialisation", name="depthwise.weight").normal(54)
    expected = (normal * math.sqrt(2 / 9)).astype(np.float32)  # one input channel a group
    np.testing.assert_array_equal(values["depthwise.weight"].ravel(), expected)
    assert values["attention.in_proj_weight"].shape == (18, 6)

"""Costs against published counts and sums made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

import pytest

from sparsetool import init, mask
from sparsetool.analysis.costs import flops, uses
from sparsetool.analysis.memory import bitmask_ratio, memory
from sparsetool.analysis.training_costs import CONVENTIONS
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.layer_graph.tensors import tensors
from sparsetool.networks.build import build
from sparsetool.ticket.value import Ticket

# Output positions of ResNet20's stages on 8x8 images.
POSITIONS = {"conv1": 64, "layer1": 64, "layer2": 16, "layer3": 4, "fc": 1}


def macs(model: str, classes: int, input: tuple[int, int, int]) -> int:
    sizes = {name: t.numel() for name, t in tensors(build(model, classes, input)).items()}
    return sum(times * sizes[name] for name, times in uses(model, classes, input).items())


def test_published_counts() -> None:
    assert macs("resnet20", 10, (3, 32, 32)) == 40_813_184
    assert abs(macs("resnet50", 1000, (3, 224, 224)) / 4.09e9 - 1) < 0.01


def test_an_attention_projection_is_counted_at_every_token() -> None:
    """A vision transformer at 224 with 16x16 patches has 196 patches and a class token."""
    found = uses("vit-b-16", 1000, (3, 224, 224))
    assert found["conv_proj.weight"] == 196
    layer = "encoder.layers.encoder_layer_0."
    assert found[layer + "self_attention.in_proj_weight"] == 197
    assert found[layer + "self_attention.out_proj.weight"] == 197
    assert found[layer + "mlp.0.weight"] == 197
    assert found["heads.head.weight"] == 1


def test_groups_multiply_each_weight_as_often_as_others() -> None:
    """MobileNetV2 has 300.8 million MACs (torchvision's table), most of them not depthwise."""
    assert abs(macs("mobilenet-v2", 1000, (3, 224, 224)) / 300.8e6 - 1) < 0.01


@pytest.mark.parametrize("share", ["erk", "balanced"])
def test_sparse_macs_are_those_of_the_kept_weights(share: str) -> None:
    ticket = mask(init("resnet20"), criterion="random", density=share, sparsity=0.9)
    by_hand = sum(
        POSITIONS[name.split(".")[0]] * kept for name, kept in ticket.kept_by_layer.items()
    )
    found = flops(ticket)
    assert found["macs_sparse"] == by_hand
    assert found["flops_sparse"] == 2 * by_hand
    assert found["flops"] == 2 * found["macs"]
    assert found["macs"] == sum(
        POSITIONS[name.split(".")[0]] * prod(shape) for name, shape in ticket.shapes.items()
    )
    assert [layer["name"] for layer in found["layers"]] == list(ticket.prunable)
    assert sum(layer["macs_sparse"] for layer in found["layers"]) == by_hand


def test_balanced_costs_more_than_erk_at_the_same_sparsity() -> None:
    """By hand, for 270,608 weights, of which 27,061 are kept.

    Balanced keeps 1,237 in most layers, and the stem (144), the first projection (512) and the head
    (640) whole; ERK is nearly proportional to the sum of a layer's sides, which is largest where
    positions are fewest.
    """
    found = {}
    for share in ("balanced", "erk"):
        ticket = mask(init("resnet20"), criterion="random", density=share, sparsity=0.9)
        assert ticket.kept == 27_061
        found[share] = flops(ticket)["macs_sparse"]
    rest = 27_061 - 144 - 512 - 640
    each = rest / 19  # 6 layers of 16 channels, 6 of 32, 7 of 64 (its projection has 2,048)
    balanced = 64 * (144 + 6 * each) + 16 * (512 + 6 * each) + 4 * 7 * each + 640
    assert abs(found["balanced"] / balanced - 1) < 1e-3
    sides = {16: 16 + 16 + 6, 32: 32 + 32 + 6, 64: 64 + 64 + 6}
    first = {32: 16 + 32 + 6, 64: 32 + 64 + 6}
    total = 6 * sides[16] + 5 * sides[32] + first[32] + 5 * sides[64] + first[64]
    total += (16 + 32 + 2) + (32 + 64 + 2)  # projections
    whole = 144 + 640  # the stem and the head have a density of 1
    scale = (27_061 - whole) / total
    erk = 64 * (144 + scale * 6 * sides[16])
    erk += 16 * scale * (5 * sides[32] + first[32] + 50)
    erk += 4 * scale * (5 * sides[64] + first[64] + 98) + 640
    assert abs(found["erk"] / erk - 1) < 1e-3
    assert found["balanced"] > 1.3 * found["erk"]


def test_what_is_excluded_from_pruning_still_costs() -> None:
    whole = flops(init("resnet20"))
    left = flops(init("resnet20", exclude=["*downsample*"]))
    assert left["macs"] == whole["macs"]
    assert len(left["layers"]) == len(whole["layers"]) == 22


# -- training ------------------------------------------------------------------------------------


def trained(ticket: Ticket, epochs: int = 4, done: int | None = None, seed: int = 0) -> Ticket:
    """As `train-cycles` records it: `done` of `epochs` epochs of 100 examples."""
    count = epochs if done is None else done
    achieved: dict[str, Any] = {
        "epochs": count,
        "steps": count * 10,
        "examples": count * 100,
        "layers": list(ticket.kept_by_layer.values()),
    }
    options = {"epochs": epochs, "momentum": 0.9, "data": "digits"}
    return ticket.derive("train-cycles", options, seed=seed, achieved=achieved)


def test_training_adds_up_over_the_masks_that_were() -> None:
    """A dense cycle, then 90% pruned and half a cycle: by hand for mlp:20 (64-20-10)."""
    dense = trained(init("mlp:20"))
    sparse = mask(dense, criterion="magnitude", sparsity=0.9)
    result = flops(trained(sparse, done=2))
    size, kept = 64 * 20 + 20 * 10, 148
    assert sparse.kept == kept
    assert result["train_flops"] == 3 * 2 * (400 * size + 200 * kept)
    assert result["train_flops_all"] == result["train_flops"]
    assert result["train_flops_relative"] == pytest.approx(1 + 0.5 * kept / size)


def test_the_dense_convention_counts_pruned_weights() -> None:
    sparse = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.5)
    result = flops(trained(trained(sparse)), convention="dense")
    assert result["train_flops_relative"] == 2
    assert result["convention"] == "dense"
    assert flops(trained(trained(sparse)))["train_flops_relative"] == 1
    with pytest.raises(UsageError, match="sparse"):
        flops(sparse, convention="spars")
    assert set(CONVENTIONS) == {"sparse", "dense"}


def test_every_ancestor_counts_once() -> None:
    """Coupling: a mask from one line, signs from another that is a moment of the first."""
    start = init("mlp:20")
    warm = trained(start, done=1)
    level = trained(start)
    other = trained(init("mlp:20", seed=1), seed=1)
    masked = other.derive("mask", {"from": True}, inputs={"from": level})
    signed = masked.derive("transfer-signs", {}, inputs={"from": warm})
    result = flops(trained(signed, seed=1))
    run = 3 * 2 * 400 * (64 * 20 + 20 * 10)
    assert result["train_flops"] == 2 * run
    assert result["train_flops_all"] == 3 * run  # warm is the first epoch of level
    assert result["train_flops_all_relative"] == 3


def test_a_ticket_that_was_never_trained_has_cost_nothing() -> None:
    result = flops(init("mlp:20"))
    assert result["train_flops"] == result["train_flops_all"] == 0
    assert result["train_flops_relative"] is None
    assert result["train_flops_all_relative"] is None


def test_a_lineage_of_another_network_is_refused() -> None:
    ticket = trained(init("mlp:20"))
    record = ticket.lineage[-1]
    odd = {**record, "achieved": {**record["achieved"], "layers": [1, 2, 3]}}
    with pytest.raises(SparsetoolError, match="3 prunable layers"):
        flops(replace(ticket, lineage=(*ticket.lineage[:-1], odd)))


def test_the_costs_of_a_real_training() -> None:
    from sparsetool import train_cycles

    sparse = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.5)
    result = flops(train_cycles(sparse, n=2, epochs=1))
    assert result["train_flops"] == 2 * 1437 * 3 * 2 * sparse.kept
    assert result["train_flops_relative"] == 1


# -- memory --------------------------------------------------------------------------------------


def test_the_memory_of_a_bitmask() -> None:
    assert bitmask_ratio(16, 0.2) == pytest.approx(0.8625)
    ticket = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.2)
    alone = replace(ticket, weights={}, kind="mask")
    found = memory(alone, bits=16)
    assert found["masks"] == 185
    assert found["weights"] == 2 * 1480
    assert found["packed"] == 2 * 1184 + 185
    assert found["packed_relative"] == pytest.approx(0.8625)


def test_the_memory_of_a_ticket(make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket()
    parameters = sum(map(prod, ticket.shapes.values())) + 3 + 3  # a batch norm, without buffers
    found = memory(ticket)
    assert found == {
        "weights": 4 * parameters,
        "packed": 4 * parameters,
        "masks": 0,
        "packed_relative": 1.0,
        "optimizer": 0,
    }
    assert memory(trained(ticket))["optimizer"] == 4 * parameters
    adam = ticket.derive(
        "train-cycles", {"optimizer": "adamw", "momentum": 0.9}, achieved={"examples": 1}
    )
    assert memory(adam)["optimizer"] == 8 * parameters


def test_masks_alone_have_costs_but_for_what_is_not_prunable() -> None:
    ticket = mask(init("resnet20"), criterion="random", density="erk", sparsity=0.9)
    alone = flops(replace(ticket, weights={}, kind="mask"))
    assert alone["macs_sparse"] == flops(ticket)["macs_sparse"]
    left = init("resnet20", exclude=["*downsample*"])
    masked = mask(left, criterion="random", density="erk", sparsity=0.9)
    with pytest.raises(SparsetoolError, match="masks alone"):
        flops(replace(masked, weights={}, kind="mask"))

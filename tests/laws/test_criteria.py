"""What every criterion promises: exact counts, keyed draws, an untouched ticket, honest records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import init, mask, prune
from sparsetool.data.samples import in_turns
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.layer_graph.paths import connectivity
from sparsetool.plugins import find
from sparsetool.ticket.value import Ticket

SCORING = [
    name for name in find.members("criteria") if hasattr(find.load("criteria", name), "score")
]
DATA = [n for n in SCORING if find.load("criteria", n).NEEDS == "data"]
COMPUTING = [n for n in SCORING if find.load("criteria", n).NEEDS in ("data", "network")]
SHARES = find.members("densities")


@pytest.fixture(scope="module")
def dense() -> Ticket:
    return init("mlp:9-8", seed=1)


@pytest.fixture(scope="module")
def parent() -> Ticket:
    return init("mlp:9-8", seed=2)


def needs(criterion: str, parent: Ticket) -> dict[str, Any]:
    """What must be given with a criterion, and what keeps it quick."""
    return {
        "data": {"batch_size": 20, "threads": "1"},
        "network": {"threads": "1"},
        "parent": {"parent": parent},
    }.get(find.load("criteria", criterion).NEEDS, {})


def test_the_members_are_found() -> None:
    assert {"snip", "grasp", "force-snip", "taylor", "fisher", "woodfisher"} <= set(DATA)
    assert {"synflow", *DATA} <= set(COMPUTING)
    assert {"random", "magnitude", "movement"} <= set(SCORING) - set(COMPUTING)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("criterion", SCORING)
def test_every_criterion_meets_every_share_exactly(
    criterion: str, share: str, dense: Ticket, parent: Ticket
) -> None:
    how = needs(criterion, parent)
    made = mask(
        dense,
        criterion=criterion,
        density=share,
        sparsity="0.7",
        iterations=2,
        min_per_layer=3,
        **how,
    )
    assert made.kept == round(0.3 * dense.total)
    assert min(made.kept_by_layer.values()) >= 3
    assert made.off_mask() == []
    left = prune(made, criterion=criterion, density=share, rate="0.5", **how)
    assert left.kept == round(made.kept / 2)
    for name, kept in left.masks.items():
        assert not (kept & ~made.masks[name]).any()


@pytest.mark.parametrize("criterion", COMPUTING)
def test_scoring_changes_nothing_but_the_mask(
    criterion: str, dense: Ticket, parent: Ticket
) -> None:
    """Neither the weights that stay nor torch's own random state, nor the input ticket."""
    before = {name: array.copy() for name, array in dense.weights.items()}
    state = torch.random.get_rng_state()
    made = mask(dense, criterion=criterion, sparsity="0.6", **needs(criterion, parent))
    assert torch.equal(torch.random.get_rng_state(), state)
    for name, array in before.items():
        assert (dense.weights[name] == array).all()
        kept = made.masks.get(name, np.ones(array.shape, dtype=bool))
        assert (made.weights[name] == np.where(kept, array, 0)).all()


def test_batch_norm_statistics_stay() -> None:
    """SNIP and GraSP normalise by the batch, which updates running statistics of a copy only."""
    dense = init("resnet20", seed=1)
    how = {"batch_size": 10, "threads": "1"}
    for criterion in ("snip", "grasp"):
        made = mask(dense, criterion=criterion, sparsity="0.6", iterations=2, **how)
        for name in dense.meta["buffers"]:
            assert (made.weights[name] == dense.weights[name]).all()


@pytest.mark.parametrize("criterion", COMPUTING)
def test_same_seed_same_bytes_another_seed_another_mask_alone(
    criterion: str, dense: Ticket, parent: Ticket
) -> None:
    how = {"criterion": criterion, "sparsity": "0.6", **needs(criterion, parent)}
    first, again, other = mask(dense, **how), mask(dense, **how), mask(dense, **how, seed=8)
    assert again.to_bytes() == first.to_bytes()
    same = all((first.masks[n] == other.masks[n]).all() for n in first.masks)
    assert same == (find.load("criteria", criterion).NEEDS == "network")
    for name in dense.weights:
        both = first.masks.get(name, True) & other.masks.get(name, np.array(True))
        assert (first.weights[name][both] == other.weights[name][both]).all()


def test_the_record_resolves_what_was_left_open(dense: Ticket) -> None:
    snip = mask(dense, criterion="snip", sparsity="0.6").lineage[-1]
    assert snip["options"] == {
        "criterion": "snip", "density": "global", "sparsity": "0.6",
        "data": "digits", "batches": 1, "batch_size": 128,
    }  # fmt: skip
    assert {"device", "precision", "threads"} <= set(snip)
    assert "torch" in snip["versions"]
    grasp = mask(dense, criterion="grasp", sparsity="0.6", threads="1").lineage[-1]["options"]
    assert (grasp["batch_size"], grasp["threads"]) == (100, "1")
    synflow = mask(dense, criterion="synflow", sparsity="0.6").lineage[-1]
    assert synflow["options"]["iterations"] == 100
    assert synflow["precision"] == "fp64"
    once = mask(dense, criterion="synflow", sparsity="0.6", iterations=1).lineage[-1]["options"]
    assert once["iterations"] == 1, "else it would be told again as 100"
    wood = prune(dense, criterion="woodfisher", sparsity="0.6", batch_size=9).lineage[-1]["options"]
    assert (wood["block_size"], wood["batch_size"]) == (50, 9)


@pytest.mark.parametrize(
    ("criterion", "how"),
    [
        ("random", {"data": "digits"}),
        ("magnitude", {"batch_size": 9}),
        ("magnitude", {"device": "cpu"}),
        ("synflow", {"batches": 2}),
        ("snip", {"update": True}),
        ("snip", {"block_size": 9}),
        ("movement", {"threads": "1"}),
    ],
)
def test_what_a_criterion_has_no_use_for_is_refused(
    criterion: str, how: dict[str, Any], dense: Ticket
) -> None:
    flag = next(iter(how)).replace("_", "-")
    with pytest.raises(UsageError, match=f"no use for --{flag}"):
        mask(dense, criterion=criterion, sparsity="0.5", **how)


def test_more_batches_than_data(dense: Ticket) -> None:
    how = {"criterion": "taylor", "sparsity": "0.5", "threads": "1"}
    made = mask(dense, batches=2, batch_size=1436, **how)
    assert made.lineage[-1]["options"]["batches"] == 2
    with pytest.raises(SparsetoolError, match=r"more than the 1,437 of the training"):
        mask(dense, batches=3, batch_size=1000, **how)


def test_batches_are_the_first_of_one_permutation(dense: Ticket) -> None:
    """One batch of 40 is two batches of 20 where the mean over examples is all that counts."""
    how = {"criterion": "fisher", "sparsity": "0.6", "threads": "1"}
    one, two = mask(dense, batch_size=40, **how), mask(dense, batches=2, batch_size=20, **how)
    for name in one.masks:
        assert (one.masks[name] == two.masks[name]).all()
    other = mask(dense, batch_size=20, **how)
    assert any((one.masks[n] != other.masks[n]).any() for n in one.masks)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_classes_take_turns(labels: list[int], random: Any) -> None:
    """Every beginning holds each class equally often until a class runs out."""
    order = list(range(len(labels)))
    random.shuffle(order)
    turns = in_turns(np.array(order), np.array(labels))
    assert sorted(turns.tolist()) == list(range(len(labels)))
    least = min(labels.count(one) for one in set(labels))
    classes = len(set(labels))
    for turn in range(least):
        part = turns[turn * classes : (turn + 1) * classes]
        assert len({labels[i] for i in part}) == classes
    for one in set(labels):
        assert [i for i in order if labels[i] == one] == [i for i in turns if labels[i] == one]


def test_repair_leaves_no_layer_empty_and_the_count_unchanged(dense: Ticket) -> None:
    how = {"criterion": "magnitude", "density": "global", "sparsity": "0.99"}
    bare, repaired = mask(dense, **how), mask(dense, **how, repair=True)
    assert min(bare.kept_by_layer.values()) == 0, "else there is nothing to repair"
    assert min(repaired.kept_by_layer.values()) == 1
    assert repaired.kept == bare.kept
    with pytest.raises(SparsetoolError, match=r"2 are kept: give a lower sparsity.*--repair asks"):
        mask(dense, **{**how, "sparsity": "0.997"}, repair=True)
    for name, kept in repaired.kept_by_layer.items():
        if kept == 1:
            alone = np.abs(dense.weights[name])[repaired.masks[name]]
            assert alone == np.abs(dense.weights[name]).max()


def test_synflow_keeps_what_one_round_empties() -> None:
    dense = init("resnet20", data="cifar10", seed=1)
    how = {"criterion": "synflow", "sparsity": "0.99", "threads": "1"}
    once, many = mask(dense, iterations=1, **how), mask(dense, **how)
    empty = [name for name, kept in many.kept_by_layer.items() if not kept]
    assert sum(kept == 0 for kept in once.kept_by_layer.values()) > 8
    # One arm of a block beside a live one may be empty; the stem and the head may not.
    assert set(empty) <= {"layer2.0.downsample.0.weight", "layer3.0.downsample.0.weight"}


@pytest.fixture(scope="module")
def resnet() -> Ticket:
    return init("resnet20", seed=1)


@pytest.mark.parametrize("sparsity", ["0.5", "0.95", "0.995"])
def test_phew_keeps_whole_paths_of_heavy_weights(sparsity: str, resnet: Ticket) -> None:
    made = mask(resnet, criterion="phew", sparsity=sparsity)
    assert made.kept == round((1 - float(sparsity)) * resnet.total)
    paths = connectivity(made)
    assert paths.effective is not None
    cut = made.kept - sum(paths.effective.values())
    assert cut < 22, "only the walk that was cut short may end on the way"
    # Drawn in proportion to |w|, which is half normal: kept ones average up to pi / 2 times all.
    scaled = {n: np.abs(resnet.weights[n]) / np.abs(resnet.weights[n]).mean() for n in made.masks}
    kept = np.concatenate([scaled[name][mask] for name, mask in made.masks.items()])
    assert 1.2 < kept.mean() < 1.65


def test_phew_walks_on_survivors_alone(resnet: Ticket) -> None:
    half = mask(resnet, criterion="random", density="balanced", sparsity="0.6")
    made = prune(half, criterion="phew", sparsity="0.9")
    assert made.kept == round(0.1 * resnet.total)
    assert all((kept <= half.masks[name]).all() for name, kept in made.masks.items())
    assert (
        mask(resnet, criterion="phew", sparsity="0.9").to_bytes()
        == mask(resnet, criterion="phew", sparsity="0.90").to_bytes()
    )


def test_phew_says_what_it_cannot_do(resnet: Ticket) -> None:
    unknown = replace(resnet, meta={**resnet.meta, "graph": None})
    with pytest.raises(SparsetoolError, match="could not be traced"):
        mask(unknown, criterion="phew", sparsity="0.9")
    with pytest.raises(UsageError, match="constructs masks by itself"):
        mask(resnet, criterion="phew", density="erk", sparsity="0.9")
    # Through one weight between two layers only few others can be met.
    thin = mask(init("mlp:9-8"), criterion="random", density="balanced", sparsity="0.5")
    masks = {**thin.masks, "fc2.weight": np.zeros_like(thin.masks["fc2.weight"])}
    masks["fc2.weight"][3, 4] = True
    with pytest.raises(SparsetoolError, match="meet only"):
        prune(thin.derive("mask", {}, masks=masks), criterion="phew", rate="0.1")

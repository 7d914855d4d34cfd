"""Laws of masks: exact counts, nothing revived, the same seed the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import mask, prune
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.plugins import find
from sparsetool.ticket.value import Ticket

Make = Callable[..., Ticket]
DENSITIES = find.members("densities")
percents = st.integers(0, 99).map(lambda n: f"0.{n:02d}")
few = st.integers(0, 2**32)


def kept(ticket: Ticket) -> dict[str, list[bool]]:
    return {name: array.reshape(-1).tolist() for name, array in ticket.masks.items()}


def inside(new: Ticket, old: Ticket) -> bool:
    return not any(np.any(new.masks[name] & ~m) for name, m in old.masks.items())


@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("criterion", ["random", "magnitude"])
@given(sparsity=percents, seed=few, least=st.integers(0, 3))
def test_masks_keep_exactly_what_was_asked(
    make_ticket: Make, density: str, criterion: str, sparsity: str, seed: int, least: int
) -> None:
    dense = make_ticket(seed=seed)
    wanted = round((1 - Fraction(sparsity)) * dense.total)
    options = {"density": density, "sparsity": sparsity, "min_per_layer": least}
    if wanted < 4 * least:
        with pytest.raises(SparsetoolError, match="min-per-layer"):
            mask(dense, criterion=criterion, **options)
        return
    made = mask(dense, criterion=criterion, **options)
    assert made.kept == wanted == made.lineage[-1]["achieved"]["kept"]
    assert min(made.kept_by_layer.values()) >= least
    assert made.off_mask() == []
    for name, array in dense.weights.items():
        on = made.masks.get(name, np.ones(array.shape, dtype=bool))
        assert np.array_equal(made.weights[name][on], array[on])
    assert Ticket.load(made.to_bytes()).digest == made.digest


@pytest.mark.parametrize("density", DENSITIES)
@given(
    sparsities=st.tuples(percents, percents), seed=few, by=st.sampled_from(["magnitude", "random"])
)
def test_pruning_never_revives_and_repeats_itself(
    make_ticket: Make, density: str, sparsities: tuple[str, str], seed: int, by: str
) -> None:
    first, last = sorted(sparsities)
    start = mask(make_ticket(seed=seed), criterion="random", density="balanced", sparsity=first)
    once = prune(start, criterion=by, density=density, sparsity=last)
    assert once.kept == round((1 - Fraction(last)) * start.total)
    assert inside(once, start)
    twice = prune(once, criterion=by, density=density, sparsity=last)
    assert kept(twice) == kept(once)
    assert all(np.array_equal(twice.weights[n], once.weights[n]) for n in once.weights)


@given(rate=percents, seed=few, density=st.sampled_from(DENSITIES))
def test_a_rate_is_of_the_survivors(make_ticket: Make, rate: str, seed: int, density: str) -> None:
    ticket = make_ticket(seed=seed)
    for _ in range(3):
        before = ticket
        ticket = prune(before, rate=rate, density=density)
        assert ticket.kept == round((1 - Fraction(rate)) * before.kept)
        assert inside(ticket, before)


@given(seed=few, other=few, sparsity=st.sampled_from(["0.3", "0.5", "0.8"]))
def test_the_same_seed_gives_the_same_bytes(
    make_ticket: Make, seed: int, other: int, sparsity: str
) -> None:
    def drawn(seed: int) -> Ticket:
        return mask(make_ticket(seed=1), criterion="random", sparsity=sparsity, seed=seed)

    one, again, two = drawn(seed), drawn(seed), drawn(other)
    assert one.to_bytes() == again.to_bytes()
    if seed != other:
        assert kept(one) != kept(two)
        for name in one.prunable:
            both = one.masks[name] & two.masks[name]
            assert np.array_equal(one.weights[name][both], two.weights[name][both])


def test_a_random_mask_is_independent_of_the_weights(make_ticket: Make) -> None:
    one = mask(make_ticket(seed=1), criterion="random", sparsity="0.5", seed=7)
    two = mask(make_ticket(seed=2), criterion="random", sparsity="0.5", seed=7)
    assert kept(one) == kept(two)


def test_random_pruning_is_fair_to_layers_of_different_density(make_ticket: Make) -> None:
    # With one set of draws for both steps, survivors of the sparse layer would all outrank.
    dense = make_ticket({"small": (20, 20), "large": (100, 100)}, 3)
    half = mask(dense, criterion="random", density="balanced", sparsity="0.9")
    assert half.kept_by_layer == {"small": 400, "large": 640}
    left = prune(half, criterion="random", rate="0.5").kept_by_layer
    assert abs(left["small"] - 200) < 5 * (1040 * 0.25 * 400 / 1040) ** 0.5


@given(start=percents, end=percents, seed=few, rounds=st.integers(2, 6))
def test_rounds_of_one_ranking_end_like_one_round(
    make_ticket: Make, start: str, end: str, seed: int, rounds: int
) -> None:
    ticket = make_ticket(seed=seed)
    for density in DENSITIES:
        options = {"criterion": "magnitude", "density": density}
        once = mask(ticket, sparsity=end, **options)
        assert kept(mask(ticket, sparsity=end, iterations=rounds, **options)) == kept(once)
    half = mask(ticket, criterion="random", sparsity=min(start, end))
    by_rounds = prune(half, sparsity=max(start, end), iterations=rounds)
    assert kept(by_rounds) == kept(prune(half, sparsity=max(start, end)))


def test_rounds_end_with_the_shares_of_one(make_ticket: Make) -> None:
    # The first round keeps 2, 1, 0 of 3. Among what is left, 2 in proportion 3 to 1 are 1.5 and
    # 0.5, which go to 2 and 0: other shares than those of 2 among all.
    ticket = make_ticket({"a": (1, 3), "b": (1, 1), "c": (1, 1)})
    options = {"criterion": "random", "density": "uniform", "sparsity": "0.6"}
    assert mask(ticket, **options).kept_by_layer == {"a": 1, "b": 1, "c": 0}
    assert mask(ticket, iterations=2, **options).kept_by_layer == {"a": 1, "b": 1, "c": 0}


def test_training_changes_the_draws(make_ticket: Make) -> None:
    dense = make_ticket()
    trained = dense.derive("train-cycles", {}, achieved={"epochs": 3})
    assert trained.epochs == 3
    before, after = (mask(t, criterion="random", sparsity="0.5") for t in (dense, trained))
    assert kept(before) != kept(after)


def test_a_new_mask_ranks_everything_and_counts_what_it_revives(make_ticket: Make) -> None:
    dense = make_ticket()
    old = mask(dense, criterion="random", sparsity="0.5", seed=1)
    new = mask(old, criterion="random", sparsity="0.5", seed=2)
    assert kept(new) == kept(mask(dense, criterion="random", sparsity="0.5", seed=2))
    revived = sum(int(np.sum(new.masks[n] & ~old.masks[n])) for n in old.prunable)
    assert new.lineage[-1]["achieved"]["revived"] == revived > 0
    for name in old.prunable:
        assert not np.any(new.weights[name][new.masks[name] & ~old.masks[name]])
    assert "revived" not in old.lineage[-1]["achieved"]


def test_masks_travel_from_ticket_to_ticket(make_ticket: Make) -> None:
    one, two = make_ticket(seed=1), make_ticket(seed=2)
    full = mask(one, criterion="magnitude", density="erk", sparsity="0.7")
    alone = mask(one, criterion="magnitude", density="erk", sparsity="0.7", mask_only=True)
    assert alone.kind == "mask"
    assert not alone.weights
    assert kept(alone) == kept(full)
    for source in (full, alone, Ticket.load(alone.to_bytes())):
        made = mask(two, source=source)
        assert kept(made) == kept(full)
        assert made.off_mask() == []
        assert made.lineage[-1]["inputs"] == {"ticket": two.digest, "from": source.digest}
    everything = mask(two, source=one)
    assert everything.kept == two.total
    assert set(everything.masks) == set(two.prunable)


def test_the_record_says_what_was_asked(make_ticket: Make) -> None:
    made = mask(make_ticket(seed=4), criterion="random", sparsity="0.50")
    record = made.lineage[-1]
    assert record["verb"] == "mask"
    assert record["seed"] == 4
    assert record["options"] == {"criterion": "random", "density": "global", "sparsity": "0.5"}
    pruned = prune(made, rate=0.2, min_per_layer=2, iterations=3, seed=9)
    record = pruned.lineage[-1]
    assert record["verb"] == "prune"
    assert record["seed"] == 9
    assert record["options"] == {
        "criterion": "magnitude",
        "density": "global",
        "iterations": 3,
        "min_per_layer": 2,
        "rate": "0.2",
    }
    assert mask(made, source=pruned, mask_only=True).lineage[-1]["options"] == {"mask_only": True}


def test_only_as_many_as_survive_can_be_kept(make_ticket: Make) -> None:
    half = mask(make_ticket(), criterion="random", sparsity="0.5")
    with pytest.raises(SparsetoolError, match=r"keeps 144 of 240 weights, but only 120 survive"):
        prune(half, sparsity="0.4")


def test_another_architecture_is_refused_by_its_tensors(make_ticket: Make) -> None:
    here = make_ticket({f"l{i}": (3, 3) for i in range(6)})
    there = make_ticket({f"l{i}": (3, 4) for i in range(1, 6)})
    with pytest.raises(SparsetoolError, match=r"6 of 6 tensors differ: l0 \(3x3 here, missing"):
        mask(here, source=there)
    with pytest.raises(SparsetoolError, match=r"l2 \(3x3 here, 3x4 there\) and 3 more"):
        mask(here, source=there)


def test_contradictions_are_refused(make_ticket: Make) -> None:
    dense = make_ticket()
    alone = mask(dense, criterion="magnitude", sparsity="0.5", mask_only=True)
    refused: list[tuple[str, Callable[[], Ticket]]] = [
        ("exactly one criterion", lambda: mask(dense, sparsity="0.5")),
        ("exactly one criterion", lambda: mask(dense, criterion="random", source=alone)),
        ("nothing else", lambda: mask(dense, source=alone, sparsity="0.5")),
        ("nothing else", lambda: mask(dense, source=alone, density="global")),
        ("how sparse", lambda: mask(dense, criterion="random")),
        ("how many", lambda: prune(dense)),
        ("how many", lambda: prune(dense, sparsity="0.5", rate="0.5")),
        ("unknown criterion 'magnitud': did you mean magnitude", lambda: mask(
            dense, criterion="magnitud", sparsity="0.5")),
        ("unknown density 'balance': did you mean balanced", lambda: mask(
            dense, criterion="random", density="balance", sparsity="0.5")),
        ("iterations", lambda: mask(dense, criterion="random", sparsity="0.5", iterations=0)),
        ("least number", lambda: prune(dense, rate="0.5", min_per_layer=-1)),
        ("rate must be", lambda: prune(dense, rate="1")),
        ("sparsity must be", lambda: prune(dense, sparsity="1")),
        ("no parent", lambda: prune(dense, rate="0.5", parent=dense)),
    ]  # fmt: skip
    for words, call in refused:
        with pytest.raises(UsageError, match=words):
            call()
    for act in (
        lambda: mask(alone, criterion="random", sparsity="0.5"),
        lambda: prune(alone, sparsity="0.9"),
    ):
        with pytest.raises(SparsetoolError, match="masks alone"):
            act()

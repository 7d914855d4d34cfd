"""Laws of rewinding, signs and comparison: once is enough, oneself changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import mask, rewind, transfer_signs
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.masks.comparison import diff
from sparsetool.ticket.value import Ticket

Make = Callable[..., Ticket]
seeds = st.integers(0, 2**32)
percents = st.integers(0, 99).map(lambda n: f"0.{n:02d}")


def equal(one: Ticket, two: Ticket) -> bool:
    return all(one.weights[n].tobytes() == two.weights[n].tobytes() for n in one.weights) and all(
        np.array_equal(one.masks[n], two.masks[n]) for n in one.masks
    )


def flipped(one: Ticket, two: Ticket) -> int:
    return sum(int(np.sum(one.weights[n] * two.weights[n] < 0)) for n in one.prunable)


@given(seed=seeds, other=seeds, sparsity=percents, what=st.sampled_from(["all", "weights"]))
def test_survivors_get_the_values_and_the_mask_stays(
    make_ticket: Make, seed: int, other: int, sparsity: str, what: str
) -> None:
    to = make_ticket(seed=other)
    ticket = mask(make_ticket(seed=seed), criterion="magnitude", sparsity=sparsity)
    once = rewind(ticket, to=to, what=what)
    for name, array in to.weights.items():
        on = ticket.masks.get(name, np.ones(array.shape, dtype=bool))
        buffer = name in to.meta["buffers"]
        wanted = ticket.weights[name] if buffer and what == "weights" else np.where(on, array, 0)
        assert np.array_equal(once.weights[name], wanted)
        assert once.weights[name].dtype == array.dtype
    assert once.off_mask() == []
    assert all(np.array_equal(once.masks[n], ticket.masks[n]) for n in ticket.masks)
    assert equal(rewind(once, to=to, what=what), once)
    record = once.lineage[-1]
    assert record["inputs"] == {"ticket": ticket.digest, "to": to.digest}
    assert record["options"] == ({} if what == "all" else {"what": what})


def test_buffers_alone_can_be_rewound(make_ticket: Make) -> None:
    ticket, to = make_ticket(seed=1), make_ticket(seed=2)
    made = rewind(ticket, to=to, what="buffers")
    for name in ticket.weights:
        source = to if name in ticket.meta["buffers"] else ticket
        assert np.array_equal(made.weights[name], source.weights[name])


def test_zeros_under_the_mask_are_refused_unless_allowed(make_ticket: Make) -> None:
    dense = make_ticket()
    ticket = mask(dense, criterion="random", sparsity="0.5", seed=1)
    to = mask(dense, criterion="random", sparsity="0.5", seed=2)
    missing = sum(int(np.sum(ticket.masks[n] & ~to.masks[n])) for n in ticket.prunable)
    with pytest.raises(SparsetoolError, match=f"holds zero for {missing} weights"):
        rewind(ticket, to=to)
    made = rewind(ticket, to=to, allow_zeros=True)
    assert made.lineage[-1]["achieved"]["zeros"] == missing > 0
    assert made.kept == ticket.kept
    assert rewind(ticket, to=to, what="buffers").lineage[-1]["options"] == {"what": "buffers"}
    with pytest.raises(SparsetoolError, match="holds zero for 120 weights"):
        rewind(dense, to=to)


@given(seed=seeds, sparsity=percents)
def test_signs_from_oneself_change_nothing(make_ticket: Make, seed: int, sparsity: str) -> None:
    ticket = mask(make_ticket(seed=seed), criterion="random", sparsity=sparsity)
    made = transfer_signs(ticket, source=ticket)
    assert equal(made, ticket)
    assert made.lineage[-1]["achieved"]["own_sign"] == 0


@given(seed=seeds, other=seeds, ours=percents, theirs=percents)
def test_signs_are_the_sources_and_magnitudes_ones_own(
    make_ticket: Make, seed: int, other: int, ours: str, theirs: str
) -> None:
    ticket = mask(make_ticket(seed=seed), criterion="random", sparsity=ours)
    source = mask(make_ticket(seed=other), criterion="random", sparsity=theirs, seed=other)
    made = transfer_signs(ticket, source=source)
    own = 0
    for name, weight in ticket.weights.items():
        if name not in ticket.prunable:
            assert made.weights[name] is weight
            continue
        sign = np.sign(source.weights[name])
        sign = np.where(sign == 0, np.sign(weight), sign)
        assert np.array_equal(made.weights[name], np.abs(weight) * sign)
        own += int(np.sum(ticket.masks[name] & (source.weights[name] == 0)))
    assert made.off_mask() == []
    assert made.lineage[-1]["achieved"]["own_sign"] == own
    assert equal(transfer_signs(made, source=source), made)


@given(seed=seeds, fraction=percents, sparsity=percents)
def test_exactly_a_fraction_of_all_signs_is_flipped(
    make_ticket: Make, seed: int, fraction: str, sparsity: str
) -> None:
    ticket = mask(make_ticket(seed=1), criterion="random", sparsity=sparsity)
    source = make_ticket(seed=2)
    plain = transfer_signs(ticket, source=source)
    made = transfer_signs(ticket, source=source, perturb=fraction, seed=seed)
    assert flipped(plain, made) == round(Fraction(fraction) * ticket.kept)
    assert made.lineage[-1]["achieved"]["flipped"] == flipped(plain, made)
    assert made.lineage[-1]["options"]["perturb"] in (fraction, fraction.rstrip("0").rstrip("."))
    again = transfer_signs(ticket, source=source, perturb=float(fraction), seed=seed)
    assert again.to_bytes() == made.to_bytes()
    assert all(np.array_equal(abs(made.weights[n]), abs(plain.weights[n])) for n in made.prunable)


def test_another_seed_flips_other_signs(make_ticket: Make) -> None:
    ticket, source = make_ticket(seed=1), make_ticket(seed=2)
    one = transfer_signs(ticket, source=source, perturb="0.5", seed=3)
    two = transfer_signs(ticket, source=source, perturb="0.5", seed=4)
    assert 0 < flipped(one, two) < ticket.total
    turned = transfer_signs(ticket, source=ticket, perturb="1")
    assert flipped(turned, ticket) == ticket.total


def test_revived_zeros_stay_plus_zero(make_ticket: Make) -> None:
    half = mask(make_ticket(), criterion="random", sparsity="0.5")
    revived = mask(half, source=make_ticket())
    assert revived.kept == 240
    minus = make_ticket(seed=1)
    minus = transfer_signs(minus, source=minus, perturb="1")
    made = transfer_signs(revived, source=minus, perturb="0.3")
    assert made.lineage[-1]["achieved"]["flipped"] == 36
    for name in made.prunable:
        zeros = made.weights[name][~half.masks[name]]
        assert not np.any(zeros)
        assert not np.any(np.signbit(zeros))


def test_other_tensors_and_values_are_refused(make_ticket: Make) -> None:
    ticket = make_ticket()
    other = make_ticket({"stem.weight": (4, 3, 3, 3)})
    alone = mask(ticket, criterion="random", sparsity="0.5", mask_only=True)
    with pytest.raises(SparsetoolError, match=r"stem\.weight \(4x1x3x3 float32 here, 4x3x3x3"):
        rewind(ticket, to=other)
    with pytest.raises(SparsetoolError, match=r"4 of 4 tensors differ: stem\.weight"):
        transfer_signs(ticket, source=other)
    with pytest.raises(SparsetoolError, match="float32 here, 4x1x3x3 float64 there"):
        rewind(ticket, to=make_ticket(dtype=np.float64))
    with pytest.raises(SparsetoolError, match="tensors differ"):
        diff(ticket, other)
    with pytest.raises(UsageError, match="all, weights, buffers"):
        rewind(ticket, to=ticket, what="masks")
    for wrong in ("1.1", "-0.1"):
        with pytest.raises(UsageError, match=f"perturb must be .* not {wrong}"):
            transfer_signs(ticket, source=ticket, perturb=wrong)
    for act in (
        lambda: rewind(alone, to=ticket),
        lambda: rewind(ticket, to=alone),
        lambda: transfer_signs(alone, source=ticket),
        lambda: transfer_signs(ticket, source=alone),
        lambda: diff(alone, ticket),
        lambda: diff(ticket, alone),
    ):
        with pytest.raises(SparsetoolError, match="masks alone"):
            act()


@given(seed=seeds, other=seeds, ours=percents, theirs=percents)
def test_comparison_is_zero_with_oneself_and_counts_both_ways(
    make_ticket: Make, seed: int, other: int, ours: str, theirs: str
) -> None:
    a = mask(make_ticket(seed=seed), criterion="random", sparsity=ours)
    b = mask(make_ticket(seed=other), criterion="random", sparsity=theirs, seed=other)
    same = diff(a, a)["total"]
    assert (same["sign_flips"], same["relative_distance"]) == (0, 0.0)
    assert (same["sign_agreement"], same["mask_iou"]) == (1.0, 1.0)
    assert abs(same["cosine_distance"]) < 1e-12
    one, two = diff(a, b), diff(b, a)
    for key in ("kept_both", "kept_either", "mask_iou", "sign_flips", "sign_agreement"):
        assert one["total"][key] == two["total"][key]
    assert one["total"]["kept_a"] == two["total"]["kept_b"] == a.kept
    for key in ("prunable", "kept_a", "kept_b", "kept_both", "kept_either", "sign_flips"):
        assert sum(layer[key] for layer in one["layers"].values()) == one["total"][key]
    assert diff(transfer_signs(a, source=b), b)["total"]["sign_flips"] == 0

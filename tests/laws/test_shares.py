"""Laws of shares: they sum exactly, fit, do not depend on order, and respect floors."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.masks.selection import floors_for, shares_above
from sparsetool.plugins import find
from sparsetool.ticket import counts

RULES = {
    name: rule
    for name in find.members("densities")
    if (rule := find.load("densities", name).share) is not None
}
Case = tuple[dict[str, tuple[int, ...]], int, dict[str, int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Shapes, a number to keep, and room of at most a layer's size."""
    shape = st.one_of(
        st.tuples(st.integers(1, 30), st.integers(1, 30)),
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3), st.just(3)),
    )
    names = draw(st.lists(st.text("abc.0", min_size=1), min_size=1, max_size=8, unique=True))
    shapes = {name: draw(shape) for name in names}
    room = {name: draw(st.integers(0, math.prod(s))) for name, s in shapes.items()}
    if draw(st.booleans()):
        room = {name: math.prod(s) for name, s in shapes.items()}
    return shapes, draw(st.integers(0, sum(room.values()))), room


def test_every_rule_but_global_has_shares() -> None:
    assert set(find.members("densities")) - set(RULES) == {"global"}
    assert {"balanced", "erk", "uniform"} <= set(RULES)


@pytest.mark.parametrize("rule", RULES)
@given(case=cases())
def test_shares_sum_exactly_and_fit(rule: str, case: Case) -> None:
    shapes, keep, room = case
    shares = RULES[rule](shapes, keep, room)
    assert set(shares) == set(shapes)
    assert sum(shares.values()) == keep
    assert all(0 <= shares[name] <= room[name] for name in shapes)


@pytest.mark.parametrize("rule", RULES)
@given(case=cases(), data=st.data())
def test_shares_do_not_depend_on_the_order_of_layers(
    rule: str, case: Case, data: st.DataObject
) -> None:
    shapes, keep, room = case
    other = data.draw(st.permutations(list(shapes)))
    again = RULES[rule]({n: shapes[n] for n in other}, keep, {n: room[n] for n in other})
    assert again == RULES[rule](shapes, keep, room)


@given(case=cases())
def test_erk_densities_follow_the_kernel(case: Case) -> None:
    shapes, keep, _ = case
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    keep = min(keep, sum(sizes.values()))
    shares = RULES["erk"](shapes, keep, sizes)
    raw = {name: sum(shape) / sizes[name] for name, shape in shapes.items()}
    for a in shapes:
        for b in shapes:
            if raw[a] >= raw[b]:  # denser, up to the rounding of one weight in each
                assert (shares[a] + 1) / sizes[a] > (shares[b] - 1) / sizes[b]


@pytest.mark.parametrize("rule", RULES)
@given(case=cases(), least=st.integers(0, 12))
def test_floors_hold_and_the_total_stays(rule: str, case: Case, least: int) -> None:
    shapes, keep, room = case
    wanted = {name: min(least, most) for name, most in room.items()}
    if sum(wanted.values()) > keep:
        with pytest.raises(SparsetoolError, match="min-per-layer"):
            floors_for(keep, room, least)
        return
    assert floors_for(keep, room, least) == wanted
    shares = shares_above(RULES[rule], shapes, keep, room, wanted)
    assert sum(shares.values()) == keep
    assert all(wanted[name] <= shares[name] <= room[name] for name in shapes)
    plain = RULES[rule](shapes, keep, room)
    if all(plain[name] >= wanted[name] for name in shapes):
        assert shares == plain


def test_a_floor_takes_from_the_others_by_the_same_rule() -> None:
    shapes = {"a": (100,), "b": (200,), "c": (2,)}
    room = {"a": 100, "b": 200, "c": 2}
    floors = dict.fromkeys(room, 2)
    assert RULES["uniform"](shapes, 62, room) == {"a": 21, "b": 41, "c": 0}
    assert shares_above(RULES["uniform"], shapes, 62, room, floors) == {"a": 20, "b": 40, "c": 2}


@given(st.integers(0, 10**9), st.integers(0, 999), st.integers(1, 3))
@example(5, 500, 1)
@example(7, 500, 1)
@example(10**18 + 1, 1, 1)
def test_counts_are_exact_for_every_decimal(total: int, thousandths: int, zeros: int) -> None:
    typed = f"0.{thousandths:03d}" + "0" * zeros
    whole, rest = divmod((1000 - thousandths) * total, 1000)
    up = rest > 500 or (rest == 500 and whole % 2 == 1)
    assert counts.kept_for(total, typed) == whole + up
    assert counts.survivors_after(total, typed) == whole + up


@given(st.floats(0, 1, exclude_max=True))
def test_a_float_stands_for_what_would_be_typed(value: float) -> None:
    assert counts.decimal(value) == counts.decimal(repr(value))
    assert float(counts.decimal(value)) == value
    assert counts.decimal(counts.decimal(value)) == counts.decimal(value)


def test_one_number_has_one_text() -> None:
    for typed in ("0.9", "0.90", ".9", "+0.9", "9e-1", "09e-1", " 0.9", 0.9):
        assert counts.decimal(typed) == "0.9"
    assert counts.decimal(0) == counts.decimal("-0.00") == counts.decimal("0e5") == "0"
    assert counts.decimal("100") == "100"


@pytest.mark.parametrize(
    "typed", ["", "x", "nan", "inf", "0,9", "0.9.1", "1_0", "0x1", "90%", "1e9999", True, "٠.٩"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a number"):
        counts.decimal(typed)


@pytest.mark.parametrize("typed", ["1", "1.0", "-0.1", "1.5", "90"])
def test_fractions_outside_their_range_are_refused_by_name(typed: str) -> None:
    with pytest.raises(UsageError, match=f"sparsity must be .* not {typed}"):
        counts.kept_for(100, typed)
    with pytest.raises(UsageError, match=f"rate must be .* not {typed}"):
        counts.survivors_after(100, typed)

"""Selection against sorting everything: the highest live, ties by position, however found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sparsetool.masks import selection

Arrays = dict[str, np.ndarray]
values = {
    "float32": st.sampled_from([-np.inf, -2.0, -0.0, 0.0, 0.5, 1.0, 3.0, np.inf]),
    "float64": st.floats(allow_nan=False),
    "uint32": st.integers(0, 2**32 - 1),
    "int8": st.integers(-3, 3),
}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Arrays, Arrays, int]:
    """Scores of some layers, where weights may live (not for every layer), how many to keep."""
    dtype = draw(st.sampled_from(list(values)))
    scores, alive = {}, {}
    room = 0
    for name in draw(st.permutations(["a", "b", "c"])):
        listed = draw(st.lists(values[dtype], max_size=24))
        score = scores[name] = np.array(listed, dtype=dtype)
        room += score.size
        if draw(st.booleans()):
            flags = draw(st.lists(st.booleans(), min_size=score.size, max_size=score.size))
            alive[name] = np.array(flags, dtype=bool)
            room -= score.size - int(alive[name].sum())
    return scores, alive, draw(st.integers(0, room))


def by_sorting(scores: Arrays, keep: int, alive: Arrays) -> dict[str, list[bool]]:
    living = [
        (-score, layer, index, name)
        for layer, (name, array) in enumerate(scores.items())
        for index, score in enumerate(array.tolist())
        if name not in alive or alive[name][index]
    ]
    masks = {name: [False] * array.size for name, array in scores.items()}
    for _, _, index, name in sorted(living)[:keep]:
        masks[name][index] = True
    return masks


def listed(masks: Arrays) -> dict[str, list[bool]]:
    return {name: array.tolist() for name, array in masks.items()}


@pytest.mark.parametrize("sample", [1 << 17, 5, 1])
@settings(max_examples=200)
@given(case=cases())
@example(case=({"a": np.arange(40.0)[::-1].copy(), "b": np.arange(40.0)}, {}, 7))
@example(case=({"a": np.repeat([1.0, 0.0], 40), "b": np.ones(3)}, {}, 41))
def test_the_highest_live(sample: int, case: tuple[Arrays, Arrays, int]) -> None:
    scores, alive, keep = case
    with pytest.MonkeyPatch.context() as patch:  # a small sample brackets small layers too
        patch.setattr(selection, "SAMPLE", sample)
        found = selection.highest(scores, keep, alive)
    assert list(found) == list(scores)
    assert listed(found) == by_sorting(scores, keep, alive)


@pytest.mark.parametrize("margin", ["wide", "missing above", "missing below"])
@pytest.mark.parametrize("keep", [1, 1234, 50_000, 99_999])
def test_a_bracket_that_misses_changes_nothing(
    margin: str, keep: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(keep)
    scores = {"a": random.standard_normal((300, 200)), "b": random.standard_normal(40_000)}
    limits = {"wide": (-1e9, 1e9), "missing above": (5.5, 9.0), "missing below": (-9.0, -5.5)}
    wanted = np.sort(np.concatenate([s.reshape(-1) for s in scores.values()]))[-keep:]

    def bracket(*_: Any) -> tuple[np.generic, np.generic]:
        low, high = limits[margin]
        return np.float64(low), np.float64(high)

    monkeypatch.setattr(selection, "_bracket", bracket)
    masks = selection.highest(scores, keep, {})
    kept = np.sort(np.concatenate([scores[name][m] for name, m in masks.items()]))
    assert np.array_equal(kept, wanted)


def test_a_bracket_encloses_the_threshold_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    sizes = {"small": 3, "large": 1_500_000, "odd": 300_001}
    scores = {name: random.standard_normal(size) for name, size in sizes.items()}
    alive = {"large": random.random(sizes["large"]) < 0.5}
    monkeypatch.setattr(selection, "SAMPLE", 100_000)
    low, high = selection._bracket(scores, 200_000, alive)
    ranked, above = selection._between(scores, alive, low, high)
    assert 0 < 200_000 - above <= ranked.size < 40_000


@given(case=cases(), least=st.integers(0, 5))
def test_floors_take_each_layers_best_first(case: tuple[Arrays, Arrays, int], least: int) -> None:
    scores, alive, keep = case
    room = {n: int(alive[n].sum()) if n in alive else s.size for n, s in scores.items()}
    floors = {name: min(least, most) for name, most in room.items()}
    if sum(floors.values()) > keep:
        return
    reserved: Arrays = {}
    for name in scores:
        reserved[name] = np.array(
            by_sorting({name: scores[name]}, floors[name], alive)[name], dtype=bool
        )
    rest = {n: alive.get(n, np.ones(s.size, bool)) & ~reserved[n] for n, s in scores.items()}
    others = by_sorting(scores, keep - sum(floors.values()), rest)
    wanted = {n: (reserved[n] | np.array(others[n], dtype=bool)).tolist() for n in scores}
    assert listed(selection.with_floors(scores, keep, floors, alive)) == wanted


@given(st.lists(st.tuples(st.floats(width=32), st.booleans())), st.sampled_from("248"))
def test_off_the_mask_is_plus_zero_bit_for_bit(
    pairs: list[tuple[float, bool]], itemsize: str
) -> None:
    with np.errstate(over="ignore"):
        weight = np.array([w for w, _ in pairs], dtype=f"f{itemsize}")
    mask = np.array([m for _, m in pairs], dtype=bool)
    made = selection.selected(weight, mask)
    assert made.dtype == weight.dtype
    bits = f"u{itemsize}"
    assert made.view(bits).tolist() == np.where(mask, weight.view(bits), 0).tolist()

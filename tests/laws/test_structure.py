"""N of M and whole blocks: by their definitions, one group and one block at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import init, mask, prune
from sparsetool.errors import UsageError
from sparsetool.masks.structure import n_of_m
from sparsetool.ticket.value import Ticket
from tests.verbs.shelf import Shelf

Make = Callable[..., Ticket]
SHAPES = {"stem": (5, 3, 2, 2), "body": (8, 8), "head": (3, 10)}
few = st.integers(0, 2**32)


def groups(array: np.ndarray, of: int) -> list[np.ndarray]:
    """Neighbouring inputs of each output and kernel position, by loops."""
    found = []
    for out in array:
        for place in np.ndindex(out.shape[1:]):
            line = out[(slice(None), *place)]
            found += [line[at : at + of] for at in range(0, len(line), of)]
    return found


@pytest.mark.parametrize("pattern", ["2:4", "1:2", "3:8"])
@given(seed=few)
def test_n_of_every_m(make_ticket: Make, pattern: str, seed: int) -> None:
    keep, of = map(int, pattern.split(":"))
    made = mask(make_ticket(SHAPES, seed=seed), criterion="magnitude", n_m=pattern)
    assert made.off_mask() == []
    dense = make_ticket(SHAPES, seed=seed)
    for name, kept in made.masks.items():
        scores = groups(np.abs(dense.weights[name]), of)
        for chosen, score in zip(groups(kept, of), scores, strict=True):
            assert chosen.sum() == min(keep, len(chosen))
            if not chosen.all():
                assert score[chosen].min() >= score[~chosen].max()


def test_of_equal_scores_the_first_live() -> None:
    found = n_of_m({"w": np.zeros((1, 6), np.uint64)}, "1:3", {})
    assert found["w"].tolist() == [[True, False, False, True, False, False]]


@given(seed=few)
def test_pruning_to_a_pattern_revives_nothing(make_ticket: Make, seed: int) -> None:
    half = mask(make_ticket(SHAPES, seed=seed), criterion="random", sparsity="0.5", seed=seed)
    made = prune(half, n_m="2:4")
    for name, kept in made.masks.items():
        assert not np.any(kept & ~half.masks[name])
        pairs = zip(groups(kept, 4), groups(half.masks[name], 4), strict=True)
        assert all(new.sum() == min(2, old.sum()) for new, old in pairs)


@pytest.mark.parametrize("size", [(4, 1), (2, 3), (1, 4)])
@pytest.mark.parametrize("density", ["global", "balanced"])
@given(seed=few, tenths=st.integers(1, 9))
def test_blocks_live_or_die_whole(
    make_ticket: Make, size: tuple[int, int], density: str, seed: int, tenths: int
) -> None:
    dense, (rows, columns) = make_ticket(SHAPES, seed=seed), size
    asked = f"0.{tenths}"
    made = mask(
        dense, criterion="magnitude", density=density, sparsity=asked, blocks=f"{rows}x{columns}"
    )
    alive, dead = [], []
    for name, kept in made.masks.items():
        matrix = kept.reshape(len(kept), -1)
        score = np.abs(dense.weights[name].astype(np.float64)).reshape(matrix.shape)
        for at in range(0, matrix.shape[0], rows):
            for start in range(0, matrix.shape[1], columns):
                block = matrix[at : at + rows, start : start + columns]
                assert block.all() or not block.any()
                mean = score[at : at + rows, start : start + columns].mean()
                (alive if block.any() else dead).append(mean)
    wanted = round((10 - tenths) * dense.total / 10)
    layers = 1 if density == "global" else len(SHAPES)
    assert wanted - layers * (rows * columns - 1) <= made.kept <= wanted
    if density == "global" and alive and dead:
        assert min(alive) >= max(dead) - 1e-12


def test_any_score_goes_with_a_structure() -> None:
    ticket = init("mlp:8")
    for criterion in ("random", "snip", "synflow"):
        half = mask(ticket, criterion=criterion, n_m="2:4")
        assert half.kept == half.total // 2
        made = mask(ticket, criterion=criterion, sparsity="0.5", blocks="2x2")
        assert made.total // 2 - 3 <= made.kept <= made.total // 2


@pytest.mark.parametrize(
    "how",
    [
        {"n_m": "4:2"},
        {"n_m": "2"},
        {"n_m": "2:4", "sparsity": "0.5"},
        {"n_m": "2:4", "density": "erk"},
        {"n_m": "2:4", "iterations": 3},
        {"blocks": "4", "sparsity": "0.5"},
        {"blocks": "1x1", "sparsity": "0.5"},
        {"blocks": "4x1", "n_m": "2:4"},
        {"blocks": "4x1", "sparsity": "0.5", "min_per_layer": 2},
    ],
)
def test_refusals(make_ticket: Make, how: dict) -> None:
    with pytest.raises(UsageError):
        mask(make_ticket(SHAPES, seed=0), criterion="magnitude", **how)


def test_at_the_shell(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Recorded, up to date, and told again by `show --script`."""
    shelf = Shelf(tmp_path_factory.mktemp("structure"))
    shell = shelf.shell
    for verb, words in (
        ("mask", ("--magnitude", "--n-m", "2:4")),
        ("prune", ("--n-m", "1:4")),
        ("prune", ("--rate", "0.5", "--blocks", "4x1")),
    ):
        shell.ok(verb, *words, shelf["mlp"], "-o", "made.st", "--force")
        assert "up to date" in shell.ok(verb, *words, shelf["mlp"], "-o", "made.st").err
        script = shell.ok("show", "--script", "made.st").out.decode()
        assert " ".join(words[-2:]) in script

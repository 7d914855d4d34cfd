"""What masking asks of a criterion: scores or a construction, evidence, and kept promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sparsetool import mask, prune
from sparsetool.errors import BrokenPromise, SparsetoolError, UsageError
from sparsetool.plugins import members
from sparsetool.plugins.criteria import Evidence
from sparsetool.ticket.value import Ticket

Make = Callable[..., Ticket]
Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Makes a criterion `made-up` with these attributes."""
    found = members.found

    def put(**attributes: Any) -> None:
        functions = {name: each for name, each in attributes.items() if callable(each)}
        made_up = members.Found("made-up", functions, attributes, {})
        monkeypatch.setattr(
            members, "found", lambda f, name: made_up if name == "made-up" else found(f, name)
        )

    return put


def first(ticket: Ticket, keep: int, evidence: Evidence) -> dict[str, np.ndarray]:
    """Keep the first weights in the order of layers."""
    masks = {}
    for name, shape in ticket.shapes.items():
        size = int(np.prod(shape))
        masks[name] = (np.arange(size) < keep).reshape(shape)
        keep -= min(keep, size)
    return masks


def test_a_construction_takes_a_sparsity_and_nothing_else(
    make_ticket: Make, install: Install
) -> None:
    install(NEEDS="weights", construct=first)
    dense = make_ticket()
    made = mask(dense, criterion="made-up", sparsity="0.9")
    assert made.kept == 24
    assert made.masks["stem.weight"].reshape(-1).tolist() == [True] * 24 + [False] * 12
    assert made.lineage[-1]["options"] == {"criterion": "made-up", "sparsity": "0.9"}
    assert prune(made, criterion="made-up", rate="0.5").kept == 12
    for more in ({"density": "erk"}, {"iterations": 2}, {"min_per_layer": 1}):
        with pytest.raises(UsageError, match="no density"):
            mask(dense, criterion="made-up", sparsity="0.9", **more)


def test_a_construction_must_keep_its_promises(make_ticket: Make, install: Install) -> None:
    dense = make_ticket()
    install(construct=lambda ticket, keep, evidence: first(ticket, keep + 1, evidence))
    with pytest.raises(BrokenPromise, match="kept 25 weights instead of 24"):
        mask(dense, criterion="made-up", sparsity="0.9")
    install(construct=lambda ticket, keep, evidence: {})
    with pytest.raises(BrokenPromise, match=r"no fitting mask for stem\.weight"):
        mask(dense, criterion="made-up", sparsity="0.9")
    install(construct=first)
    with pytest.raises(BrokenPromise, match="revived"):
        prune(mask(dense, criterion="random", sparsity="0.5"), criterion="made-up", sparsity="0.9")


def scored(ticket: Ticket, value: float) -> dict[str, np.ndarray]:
    return {name: np.full(shape, value) for name, shape in ticket.shapes.items()}


def test_scores_that_are_nan_are_refused_and_infinite_ones_rank(
    make_ticket: Make, install: Install
) -> None:
    install(score=lambda ticket, evidence: scored(ticket, np.nan))
    with pytest.raises(SparsetoolError, match=r"NaN for 36 weights of stem\.weight"):
        mask(make_ticket(), criterion="made-up", sparsity="0.9")
    install(score=lambda ticket, evidence: scored(ticket, -np.inf))
    made = mask(make_ticket(), criterion="made-up", sparsity="0.9")
    assert made.masks["stem.weight"].reshape(-1)[:24].all()
    install(score=lambda ticket, evidence: {"stem.weight": np.zeros(1)})
    with pytest.raises(BrokenPromise, match=r"no fitting scores for stem\.weight"):
        mask(make_ticket(), criterion="made-up", sparsity="0.9")


def test_data_are_handed_on_where_needed_and_recorded(make_ticket: Make, install: Install) -> None:
    seen: list[Any] = []

    def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
        seen.extend(evidence.batches())
        return scored(ticket, 1.0)

    def toy(**how: Any) -> Ticket:
        ticket = make_ticket()
        ticket.meta["classes"] = 10
        return mask(ticket, criterion="made-up", sparsity="0.5", **how)

    install(NEEDS="data", score=score)
    made = toy(batches=2, batch_size=7)
    assert [tuple(images.shape) for images, _ in seen] == [(7, 1, 8, 8)] * 2
    assert made.lineage[-1]["options"] == {
        "criterion": "made-up",
        "density": "global",
        "sparsity": "0.5",
        "data": "digits",
        "batches": 2,
        "batch_size": 7,
    }
    install(NEEDS="weights", score=score)
    with pytest.raises(UsageError, match="no use for --batches"):
        toy(batches=2)


def test_a_parent_is_handed_on_recorded_and_missed_where_needed(
    make_ticket: Make, install: Install
) -> None:
    def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
        assert evidence.parent is not None
        then = evidence.parent.weights
        return {n: np.abs(ticket.weights[n] - then[n]) for n in ticket.prunable}

    install(NEEDS="parent", score=score)
    ticket, parent = make_ticket(seed=1), make_ticket(seed=2)
    made = prune(ticket, criterion="made-up", sparsity="0.5", parent=parent)
    assert made.lineage[-1]["inputs"]["parent"] == parent.digest
    moved = {n: np.abs(ticket.weights[n] - parent.weights[n]) for n in ticket.prunable}
    least = min(moved[n][made.masks[n]].min() for n in moved)
    assert least >= max(moved[n][~made.masks[n]].max() for n in moved)
    with pytest.raises(UsageError, match="needs a parent"):
        prune(ticket, criterion="made-up", sparsity="0.5")
    with pytest.raises(SparsetoolError, match="the parent is another architecture"):
        prune(ticket, criterion="made-up", sparsity="0.5", parent=make_ticket({"x": (2, 2)}))


def test_rounds_score_again_under_the_current_mask(make_ticket: Make, install: Install) -> None:
    seen: list[tuple[int, int, int, bool]] = []

    def score(ticket: Ticket, evidence: Evidence) -> dict[str, np.ndarray]:
        seen.append((evidence.round, evidence.rounds, ticket.kept, not ticket.off_mask()))
        # Orders the other way in every round: only the mask of the rounds before decides.
        sign = (-1) ** evidence.round
        return {n: sign * np.abs(w) for n, w in ticket.weights.items() if n in ticket.prunable}

    install(score=score)
    dense = make_ticket()
    made = mask(dense, criterion="made-up", sparsity="0.75", iterations=2)
    assert seen == [(0, 2, 240, True), (1, 2, 120, True)]
    ranked = np.sort(np.concatenate([np.abs(dense.weights[n]).ravel() for n in dense.prunable]))
    left = np.sort(np.concatenate([np.abs(made.weights[n][m]) for n, m in made.masks.items()]))
    assert np.array_equal(left, ranked[120:180])

"""Cycles until the peak: which cycle, at what cost, the same bytes however interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsetool import Ticket, flops, init, mask, train_cycles
from sparsetool.errors import Stopped, UsageError
from sparsetool.runs.folder import RunFolder
from sparsetool.training.loop import Learner
from sparsetool.training.observer import Observer
from sparsetool.training.peak import Peak, best_of
from tests.laws.test_resuming import Stopping

# Two epochs of four steps; the best cycle is not the last of those that are trained.
ASKED: dict[str, Any] = dict(epochs=2, batch_size=400, lr=0.1, val="0.1", device="cpu")
ASKED |= dict(precision="fp32", threads="1")
UNTIL: dict[str, Any] = dict(until_peak=True, patience=2)
GAINS = ("0", "0.05", "0.25")


def start() -> Ticket:
    return mask(init("mlp:8"), criterion="random", density="balanced", sparsity=0.3)


def held_out(ticket: Ticket) -> list[float]:
    """Accuracy on what was held out, after each cycle."""
    figures = [r["figures"] for r in ticket.main_line if r["verb"] == "train-cycles"]
    return [line["val_accuracy"] for line in figures]


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=9),
    st.integers(1, 4),
    st.sampled_from(GAINS),
)
def test_the_peak_by_its_definition(tenths: list[int], patience: int, gain: str) -> None:
    """A cycle is a peak if it is above the peak before it by more than the gain."""
    accuracies = [tenth / 10 for tenth in tenths]
    best, done = best_of(accuracies, Peak(patience, gain, most_cycles=9))
    peaks = [0]
    for cycle in range(1, len(tenths)):
        if tenths[cycle] * 10 - tenths[peaks[-1]] * 10 > float(gain) * 100:
            peaks.append(cycle)
    assert best == peaks[-1]
    assert done == (len(tenths) - 1 - best >= patience or len(tenths) == 9)


@pytest.fixture(scope="module")
def seven() -> Ticket:
    return train_cycles(start(), n=7, **ASKED)


@pytest.fixture(scope="module")
def peak() -> Ticket:
    return train_cycles(start(), **UNTIL, **ASKED)


def test_it_is_the_ticket_of_so_many_cycles(seven: Ticket, peak: Ticket) -> None:
    achieved = peak.lineage[-1]["achieved"]
    upto, trained = achieved["peak_cycle"], achieved["peak_cycle"] + achieved["extra_cycles"]
    seen = held_out(seven)[:trained]
    assert 1 < upto < trained < 7, "else this shows nothing"
    assert upto == seen.index(max(seen)) + 1
    assert trained == upto + 2, "patience"
    plain = train_cycles(start(), n=upto, **ASKED)
    assert all((plain.weights[name] == peak.weights[name]).all() for name in plain.weights)
    assert plain.epochs == peak.epochs == 2 * upto
    assert plain.digest != peak.digest, "its record says how it was chosen"
    assert peak.lineage[-1]["options"]["until_peak"] is True


@pytest.mark.parametrize("convention", ["sparse", "dense"])
def test_cycles_after_the_peak_are_charged(convention: str, peak: Ticket) -> None:
    achieved = peak.lineage[-1]["achieved"]
    trained = achieved["peak_cycle"] + achieved["extra_cycles"]
    whole = train_cycles(start(), n=trained, **ASKED)
    found, wanted = (flops(ticket, convention=convention) for ticket in (peak, whole))
    for figure in ("train_flops", "train_flops_all", "train_flops_relative"):
        assert found[figure] == wanted[figure]


def test_moving_masks_are_charged_too() -> None:
    asked = {**ASKED, "update": "set", "update_every": 3, "drop_fraction": "0.3"}
    peak = train_cycles(start(), until_peak=True, patience=1, min_gain="0.9", **asked)
    achieved = peak.lineage[-1]["achieved"]
    trained = achieved["peak_cycle"] + achieved["extra_cycles"]
    assert achieved["extra_cycles"], "else this shows nothing"
    whole = flops(train_cycles(start(), n=trained, **asked))
    assert flops(peak)["train_flops"] == whole["train_flops"]


@pytest.mark.parametrize("steps", [9, 13])
def test_stopped_and_taken_up_again(steps: int, peak: Ticket, tmp_path: Path) -> None:
    stops = 0
    while True:
        try:
            store, watch = RunFolder(tmp_path), Stopping(steps)
            made = train_cycles(start(), store=store, watch=watch, **UNTIL, **ASKED)
            break
        except Stopped:
            stops += 1
    achieved = peak.lineage[-1]["achieved"]
    epochs = 2 * (achieved["peak_cycle"] + achieved["extra_cycles"])
    assert stops == (4 * epochs - 1) // steps
    assert made.to_bytes() == peak.to_bytes()
    assert [line["epochs"] for line in RunFolder(tmp_path).lines()] == list(range(1, epochs + 1))


def test_the_test_split_has_no_say(peak: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the test figures are, the same cycle is the peak."""
    real, told = Learner.figures, iter(range(1000))

    def figures(learner: Learner, split: str) -> dict[str, float]:
        if split == "test":
            return {"test_loss": 0.0, "test_accuracy": float(next(told))}
        return real(learner, split)

    monkeypatch.setattr(Learner, "figures", figures)
    made = train_cycles(start(), **UNTIL, **ASKED)
    assert made.lineage[-1]["figures"]["test_accuracy"] == made.epochs - 1.0
    assert made.digest == peak.digest


def test_every_cycle_is_handed_out() -> None:
    seen: list[tuple[int, int | None]] = []

    class Listening(Observer):
        def ticket(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
            seen.append((epochs, cycle))

    train_cycles(start(), watch=Listening(), **UNTIL, **ASKED, most_cycles=3)
    assert seen == [(2, 1), (4, 2), (6, 3)]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (dict(until_peak=True), "--val"),
        (dict(patience=3), "--until-peak"),
        (dict(until_peak=True, val="0.1", patience=0), "--patience"),
        (dict(until_peak=True, val="0.1", most_cycles=0), "--most-cycles"),
        (dict(until_peak=True, val="0.1", min_gain="1.5"), "--min-gain"),
        (dict(until_peak=True, val="0.1", n=3), "how many"),
        (dict(until_peak=True, val="0.1", stop_after=3), "--stop-after"),
    ],
)
def test_what_cannot_be_is_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        train_cycles(init("mlp:4"), **asked)

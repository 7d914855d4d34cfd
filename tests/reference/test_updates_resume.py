"""Moving masks stopped at any step go on to the same bytes; what cannot be is refused at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sparsetool import Ticket, train_cycles
from sparsetool.analysis.costs import flops
from sparsetool.errors import SparsetoolError, Stopped, UsageError
from sparsetool.runs.folder import RunFolder
from sparsetool.training.observer import Observer
from tests.reference.moments import start

METHODS: list[tuple[str, str | None, dict[str, Any]]] = [
    *((name, "0.8", {}) for name in ("set", "rigl")),
    ("mest", "0.8", {"soft": True, "drop_fraction": "0.5"}),
    *((name, None, {"to": "0.9"}) for name in ("gmp", "gmp-star", "ac-dc", "top-kast")),
    ("granet", "0.5", {"to": "0.9"}),
    ("str", None, {"s_init": -2.0}),
]
EVERY: dict[str, Any] = {"update_every": 2}


class Once(Observer):
    """Stops a training once, before a step."""

    def __init__(self, step: int) -> None:
        self.left = step

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        if end_of_epoch:
            return None
        self.left -= 1
        return Stopped("stopped", 75) if self.left == -1 else None


def asked(update: str, more: dict[str, Any]) -> dict[str, Any]:
    every = {} if update == "str" else EVERY
    return dict(epochs=3, batch_size=240, update=update, lr=0.05, **every, **more)


@pytest.mark.parametrize(("update", "sparsity", "more"), METHODS)
def test_stopped_before_any_step_it_ends_with_the_same_bytes(
    tmp_path: Path, update: str, sparsity: str | None, more: dict[str, Any]
) -> None:
    """Masks, what the method remembers, its counts: all are in a run's state."""
    ticket, options = start(sparsity), asked(update, more)
    whole = train_cycles(ticket, **options).to_bytes()
    for step in (0, 7, 8, 15):
        folder = tmp_path / str(step)
        with pytest.raises(Stopped):
            train_cycles(ticket, store=RunFolder(folder), watch=Once(step), **options)
        assert train_cycles(ticket, store=RunFolder(folder), **options).to_bytes() == whole, step


def test_a_ticket_inside_a_cycle_carries_the_mask_of_its_time() -> None:
    found: dict[int, Ticket] = {}

    class Keep(Observer):
        def ticket(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
            found[epochs] = ticket

    options = dict(batch_size=240, lr=0.05, epochs=20, update="ac-dc", to="0.9")
    last = train_cycles(start(None), save_epochs=(1, 2, 4, 19), watch=Keep(), **options)
    total, goal = last.total, round(0.1 * last.total)
    # Compressed in epochs 1 and 2 (from 0), dense in 3 and 4.
    assert [found[k].kept for k in (1, 2, 4, 19)] == [total, goal, total, goal]
    assert last.kept == goal
    assert found[2].lineage[-1]["achieved"]["layers"] == list(found[2].kept_by_layer.values())


@pytest.mark.parametrize(
    ("sparsity", "options", "says"),
    [
        (None, {"update": "rigl"}, "the ticket is dense"),
        (None, {"update": "set"}, "the ticket is dense"),
        (None, {"update": "mest"}, "the ticket is dense"),
        ("0.8", {"update": "gmp", "to": "0.5"}, "below the ticket's sparsity 0.8"),
        ("0.8", {"update": "granet", "to": "0.5"}, "below the ticket's sparsity"),
        (None, {"update": "gmp"}, "wants --to S"),
        (None, {"update": "ac-dc"}, "wants --to S"),
        ("0.8", {"update": "rigl", "to": "0.9"}, "leave --to out"),
        (None, {"update": "str", "to": "0.9"}, "leave --to out"),
        (None, {"update": "gmp", "to": "0.9", "update_every": 20}, "never moves a mask"),
        (None, {"update": "granet", "to": "0.9", "update_every": 10}, "cannot reach --to 0.9"),
        (None, {"update": "ac-dc", "to": "0.9", "update_until": "3"}, "cannot reach --to"),
        (None, {"update": "gmp", "to": "0.9", "from_epoch": 2, "update_until": "1"}, "reach|never"),
        (None, {"update": "gmp", "to": "0.9", "update_until": "4"}, "at most the 3 epochs"),
        (None, {"update": "gmp", "to": "0.9", "drop_fraction": "0.3"}, "no use for --drop-frac"),
        (None, {"update": "gmp-star", "to": "0.6"}, "give a --first S"),
        (None, {"update": "gmp", "to": "0.9999"}, "each must keep one"),
        ("0.8", {"update": "mest", "first": 0.5}, "nor update 'mest' has a use for --first"),
        ("0.8", {"update": "str", "s_decay": "x"}, "wants a number as --s-decay"),
        ("0.8", {"update": "rigll"}, "unknown update 'rigll'.*rigl"),
        ("0.8", {"update": "rigl", "drop_decay": "cosin"}, "unknown --drop-decay.*cosine"),
        ("0.8", {"to": "0.9"}, "--update NAME"),
        ("0.8", {"update": "rigl", "drop_fraction": "1.5"}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_is_refused(sparsity: str | None, options: dict, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        train_cycles(start(sparsity), epochs=3, batch_size=240, **options)


def test_training_flops_of_masks_that_moved() -> None:
    """RigL's formula: of D + 1 steps one costs 2 f_S + f_D, the others 3 f_S; others by phase."""
    ticket = start()
    examples = 1437
    sparse, dense = 2 * ticket.kept, 2 * ticket.total
    options = dict(epochs=3, batch_size=1437, lr=0.05, update_every=1, update_until="3")
    made = train_cycles(ticket, update="rigl", **options)
    assert flops(made)["train_flops"] == examples * (3 * sparse + 2 * (2 * sparse + dense))
    steps = train_cycles(ticket, update="set", **options)
    assert flops(steps)["train_flops"] == 3 * examples * 3 * sparse
    whole = flops(made, convention="dense")
    assert whole["train_flops"] == 3 * examples * 3 * dense
    phases = dict(epochs=20, batch_size=1437, lr=0.05, update="ac-dc", to="0.9")
    found = train_cycles(start(None), **phases)
    kept = found.kept
    compressed = sum(e >= 17 or (e >= 1 and (e - 1) // 2 % 2 == 0) for e in range(20))
    want = examples * 3 * 2 * (compressed * kept + (20 - compressed) * found.total)
    assert flops(found)["train_flops"] == want

"""What a ticket's past decides: epochs along the main line, draws by epochs, zeros bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sparsetool import Ticket, mask, prune, rewind, transfer_signs
from sparsetool.errors import BrokenPromise, SparsetoolError

Make = Callable[..., Ticket]


def trained(ticket: Ticket, epochs: int) -> Ticket:
    """The same weights, with a record of training."""
    return ticket.derive("train-cycles", {"epochs": epochs}, achieved={"epochs": epochs})


def test_epochs_are_those_of_the_main_line(make_ticket: Make) -> None:
    """What a mask, values or signs were taken from was trained, too; that does not count."""
    side = mask(trained(make_ticket(seed=1), 7), criterion="magnitude", sparsity=0.5)
    own = trained(make_ticket(seed=2), 2)
    assert (side.epochs, own.epochs) == (7, 2)
    assert mask(own, source=side).epochs == 2
    assert rewind(own, to=trained(make_ticket(seed=2), 4)).epochs == 2
    assert transfer_signs(trained(own, 3), source=side).epochs == 5
    assert rewind(trained(own, 3), to=own).epochs == 5, "rewinding does not reset them"


@pytest.mark.parametrize(
    "draw",
    [
        lambda ticket: transfer_signs(ticket, source=ticket, perturb=0.5),
        lambda ticket: mask(ticket, criterion="random", sparsity=0.5),
        lambda ticket: prune(ticket, criterion="random", rate=0.5),
        lambda ticket: mask(ticket, shuffle=True),
    ],
    ids=["signs", "mask", "prune", "shuffle"],
)
def test_draws_go_by_the_epochs_trained(
    draw: Callable[[Ticket], Ticket], make_ticket: Make
) -> None:
    """The same weights and seed, but trained for longer: another draw; and each its own again."""
    start = mask(make_ticket(), criterion="magnitude", sparsity=0.2)
    first, second = draw(trained(start, 1)), draw(trained(start, 2))
    again = draw(trained(start, 1))
    assert all(np.array_equal(first.weights[n], again.weights[n]) for n in first.weights)
    assert any(not np.array_equal(first.weights[n], second.weights[n]) for n in first.prunable)


def with_minus_zero(ticket: Ticket) -> Ticket:
    """-0.0 in one place off the mask."""
    name = ticket.prunable[0]
    weight = ticket.weights[name].copy()
    weight.reshape(-1)[np.flatnonzero(~ticket.masks[name])[0]] = -0.0
    return replace(ticket, weights={**ticket.weights, name: weight})


def test_minus_zero_off_the_mask_is_no_zero(make_ticket: Make) -> None:
    """Off the mask +0.0, bit for bit: else equal tickets would have other bytes."""
    good = mask(make_ticket(), criterion="magnitude", sparsity=0.5)
    bad = with_minus_zero(good)
    name = good.prunable[0]
    assert (good.off_mask(), bad.off_mask()) == ([], [name])
    with pytest.raises(BrokenPromise, match=f"off the mask are not zero in {name}"):
        bad.to_bytes()
    whole = good.to_bytes()
    at = whole.index(good.weights[name].tobytes())
    place = at + 4 * int(np.flatnonzero(~good.masks[name])[0])
    assert whole[place : place + 4] == bytes(4)
    damaged = whole[:place] + np.float32(-0.0).tobytes() + whole[place + 4 :]
    with pytest.raises(SparsetoolError, match=f"off the mask are not zero in {name}"):
        Ticket.load(damaged)


def test_a_new_step_leaves_plus_zeros(make_ticket: Make) -> None:
    """Whatever weights a step makes, -0.0 among them, it leaves +0.0 off the mask."""
    good = mask(make_ticket(), criterion="magnitude", sparsity=0.5)
    made = good.derive("rewind", {}, weights=with_minus_zero(good).weights)
    assert made.off_mask() == []
    assert made.weights[good.prunable[0]].tobytes() == good.weights[good.prunable[0]].tobytes()

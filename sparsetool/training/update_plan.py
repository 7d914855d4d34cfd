"""What was asked of masks that move, checked against the ticket before any work (no torch)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import UsageError, nearest
from ..plugins import updates
from ..plugins.updates import DECAYS, GENERAL, Plan, Update
from ..ticket.counts import decimal, fraction, kept_for
from ..ticket.value import Ticket
from .update_times import steps_of

# Fields of `Settings`; all are None where masks stay.
FIELDS = ("update", "update_every", "update_until", "drop_fraction", "drop_decay", "to")


@dataclass(frozen=True)
class Asked:
    """What `Settings` say of masks that move; the fields are described there."""

    epochs: int
    from_epoch: int = 0
    update: str | None = None
    update_every: int | None = None
    update_until: str | None = None
    drop_fraction: str | None = None
    drop_decay: str | None = None
    to: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def member(self) -> Update:
        """The update, with its own options."""
        assert self.update is not None
        return updates.load(self.update).having(self.own)


def canonical(typed: Mapping[str, Any], update: Update | None) -> dict[str, Any]:
    """What was typed of an update, in one spelling.

    Args:
        typed: Fields of `Settings` in `FIELDS`; None where nothing was typed.
        update: The update, if there is one.

    Returns:
        The same, where typed.

    Raises:
        UsageError: A value that cannot be, or that the update has no use for.
    """
    given = {name: typed[name] for name in FIELDS if typed[name] is not None}
    if not given:
        return {}
    if update is None:
        flag = next(iter(given)).replace("_", "-")
        raise UsageError(f"--{flag} is for masks that move: say how, by --update NAME")
    for name in GENERAL:
        typed_as = name if name.startswith("drop") else f"update_{name}"
        if typed_as in given and name not in update.usual:
            flag = typed_as.replace("_", "-")
            raise UsageError(f"{update.title} has no use for --{flag}: leave it out")
    if given.get("update_every", 1) < 1:
        raise UsageError(f"--update-every must be at least 1, not {given['update_every']}")
    for name in ("update_until", "drop_fraction", "to"):
        if name in given:
            given[name] = decimal(given[name])
    if "drop_fraction" in given:
        fraction(given["drop_fraction"], "--drop-fraction", one=True)
    if (decay := given.get("drop_decay", DECAYS[0])) not in DECAYS:
        raise UsageError(f"unknown --drop-decay '{decay}': {nearest(decay, DECAYS)}")
    return given


def plan_of(settings: Asked, ticket: Ticket, steps: int) -> Plan:
    """When and how far masks move in the cycle that starts at a ticket.

    Args:
        settings: How it is trained, with an `update`.
        ticket: Where the cycle starts.
        steps: Steps in an epoch.

    Raises:
        UsageError: It cannot be done: see there.
    """
    member = settings.member
    usual = member.usual
    total = settings.epochs * steps
    until = Fraction(usual.get("until", "1")) * total
    if settings.update_until is not None:
        until = Fraction(settings.update_until) * steps
        if not 0 < until <= total:
            raise UsageError(
                f"--update-until must be above 0 and at most the {settings.epochs} epochs of a "
                f"cycle, not {settings.update_until}"
            )
    every = settings.update_every or steps_of(usual.get("every", "1 step"), settings.epochs, steps)
    plan = Plan(
        epochs=settings.epochs,
        steps=steps,
        every=every,
        until=math.ceil(until),
        drop_fraction=float(settings.drop_fraction or usual.get("drop_fraction", "0")),
        drop_decay=settings.drop_decay or usual.get("drop_decay", "constant"),
        sizes={name: math.prod(shape) for name, shape in ticket.shapes.items()},
        start=ticket.kept_by_layer,
        goal=_goal(settings, ticket, member),
    )
    _check(settings, plan, member)
    return plan


def moves(settings: Asked, ticket: Ticket, steps: int) -> tuple[int, ...]:
    """Steps of the cycle that starts at a ticket at which masks move."""
    plan = plan_of(settings, ticket, steps)
    member = settings.member
    return tuple(step for step in range(plan.total) if step and member.due(step, plan))


def _goal(settings: Asked, ticket: Ticket, member: Update) -> int:
    """Weights to keep at the end of the cycle.

    Raises:
        UsageError: A sparsity that the update cannot end at.
    """
    to, becomes = settings.to, member.sparsity
    if becomes in ("kept", "free"):
        if to is not None:
            why = "keeps the ticket's sparsity" if becomes == "kept" else "finds its own sparsity"
            raise UsageError(f"{member.title} {why}: leave --to out")
        if becomes == "kept" and not ticket.sparsity:
            raise UsageError(
                f"{member.title} exchanges weights of a mask, but the ticket is dense: "
                "give it one first, such as 'sparsetool mask --random --erk 0.9'"
            )
        return ticket.kept
    if to is None:
        if becomes == "given" and ticket.sparsity:
            return ticket.kept
        raise UsageError(f"{member.title} wants --to S, the sparsity to end at")
    keep = kept_for(ticket.total, to)
    if becomes == "rising" and keep > ticket.kept:
        raise UsageError(
            f"{member.title} only prunes, but --to {to} is below the ticket's sparsity "
            f"{ticket.sparsity:.4g}: give a higher --to or a denser ticket"
        )
    if keep < len(ticket.shapes):
        raise UsageError(
            f"--to {to} keeps {keep} weights, fewer than the {len(ticket.shapes)} layers: each "
            "must keep one at least, give a lower sparsity"
        )
    return keep


def _check(settings: Asked, plan: Plan, member: Update) -> None:
    """See that masks move in time.

    Raises:
        UsageError: They do not.
    """
    if "check" in member.others:
        member.others["check"](plan)
    if member.sparsity == "free":
        return
    begins = settings.from_epoch * plan.steps
    moves = [step for step in range(begins, plan.total) if member.due(step, plan)]
    if not moves:
        raise UsageError(
            f"{member.title} never moves a mask in {plan.epochs} epochs of "
            f"{plan.steps} steps: give more --epochs, or a shorter --update-every"
        )
    reached = moves[-1] >= (plan.last if member.sparsity == "rising" else 0)
    if member.sparsity == "rising" and not (plan.last and reached):
        raise UsageError(
            f"{member.title} cannot reach --to {settings.to} before step {plan.until} "
            f"with an update every {plan.every} steps: give a shorter --update-every, a later "
            "--update-until or more --epochs"
        )


def check_update(
    settings: Asked, ticket: Ticket, examples: int | None, batch_size: int, val: str | None
) -> None:
    """See that an update can be done for a ticket, before torch is imported.

    Args:
        settings: How it is trained.
        ticket: Where the first cycle starts.
        examples: Training examples, or None where only the data themselves know.
        batch_size: Examples in a step.
        val: Fraction of them that is held out, or None.

    Raises:
        UsageError: It cannot.
    """
    if settings.update is None:
        return
    if examples is None:
        _goal(settings, ticket, settings.member)
        return
    if val is not None:
        examples = kept_for(examples, val)
    plan_of(settings, ticket, -(-examples // batch_size))

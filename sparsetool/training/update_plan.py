"""What was asked of masks that move, checked against the ticket before any work (no torch)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import UsageError, nearest
from ..plugins import find
from ..plugins.updates import DECAYS, GENERAL, Plan, steps_of
from ..ticket.counts import decimal, fraction, kept_for
from ..ticket.value import Ticket

# Fields of `Settings`; all are None where masks stay.
FIELDS = ("update", "update_every", "update_until", "drop_fraction", "drop_decay", "to")
OWN = "update_option"


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
    update_option: Mapping[str, str] | None = None


def canonical(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of an update, in one spelling.

    Args:
        typed: Fields of `Settings` in `FIELDS` and `OWN`; None where nothing was typed.

    Returns:
        The same, where typed.

    Raises:
        UsageError: A value that cannot be, or that the update has no use for.
    """
    given = {name: typed[name] for name in (*FIELDS, OWN) if typed[name] is not None}
    if not given:
        return {}
    if "update" not in given:
        flag = next(iter(given)).replace("_", "-")
        raise UsageError(f"--{flag} is for masks that move: say how, by --update NAME")
    name = given["update"] = str(given["update"]).replace("_", "-")
    find.load("updates", name)
    usual = defaults(name)
    for field in GENERAL:
        typed_as = field if field.startswith("drop") else f"update_{field}"
        if typed_as in given and field not in usual:
            flag = typed_as.replace("_", "-")
            raise UsageError(f"update '{name}' has no use for --{flag}: leave it out")
    if given.get("update_every", 1) < 1:
        raise UsageError(f"--update-every must be at least 1, not {given['update_every']}")
    for field in ("update_until", "drop_fraction", "to"):
        if field in given:
            given[field] = decimal(given[field])
    if "drop_fraction" in given:
        fraction(given["drop_fraction"], "--drop-fraction", one=True)
    if (decay := given.get("drop_decay", DECAYS[0])) not in DECAYS:
        raise UsageError(f"unknown --drop-decay '{decay}': {nearest(decay, DECAYS)}")
    if OWN in given:
        given[OWN] = _own(name, usual, given[OWN])
    return given


def defaults(name: str) -> dict[str, str]:
    """Options of a member and what they are by default."""
    found: Any = find.constant("updates", name, "DEFAULTS") or {}
    return dict(found)


def schedule_of(name: str | None) -> str | None:
    """The learning-rate schedule that a member brings along, if any."""
    if name is None or name.replace("_", "-") not in find.members("updates"):
        return None
    found: Any = find.constant("updates", name, "SCHEDULE")
    return None if found is None else str(found)


def _own(name: str, usual: Mapping[str, str], typed: Mapping[str, Any]) -> dict[str, str] | None:
    known = [key for key in usual if key not in GENERAL]
    for key, value in typed.items():
        if key not in known:
            raise UsageError(
                f"update '{name}' has no option '{key}': "
                + (nearest(key, known) if known else "it has none of its own")
            )
        if value != usual[key]:
            try:
                Fraction(str(value))
            except (ValueError, ZeroDivisionError):
                raise UsageError(f"--update-option {key} wants a number, not '{value}'") from None
    return {key: str(value) for key, value in sorted(typed.items())} or None


def plan_of(settings: Asked, ticket: Ticket, steps: int) -> Plan:
    """When and how far masks move in the cycle that starts at a ticket.

    Args:
        settings: How it is trained, with an `update`.
        ticket: Where the cycle starts.
        steps: Steps in an epoch.

    Raises:
        UsageError: It cannot be done: see there.
    """
    assert settings.update is not None
    usual = defaults(settings.update)
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
    own = {key: value for key, value in usual.items() if key not in GENERAL}
    plan = Plan(
        epochs=settings.epochs,
        steps=steps,
        every=every,
        until=math.ceil(until),
        drop_fraction=float(settings.drop_fraction or usual.get("drop_fraction", "0")),
        drop_decay=settings.drop_decay or usual.get("drop_decay", "constant"),
        sizes={name: math.prod(shape) for name, shape in ticket.shapes.items()},
        start=ticket.kept_by_layer,
        goal=_goal(settings, ticket),
        own={**own, **(settings.update_option or {})},
    )
    _check(settings, plan)
    return plan


def moves(settings: Asked, ticket: Ticket, steps: int) -> tuple[int, ...]:
    """Steps of the cycle that starts at a ticket at which masks move."""
    plan = plan_of(settings, ticket, steps)
    member = find.load("updates", str(settings.update))
    return tuple(step for step in range(plan.total) if step and member.due(step, plan))


def _goal(settings: Asked, ticket: Ticket) -> int:
    """Weights to keep at the end of the cycle.

    Raises:
        UsageError: A sparsity that the update cannot end at.
    """
    name, to = settings.update, settings.to
    assert name is not None
    becomes = find.load("updates", name).SPARSITY
    if becomes in ("kept", "free"):
        if to is not None:
            why = "keeps the ticket's sparsity" if becomes == "kept" else "finds its own sparsity"
            raise UsageError(f"update '{name}' {why}: leave --to out")
        if becomes == "kept" and not ticket.sparsity:
            raise UsageError(
                f"update '{name}' exchanges weights of a mask, but the ticket is dense: "
                "give it one first, such as 'sparsetool mask --random --erk 0.9'"
            )
        return ticket.kept
    if to is None:
        if becomes == "given" and ticket.sparsity:
            return ticket.kept
        raise UsageError(f"update '{name}' wants --to S, the sparsity to end at")
    keep = kept_for(ticket.total, to)
    if becomes == "rising" and keep > ticket.kept:
        raise UsageError(
            f"update '{name}' only prunes, but --to {to} is below the ticket's sparsity "
            f"{ticket.sparsity:.4g}: give a higher --to or a denser ticket"
        )
    if keep < len(ticket.shapes):
        raise UsageError(
            f"--to {to} keeps {keep} weights, fewer than the {len(ticket.shapes)} layers: each "
            "must keep one at least, give a lower sparsity"
        )
    return keep


def _check(settings: Asked, plan: Plan) -> None:
    """See that masks move in time.

    Raises:
        UsageError: They do not.
    """
    assert settings.update is not None
    member = find.load("updates", settings.update)
    if hasattr(member, "check"):
        member.check(plan)
    if member.SPARSITY == "free":
        return
    begins = settings.from_epoch * plan.steps
    moves = [step for step in range(begins, plan.total) if member.due(step, plan)]
    if not moves:
        raise UsageError(
            f"update '{settings.update}' never moves a mask in {plan.epochs} epochs of "
            f"{plan.steps} steps: give more --epochs, or a shorter --update-every"
        )
    reached = moves[-1] >= (plan.last if member.SPARSITY == "rising" else 0)
    if member.SPARSITY == "rising" and not (plan.last and reached):
        raise UsageError(
            f"update '{settings.update}' cannot reach --to {settings.to} before step {plan.until} "
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
        _goal(settings, ticket)
        return
    if val is not None:
        examples = kept_for(examples, val)
    plan_of(settings, ticket, -(-examples // batch_size))

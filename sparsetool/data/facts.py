"""What is known of a data set by name, and which data a ticket was trained on (no torch)."""

from __future__ import annotations

from typing import Any

from ..errors import SparsetoolError
from ..plugins.datasets import Facts, data_root
from ..ticket.value import Ticket
from .naming import located


def facts_of(data: str, root: str | None = None) -> Facts:
    """What is known of a data set by name; only those that name a place look at the disk."""
    member, argument = located(data, root)
    return member.facts(argument)


def fingerprint(data: str, root: str | None) -> str:
    """What identifies a data set's content: its official md5, or a digest of what is there.

    Raises:
        SparsetoolError: The data are not there; the message says how to get them.
    """
    member, argument = located(data, root)
    return member.fingerprint(argument, data_root(root))


def check_fits(ticket: Ticket, data: str, facts: Facts) -> None:
    """Refuse a data set whose classes or input are not the ticket's."""
    has = (facts.classes, tuple(facts.input))
    wants = (ticket.meta["classes"], tuple(ticket.meta["input"]))
    if has != wants:
        raise SparsetoolError(
            f"data set {data} has {has[0]} classes and inputs {has[1]}, "
            f"the ticket wants {wants[0]} classes and inputs {wants[1]}"
        )


def last_data(ticket: Ticket) -> str:
    """The data set the ticket was last trained on, else that of its birth."""
    for record in reversed(ticket.main_line):
        if record["verb"] == "train-cycles":
            return str(record["options"]["data"])
    return str(ticket.meta["data"])


def trained_on(ticket: Ticket) -> dict[str, Any]:
    """What the ticket's last training did to the training split: `val`, `label_noise`, `seed`."""
    for record in reversed(ticket.main_line):
        if record["verb"] == "train-cycles":
            options = record["options"]
            found = {k: options[k] for k in ("val", "label_noise") if k in options}
            return {**found, "seed": record["seed"]}
    return {}

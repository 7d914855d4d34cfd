"""What is known of a data set by name, and which data a ticket was trained on (no torch)."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ..errors import SparsetoolError, UsageError
from ..plugins.datasets import Facts, data_root
from ..ticket.value import Ticket
from .naming import located


def facts_of(data: str, root: str | None = None) -> Facts:
    """What is known of a data set by name; only those that name a place look at the disk."""
    member, argument = located(data, root)
    return member.facts(argument)


def normalisation(text: str, channels: int) -> dict[str, list[float]]:
    """What images are normalised by, as a ticket states it: `mean` and `std` of each channel.

    Args:
        text: A data set whose mean and deviation are used, or `MEAN/STD`: numbers with commas
            between channels (or one for all), as fractions of the full range.
        channels: Channels of an image.

    Raises:
        UsageError: An unknown name, or numbers that cannot be.

    Example:
        >>> normalisation("0.5/0.25", 3)
        {'mean': [0.5, 0.5, 0.5], 'std': [0.25, 0.25, 0.25]}
    """
    if "/" not in text:
        facts = facts_of(text)
        mean, std = list(facts.mean), list(facts.std)
    else:
        try:
            mean, std = ([float(n) for n in part.split(",")] for part in text.split("/"))
        except ValueError:
            raise UsageError(
                f"--normalize wants a data set or MEAN/STD, such as 0.5/0.25, not '{text}'"
            ) from None
    mean, std = (part * channels if len(part) == 1 else part for part in (mean, std))
    if not len(mean) == len(std) == channels:
        raise UsageError(
            f"--normalize {text} has {len(mean)} means and {len(std)} deviations, "
            f"images here have {channels} channels"
        )
    if not all(isfinite(m) for m in mean) or not all(isfinite(s) and s > 0 for s in std):
        raise UsageError(f"--normalize {text}: means must be finite, deviations above 0")
    return {"mean": mean, "std": std}


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

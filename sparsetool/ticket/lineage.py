"""The records of a lineage: what each step was, and which steps made a ticket's weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class Record(TypedDict):
    """One step of a ticket's life.

    `verb`, `options` (result options as a record holds them), `seed`, `inputs` (digest of each
    input, by role; `ticket` is the main one) and `achieved` (kept and prunable counts; for training
    epochs and steps) decide the digest; `figures`, `device` and `versions` do not. Every record but
    the last carries the `digest` of the ticket that it made.
    """

    verb: str
    options: dict[str, Any]
    seed: int
    inputs: dict[str, str]
    achieved: dict[str, Any]
    figures: NotRequired[dict[str, Any]]
    device: NotRequired[str]
    precision: NotRequired[str]
    threads: NotRequired[int]
    ranks: NotRequired[int]
    versions: NotRequired[dict[str, str]]
    digest: NotRequired[str]


# Options by which a training chose when to end; only the record of the peak holds them.
CHOOSING = ("until_peak", "patience", "min_gain", "most_cycles")
# What a digest leaves out: it may differ between machines without the weights meaning another step.
UNDIGESTED = ("versions", "device", "figures")


def main_line(lineage: Sequence[Record]) -> list[Record]:
    """The records that made a ticket's weights, oldest first: follow each `ticket` input."""
    made = {record.get("digest"): record for record in lineage[:-1]}
    line: list[Record] = []
    record = lineage[-1] if lineage else None
    while record is not None:
        line.append(record)
        # Taken out, so that records which name each other in a circle cannot hold it.
        record = made.pop(record["inputs"].get("ticket"), None)
    return line[::-1]


def recorded(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a record holds them: those that were given, in the order of their names."""
    return {k: v for k, v in sorted(options.items()) if v is not None and v is not False}

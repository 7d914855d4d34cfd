"""What the records of a lineage must look like: each step once, its parents before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .json_text import shown
from .schema import is_count, is_name, is_number, wrong

HEX = re.compile(r"[0-9a-f]{64}")
WORD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
OUTSIDE = "file"  # the role of an input that no verb made
COUNTS = ("kept", "prunable", "epochs", "steps", "examples", "extra_cycles", "extra_examples")
# What every training records, and later verbs look up.
NEEDED = ("data", "epochs", "schedule", "lr", "momentum", "weight_decay", "batch_size")
SETTINGS = {
    "data": (is_name, "a name"),
    "epochs": (lambda v: is_count(v, 1), "a whole number above 0"),
    "schedule": (is_name, "a name"),
    "batch_size": (lambda v: is_count(v, 1), "a whole number above 0"),
    "lr": (is_number, "a number"),
    "momentum": (is_number, "a number"),
    "weight_decay": (is_number, "a number"),
    "from_epoch": (is_count, "a whole number"),
    "val": (is_name, "a decimal"),
    "label_noise": (is_name, "a decimal"),
    "order_seed": (lambda v: type(v) is int, "a whole number"),
    "augmentation_seed": (lambda v: type(v) is int, "a whole number"),
}


def check_lineage(lineage: Any, prunable: int) -> None:
    """Check the records of a ticket.

    Args:
        lineage: What was parsed.
        prunable: How many layers are prunable.

    Raises:
        ValueError: A record is not what it must be, or names a parent that is not before it.
    """
    if not isinstance(lineage, list):
        raise wrong("'lineage'", lineage, "a list of records")
    made: set[str] = set()
    for number, record in enumerate(lineage, start=1):
        what = f"record {number} of the lineage"
        _check_record(what, record)
        for role, digest in record["inputs"].items():
            if role != OUTSIDE and digest not in made:
                raise ValueError(
                    f"the lineage lacks the step that made {digest[:12]}, which {what} needs "
                    "before it"
                )
        digest = record.get("digest")
        if digest is None and number < len(lineage):
            raise ValueError(f"{what} has no digest")
        if digest is not None and not (isinstance(digest, str) and HEX.fullmatch(digest)):
            raise wrong(f"the digest of {what}", digest, "64 hex digits")
        if digest in made:
            raise ValueError(f"{what} has the digest of an earlier one")
        made.add(str(digest))
        if record["verb"] == "train-cycles":
            _check_training(what, record, prunable)


def _check_record(what: str, record: Any) -> None:
    if not isinstance(record, dict):
        raise wrong(what, record, "an object")
    for key in ("verb", "options", "seed", "inputs", "achieved"):
        if key not in record:
            raise ValueError(f"{what} lacks '{key}'")
    if not _is_word(record["verb"]):
        raise wrong(f"the verb of {what}", record["verb"], "a verb")
    if type(record["seed"]) is not int:
        raise wrong(f"the seed of {what}", record["seed"], "a whole number")
    for key in ("options", "inputs", "achieved", "figures", "versions"):
        part = record.get(key, {})
        if not isinstance(part, dict) or not all(map(is_name, part)):
            raise wrong(f"'{key}' of {what}", part, "an object")
    for name, value in record["options"].items():
        if not _is_option(value):
            raise wrong(f"option {shown(name)} of {what}", value, "a value of an option")
    for role, digest in record["inputs"].items():
        if not _is_word(role) or not isinstance(digest, str) or not HEX.fullmatch(digest):
            raise wrong(f"input {shown(role)} of {what}", digest, "64 hex digits")
    for name, value in record.get("figures", {}).items():
        if value is not None and not _is_figure(value):
            raise wrong(f"figure {shown(name)} of {what}", value, "a number")
    _check_counts(what, record["achieved"])


def _check_counts(what: str, achieved: Mapping[str, Any]) -> None:
    for name in COUNTS:
        if name in achieved and not is_count(achieved[name]):
            raise wrong(f"'{name}' of {what}", achieved[name], "a count")
    if achieved.get("kept", 0) > achieved.get("prunable", achieved.get("kept", 0)):
        raise ValueError(f"{what} keeps more weights than are prunable")
    layers = achieved.get("layers", [])
    if not isinstance(layers, list) or not all(map(is_count, layers)):
        raise wrong(f"'layers' of {what}", layers, "a list of counts")


def _check_training(what: str, record: Mapping[str, Any], prunable: int) -> None:
    options, achieved = record["options"], record["achieved"]
    for name, (fits, wanted) in SETTINGS.items():
        if name in options and not fits(options[name]):
            raise wrong(f"option {name} of {what}", options[name], wanted)
        if name in NEEDED and name not in options:
            raise ValueError(f"{what} lacks the option '{name}'")
    if options.get("from_epoch", 0) >= options["epochs"]:
        raise ValueError(f"{what} begins after its last epoch")
    if not is_count(achieved.get("epochs"), 1):
        raise wrong(f"'epochs' of {what}", achieved.get("epochs"), "a count above 0")
    if options.get("until_peak") and not is_count(achieved.get("peak_cycle"), 1):
        raise wrong(f"'peak_cycle' of {what}", achieved.get("peak_cycle"), "a count above 0")
    if len(achieved.get("layers", [])) not in (0, prunable):
        raise ValueError(f"{what} counts {len(achieved['layers'])} layers, not {prunable}")


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and WORD.fullmatch(value) is not None


def _is_option(value: Any) -> bool:
    """A text, a number, a flag; a list of these, or an object of them (`--map OLD=NEW`)."""
    if isinstance(value, dict):
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else _is_plain(value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | bool) or is_number(value)


def _is_figure(value: Any) -> bool:
    return all(map(is_number, value)) if isinstance(value, list) else is_number(value)

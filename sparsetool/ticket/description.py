"""A ticket in a few lines, for a prompt and for a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from . import html
from .lineage import Record

STEPS = 6  # of a lineage that are named


def described(meta: Mapping[str, Any], kept: int, total: int, line: Sequence[Record]) -> str:
    """What a ticket is, in words.

    Args:
        meta: Its facts of birth.
        kept: Prunable weights that it keeps.
        total: Prunable weights in all.
        line: The records that made it, oldest first.

    Example:
        >>> facts = {"model": "mlp:20", "data": "digits", "classes": 10, "input": [1, 8, 8]}
        >>> birth = {"verb": "init", "achieved": {}}
        >>> cycle = {"verb": "train-cycles", "achieved": {"epochs": 3}}
        >>> last = {**cycle, "figures": {"test_accuracy": 0.93}}
        >>> print(described(facts, 7, 14, [birth, cycle, last]))
        mlp:20 on digits (input 1x8x8, 10 classes)
          7 of 14 prunable weights kept, sparsity 0.5
          trained for 2 cycles, 6 epochs in all, test accuracy 93.00%
          init, train-cycles (2 times)
    """
    model, data = names(meta)
    kept_of = f"{kept:,} of {total:,} prunable weights kept, sparsity {_sparsity(kept, total)}"
    lines = [
        f"{model} on {data} (input {_shape(meta)}, {meta['classes']} classes)",
        kept_of,
        *filter(None, [", ".join(filter(None, [_trained(line), _accuracy(line)]))]),
        _steps(line) or "no lineage",
    ]
    return "\n  ".join(lines)


def as_html(meta: Mapping[str, Any], kept: int, total: int, line: Sequence[Record]) -> str:
    """The same as a small table in HTML, without colours of its own; arguments as above."""
    model, data = names(meta)
    held = {
        "model": model,
        "data": f"{data} (input {_shape(meta)}, {meta['classes']} classes)",
        "sparsity": f"{_sparsity(kept, total)}: {kept:,} of {total:,} prunable weights kept",
        "trained": _trained(line).removeprefix("trained ") or "not yet",
        "test accuracy": _accuracy(line).removeprefix("test accuracy "),
        "seed": str(meta["seed"]),
        "made by": _steps(line),
    }
    return html.facts({name: words for name, words in held.items() if words})


def names(meta: Mapping[str, Any]) -> tuple[str, str]:
    """Model and data set as a reader wants them: own code without its digest."""
    model, data = (str(meta[key]).partition("@sha256:")[0] for key in ("model", "data"))
    return model, data


def _shape(meta: Mapping[str, Any]) -> str:
    return "x".join(map(str, meta["input"]))


def _sparsity(kept: int, total: int) -> str:
    return f"{1 - kept / total if total else 0.0:.4g}"


def _trained(line: Sequence[Record]) -> str:
    """For how long, cycles and epochs; empty where never."""
    epochs = sum(int(record["achieved"].get("epochs", 0)) for record in line)
    cycles = sum(record["verb"] == "train-cycles" for record in line)
    if not epochs:
        return ""
    of = f"{cycles:,} cycle{'s' * (cycles != 1)}, " if cycles else ""
    return f"trained for {of}{epochs:,} epoch{'s' * (epochs != 1)} in all"


def _accuracy(line: Sequence[Record]) -> str:
    """What the last step measured; after a step that changed the weights since, nobody knows."""
    figures = line[-1].get("figures", {}) if line else {}
    found = figures.get("test_accuracy")
    return "" if found is None else f"test accuracy {found:.2%}"


def _steps(line: Sequence[Record]) -> str:
    steps = []
    for verb, equal in groupby(record["verb"] for record in line):
        count = len(list(equal))
        steps.append(verb if count == 1 else f"{verb} ({count} times)")
    if len(steps) > STEPS:
        steps = [steps[0], "...", *steps[2 - STEPS :]]
    return ", ".join(steps)

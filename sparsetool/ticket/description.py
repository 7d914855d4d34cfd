"""A ticket in a few lines, for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

STEPS = 6  # of a lineage that are named


def described(meta: Mapping[str, Any], kept: int, total: int, verbs: Iterable[str]) -> str:
    """What a ticket is, in words.

    Args:
        meta: Its facts of birth.
        kept: Prunable weights that it keeps.
        total: Prunable weights in all.
        verbs: The steps that made it, oldest first.

    Example:
        >>> facts = {"model": "mlp:20", "data": "digits", "classes": 10, "input": [1, 8, 8]}
        >>> print(described(facts, 7, 14, ["init", "train-cycles", "train-cycles"]))
        mlp:20 on digits (input 1x8x8, 10 classes)
          7 of 14 prunable weights kept, sparsity 0.5
          init, train-cycles (2 times)
    """
    steps = []
    for verb, equal in groupby(verbs):
        count = len(list(equal))
        steps.append(verb if count == 1 else f"{verb} ({count} times)")
    if len(steps) > STEPS:
        steps = [steps[0], "...", *steps[2 - STEPS :]]
    model, data = (str(meta[key]).partition("@sha256:")[0] for key in ("model", "data"))
    sparsity = 1 - kept / total if total else 0.0
    return (
        f"{model} on {data} (input {'x'.join(map(str, meta['input']))}, {meta['classes']} classes)"
        f"\n  {kept:,} of {total:,} prunable weights kept, sparsity {sparsity:.4g}"
        f"\n  {', '.join(steps) or 'no lineage'}"
    )

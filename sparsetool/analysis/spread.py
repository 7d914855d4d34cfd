"""How much each source of noise makes a figure vary: its variance over seeds, and its share.

Where one source alone was varied at a time, each value of a label (initialisation, mask, order)
has figures of several seeds. Their sample variance is what this source makes, all others held where
they were; a share is a variance over the sum of all. Sources that act together are not told apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import SparsetoolError, UsageError
from ..plugins.plot_rows import check_label, number
from .pairing import place_fields, seed_of
from .row_choice import Row, chosen, value
from .statistics import deviation_above_rounding, deviation_interval


def spreads(
    rows: Iterable[Row],
    figure: str,
    *,
    by: str,
    at: Sequence[str] | None = None,
    where: Sequence[tuple[str, str]] = (),
    without: Sequence[tuple[str, str]] = (),
    confidence: float = 0.95,
) -> list[dict[str, Any]]:
    """Variance of a figure over seeds for each value of a label, and its share, at each place.

    Args:
        rows: The lines of measuring verbs as dicts.
        figure: What varies.
        by: The label whose values are the sources.
        at: Fields and labels that make a place; by default the sparsity and all other labels.
        where: Fields or labels, each with the value that rows must have.
        without: The same, of rows to leave out.
        confidence: Of the interval of the deviation (chi-squared).

    Returns:
        For each place and value a row with `source`, the place's fields, `seeds`, `n`, `mean`,
        `deviation`, its interval's ends `low` and `high`, `variance`, and `share` (None where
        nothing varies). What rounding can make does not vary.

    Raises:
        UsageError: No row has the label, or a field of `at`; or the figure is a list.
        SparsetoolError: A row has no seed, two have the same, or a source has one seed alone.
    """
    if not 0 < confidence < 1:
        raise UsageError(f"--confidence must be between 0 and 1, not {confidence:g}")
    held_rows = chosen(rows, figure, where, without)
    check_label(held_rows, by)
    fields = place_fields(held_rows, by, at)
    places: dict[tuple[str, ...], dict[str, dict[str, Row]]] = {}
    for row in held_rows:
        if not value(row, by):
            continue
        place = tuple(value(row, name) for name in fields)
        held = places.setdefault(place, {}).setdefault(value(row, by), {})
        if (seed := seed_of(row)) in held:
            raise SparsetoolError(
                f"two lines of {by} {value(row, by)}, seed {seed}: give --at a field that tells "
                "them apart, or fewer lines"
            )
        held[seed] = row
    return [
        line
        for sources in places.values()
        for line in _place(sources, figure, by, fields, confidence)
    ]


def _place(
    sources: dict[str, dict[str, Row]],
    figure: str,
    by: str,
    fields: Sequence[str],
    confidence: float,
) -> list[dict[str, Any]]:
    lines = []
    for source, by_seed in sources.items():
        figures = [number(row, figure) for row in by_seed.values()]
        if len(figures) < 2:
            raise SparsetoolError(f"{by} {source} has one seed: a variance takes at least two")
        one = next(iter(by_seed.values()))
        spread = deviation_above_rounding(figures, figures)
        low, high = deviation_interval(figures, confidence) if spread else (0.0, 0.0)
        labels = one.get("labels", {})
        lines.append(
            {
                "measure": "spread",
                "figure": figure,
                "by": by,
                "source": source,
                **{name: one[name] for name in fields if name not in labels and name in one},
                "labels": {name: labels[name] for name in fields if name in labels},
                "seeds": list(by_seed),
                "confidence": confidence,
                "n": len(figures),
                "mean": math.fsum(figures) / len(figures),
                "deviation": spread,
                "low": low,
                "high": high,
                "variance": spread**2,
            }
        )
    whole = math.fsum(line["variance"] for line in lines)
    return [{**line, "share": line["variance"] / whole if whole else None} for line in lines]

"""Measured rows paired by seed: the two sides of a comparison, at each place where both are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import SparsetoolError
from ..plugins.plot_rows import check_label, number
from .row_choice import SEED, Row, brief, order, value


@dataclass(frozen=True)
class Pairs:
    """One comparison: two values of a label, at one place.

    Attributes:
        first: Value whose figures are reduced by the second's.
        second: The other value.
        place: What all its rows agree in, as fields of a row (`sparsity`, `labels`, `split`).
        seeds: Seeds that both sides have.
        figures: The first's and the second's figure of each of these seeds.
        alone: Seeds that one side alone has, by its value.
    """

    first: str
    second: str
    place: Row
    seeds: list[str]
    figures: list[tuple[float, float]]
    alone: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Pairing:
    """All comparisons, and what is left out of them.

    Attributes:
        found: The comparisons, by pair and place.
        nowhere: Pairs of values that no place has both of.
        lone: Places where one side alone of a pair has rows, in words, by its value.
        fields: What makes a place.
    """

    found: list[Pairs]
    nowhere: list[tuple[str, str]]
    lone: dict[str, list[str]]
    fields: list[str]


def paired(
    rows: Sequence[Row],
    figure: str,
    by: str,
    pairs: Sequence[tuple[str, str]],
    at: Sequence[str] | None = None,
) -> Pairing:
    """Every pair of values at every place where both have rows.

    Args:
        rows: Rows that have the figure.
        figure: What is compared.
        by: The label (or field) whose values are compared.
        pairs: Its values, two by two.
        at: Fields and labels that make a place; by default the sparsity and all other labels. The
            split is always one.

    Raises:
        UsageError: No row has a field of `at`.
        SparsetoolError: A row has no seed, or two rows have the same seed, value and place.
    """
    fields = place_fields(rows, by, at)
    places: dict[tuple[str, ...], dict[str, dict[str, Row]]] = {}
    wanted = {side for pair in pairs for side in pair}
    for row in rows:
        if value(row, by) not in wanted:
            continue
        place = tuple(value(row, name) for name in fields)
        held = places.setdefault(place, {}).setdefault(value(row, by), {})
        seed = seed_of(row)
        if seed in held:
            where = ", ".join(f"{n} {v}" for n, v in zip(fields, place, strict=True) if v)
            raise SparsetoolError(
                f"two lines of {by} {value(row, by)}, seed {seed}{where and f', {where}'}: "
                "give --at a field that tells them apart, or fewer lines"
            )
        held[seed] = row
    ordered = [places[place] for place in sorted(places, key=order)]
    found, nowhere = [], []
    for first, second in pairs:
        both = [sides for sides in ordered if first in sides and second in sides]
        found += [_pairs(first, second, sides, fields, figure) for sides in both]
        nowhere += [] if both else [(first, second)]
    meeting = [pair for pair in pairs if pair not in nowhere]
    return Pairing(found, nowhere, _lone(places, fields, meeting), fields)


def _lone(
    places: Mapping[tuple[str, ...], Mapping[str, Any]],
    fields: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> dict[str, list[str]]:
    """Places where one side alone of a pair has rows, by its value: the fields that vary."""
    varying = [at for at in range(len(fields)) if len({place[at] for place in places}) > 1]
    lone: dict[str, list[str]] = {}
    for place in sorted(places, key=order):
        words = " ".join(f"{fields[at]} {brief(place[at]) or '(none)'}" for at in varying)
        for pair in pairs:
            here = [side for side in pair if side in places[place]]
            if len(here) == 1 and words not in lone.setdefault(here[0], []):
                lone[here[0]].append(words)
    return lone


def place_fields(rows: Sequence[Row], by: str, at: Sequence[str] | None) -> list[str]:
    """Fields that make a place: those asked for, or the sparsity and all labels but `by`."""
    if at is None:
        labels = sorted({key for row in rows for key in row.get("labels", {})} - {by, SEED})
        at = [*(["sparsity"] if any("sparsity" in row for row in rows) else []), *labels]
    for name in at:
        check_label(rows, name)
    return [name for name in dict.fromkeys([*at, "split"]) if name != by]


def seed_of(row: Row) -> str:
    """The seed of a row.

    Raises:
        SparsetoolError: It has none.
    """
    seed = value(row, SEED)
    if not seed:
        raise SparsetoolError(
            f"a line of {row.get('file', 'the input')} has no label 'seed', by which lines are "
            "paired: measure with --label seed=N"
        )
    return seed


def _pairs(
    first: str,
    second: str,
    sides: Mapping[str, Mapping[str, Row]],
    fields: Sequence[str],
    name: str,
) -> Pairs:
    left, right = sides[first], sides[second]
    seeds = [seed for seed in left if seed in right]
    one = next(iter(left.values()))
    place: dict[str, Any] = {
        n: one[n] for n in fields if n not in one.get("labels", {}) and n in one
    }
    place |= {n: found[-1] for n, found in place.items() if isinstance(found, list) and found}
    place["labels"] = {n: one["labels"][n] for n in fields if n in one.get("labels", {})}
    alone = {side: [seed for seed in sides[side] if seed not in seeds] for side in (first, second)}
    return Pairs(
        first,
        second,
        place,
        seeds,
        [(number(left[seed], name), number(right[seed], name)) for seed in seeds],
        {side: others for side, others in alone.items() if others},
    )

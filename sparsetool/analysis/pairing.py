"""Measured rows paired by seed: the two sides of a comparison, at each place where both are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import SparsetoolError, UsageError, nearest
from ..plugins.plot_rows import check_label, number
from .row_choice import Row, listed, value

SEED = "seed"  # the label by which rows are paired


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


def label_of(rows: Sequence[Row], between: Sequence[str], against: str | None) -> str:
    """The one label that has the values asked for.

    Args:
        rows: The rows.
        between: Two values with a comma between them, any number of times.
        against: One value, or None.

    Raises:
        UsageError: No label, or several, have them.
    """
    values = values_of(rows)
    holding = [
        name
        for name in values
        if all(_halves(text, values[name]) for text in between)
        and (against is None or against in values[name])
    ]
    if len(holding) == 1:
        return holding[0]
    asked = " and ".join([*between, *([against] if against is not None else [])])
    if holding:
        raise UsageError(
            f"'{asked}' are values of {' and '.join(holding)}: say which by --by LABEL"
        )
    raise UsageError(f"no label has the values '{asked}': the lines have {shown_labels(rows)}")


def values_of(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The values of each label but the seed, as they come."""
    names = sorted({key for row in rows for key in row.get("labels", {})} - {SEED})
    return {name: list(dict.fromkeys(value(row, name) for row in rows)) for name in names}


def shown_labels(rows: Sequence[Row]) -> str:
    """The labels of rows with their values, for a message."""
    told = (f"{name}: {listed(held)}" for name, held in values_of(rows).items())
    return "; ".join(told) or "no labels"


def two(text: str, known: Sequence[str]) -> tuple[str, str]:
    """Two values from `A,B`; the values themselves may have commas in them.

    Raises:
        UsageError: The text is not two of the known values.
    """
    found = _halves(text, known)
    if len(found) != 1:
        what = f"'{text}' can be read in {len(found)} ways" if found else f"not '{text}'"
        raise UsageError(f"--between wants two different values A,B, {what}: {listed(known)}")
    return found[0]


def _halves(text: str, known: Sequence[str]) -> list[tuple[str, str]]:
    words = text.split(",")
    cuts = [(",".join(words[:at]), ",".join(words[at:])) for at in range(1, len(words))]
    trimmed = [(first.strip(), second.strip()) for first, second in cuts]
    return [cut for cut in trimmed if set(cut) <= set(known) and cut[0] != cut[1]]


def asked(
    rows: Sequence[Row], by: str, between: Sequence[str], against: str | None
) -> list[tuple[str, str]]:
    """The pairs of values that are compared, in order; numbers beside `against` by size.

    Raises:
        UsageError: A value is not there.
    """
    check_label(rows, by)
    known = list(dict.fromkeys(found for row in rows if (found := value(row, by))))
    pairs = [two(text, known) for text in between]
    if against is not None:
        if against not in known:
            raise UsageError(f"{by} has no value '{against}': {nearest(against, known)}")
        if all(_order([each]) < [(1, "")] for each in known):
            known.sort(key=lambda each: _order([each]))
        pairs += [(other, against) for other in known if other != against]
    return pairs


def paired(
    rows: Sequence[Row],
    figure: str,
    by: str,
    pairs: Sequence[tuple[str, str]],
    at: Sequence[str] | None = None,
) -> tuple[list[Pairs], list[tuple[str, str]]]:
    """Every pair of values at every place where both have rows.

    Args:
        rows: Rows that have the figure.
        figure: What is compared.
        by: The label (or field) whose values are compared.
        pairs: Its values, two by two.
        at: Fields and labels that make a place; by default the sparsity and all other labels. The
            split is always one.

    Returns:
        The comparisons, by pair and place, and the pairs of values that meet nowhere.

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
    ordered = [places[place] for place in sorted(places, key=_order)]
    found, nowhere = [], []
    for first, second in pairs:
        both = [sides for sides in ordered if first in sides and second in sides]
        found += [_pairs(first, second, sides, fields, figure) for sides in both]
        nowhere += [] if both else [(first, second)]
    return found, nowhere


def _order(place: Sequence[str]) -> list[tuple[int, Any]]:
    """Numbers by size, before words."""
    return [(0, float(v)) if v.replace(".", "", 1).isdecimal() else (1, v) for v in place]


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

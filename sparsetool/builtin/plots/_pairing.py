"""What a picture takes from several rows: figures borrowed, differences, names of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...errors import SparsetoolError, UsageError
from ...plugins.plot_rows import label, number, only

Row = Mapping[str, Any]


def having(rows: Sequence[Row], x: str, y: str) -> list[Row]:
    """The rows that have `y`; where they lack `x`, it is that of another row of the same ticket.

    So lines of `eval` stand against the training cost that `flops` counted. Of the `eigenvalues` of
    a row the largest is its `eigenvalue`.

    Raises:
        SparsetoolError: There is no such row.
    """
    told = [_with_eigenvalue(row) for row in rows]
    lent = {row["digest"]: row[x] for row in told if "digest" in row and x in row}
    found: list[Row] = []
    for row in only(told, y):
        owns = x in row or x in row.get("labels", {})
        borrows = not owns and row.get("digest") in lent
        found.append({**row, x: lent[row["digest"]]} if borrows else row)
    return only(found, x)


def _with_eigenvalue(row: Row) -> Row:
    return {**row, "eigenvalue": max(row["eigenvalues"])} if row.get("eigenvalues") else row


def categories(rows: Iterable[Row], x: str) -> tuple[str, ...]:
    """The values of a label of words, in the order in which they come; none where x is a number."""
    values = [row.get("labels", {}).get(x, row.get(x)) for row in rows]
    if not any(isinstance(value, str) and not is_number(value) for value in values):
        return ()
    return tuple(dict.fromkeys(map(str, values)))


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def minus(rows: Sequence[Row], x: str, y: str, pair: str) -> list[Row]:
    """Rows of the first value of a label, their `y` less that of the second's, seed by seed.

    Rows are partners where they agree in `x`, the split and all other labels; rows that do not have
    the label at all (a dense ticket, say) are left out.

    Args:
        rows: Rows that all have `x` and `y`.
        x: Field or label in which partners agree.
        y: The figure.
        pair: Two values of one label with a comma between them.

    Raises:
        UsageError: No label, or several, have both values.
        SparsetoolError: A row has no partner.
    """
    values = pair.split(",")
    names = {key for row in rows for key in row.get("labels", {})}
    both = [n for n in sorted(names) if set(values) <= {label(row, n) for row in rows}]
    if len(values) != 2 or len(both) != 1:
        found = f"labels with both: {', '.join(both) or 'none'}"
        raise UsageError(f"--difference wants two values A,B of one label, not '{pair}' ({found})")
    (name,) = both
    sides: dict[str, dict[Any, Row]] = {value: {} for value in values}
    for row in rows:
        if label(row, name) in sides:
            others = {k: v for k, v in row["labels"].items() if k != name}
            place = row.get(x, others.get(x))
            known = (str(place), row.get("split"), *sorted(others.items()))
            sides[label(row, name)][known] = {**row, "labels": others}
    first, second = sides.values()
    alone = [
        row for key, row in {**first, **second}.items() if key not in first or key not in second
    ]
    if alone:
        told = alone[0].get("file", "a line")
        raise SparsetoolError(f"--difference {pair}: {told} has no partner at its {x} and labels")
    return [{**row, y: number(row, y) - number(second[key], y)} for key, row in first.items()]

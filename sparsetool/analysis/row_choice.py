"""Which measured rows are compared: those that have the figure, and the values asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..plugins.plot_rows import check_label, only

Row = Mapping[str, Any]
SEED = "seed"  # the label by which rows are paired
NO_FIGURES = ("sparsity", "epochs", "cycles", "examples")  # numbers that say what was measured


def value(row: Row, name: str) -> str:
    """A label or field of a row as it is typed; of a pair of tickets the second's.

    Example:
        >>> value({"sparsity": 0.9, "labels": {"method": "lrr"}}, "sparsity")
        '0.9'
    """
    found = row.get("labels", {}).get(name, row.get(name))
    if isinstance(found, list) and found:
        found = found[-1]
    if found is None:
        return ""
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return f"{found:.8g}" if is_number else str(found)


def brief(typed: str) -> str:
    """A value for a reader: of a number no more digits than tables have.

    Example:
        >>> brief("0.95000148"), brief("lrr")
        ('0.95', 'lrr')
    """
    return f"{float(typed):.4g}" if typed.replace(".", "", 1).isdecimal() else typed


def chosen(
    rows: Iterable[Row],
    figure: str,
    where: Sequence[tuple[str, str]],
    without: Sequence[tuple[str, str]],
) -> list[Row]:
    """The rows that have a figure, every value of `where` and none of `without`.

    The largest of `eigenvalues` is an `eigenvalue`.

    Args:
        rows: The rows.
        figure: A field that holds one number.
        where: Labels or fields, each with its value as `value` gives it.
        without: The same.

    Raises:
        UsageError: No row is left, none has a value of `where`, or the figure is a list.
        SparsetoolError: No row has the figure; the message names the nearest.
    """
    told = [
        {**row, "eigenvalue": max(row["eigenvalues"])} if row.get("eigenvalues") else row
        for row in rows
    ]
    left = only(told, figure)
    for name, wanted in where:
        check_label(left, name)
        having = [row for row in left if value(row, name) == wanted]
        if not having:
            known = list(dict.fromkeys(value(row, name) for row in left))
            raise UsageError(f"no line has {name} {wanted}: {listed(known)}")
        left = having
    left = [row for row in left if not any(value(row, n) == v for n, v in without)]
    if not left:
        raise UsageError("--without leaves no line")
    _check_one_number(left, figure)
    return left


def _check_one_number(rows: Sequence[Row], figure: str) -> None:
    """Refuse a figure that is a list, of which nobody said which entry is meant."""
    row = next((r for r in rows if isinstance(r.get(figure), list) and len(r[figure]) != 1), None)
    if row is None:
        return
    single = [n for n, held in row.items() if type(held) in (int, float) and n not in NO_FIGURES]
    alike = {figure.removesuffix("s"), f"{figure}_barrier", figure.removeprefix("class_")}
    fitting = [name for name in single if name in alike] or single
    advice = f"compare {' or '.join(fitting)}" if fitting else "choose other lines by --where"
    raise UsageError(
        f"'{figure}' of a line of {row.get('file', 'the input')} is a list of {len(row[figure])}, "
        f"not one number: {advice}"
    )


def listed(values: Sequence[str]) -> str:
    """Values for a message, the first dozen of them."""
    return ", ".join(v or "(none)" for v in values[:12]) + (" ..." if len(values) > 12 else "")


def order(place: Sequence[str]) -> list[tuple[int, Any]]:
    """Numbers by size, before words."""
    return [(0, float(v)) if v.replace(".", "", 1).isdecimal() else (1, v) for v in place]

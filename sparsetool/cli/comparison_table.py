"""The table of `compare`: differences and intervals, of fractions in percentage points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .jsonl import Row
from .tables import Column

if TYPE_CHECKING:
    from ..analysis.claims import Rule


class Points(Column):
    """A difference of fractions, in percentage points."""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        return f"{100 * row[self.key]:+.2f}" if self.key in row else ""


class Ends(Column):
    """An interval; `form` is `points` for fractions."""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        if "low" not in row:
            return ""
        ends = row["low"], row["high"]
        points = self.form == "points"
        return " to ".join(f"{100 * end:+.2f}" if points else f"{end:+.4g}" for end in ends)


class Side(Column):
    """A value that is compared; of a sparsity no more digits than elsewhere."""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        text = str(row[self.key])
        return f"{float(text):.4g}" if row["by"] == "sparsity" else text


def columns_of(
    rows: Sequence[Row], rule: Rule, margin: float | None, percent: bool
) -> list[Column]:
    """The columns of a comparison's table.

    Args:
        rows: The rows.
        rule: How they were judged.
        margin: The margin as typed.
        percent: Whether the figure is a fraction, told in percentage points.
    """
    unit = " (points)" if percent else ""
    kind = "t" if not rule.resamples else rule.interval
    known = {
        "first",
        "second",
        "measure",
        "sparsity",
        "figure",
        "by",
        "labels",
        "seeds",
        "unpaired",
    }
    known |= {"confidence", "interval", "claim", "margin"}
    head = list(rows[0])[: list(rows[0]).index("n")]
    columns: list[Column] = [Side("first"), Side("second")]
    columns += [Column(name, "", ".4g") for name in head if name == "sparsity"]
    columns += [Column(name) for name in head if name not in known and _differs(rows, name)]
    columns += [
        Column("n", "seeds"),
        (Points if percent else Column)("difference", f"difference{unit}", "+.4g"),
        Ends(
            "low",
            f"{100 * rule.confidence:.4g}% {kind} interval{unit}",
            "points" if percent else "",
        ),
        Column("p", "p", ".3g"),
        Column("p_holm", "p, Holm", ".3g"),
    ]
    within = f" within {margin:g}{unit and ' points'}" if margin is not None else ""
    if margin is not None:
        columns += [Column("p_equal_holm", f"p, equal{within}, Holm", ".3g")]
        columns += [Column("seeds_needed", "seeds needed")]
    if rule.claim is not None:
        columns += [Column("verdict", f"{rule.claim}{within if rule.claim == 'equal' else ''}")]
    return columns if not any("note" in row for row in rows) else [*columns, Column("note", " ")]


class Spread(Column):
    """A deviation or its ends; `form` is `points` for fractions."""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        ends = [row[key] for key in self.key.split(",")]
        points = self.form == "points"
        return " to ".join(f"{100 * end:.2f}" if points else f"{end:.4g}" for end in ends)


def spread_columns(rows: Sequence[Row], confidence: float, percent: bool) -> list[Column]:
    """The columns of a table of variances over seeds.

    Args:
        rows: The rows.
        confidence: Of the deviation's interval.
        percent: Whether the figure is a fraction, told in percentage points.
    """
    unit, form = (" (points)", "points") if percent else ("", "")
    places = [name for name in rows[0] if name == "sparsity"]
    return [
        Column("source"),
        *(Column(name, "", ".4g") for name in places),
        Column("n", "seeds"),
        Column("mean", "", ".2%" if percent else ".4g"),
        Spread("deviation", f"deviation{unit}", form),
        Spread("low,high", f"{100 * confidence:.4g}% interval{unit}", form),
        Column("share", "share of variance", ".1%"),
    ]


def _differs(rows: Sequence[Row], name: str) -> bool:
    """Whether a column is worth its room: the split is not, where all rows are of one."""
    return name != "split" or len({row.get(name) for row in rows}) > 1

"""Variances over seeds and their shares, against numpy's and scipy's."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sparsetool.analysis.spread import spreads
from sparsetool.errors import SparsetoolError, UsageError
from tests.verbs.shell import Shell

FIGURES = {
    ("random", "mask"): [0.91, 0.93, 0.90, 0.95],
    ("random", "order"): [0.92, 0.925, 0.915, 0.93],
    ("lrr", "mask"): [0.95, 0.95, 0.95, 0.95],
    ("lrr", "order"): [0.95, 0.96, 0.94, 0.97],
}


def rows() -> list[dict[str, Any]]:
    return [
        {"accuracy": figure, "sparsity": 0.9, "labels": {"method": m, "source": s, "seed": str(k)}}
        for (m, s), figures in FIGURES.items()
        for k, figure in enumerate(figures)
    ]


def test_shares_of_the_variance() -> None:
    found = {
        (row["labels"]["method"], row["source"]): row
        for row in spreads(rows(), "accuracy", by="source")
    }
    assert set(found) == set(FIGURES)
    for (method, source), row in found.items():
        figures = FIGURES[method, source]
        variance = np.var(figures, ddof=1)
        assert row["variance"] == pytest.approx(variance, abs=1e-15)
        whole = sum(np.var(FIGURES[method, s], ddof=1) for s in ("mask", "order"))
        assert row["share"] == pytest.approx(variance / whole, abs=1e-9)
        ends = np.sqrt(3 * variance / stats.chi2(3).ppf([0.975, 0.025]))
        assert (row["low"], row["high"]) == pytest.approx(tuple(ends), abs=1e-12)


def test_what_does_not_vary_has_no_share() -> None:
    still = [row for row in rows() if row["labels"]["method"] == "lrr"][:4]
    (row,) = spreads(still, "accuracy", by="source")
    assert row["share"] is None


def test_rounding_has_no_share() -> None:
    """0.1 + 0.2 is 0.3 but for the last bit; one source had 7.7% of such a sum, the other 92.3%."""
    figures = {"mask": [0.1 + 0.2, 0.3, 0.3], "order": [0.7, 0.7, 0.1 + 0.6]}
    found = [
        {"accuracy": figure, "labels": {"source": source, "seed": str(seed)}}
        for source, held in figures.items()
        for seed, figure in enumerate(held)
    ]
    for row in spreads(found, "accuracy", by="source"):
        assert [row[key] for key in ("deviation", "low", "high", "variance")] == [0.0] * 4
        assert row["share"] is None
    found[-1]["accuracy"] = 0.71
    shares = [row["share"] for row in spreads(found, "accuracy", by="source")]
    assert shares == [0.0, 1.0]


def test_one_seed_has_no_variance() -> None:
    with pytest.raises(SparsetoolError, match="at least two"):
        spreads(rows()[:1], "accuracy", by="source")
    with pytest.raises(SparsetoolError, match="seed 0"):
        spreads([*rows(), rows()[0]], "accuracy", by="source")
    with pytest.raises(UsageError, match="sources"):
        spreads(rows(), "accuracy", by="sources")


def test_the_verb(shell: Shell) -> None:
    (shell / "l.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    done = shell.ok("compare", "accuracy", "--spread", "source", "l.jsonl", "--table", "t.md")
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [row["measure"] for row in told] == ["spread"] * 4
    assert (
        "| mask | 0.9 | 4 | 92.25% | 2.22 | 1.26 to 8.27 | 92.2% | random |"
        in (shell / "t.md").read_text()
    )
    more = ("--between", "lrr,random")
    shell.refuses(2, "compare", "accuracy", "--spread", "source", *more, "l.jsonl", says="--spread")

"""What paired figures say about a claim: it holds, it does not, or it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError, nearest
from . import power
from . import statistics as stats
from .pairing import Pairs

CLAIMS = ("above", "equal", "below")
INTERVALS = ("bca", "percentile")


@dataclass(frozen=True)
class Rule:
    """How comparisons are judged.

    Attributes:
        claim: `above`, `equal` or `below`: what the first is said to be, beside the second; None
            for figures without a verdict.
        margin: Largest difference that counts as none, in the figure's own unit; `equal` needs it.
        confidence: Probability inside intervals; tests are at level 1 - confidence.
        resamples: For a bootstrap interval instead of Student's; 0 for Student's.
        interval: `bca` or `percentile`, of the bootstrap.
        seed: Of the bootstrap's draws.
    """

    claim: str | None = None
    margin: float | None = None
    confidence: float = 0.95
    resamples: int = 0
    interval: str = "bca"
    seed: int = 0

    def check(self) -> None:
        """Refuse, before any work, what cannot be judged by.

        Raises:
            UsageError: A value that cannot be, or `equal` without a margin.
        """
        if self.claim not in (None, *CLAIMS):
            raise UsageError(f"unknown claim '{self.claim}': {nearest(str(self.claim), CLAIMS)}")
        if self.interval not in INTERVALS:
            raise UsageError(f"unknown interval '{self.interval}': {', '.join(INTERVALS)}")
        if self.claim == "equal" and self.margin is None:
            raise UsageError(
                "--claim equal needs --margin M: the largest difference that counts as none"
            )
        if self.margin is not None and not 0 < self.margin < float("inf"):
            raise UsageError(f"--margin must be above 0, not {self.margin:g}")
        if not 0 < self.confidence < 1:
            raise UsageError(f"--confidence must be between 0 and 1, not {self.confidence:g}")
        if self.resamples and self.resamples < 100:
            raise UsageError(f"--bootstrap must be at least 100, not {self.resamples}")


def judged(comparisons: Sequence[Pairs], rule: Rule) -> list[dict[str, Any]]:
    """Each comparison's figures and its verdict; all p values together are Holm's family.

    *above* holds where the two-sided paired t test finds a difference and the mean is above 0. It
    does not hold where the test finds a mean below 0 or, with a margin, where it finds nothing and
    the two are equivalent. *below* is its mirror. *equal* holds where both one-sided tests (TOST)
    put the mean within the margin, and does not where the mean is found outside it. All else
    cannot be told. Every test is at level 1 - confidence after Holm's correction over the
    comparisons. `seeds_needed` is the number with which a comparison's test succeeds four times in
    five at the level at which Holm's procedure tests it beside the others, as they are now.

    Two differences are the fewest that can be tested. Where all differences are the same there is
    no spread to judge by: no interval, no p value, and it cannot be told.

    Args:
        comparisons: Figures paired by seed.
        rule: How to judge them.

    Returns:
        For each: `n`, `difference` (mean), and where there is such a thing `deviation`, `low`,
        `high`, `p`, `p_holm`, `p_equal`, `p_equal_holm`, `seeds_needed`, `note`, `verdict`.

    Raises:
        UsageError: The rule cannot be judged by.
    """
    rule.check()
    found = [_figures(pairs, rule) for pairs in comparisons]
    for name in ("p", "p_equal", "p_beyond"):
        family = [row for row in found if name in row]
        for row, p in zip(family, stats.holm([row[name] for row in family]), strict=True):
            row[f"{name}_holm"] = p
    _seeds_needed(found, rule)
    for row in found:
        if rule.claim is not None:
            row["verdict"] = _verdict(row, rule)
        for name in ("p_beyond", "p_beyond_holm"):  # known from the verdict alone
            row.pop(name, None)
    return found


def _figures(pairs: Pairs, rule: Rule) -> dict[str, Any]:
    differences = [first - second for first, second in pairs.figures]
    row: dict[str, Any] = {"n": len(differences)}
    if not differences:
        return row
    row["difference"], half = stats.mean_interval(differences, rule.confidence)
    if len(differences) < 2:
        return row
    figures = [figure for pair in pairs.figures for figure in pair]
    spread = stats.deviation_above_rounding(differences, figures)
    if not spread:
        return {**row, "deviation": 0.0, "note": "all differences are the same"}
    row["deviation"] = spread
    row["low"], row["high"] = row["difference"] - half, row["difference"] + half
    if rule.resamples:
        row["low"], row["high"] = stats.bootstrap_interval(
            differences, rule.resamples, rule.seed, rule.confidence, rule.interval
        )
    row["p"] = stats.paired_t(differences)[1]
    if rule.margin is not None:
        row["p_equal"] = stats.equivalence(differences, rule.margin)
        row["p_beyond"] = stats.beyond(differences, rule.margin)
    return row


def _seeds_needed(rows: Sequence[dict[str, Any]], rule: Rule) -> None:
    """Put `seeds_needed` into rows with p values, each at its level in Holm's family."""
    if rule.margin is None:
        return
    one_sided = rule.claim in (None, "equal")
    count = power.seeds_for_equivalence if one_sided else power.seeds_to_detect
    family = [row for row in rows if "p" in row]
    ps = [row["p_equal" if one_sided else "p"] for row in family]
    for row, level in zip(family, stats.holm_levels(ps, 1 - rule.confidence), strict=True):
        needed = count(row["deviation"], rule.margin, level)
        row |= {"seeds_needed": needed} if needed is not None else {}


def _verdict(row: dict[str, Any], rule: Rule) -> str:
    level = 1 - rule.confidence

    def shown(name: str) -> bool:
        return row.get(name, 1.0) < level

    if rule.claim == "equal":
        holds, fails = shown("p_equal_holm"), shown("p_beyond_holm")
    else:
        differs, gain = shown("p_holm"), row.get("difference", 0.0)
        right = gain > 0 if rule.claim == "above" else gain < 0
        holds = differs and right
        fails = not right if differs else shown("p_equal_holm")
    if holds:
        return "holds"
    if fails:
        return "does not hold"
    return f"cannot be told with {row['n']} seed{'s' * (row['n'] != 1)}"

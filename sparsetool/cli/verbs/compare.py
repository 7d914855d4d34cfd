"""Test differences between measured tickets, paired by seed: is one better than another, or equal.

Reads the JSON Lines of measuring verbs, labelled with the seed. FIELD is what is compared
(accuracy, loss, eigenvalue ...). The first value's figures less the second's give, at each sparsity
and other label: the mean difference, its confidence interval (Student's t) and a paired t test with
Holm's correction over all lines of the call. A --margin, in percentage points where FIELD is a
fraction, adds a test that the two are equal within it (TOST), and how many seeds it needs.

    sparsetool compare accuracy --between sculpt,lrr results/*.jsonl
    sparsetool compare accuracy --against lrr --claim equal --margin 0.5 results/*.jsonl
    sparsetool compare accuracy --between cyclic,standard --claim above results/*.jsonl
    sparsetool compare accuracy --by epochs --between 60,10 --at sparsity,method results/*.jsonl
    sparsetool compare accuracy --spread source results/*.jsonl

With --spread, each value of LABEL is a source of noise that was varied alone: its variance over
seeds, and its share of the sum. A claim holds, does not hold, or cannot be told with as many seeds:
'sparsetool guide analyses'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o
from ..comparison_table import columns_of, spread_columns
from ..jsonl import Row, read
from ..measure import Report, settled
from ..tables import Column, label_columns, markdown
from ..targets import Target, write
from ..targets import target as target_of

if TYPE_CHECKING:
    from ...analysis.claims import Rule
    from ...analysis.pairing import Pairs


def verb(
    figure: Annotated[str, o.argument("What is compared, such as accuracy.", "FIELD")],
    files: Annotated[
        list[str] | None, o.argument("Lines to read; standard input without any.", "[FILE ...]")
    ] = None,
    between: Annotated[
        list[str] | None,
        o.option(
            "--between", metavar="A,B", help="A minus B, two values of one label; repeatable."
        ),
    ] = None,
    against: Annotated[
        str | None,
        o.option("--against", metavar="B", help="Every other value of its label minus B."),
    ] = None,
    spread: Annotated[
        str | None,
        o.option(
            "--spread", metavar="LABEL", help="Variance over seeds by this label, and shares of it."
        ),
    ] = None,
    by: Annotated[
        str | None,
        o.option(
            "--by", metavar="LABEL", help="Their label or field; default: the label that has them."
        ),
    ] = None,
    at: Annotated[
        str | None,
        o.option(
            "--at",
            metavar="FIELDS",
            help="Compare where these agree (commas; ''); default: sparsity, all other labels.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        o.option("--where", metavar="KEY=VALUE", help="Only lines with this; repeatable."),
    ] = None,
    without: Annotated[
        list[str] | None,
        o.option("--without", metavar="KEY=VALUE", help="No lines with this; repeatable."),
    ] = None,
    claim: Annotated[
        str | None,
        o.option(
            "--claim",
            metavar="WHAT",
            help="Judge whether A is above, equal or below B.",
            values=("above", "equal", "below"),
        ),
    ] = None,
    margin: Annotated[
        float | None,
        o.option(
            "--margin", metavar="M", help="What counts as equal; points of accuracy, else as FIELD."
        ),
    ] = None,
    confidence: Annotated[
        float, o.option("--confidence", metavar="P", help="Of intervals; tests are at 1 - P.")
    ] = 0.95,
    bootstrap: Annotated[
        int | None,
        o.option("--bootstrap", metavar="N", help="Intervals from N resamples instead of t."),
    ] = None,
    interval: Annotated[
        str,
        o.option(
            "--interval",
            metavar="HOW",
            help="bca or percentile, of --bootstrap.",
            values=("bca", "percentile"),
        ),
    ] = "bca",
    seed: Annotated[int, o.option("--seed", metavar="N", help="Seed of --bootstrap.")] = 0,
    table: Annotated[
        str | None, o.option("--table", metavar="FILE", help="The table, too, as Markdown (.md).")
    ] = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    report = Report("compare", files, output, force, json, quiet)
    _check(between, against, claim, margin, confidence, bootstrap, spread)
    beside = _markdown_file(table, report)
    from ...analysis import pairing
    from ...analysis.claims import Rule, judged

    rows = pairing.measuring(read(files or [], f"sparsetool compare {figure} lines.jsonl"), figure)
    rows = pairing.chosen(rows, _pairs_of("--where", where), _pairs_of("--without", without))
    fields = None if at is None else [name.strip() for name in at.split(",") if name.strip()]
    if spread is not None:
        told = _spreads(rows, figure, spread, fields, confidence)
        _emit(report, told, spread_columns(told, confidence, _is_fraction(figure)), beside, force)
        return
    by = by or pairing.label_of(rows, between or [], against)
    pairs = pairing.asked(rows, by, between or [], against)
    found, nowhere = pairing.paired(rows, figure, by, pairs, fields)
    _tell(report, found, nowhere, explicit=len(between or []), by=by)
    percent = _is_fraction(figure)
    unit = margin / 100 if percent and margin is not None else margin
    rule = Rule(claim, unit, confidence, bootstrap or 0, interval, seed)
    told = [
        {**_head(pair, figure, by, rule), **figures}
        for pair, figures in zip(found, judged(found, rule), strict=True)
    ]
    _emit(report, told, columns_of(told, rule, margin, percent), beside, force)


def _emit(
    report: Report, told: Sequence[Row], columns: list[Column], beside: Target | None, force: bool
) -> None:
    if beside is not None:
        data = markdown(told, [*columns, *label_columns(told)]).encode()
        if not settled(beside, lambda old: old == data, force):
            write(beside, [data])
    report.emit(told, columns)


def _spreads(
    rows: Sequence[Mapping[str, Any]],
    figure: str,
    label: str,
    at: Sequence[str] | None,
    confidence: float,
) -> list[Row]:
    from ...analysis.spread import spreads

    head = {"measure": "spread", "figure": figure, "by": label}
    found = spreads(rows, figure, label, at, confidence)
    return [{**head, **line, "confidence": confidence} for line in found]


def _check(
    between: Sequence[str] | None,
    against: str | None,
    claim: str | None,
    margin: float | None,
    confidence: float,
    bootstrap: int | None,
    spread: str | None,
) -> None:
    asked = between or against or claim or margin is not None or bootstrap
    if spread is not None and asked:
        raise UsageError("--spread is of variances: give nothing of differences with it")
    if spread is None and not between and against is None:
        raise UsageError("what with what? give --between A,B or --against B, values of one label")
    if claim == "equal" and margin is None:
        raise UsageError(
            "--claim equal needs --margin M: the largest difference that counts as none"
        )
    if margin is not None and not 0 < margin < float("inf"):
        raise UsageError(f"--margin must be above 0, not {margin:g}")
    if not 0 < confidence < 1:
        raise UsageError(f"--confidence must be between 0 and 1, not {confidence:g}")
    o.positive(bootstrap, "--bootstrap", 100)


def _pairs_of(option: str, words: Sequence[str] | None) -> list[tuple[str, str]]:
    found = [word.partition("=") for word in words or []]
    if wrong := [
        word for word, (key, sign, _) in zip(words or [], found, strict=True) if not key or not sign
    ]:
        raise UsageError(f"{option} wants KEY=VALUE, not '{wrong[0]}'")
    return [(key, wanted) for key, _, wanted in found]


def _markdown_file(name: str | None, report: Report) -> Target | None:
    """Where the Markdown goes, refused before any work."""
    if name is None:
        return None
    if name != "-" and Path(name).suffix.lower() != ".md":
        raise UsageError(f"--table {name}: the name must end in .md")
    if name == "-" and report.target().path is None:
        raise UsageError("standard output can hold one thing: give --table FILE.md or -o FILE")
    return target_of(name, None)


def _is_fraction(figure: str) -> bool:
    from ...plugins.plots import axis

    return axis(figure).percent or {"accuracy", "error"} & {*figure.split("_")} != set()


def _tell(
    report: Report,
    found: Sequence[Pairs],
    nowhere: Sequence[tuple[str, str]],
    *,
    explicit: int,
    by: str,
) -> None:
    """Say what is left out; refuse what leaves nothing.

    Raises:
        SparsetoolError: Values asked for meet nowhere, or no seed is on both sides anywhere.
    """
    apart = "; ".join(f"{first} and {second}" for first, second in nowhere)
    if nowhere and (explicit or not found):
        raise SparsetoolError(
            f"no lines of {apart} ({by}) agree in sparsity, split and other labels: "
            "say with --at in which fields they must"
        )
    if not any(pair.seeds for pair in found):
        sides = {side: ", ".join(s) for pair in found for side, s in pair.alone.items()}
        seeds = "; ".join(f"{side} has {listed}" for side, listed in sides.items())
        raise SparsetoolError(f"no common seeds: {seeds}; measure both with the same seeds")
    if nowhere:
        report.say(f"left out, for no place has both: {apart}")
    alone: dict[str, list[str]] = {}
    for pair in found:
        for side, seeds_of in pair.alone.items():
            alone.setdefault(side, []).extend(seeds_of)
    if alone:
        listed = "; ".join(f"{s} {', '.join(dict.fromkeys(n))}" for s, n in alone.items())
        report.say(f"left out, for the other side lacks these seeds: {listed}")


def _head(pair: Pairs, figure: str, by: str, rule: Rule) -> Row:
    """What is compared where, and how."""
    head: Row = {"measure": "compare", "figure": figure, "by": by}
    head |= {"first": pair.first, "second": pair.second, **pair.place, "seeds": pair.seeds}
    if pair.alone:
        head["unpaired"] = pair.alone
    head["confidence"] = rule.confidence
    head["interval"] = rule.interval if rule.resamples else "t"
    head |= {"claim": rule.claim} if rule.claim is not None else {}
    return head | ({"margin": rule.margin} if rule.margin is not None else {})

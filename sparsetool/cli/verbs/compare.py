"""Test differences between measured tickets, paired by seed: is one better than another, or equal.

Reads the JSON Lines of measuring verbs, labelled with the seed. FIELD is what is compared
(accuracy, loss, eigenvalue ...). The first value's figures less the second's give, at each sparsity
and other label: the mean difference, its confidence interval (Student's t) and a paired t test with
Holm's correction over all lines of the call. A --margin, in percentage points where FIELD is a
fraction, adds a test that the two are equal within it (TOST), and how many seeds each line needs,
tested at the level that Holm's correction leaves it.

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

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from ...errors import UsageError
from .. import options as o
from ..comparison_table import columns_of, spread_columns
from ..jsonl import read
from ..measure import Report, settled
from ..tables import label_columns, markdown
from ..targets import Target, write
from ..targets import target as target_of


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
            "--margin",
            metavar="M",
            help="What counts as equal; points of a fraction, else as FIELD.",
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
    o.positive(bootstrap, "--bootstrap", 100)
    from ...analysis.claims import Rule
    from ...analysis.comparing import compare
    from ...analysis.spread import spreads

    percent = _is_fraction(figure)
    unit = margin / 100 if percent and margin is not None else margin
    rule = Rule(claim, unit, confidence, bootstrap or 0, interval, seed)
    if Path(figure).is_file():
        raise UsageError(
            f"'{figure}' is a file: before it goes what is compared, 'sparsetool compare accuracy "
            f"{figure}'"
        )
    if spread is None:
        replace(rule, margin=margin).check()
    elif between or against or by or claim or margin is not None or bootstrap:
        raise UsageError("--spread is of variances: give nothing of differences with it")
    beside = _markdown_file(table, report)
    chosen: dict[str, Any] = dict(
        at=None if at is None else [name.strip() for name in at.split(",") if name.strip()],
        where=_pairs_of("--where", where),
        without=_pairs_of("--without", without),
    )
    lines = read(files or [], f"sparsetool compare {figure} lines.jsonl")
    if spread is not None:
        told = spreads(lines, figure, by=spread, confidence=confidence, **chosen)
        columns = spread_columns(told, confidence, percent)
    else:
        sides: dict[str, Any] = dict(between=between or [], against=against, by=by)
        told = compare(lines, figure, say=report.say, **sides, **chosen, **vars(rule))
        columns = columns_of(told, rule, margin, percent)
    if beside is not None:
        data = markdown(told, [*columns, *label_columns(told)]).encode()
        if not settled(beside, lambda old: old == data, force):
            write(beside, [data])
    report.emit(told, columns)


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
    """Whether pictures write it as a percentage; an accuracy by another name is a fraction too."""
    from ...plugins.plots import axis

    return axis(figure).percent or "accuracy" in figure.split("_")

"""`compare` as a notebook and the shell call it: from measured rows to judged differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..errors import SparsetoolError, UsageError
from .asked_values import Asked, asked, label_of, shown_labels
from .claims import Rule, judged
from .pairing import Pairing, Pairs, paired
from .row_choice import brief, chosen, listed

Rows = Iterable[Mapping[str, Any]]


def compare(
    rows: Rows,
    figure: str,
    *,
    between: Sequence[Asked] = (),
    against: str | None = None,
    by: str | None = None,
    at: Sequence[str] | None = None,
    where: Sequence[tuple[str, str]] = (),
    without: Sequence[tuple[str, str]] = (),
    say: Callable[[str], None] = lambda line: None,
    **how: Any,
) -> list[dict[str, Any]]:
    """Differences between measured tickets, paired by seed, with intervals and tests.

    Args:
        rows: The lines of measuring verbs as dicts, each with `labels` of which one is `seed`.
        figure: What is compared: `accuracy`, `loss`, `eigenvalue` ...
        between: Values of one label, each entry `"A,B"` or `("A", "B")`: A minus B.
        against: A value that every other of its label is compared with.
        by: The label; by default the one that has these values.
        at: Fields that rows compared agree in; by default `sparsity` and all other labels.
        where: Fields or labels, each with the value that rows must have.
        without: The same, of rows to leave out.
        say: Takes a line on what is left out.
        how: Fields of `Rule`: `claim` (`above`, `equal` or `below`), `margin` (in the figure's own
            unit: 0.005 is half a percentage point of accuracy), `confidence`, `resamples`,
            `interval`, `seed`.

    Returns:
        A dict for each pair and place: `first`, `second`, `sparsity` and so on, `seeds`, and the
        figures of `analysis.claims.judged` (`difference`, `low`, `high`, `p`, `verdict` ...).

    Raises:
        UsageError: A value, field or rule that cannot be.
        SparsetoolError: Nothing can be compared, for want of common places or seeds.

    Example:
        >>> rows = [
        ...     {"accuracy": accuracy, "sparsity": 0.9, "labels": {"method": method, "seed": seed}}
        ...     for method, figures in {"a": (0.81, 0.84, 0.83), "b": (0.8, 0.82, 0.82)}.items()
        ...     for seed, accuracy in enumerate(figures)
        ... ]
        >>> [row] = compare(rows, "accuracy", between=["a,b"])
        >>> row["n"], round(row["difference"], 4)
        (3, 0.0133)
    """
    rule = Rule(**how)
    rule.check()
    rows = list(rows)
    if not between and against is None:
        shown = shown_labels(rows)
        raise UsageError(
            f"what with what? give --between A,B or --against B, values of one label; found {shown}"
        )
    held = chosen(rows, figure, where, without)
    by = by or label_of(held, between, against)
    pairs = paired(held, figure, by, asked(held, by, between, against), at)
    _tell(say, pairs, explicit=len(between), by=by)
    return [
        {**_head(pair, figure, by, rule), **figures}
        for pair, figures in zip(pairs.found, judged(pairs.found, rule), strict=True)
    ]


def _tell(say: Callable[[str], None], pairs: Pairing, *, explicit: int, by: str) -> None:
    """Say what is left out; refuse what leaves nothing.

    Raises:
        SparsetoolError: Values asked for meet nowhere, or no seed is on both sides anywhere.
    """
    found = pairs.found
    apart = "; ".join(f"{brief(first)} and {brief(second)}" for first, second in pairs.nowhere)
    if pairs.nowhere and (explicit or not found):
        *most, last = pairs.fields
        fields = f"{', '.join(most)} and {last}" if most else last
        raise SparsetoolError(
            f"no lines of {apart} ({by}) agree in {fields}: say with --at in which fields they must"
        )
    if not any(pair.seeds for pair in found):
        sides = {side: ", ".join(s) for pair in found for side, s in pair.alone.items()}
        seeds = "; ".join(f"{side} has {listed}" for side, listed in sides.items())
        raise SparsetoolError(f"no common seeds: {seeds}; measure both with the same seeds")
    if pairs.nowhere:
        say(f"left out, for no place has both: {apart}")
    if pairs.lone:
        at = "; ".join(f"{brief(side)} at {listed(w)}" for side, w in pairs.lone.items())
        say(f"left out, for the other side has no line there: {at}")
    alone: dict[str, list[str]] = {}
    for pair in found:
        for side, seeds_of in pair.alone.items():
            alone.setdefault(side, []).extend(seeds_of)
    if alone:
        of = "; ".join(f"{s} {', '.join(dict.fromkeys(n))}" for s, n in alone.items())
        say(f"left out, for the other side lacks these seeds: {of}")


def _head(pair: Pairs, figure: str, by: str, rule: Rule) -> dict[str, Any]:
    """What is compared where, and how."""
    head: dict[str, Any] = {"measure": "compare", "figure": figure, "by": by}
    head |= {"first": pair.first, "second": pair.second, **pair.place, "seeds": pair.seeds}
    if pair.alone:
        head["unpaired"] = pair.alone
    head["confidence"] = rule.confidence
    head["interval"] = rule.interval if rule.resamples else "t"
    head |= {"claim": rule.claim} if rule.claim is not None else {}
    return head | ({"margin": rule.margin} if rule.margin is not None else {})

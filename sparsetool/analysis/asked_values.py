"""Which values of which label are compared, from what was asked: A,B or everything beside B."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError, nearest
from ..plugins.plot_rows import check_label
from .row_choice import SEED, Row, listed, order, value

Asked = str | Sequence[str]  # two values: "A,B" as it is typed, or a pair of texts


def label_of(rows: Sequence[Row], between: Sequence[Asked], against: str | None) -> str:
    """The one label that has the values asked for.

    Args:
        rows: The rows.
        between: Two values, with a comma between them or as a pair, any number of times.
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
    texts = [",".join(cuts(pair)[-1]) for pair in between]
    asked = " and ".join([*texts, *([against] if against is not None else [])])
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


def cuts(pair: Asked) -> list[tuple[str, str]]:
    """Every way to read two values; those of `A,B` may have commas in them.

    Raises:
        UsageError: It is not two texts.
    """
    if isinstance(pair, str):
        words = pair.split(",")
        halves = [(words[:at], words[at:]) for at in range(1, len(words))]
        found = [(",".join(first).strip(), ",".join(second).strip()) for first, second in halves]
    else:
        texts = tuple(pair) if isinstance(pair, Sequence) else ()
        found = [texts] if len(texts) == 2 and all(isinstance(t, str) for t in texts) else []
    if not found:
        raise UsageError(f"--between wants two values, 'A,B' or a pair of texts, not {pair!r}")
    return found


def two(pair: Asked, known: Sequence[str], by: str) -> tuple[str, str]:
    """The two values that are meant.

    Raises:
        UsageError: They are not two of the known values.
    """
    found = _halves(pair, known)
    if len(found) == 1:
        return found[0]
    text = pair if isinstance(pair, str) else ",".join(pair)
    best = max(cuts(pair), key=lambda cut: len(set(known).intersection(cut)))
    absent = [each for each in dict.fromkeys(best) if each not in known]
    if absent:
        values = " and ".join(f"'{each}'" for each in absent)
        raise UsageError(f"--between {text}: {by} has no {values}: it has {listed(known)}")
    what = f"'{text}' can be read in {len(found)} ways" if found else f"not '{text}'"
    raise UsageError(f"--between wants two different values A,B, {what}: {listed(known)}")


def _halves(pair: Asked, known: Sequence[str]) -> list[tuple[str, str]]:
    return [cut for cut in cuts(pair) if set(cut) <= set(known) and cut[0] != cut[1]]


def asked(
    rows: Sequence[Row], by: str, between: Sequence[Asked], against: str | None
) -> list[tuple[str, str]]:
    """The pairs of values that are compared, in order; numbers beside `against` by size.

    Raises:
        UsageError: A value is not there, or two are compared twice.
    """
    check_label(rows, by)
    known = list(dict.fromkeys(found for row in rows if (found := value(row, by))))
    pairs = [two(pair, known, by) for pair in between]
    if against is not None:
        if against not in known:
            raise UsageError(f"{by} has no value '{against}': {nearest(against, known)}")
        if all(order([each]) < [(1, "")] for each in known):
            known.sort(key=lambda each: order([each]))
        pairs += [(other, against) for other in known if other != against]
    for at, pair in enumerate(pairs):
        if {*pair} in map(set, pairs[:at]):
            raise UsageError(
                f"{pair[0]} and {pair[1]} are compared twice, and would count twice in Holm's "
                "correction: ask once"
            )
    return pairs

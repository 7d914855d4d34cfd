"""Laws of JSON Lines: writing and reading are inverse; repeats are dropped, nothing else is."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsetool.cli import jsonl
from sparsetool.errors import SparsetoolError

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
values = numbers | st.text() | st.booleans() | st.none() | st.lists(numbers, max_size=4)
# Hypothesis draws words of the code under test, too: fields that readers look at have types.
names = st.text().filter(lambda name: name not in jsonl.FIELDS)
labels = st.dictionaries(st.sampled_from(["method", "seed"]), st.sampled_from(["a", "b"]))
measured = st.fixed_dictionaries(
    {"digest": st.sampled_from(["1", "2"]), "measure": st.sampled_from(["eval", "show"])},
    optional={
        "labels": labels,
        "split": st.sampled_from(["test", "train"]),
        "options": st.dictionaries(st.just("data"), st.sampled_from(["digits", "mnist"])),
        "accuracy": numbers,
        "file": st.text(),
    },
)


@settings(max_examples=50)
@given(st.lists(st.dictionaries(names, values, max_size=5), max_size=5))
def test_decode_of_encode_is_the_identity(many: list[jsonl.Row]) -> None:
    data = jsonl.encode(many)
    assert jsonl.decode(data, "it") == many
    assert len(data.splitlines()) == len(many)


def known(row: jsonl.Row) -> tuple:
    """What tells rows apart (`sparsetool guide formats`, "JSON Lines")."""
    sets = (frozenset(row.get(key, {}).items()) for key in ("labels", "options"))
    return (row["digest"], row["measure"], row.get("split"), *sets)


@given(st.lists(measured, max_size=8))
def test_of_repeats_the_first_stays(many: list[jsonl.Row]) -> None:
    first: dict[tuple, jsonl.Row] = {}
    for row in many:
        first.setdefault(known(row), row)
    kept = jsonl.distinct(many)
    assert kept == list(first.values())
    assert jsonl.distinct(kept) == kept
    assert jsonl.distinct([*many, *many]) == kept


@given(st.lists(st.fixed_dictionaries({"epoch": st.integers(1, 2)}), max_size=6))
def test_lines_that_name_no_ticket_all_stay(many: list[jsonl.Row]) -> None:
    assert jsonl.distinct(many) == many


@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.booleans())
def test_numbers_are_finite(value: float, nested: bool) -> None:
    row = {"file": "a.st", "loss": [0.5, {"deep": value}] if nested else value}
    with pytest.raises(SparsetoolError, match=r"a\.st: loss"):
        jsonl.encode([{"file": "fine.st", "loss": 1.0}, row])


def test_a_line_is_plain_json() -> None:
    line = jsonl.encode([{"file": "ß.st", "sparsity": 0.1}])
    assert json.loads(line) == {"file": "ß.st", "sparsity": 0.1}
    assert line == '{"file": "ß.st", "sparsity": 0.1}\n'.encode()

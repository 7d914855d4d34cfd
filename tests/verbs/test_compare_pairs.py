"""What `compare` pairs: places of one side alone, pairs asked for twice, values not there."""

from __future__ import annotations

from typing import Any

import pytest

from sparsetool import compare
from sparsetool.errors import UsageError
from tests.verbs.lines import LINES, grid, rows, written
from tests.verbs.shell import Shell


def test_places_of_one_side_are_left_out_and_told(shell: Shell) -> None:
    """A sparsity that one side alone had been measured at went without a word."""
    two, some = (0.8, 0.7), (0.8, 0.75)
    found = grid(a={0.5: two, 0.6: two, 0.7: two}, b={0.5: some, 0.95000148: some}, c={0.1: two})
    name = written(shell, "r", found)
    done = shell.ok("compare", "accuracy", "--between", "a,b", name)
    assert [row["sparsity"] for row in rows(done.out)] == [0.5]
    left = "compare: left out, for the other side has no line there: "
    assert done.lines == [f"{left}a at sparsity 0.6, sparsity 0.7; b at sparsity 0.95"]
    done = shell.ok("compare", "accuracy", "--against", "b", name)
    assert "c at" not in done.err, "c meets b nowhere, which is told whole"
    shell.refuses(
        1,
        *("compare", "accuracy", "--by", "sparsity", "--between", "0.1,0.95000148", name),
        says=r"no lines of 0\.1 and 0\.95 \(sparsity\) agree in method and split: say with --at",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--between", "sculpt,lrr", "--between", "sculpt,lrr"),
        ("--between", "sculpt,lrr", "--between", "lrr,sculpt"),
        ("--between", "sculpt,lrr", "--against", "lrr"),
    ],
)
def test_no_pair_counts_twice_in_holm_s_family(shell: Shell, words: tuple[str, ...]) -> None:
    name = written(shell, "rows.jsonl", LINES)
    says = "(sculpt and lrr|lrr and sculpt) are compared twice.*Holm's correction: ask once"
    shell.refuses(2, "compare", "accuracy", *words, name, says=says)


def test_values_that_are_not_there_are_named(shell: Shell) -> None:
    asked = ("compare", "accuracy", "--by", "epochs", "--at", "method,sparsity", "--between")
    later = [{**row, "epochs": 3, "digest": row["digest"][::-1]} for row in LINES]
    name = written(shell, "rows.jsonl", [*LINES, *later])
    shell.refuses(2, *asked, "9,20", name, says="--between 9,20: epochs has no '20': it has 9, 3$")
    shell.refuses(2, *asked, "1,20", name, says="epochs has no '1' and '20': it has 9, 3$")
    shell.refuses(2, *asked, "9,9", name, says="wants two different values A,B, not '9,9': 9, 3$")
    shell.refuses(2, *asked, "9", name, says="wants two values, 'A,B' or a pair of texts, not '9'")


def test_pairs_in_python() -> None:
    """A pair of texts ended in an AttributeError; its values may have any commas."""
    found = grid(**{"a, b": {0.9: (0.8, 0.7)}, "a": {0.9: (0.8, 0.75)}, "b, a": {0.9: (0.1, 0.2)}})
    texts = compare(found, "accuracy", between=["a,b, a"])
    assert compare(found, "accuracy", between=[("a", "b, a")]) == texts
    assert compare(found, "accuracy", between=[["a", "b, a"]], by="method") == texts
    wrongs: list[Any] = [("a",), ("a", "b", "c"), (1, 2), 7]
    for wrong in wrongs:
        with pytest.raises(UsageError, match="wants two values, 'A,B' or a pair of texts, not"):
            compare(found, "accuracy", between=[wrong])
    with pytest.raises(UsageError, match="give \\['a,b'\\]"):
        compare(found, "accuracy", between="a,b")

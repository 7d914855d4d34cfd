"""`compare`: lines paired by seed and place, tests, claims, what is left out, what is refused."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from tests.verbs.lines import LINES, accuracies, grid, measured, rows, written
from tests.verbs.shell import Shell


def test_differences_are_paired_by_seed_at_each_sparsity(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES[::-1])
    done = shell.ok("compare", "accuracy", "--between", "sculpt,lrr", name)
    found = rows(done.out)
    assert [row["sparsity"] for row in found] == [0.5, 0.9]  # ascending, in whatever order measured
    for row in found:
        sides = [accuracies(method, row["sparsity"]) for method in ("sculpt", "lrr")]
        wanted = stats.ttest_rel(*sides)
        assert row["difference"] == pytest.approx(sum(sides[0]) / 3 - sum(sides[1]) / 3)
        assert row["p"] == pytest.approx(wanted.pvalue, rel=1e-6)
        ends = wanted.confidence_interval()
        assert (row["low"], row["high"]) == pytest.approx((ends.low, ends.high), rel=1e-6)
        assert (row["first"], row["second"], row["by"]) == ("sculpt", "lrr", "method")
        assert (row["n"], sorted(row["seeds"]), row["interval"]) == (3, ["0", "1", "2"], "t")
        assert "verdict" not in row
    smallest = min(found, key=lambda row: row["p"])
    assert smallest["p_holm"] == pytest.approx(min(1, 2 * smallest["p"]))
    other = rows(shell.ok("compare", "accuracy", "--between", "lrr,sculpt", name).out)
    assert [row["difference"] for row in other] == [-row["difference"] for row in found]
    piped = shell.ok(
        "compare", "accuracy", "--between", "sculpt,lrr", stdin=(shell / name).read_bytes()
    )
    assert piped.out == done.out


def test_all_against_one(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES)
    done = shell.ok("compare", "accuracy", "--against", "lrr", name)
    assert {(row["first"], row["second"]) for row in rows(done.out)} == {("sculpt", "lrr")}
    assert "left out, for no place has both: dense and lrr" in done.err
    done = shell.ok(
        "compare", "loss", "--by", "sparsity", "--against", "0.5", "--at", "method", name
    )
    assert [(row["first"], row["labels"]["method"]) for row in rows(done.out)] == [
        *(("0.9", "lrr"), ("0.9", "sculpt")),
    ]
    assert "difference" in rows(done.out)[0]


def test_levels_are_in_order_and_have_as_many_digits_as_elsewhere(shell: Shell) -> None:
    levels = (0.95000148, 0.0, 0.2000037, 0.66999867)
    found = [
        measured("lrr", n, level, 0.9 + level / 50 + n / 99) for level in levels for n in (0, 1)
    ]
    name = written(shell, "rows.jsonl", found)
    asked = ("compare", "accuracy", "--by", "sparsity", "--against", "0", name, "--table", "t.md")
    done = shell.ok(*asked, "-o", "c.jsonl")
    assert not done.out
    kept = [row["first"] for row in rows((shell / "c.jsonl").read_bytes())]
    assert kept == ["0.2000037", "0.66999867", "0.95000148"]
    table = [line.split("|")[1:3] for line in (shell / "t.md").read_text().splitlines()[2:]]
    assert [[cell.strip() for cell in row] for row in table] == [
        ["0.2", "0"], ["0.67", "0"], ["0.95", "0"],
    ]  # fmt: skip


def test_places_are_all_other_labels_and_values_may_have_commas(shell: Shell) -> None:
    found = [
        measured(method, seed, 0.9, 0.5 + seed / 10 + more, training=training)
        for method in ("random, balanced", "snip")
        for seed in range(3)
        for training, more in (("cyclic", 0.1), ("standard", 0.01 * (2 * seed + 1)))
    ]
    name = written(shell, "rows.jsonl", found)
    by_training = rows(shell.ok("compare", "accuracy", "--between", "cyclic,standard", name).out)
    assert [row["labels"] for row in by_training] == [
        *({"method": "random, balanced"}, {"method": "snip"}),
    ]
    assert [row["difference"] for row in by_training] == pytest.approx([0.07, 0.07])
    words = "snip, random, balanced"
    by_method = rows(shell.ok("compare", "accuracy", "--between", words, name).out)
    assert [row["second"] for row in by_method] == ["random, balanced"] * 2
    assert {row["note"] for row in by_method} == {"all differences are the same"}
    shell.refuses(2, "compare", "accuracy", "--between", "snip,snip", name, says="no label has")


@pytest.mark.parametrize(
    ("claim", "first", "verdict"),
    [
        ("above", (0.90, 0.91, 0.92), "holds"),
        ("below", (0.90, 0.91, 0.92), "does not hold"),
        ("equal", (0.80, 0.811, 0.80), "cannot be told with 3 seeds"),
        ("equal", (0.80, 0.801, 0.80), "holds"),
    ],
)
def test_claims(shell: Shell, claim: str, first: tuple[float, ...], verdict: str) -> None:
    name = written(shell, "rows.jsonl", grid(a={0.9: first}, b={0.9: (0.80, 0.80, 0.80)}))
    asked = ("compare", "accuracy", "--between", "a,b", "--claim", claim, "--margin", "1", name)
    (row,) = rows(shell.ok(*asked).out)
    assert (row["claim"], row["verdict"], row["margin"]) == (claim, verdict, 0.01)
    assert row["seeds_needed"] >= 2


def test_a_margin_is_in_points_of_a_fraction_and_else_as_the_figure(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES)
    asked = ("--between", "sculpt,lrr", "--margin", "0.5", name)
    assert {row["margin"] for row in rows(shell.ok("compare", "accuracy", *asked).out)} == {0.005}
    assert {row["margin"] for row in rows(shell.ok("compare", "loss", *asked).out)} == {0.5}


def test_seeds_of_one_side_are_left_out_and_told(shell: Shell) -> None:
    some = grid(a={0.5: (0.9, 0.8, 0.7), 0.9: (0.9,)}, b={0.5: (0.8, 0.75), 0.9: (0.8, 0.7)})
    done = shell.ok(
        "compare", "accuracy", "--against", "b", "--claim", "above", written(shell, "r", some)
    )
    many, one = rows(done.out)
    assert (many["seeds"], many["unpaired"], many["n"]) == (["0", "1"], {"a": ["2"]}, 2)
    assert many["difference"] == pytest.approx(0.075)
    assert (one["seeds"], one["unpaired"], one["n"]) == (["0"], {"b": ["1"]}, 1)
    assert one["verdict"] == "cannot be told with 1 seed"
    assert not {"low", "high", "p", "p_holm", "deviation"} & one.keys()
    assert done.lines == ["compare: left out, for the other side lacks these seeds: a 2; b 1"]


def test_the_bootstrap_is_drawn_from_its_seed(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES)
    asked = ("compare", "accuracy", "--between", "sculpt,lrr", "--bootstrap", "500", name)
    found = shell.ok(*asked)
    assert shell.ok(*asked).out == found.out
    assert shell.ok(*asked, "--seed", "1").out != found.out
    percentile = rows(shell.ok(*asked, "--interval", "percentile").out)
    plain = rows(shell.ok("compare", "accuracy", "--between", "sculpt,lrr", name).out)
    for row, other, student in zip(rows(found.out), percentile, plain, strict=True):
        assert (row["interval"], other["interval"]) == ("bca", "percentile")
        assert student["low"] < other["low"] < row["difference"] < other["high"] < student["high"]
        assert row["p"] == student["p"]


def test_a_file_and_its_markdown(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES)
    asked = (
        "compare",
        "accuracy",
        "--between",
        "sculpt,lrr",
        "--claim",
        "equal",
        "--margin",
        "2",
        name,
    )
    done = shell.ok(*asked, "-o", "c.jsonl", "--table", "c.md")
    assert done.out == b""
    assert (shell / "c.jsonl").read_bytes() == shell.ok(*asked).out
    head, line, first, second = (shell / "c.md").read_text().splitlines()
    assert "difference (points)" in head
    assert "equal within 2 points" in head
    assert len({text.count("|") for text in (head, line, first, second)}) == 1
    gain = rows((shell / "c.jsonl").read_bytes())[0]["difference"]
    assert f"| {100 * gain:+.2f} |" in first
    before = shell.snapshot()
    assert "up to date" in shell.ok(*asked, "-o", "c.jsonl", "--table", "c.md").err
    assert shell.snapshot() == before
    less = ("compare", "accuracy", "--between", "lrr,sculpt", name)
    shell.refuses(1, *less, "-o", "c.jsonl", says="another result")
    shell.refuses(1, *less, "--table", "c.md", says="another result")
    shell.refuses(2, *less, "--table", "-", says="standard output can hold one thing")
    shell.refuses(2, *less, "--table", "c.csv", says="must end in .md")


BAD = {
    ("--between", "sculpt,lr"): (2, "no label has the values 'sculpt,lr'.*method: lrr, sculpt"),
    ("--against", "imp"): (2, "no label has the values 'imp'"),
    ("--between", "sculpt,lrr", "--by", "methd"): (2, "no line has the label 'methd'.*method"),
    ("--against", "lr", "--by", "method"): (2, "method has no value 'lr': did you mean lrr"),
    ("--between", "sculpt,lrr", "--at", "start"): (2, "no line has the label 'start'"),
    ("--between", "sculpt,lrr", "--at", ""): (1, "two lines of method sculpt|lrr, seed 0.*--at"),
    ("--between", "dense,lrr"): (1, "no lines of dense and lrr.*agree in sparsity"),
    (): (2, "give --between A,B or --against B"),
    ("--between", "sculpt,lrr", "--claim", "equal"): (2, "equal needs --margin"),
    ("--between", "sculpt,lrr", "--claim", "better"): (2, "unknown --claim 'better'"),
    ("--between", "sculpt,lrr", "--margin", "0"): (2, "--margin must be above 0"),
    ("--between", "sculpt,lrr", "--margin", "nan"): (2, "--margin must be above 0"),
    ("--between", "sculpt,lrr", "--confidence", "95"): (2, "between 0 and 1, not 95"),
    ("--between", "sculpt,lrr", "--bootstrap", "5"): (2, "--bootstrap must be at least 100"),
}


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_words_are_refused_in_a_line(shell: Shell, words: tuple[str, ...]) -> None:
    code, says = BAD[words]
    shell.refuses(code, "compare", "accuracy", *words, written(shell, "r.jsonl", LINES), says=says)


def test_bad_lines_are_refused_in_a_line(shell: Shell) -> None:
    asked = ("compare", "accuracy", "--between", "a,b")
    apart = [measured("a", 0, 0.9, 0.5), measured("b", 1, 0.9, 0.5)]
    name = written(shell, "apart.jsonl", apart)
    shell.refuses(1, *asked, name, says="no common seeds: a has 0; b has 1")
    for row in apart:
        del row["labels"]["seed"]
    shell.refuses(
        1, *asked, written(shell, "no.jsonl", apart), says="no label 'seed'.*--label seed"
    )
    shell.refuses(1, "compare", "accurcy", *asked[2:], name, says="did you mean accuracy")
    shell.refuses(1, *asked, says="standard input was empty")
    two = [{**row, "labels": {**row["labels"], "other": row["labels"]["method"]}} for row in apart]
    shell.refuses(2, *asked, written(shell, "two.jsonl", two), says="values of method and other")


def test_no_figure_is_ever_nan(shell: Shell) -> None:
    """Equal differences, one seed, zeros: still numbers, and a verdict."""
    same = {0.5: (0.5, 0.5), 0.6: (0.0, 0.0), 0.7: (0.3,), 0.8: (1e-300, 1.0)}
    name = written(shell, "rows.jsonl", grid(a=same, b={at: v[::-1] for at, v in same.items()}))
    done = shell.ok(
        "compare", "accuracy", "--against", "b", "--margin", "1", "--bootstrap", "100", name
    )
    for row in rows(done.out):
        assert all(math.isfinite(v) for v in row.values() if isinstance(v, float))


def test_lines_are_chosen_by_their_fields(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", LINES)
    asked = ("compare", "accuracy", "--between", "sculpt,lrr", name)
    whole = rows(shell.ok(*asked).out)
    (one,) = rows(shell.ok(*asked, "--where", "sparsity=0.9").out)
    assert one["sparsity"] == 0.9
    assert one["p_holm"] == one["p"] == whole[1]["p"]
    (other,) = rows(shell.ok(*asked, "--without", "sparsity=0.9").out)
    assert other["sparsity"] == 0.5
    few = rows(shell.ok(*asked, "--where", "split=test", "--without", "seed=1").out)
    assert [row["seeds"] for row in few] == [["0", "2"]] * 2
    shell.refuses(2, *asked, "--where", "sparsity=0.7", says="no line has sparsity 0.7: 0.5, 0.9")
    shell.refuses(2, *asked, "--where", "sparsity", says="--where wants KEY=VALUE, not 'sparsity'")
    shell.refuses(2, *asked, "--without", "split=test", says="--without leaves no line")

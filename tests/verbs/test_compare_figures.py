"""What `compare` takes for a figure: one number of each line, its unit, lines that are no lines."""

from __future__ import annotations

import re

import pytest

from sparsetool import guide
from sparsetool.plugins.plots import AXES
from tests.verbs.lines import LINES, measured, rows, written
from tests.verbs.shell import Shell


def test_the_fractions_of_the_formats_are_those_in_points() -> None:
    """ece had a margin of 50 points where 0.5 were meant; trace_error, no fraction, had 0.005."""
    line = next(li for li in guide.text("formats").splitlines() if "| fractions, 0 to 1" in li)
    told = set(re.findall(r"`(\w+)`", line))
    assert told - {"test_accuracy"} == {
        name for name, axis in AXES.items() if axis.percent and "_accuracy" not in name
    }


@pytest.mark.parametrize(
    ("figure", "margin"),
    [("ece", 0.005), ("mask_iou", 0.005), ("accuracy_top5", 0.005), ("trace_error", 0.5)],
)
def test_margins_of_other_fields(shell: Shell, figure: str, margin: float) -> None:
    name = written(shell, "rows.jsonl", [{**row, figure: row["accuracy"]} for row in LINES])
    asked = ("compare", figure, "--between", "sculpt,lrr", "--margin", "0.5", name)
    assert {row["margin"] for row in rows(shell.ok(*asked, "--table", "t.md").out)} == {margin}
    assert ("points" in (shell / "t.md").read_text()) == (margin < 0.5)


def test_a_list_is_refused_and_its_one_number_named(shell: Shell) -> None:
    """The last eigenvalue was compared, and the loss at the second end of a line."""
    lists = {"loss": [1.0, 2.0], "alpha": [0.0, 1.0], "loss_barrier": 0.25}
    found = [
        {**measured(method, seed, 0.9, 0.9), **lists, "eigenvalues": [3.0 + seed * more, 2.0]}
        for method, more in (("a", 1), ("b", 3))
        for seed in range(3)
    ]
    name = written(shell, "lists.jsonl", found)
    asked = ("--between", "a,b", name)
    says = "'eigenvalues' of a line of .* is a list of 2, not one number: compare eigenvalue$"
    shell.refuses(2, "compare", "eigenvalues", *asked, says=says)
    shell.refuses(2, "compare", "loss", *asked, says="compare loss_barrier$")
    shell.refuses(2, "compare", "alpha", *asked, says="compare accuracy or loss_barrier or eig")
    shell.refuses(2, "compare", "loss", "--spread", "method", name, says="compare loss_barrier$")
    (row,) = rows(shell.ok("compare", "eigenvalue", *asked).out)
    assert row["difference"] == -2
    one = [{**row, "eigenvalues": row["eigenvalues"][:1]} for row in found]
    (row,) = rows(shell.ok("compare", "eigenvalues", *asked[:2], written(shell, "1", one)).out)
    assert row["difference"] == -2
    mixed = [{**found[0], "measure": "lmc"}, *({**row, "loss": 0.5} for row in one)]
    name = written(shell, "mixed", mixed)
    shell.ok("compare", "loss", "--where", "measure=eval", *asked[:2], name)


def test_what_is_no_lines_is_said(shell: Shell) -> None:
    """The message was of a codec and a byte."""
    shell.ok("init", "mlp:4", "-o", "init.st")
    ticket = (shell / "init.st").read_bytes()
    (shell / "noise").write_bytes(b"\x80\xb6" * 40)
    asked = ("compare", "accuracy", "--between", "a,b")
    says = "init.st is a ticket, not lines of JSON: 'sparsetool eval init.st' writes them$"
    shell.refuses(1, *asked, "init.st", says=says)
    shell.refuses(1, *asked, stdin=ticket, says="standard input is a ticket, not lines of JSON")
    shell.refuses(1, *asked, "noise", says="noise, line 1: not JSON; wanted the lines that eval")

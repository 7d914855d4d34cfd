"""What is shown at 80 columns, and what a long piece of work says of itself."""

from __future__ import annotations

import io
import re

import pytest

from sparsetool.cli import progress
from sparsetool.cli.run_table import age, size
from sparsetool.cli.tables import Column, fitting, table
from sparsetool.cli.train.progress import Bar
from sparsetool.cli.weight_options import some
from sparsetool.compute.progress import counted, tell, watched
from tests.verbs.screen import on_terminal
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def test_columns_that_are_empty_or_do_not_fit_are_left_out() -> None:
    columns = [Column("a"), Column("b", spare=1), Column("c", spare=2), Column("d"), Column("e")]
    rows = [{"a": "x" * 10, "b": "y" * 10, "c": "z" * 10, "d": None, "e": 0}]
    for width, wanted in ((60, "abce"), (40, "abe"), (25, "ae"), (5, "ae")):
        held, out = fitting(rows, columns, width)
        assert "".join(column.key for column in held) == wanted
        assert {c.key for c in out} == set("abce") - set(wanted)
    assert "no room for: c" in table(rows, columns, 40).caption
    assert fitting([], columns, 100)[0] == columns


def test_a_run_is_shown_whole_at_80_columns(shell: Shell, shelf: Shelf) -> None:
    shell.ok("train-cycles", "--epochs", "1", "--threads", "1", shelf["half"], "-o", "t.st")
    text = on_terminal(shell, "runs", columns=80)
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"\b[0-9a-f]{8}\b +\d+ s .*\bdone\b.*train-cycles", text)
    shown = on_terminal(shell, "show", "t.st", columns=80)
    assert re.search(r"accuracy", shown)
    assert re.search(r"\d\d\.\d\d%", shown)
    assert "…" not in text + shown


def test_times_and_sizes_have_units() -> None:
    assert [age(s) for s in (5, 300, 7200, 200000)] == ["5 s", "5 min", "2 h", "2 d"]
    assert [size(n) for n in (10, 2048, 5 << 20)] == ["10 B", "2.05 kB", "5.24 MB"]
    assert progress.rate(2.0, "step") == "2 steps/s"
    assert progress.rate(0.05, "step") == "3 steps/min"
    assert progress.clock(3661.2) == "1:01:01"
    assert some(list("abcdefg")) == "a, b, c, d and 3 more"
    assert some(list("abcde")) == "a, b, c, d, e"


def test_signs_that_were_flipped_are_counted(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("transfer-signs", "--from", shelf["other"], shelf["mlp"], "-o", "s.st")
    said = re.search(r"; ([\d,]+) signs flipped", done.err)
    assert said is not None
    shell.ok("diff", shelf["mlp"], "s.st", "-o", "d.jsonl")
    import json

    assert json.loads((shell / "d.jsonl").read_bytes())["sign_flips"] == int(
        said[1].replace(",", "")
    )


def test_work_that_counts_itself_is_watched() -> None:
    told: list[tuple[str, int, int | None]] = []
    assert list(counted("ab", "letter", 2)) == ["a", "b"]
    with watched(lambda *what: told.append(what)):
        assert list(counted("ab", "letter", 2)) == ["a", "b"]
        tell("product", 7)
    assert told == [("letter", 0, 2), ("letter", 1, 2), ("letter", 2, 2), ("product", 7, None)]


class Drawn:
    """Stands in for the two lines on a terminal, and remembers what it was told."""

    made: list[Drawn]

    def __init__(self, verb: str, total: int | None, unit: str) -> None:
        self.total, self.told = total, [f"{verb} {unit}"]
        self.made.append(self)

    def show(self, where: str, done: int | None = None, words: str = "") -> None:
        self.told.append(f"{where} {done} {words}".strip())

    def close(self) -> None:
        pass


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    Drawn.made = []
    monkeypatch.setattr("sparsetool.cli.train.progress.fancy", lambda: True)
    monkeypatch.setattr("sparsetool.cli.train.progress.Lines", Drawn)
    monkeypatch.setattr("sparsetool.cli.progress.Lines", Drawn)
    return Drawn.made


def test_the_bar_counts_all_cycles(drawn: list[Drawn]) -> None:
    bar = Bar("train-cycles", False, [3, 4], first=1)
    bar.begin(1, 1, 4, 10, 0)
    bar.epoch({"cycle": 1, "epoch": 2, "train_loss": 1.0})
    bar.begin(2, 0, 4, 10, 0)
    bar.epoch({"cycle": 2, "epoch": 4, "train_loss": 0.5, "test_accuracy": 0.5})
    (lines,) = drawn
    assert lines.total == 70
    assert lines.told == [
        "train-cycles step",
        "cycle 1/2, epoch 2/4 0",
        "cycle 1/2, epoch 3/4 10 loss 1.000",
        "cycle 2/2, epoch 1/4 30",
        "cycle 2/2, epoch 4/4 70 loss 0.500, test accuracy 50.00%",
    ]


def test_a_resumed_run_says_where_it_carries_on(capsys: pytest.CaptureFixture[str]) -> None:
    said = {
        (1, 1, 0): "",
        (1, 2, 0): "carries on after epoch 2/4 of cycle 1/2",
        (1, 1, 3): "carries on after epoch 1/4 and 3 of 10 steps of cycle 1/2",
        (2, 0, 0): "carries on after epoch 0/4 of cycle 2/2",
    }
    for (cycle, epoch, step), words in said.items():
        bar = Bar("train-cycles", False, [3, 4], first=1)
        bar.begin(cycle, epoch, 4, 10, step)
        bar.begin(2, 0, 4, 10, 0)
        assert capsys.readouterr().err == (f"train-cycles: {words}\n" if words else "")


def test_long_work_on_tickets_is_one_bar(
    drawn: list[Drawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "fancy", lambda: True)
    monkeypatch.setattr(progress, "AFTER", 0.0)
    with progress.counting("eval", False, items=2):
        for _ in range(2):
            list(counted("ab", "batch", 2))
            list(counted("abc", "other", 3))
    assert drawn[0].total == 4
    assert drawn[0].told[1] == "ticket 1/2, batch 0/2 0"
    assert drawn[0].told[-1] == "ticket 2/2, batch 2/2 4"
    with progress.counting("eval", True):
        list(counted("ab", "batch", 2))
    assert len(drawn) == 1


def test_what_is_counted_inside_stands_beside_the_whole(
    drawn: list[Drawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a bar of few dear units stands still for minutes."""
    monkeypatch.setattr(progress, "fancy", lambda: True)
    monkeypatch.setattr(progress, "AFTER", 0.0)
    with progress.counting("lmc", False, items=2, item="pair", what="point"):
        list(counted("ab", "batch", 2))  # the data are read
        for _ in counted("ab", "point", 2):
            list(counted("abc", "batch", 3))
        list(counted("ab", "batch", 2))
    told = drawn[0].told
    assert told[0] == "lmc point"
    assert told[1:3] == ["pair 1/2, point 0/2 0", "pair 1/2, point 0/2, batch 0/3 0"]
    assert "pair 1/2, point 1/2, batch 2/3 1" in told
    assert told[-1] == "pair 1/2, point 2/2 2"


LONG = ("--examples", "8", "--threads", "1")


@pytest.mark.parametrize(
    ("words", "unit", "says"),
    [
        (("hessian",), "product", r"ticket 2/2, \d+ products, chunk 1/1 "),
        (("lmc", "--points", "3", "--split", "test"), "point", r"^point 2/3, batch 1/1 2$"),
    ],
)
def test_curvature_and_barriers_show_how_far_they_are(
    shell: Shell,
    shelf: Shelf,
    drawn: list[Drawn],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    unit: str,
    says: str,
) -> None:
    monkeypatch.setattr(progress, "fancy", lambda: True)
    monkeypatch.setattr(progress, "AFTER", 0.0)
    shell.ok(*words, *LONG, shelf["half"], shelf["mlp"])
    (bar,) = drawn
    assert bar.told[0] == f"{words[0]} {unit}"
    assert any(re.search(says, line) for line in bar.told), bar.told
    assert (bar.total is None) == (unit == "product")
    shell.ok(*words, "--quiet", *LONG, shelf["half"], shelf["mlp"])
    assert len(drawn) == 1


def test_off_a_terminal_long_work_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "fancy", lambda: False)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    for quiet, wanted in ((False, "eval: batch 2/4\neval: batch 4/4\n"), (True, "")):
        with progress.counting("eval", quiet):
            for _ in counted("abcd", "batch", 4):
                now[0] += progress.QUIET_SECONDS / 2
        assert capsys.readouterr().err == wanted


def test_a_bar_without_an_end_promises_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    shown: list[str] = []
    for total in (None, 10):
        lines = progress.Lines("hessian", total, "product")
        lines.show("5 products", 5)
        shown.append(lines._progress.tasks[0].fields["times"])
        lines.close()
    assert re.fullmatch(r"0:00:0\d passed", shown[0])
    assert " left" in shown[1]

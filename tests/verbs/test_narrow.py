"""What is shown at 80 columns, and what a long piece of work says of itself."""

from __future__ import annotations

import re

import pytest

from sparsetool.cli import progress
from sparsetool.cli.run_table import age, size
from sparsetool.cli.tables import Column, fitting, table
from sparsetool.cli.train.progress import Bar
from sparsetool.cli.weight_options import some
from sparsetool.compute.progress import counted, watched
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
    told: list[tuple[str, int, int]] = []
    assert list(counted("ab", "letter", 2)) == ["a", "b"]
    with watched(lambda *what: told.append(what)):
        assert list(counted("ab", "letter", 2)) == ["a", "b"]
    assert told == [("letter", 0, 2), ("letter", 1, 2), ("letter", 2, 2)]


class Drawn:
    """Stands in for the two lines on a terminal, and remembers what it was told."""

    made: list[Drawn]

    def __init__(self, verb: str, total: int, unit: str) -> None:
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

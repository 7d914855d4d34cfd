"""`runs`: the run folders of training, listed, shown and removed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sparsetool.cli import run_table
from sparsetool.runs import glance
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

TRAIN = ("train-cycles", "--threads", "1", "--epochs", "2")


def rows(shell: Shell, *args: object) -> list[dict]:
    return [json.loads(line) for line in shell.ok("runs", *args).out.splitlines()]


def disk(shell: Shell) -> int:
    return sum(path.stat().st_size for path in shell.state.rglob("*") if path.is_file())


def test_empty(shell: Shell) -> None:
    """Nothing trained yet, not even a state folder: nothing to list, no failure, no torch."""
    done = shell.run("runs", torch=False)
    assert (done.code, done.out) == (0, b""), done.err
    assert not shell.state.exists()


def test_on_a_terminal_nothing_is_shown_of_no_run(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the head of a table, or an empty line."""
    monkeypatch.setattr("sparsetool.cli.measure.on_terminal", lambda: True)
    done = shell.ok("runs")
    assert (done.out, len(done.lines)) == (b"", 1)


def test_details_are_in_words() -> None:
    row = {"run": "ab", "age": 5.0, "bytes": 10, "progress": 0.25, "finished": False}
    assert run_table.details([row]).split() == [
        *("run", "ab", "age", "5", "s", "bytes", "10", "B", "progress", "25%", "finished", "no")
    ]


def test_finished_and_stopped(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, "--n", "2", shelf["half"])
    shell.ok(*TRAIN, "--seed", "9", "--stop-after", "1", shelf["half"])
    found = {row["finished"]: row for row in rows(shell)}
    assert set(found) == {True, False}
    assert found[True]["epochs"] == 4
    assert found[False]["epochs"] == 1
    assert all(row["sparsity"] == 0.5 and row["model"] == "mlp" for row in found.values())
    for row in found.values():
        assert 0 < row["bytes"] <= disk(shell)


def test_a_finished_run_drops_its_optimiser_state(shell: Shell, shelf: Shelf) -> None:
    """What is left is its tickets: about their size, not that of weights and momentum more."""
    shell.ok(*TRAIN, shelf["half"], "-o", "t.st")
    assert disk(shell) < 1.2 * (shell / "t.st").stat().st_size


def test_show_and_remove_by_the_beginning_of_a_name(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, shelf["half"])
    shell.ok(*TRAIN, "--seed", "9", shelf["half"])
    first, second = (row["run"] for row in rows(shell))
    (shown,) = rows(shell, first[:10])
    assert shown["run"] == first
    shell.ok("runs", "--remove", first[:10])
    assert [row["run"] for row in rows(shell)] == [second]
    shell.ok("runs", "--remove-finished")
    assert rows(shell) == []
    assert disk(shell) == 0


def test_unfinished_runs_survive_remove_finished(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, shelf["half"])
    shell.ok(*TRAIN, "--seed", "9", "--stop-after", "1", shelf["half"])
    shell.ok("runs", "--remove-finished")
    assert [row["finished"] for row in rows(shell)] == [False]


def test_unknown_run(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, shelf["half"])
    shell.refuses(1, "runs", "no-such-run", says=r"no-such-run")
    shell.refuses(1, "runs", "--remove", "no-such-run", says=r"no-such-run")
    assert len(rows(shell)) == 1


def test_remove_needs_a_name(shell: Shell, shelf: Shelf) -> None:
    """Removing everything is never what a forgotten word means."""
    shell.ok(*TRAIN, shelf["half"])
    shell.refuses(2, "runs", "--remove")
    assert len(rows(shell)) == 1


def test_removed_run_is_trained_again_to_the_same_bytes(shell: Shell, shelf: Shelf) -> None:
    first = shell.ok(*TRAIN, shelf["half"])
    shell.ok("runs", "--remove-finished")
    again = shell.ok(*TRAIN, shelf["half"])
    assert again.out == first.out
    assert "loss" in again.err


def folders(shell: Shell) -> list[Path]:
    return sorted((shell.state / "runs").iterdir())


def test_of_a_run_at_rest_one_small_file_is_read(
    shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So ten thousand are listed within a second; what a kill or a copy leaves is looked at."""
    shell.ok(*TRAIN, shelf["half"])
    shell.ok(*TRAIN, "--seed", "9", "--stop-after", "1", shelf["half"])
    kept = [glance.glance(str(path)) for path in folders(shell)]
    assert kept == [glance._look(str(path)) for path in folders(shell)]
    read: list[str] = []
    opened = os.open

    def counted(path: str, *more: int) -> int:
        read.append(path)
        return opened(path, *more)

    monkeypatch.setattr(os, "open", counted)
    monkeypatch.setattr(os, "scandir", lambda path: pytest.fail(f"{path} was looked through"))
    assert [glance.glance(str(path)) for path in folders(shell)] == kept
    assert read == [str(path / "glance.json") for path in folders(shell)]
    monkeypatch.undo()
    for path in folders(shell):
        (path / "cycle-7.st").write_bytes(b"x")  # from elsewhere, and later
        os.utime(path, (path.stat().st_mtime + 10,) * 2)
    now = [glance.glance(str(path)) for path in folders(shell)]
    assert [seen.done for seen in now] == [seen.done + 1 for seen in kept]
    (folders(shell)[0] / "glance.json").write_text("[1, 2")
    assert len(rows(shell)) == 2


def test_a_run_under_way_is_looked_at_anew(shell: Shell, shelf: Shelf) -> None:
    """What was kept of it at rest no longer holds."""
    line = (*TRAIN, "--n", "2", shelf["half"])
    shell.ok(*line, "--stop-after", "1")
    assert rows(shell)[0]["progress"] == 0.25
    shell.ok(*line)
    assert (rows(shell)[0]["progress"], rows(shell)[0]["finished"]) == (1.0, True)


def test_one_run_that_cannot_be_removed_stops_no_other(shell: Shell, shelf: Shelf) -> None:
    for seed in "789":
        shell.ok(*TRAIN, "--seed", seed, shelf["half"])
    first = folders(shell)[0]
    (first / "lock").unlink()
    (first / "lock").mkdir()
    done = shell.call("runs", "--remove-finished")
    assert (done.code, len(done.lines)) == (1, 3), done.err
    assert folders(shell) == [first]
    shutil.rmtree(first)


def test_eighty_columns() -> None:
    """Age, size, progress, output and command in one line, whatever they hold."""
    row = {"run": "a" * 32, "age": 190_000.0, "bytes": 999_700, "progress": 0.999}
    row |= {"finished": False, "output": "/long/" * 20 + "t.st", "command": "sparsetool x\n" * 30}
    told = run_table.listing([row, {**row, "finished": True, "output": "t.st"}], 80)
    lines = told.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80
    for words in ("2 d", "999 kB", " 99%", "ng//long/t.st"):
        assert words in lines[1]
    assert " done " in lines[2]
    assert "command" in lines[0]

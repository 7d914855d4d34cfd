"""`runs`: the run folders of training, listed, shown and removed."""

from __future__ import annotations

import json

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

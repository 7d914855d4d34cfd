"""`train-cycles`: --keep, --log, --save-epoch, --stop-after, the run store, targets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from sparsetool import files
from sparsetool.cli.train import reporter
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell
from tests.verbs.training_records import SHORT, TRAIN, epochs, log, trainings


def test_keep_writes_a_ticket_a_cycle(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, "--n", "3", "--keep", "kept", shelf["half"], "-o", "t.st")
    kept = sorted((shell / "kept").iterdir())
    assert [len(trainings(path)) for path in kept] == [1, 2, 3]
    assert kept[-1].read_bytes() == (shell / "t.st").read_bytes()
    assert kept[0].read_bytes() == shell.ok(*TRAIN, "--n", "1", shelf["half"]).out


def test_log_has_each_epoch_once(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, "--n", "3", "--log", "l.jsonl", shelf["half"], "-o", "t.st")
    rows = log(shell / "l.jsonl")
    assert [row["epochs"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [(row["cycle"], row["epoch"]) for row in rows] == [
        (cycle, epoch) for cycle in (1, 2, 3) for epoch in (1, 2)
    ]
    shell.ok(*TRAIN, "--n", "1", "--log", "more.jsonl", "t.st")
    assert [row["epochs"] for row in log(shell / "more.jsonl")] == [7, 8], "trained in all"


def test_log_changes_nothing(shell: Shell, shelf: Shelf) -> None:
    """`--log`, `--keep`, `--save-epoch`, `--quiet`, `--force` are no result options."""
    plain = shell.ok(*TRAIN, "--no-store", shelf["half"]).out
    more = ("--log", "l.jsonl", "--keep", "k", "--save-epoch", "1:w.st", "--quiet", "--force")
    assert shell.ok(*TRAIN, "--no-store", *more, shelf["half"]).out == plain
    assert "w.st" not in json.dumps(reading.meta(plain))


@pytest.mark.parametrize("cut", [1, 3, 4, 6])
def test_save_epoch_is_stop_after(cut: int, shell: Shell, shelf: Shelf) -> None:
    """The same bytes for the same K, within a cycle or at its end; and the whole goes on."""
    two = (*SHORT, "--n", "2")
    whole = shell.ok(*two, "--no-store", "--save-epoch", f"{cut}:saved.st", shelf["half"]).out
    shell.ok(*two, "--stop-after", cut, shelf["half"], "-o", "stopped.st")
    assert (shell / "stopped.st").read_bytes() == (shell / "saved.st").read_bytes()
    assert epochs(shell / "saved.st") == cut
    done = shell.ok(*two, "--log", "l.jsonl", shelf["half"], "-o", "whole.st")
    assert (shell / "whole.st").read_bytes() == whole
    assert [row["epochs"] for row in log(shell / "l.jsonl")] == list(range(1, 9))
    assert done.code == 0


def test_save_epoch_may_be_given_twice(shell: Shell, shelf: Shelf) -> None:
    shell.ok(
        *SHORT,
        "--save-epoch",
        "1:one.st",
        "--save-epoch",
        "3:three.st",
        shelf["half"],
        "-o",
        "t.st",
    )
    assert [epochs(shell / name) for name in ("one.st", "three.st", "t.st")] == [1, 3, 4]


def test_stopped_inside_a_cycle_starts_afresh(shell: Shell, shelf: Shelf) -> None:
    """Its record says so; a next cycle begins at epoch 0 of the schedule, or at --from-epoch."""
    shell.ok(*SHORT, "--stop-after", "3", shelf["half"], "-o", "three.st")
    (record,) = trainings(shell / "three.st")
    assert record["achieved"]["epochs"] == 3
    assert "3" in json.dumps({**record["options"], **record["achieved"]}["epochs"])
    shell.ok(*SHORT, "three.st", "--log", "fresh.jsonl", "-o", "fresh.st")
    assert epochs(shell / "fresh.st") == 7
    whole = shell.ok(*SHORT, shelf["half"], "--log", "whole.jsonl", "-o", "whole.st")
    assert whole.code == 0
    rates = [row["lr"] for row in log(shell / "whole.jsonl")]
    assert [row["lr"] for row in log(shell / "fresh.jsonl")] == rates
    shell.ok(*SHORT, "--from-epoch", "3", "three.st", "--log", "on.jsonl", "-o", "on.st")
    assert [row["lr"] for row in log(shell / "on.jsonl")] == rates[3:]
    assert epochs(shell / "on.st") == 4


def test_a_stopped_ticket_is_told_from_a_whole_cycle(shell: Shell, shelf: Shelf) -> None:
    """Three epochs of a cycle of four are not a cycle of three."""
    shell.ok(*SHORT, "--stop-after", "3", shelf["half"], "-o", "three.st")
    shell.ok("train-cycles", "--threads", "1", "--epochs", "3", shelf["half"], "-o", "whole.st")
    first, second = trainings(shell / "three.st")[-1], trainings(shell / "whole.st")[-1]
    assert first["options"] != second["options"]
    assert reading.digest(shell / "three.st") != reading.digest(shell / "whole.st")


def test_finished_run_is_handed_out(shell: Shell, shelf: Shelf) -> None:
    """Asked again, no epoch is trained; the log is written all the same."""
    line = (*TRAIN, "--n", "2", shelf["half"])
    first = shell.ok(*line)
    again = shell.ok(*line)
    assert again.out == first.out
    assert "epoch" in first.err
    assert "loss" not in again.err, "no epoch was trained"
    shell.ok(*line, "--log", "l.jsonl")
    assert [row["epochs"] for row in log(shell / "l.jsonl")] == [1, 2, 3, 4]


def test_no_store(shell: Shell, shelf: Shelf) -> None:
    stored = shell.ok(*TRAIN, shelf["half"]).out
    assert any(shell.state.rglob("*"))
    bare = Shell(shell.cwd.parent / "bare", shell.cwd.parent / "bare-state")
    assert bare.ok(*TRAIN, "--no-store", shelf["half"]).out == stored
    assert not [path for path in bare.state.rglob("*") if path.is_file()]


def test_up_to_date_means_every_file(shell: Shell, shelf: Shelf) -> None:
    """A missing --save-epoch or --keep file is made again with the same bytes."""
    line = (
        *SHORT,
        "--n",
        "2",
        "--save-epoch",
        "1:w.st",
        "--keep",
        "k",
        shelf["half"],
        "-o",
        "t.st",
    )
    shell.ok(*line)
    before = shell.snapshot()
    same = {path: path.read_bytes() for path in shell.cwd.rglob("*") if path.is_file()}
    done = shell.run(*line, torch=False)
    assert done.code == 0, done.err
    assert "up to date" in done.err
    assert shell.snapshot() == before
    victims = ["w.st", "t.st", *[f"k/{path.name}" for path in (shell / "k").iterdir()]]
    for missing in victims:
        (shell / missing).unlink()
        shell.ok(*line)
        assert {p: p.read_bytes() for p in shell.cwd.rglob("*") if p.is_file()} == same, missing


def test_missing_file_is_trained_again_without_the_run(shell: Shell, shelf: Shelf) -> None:
    line = (*SHORT, "--save-epoch", "1:w.st", shelf["half"], "-o", "t.st")
    shell.ok(*line)
    saved, whole = (shell / "w.st").read_bytes(), (shell / "t.st").read_bytes()
    shell.ok("runs", "--remove-finished")
    (shell / "w.st").unlink()
    shell.ok(*line)
    assert (shell / "w.st").read_bytes() == saved
    assert (shell / "t.st").read_bytes() == whole


def test_other_targets_are_refused(shell: Shell, shelf: Shelf) -> None:
    (shell / "t.st").write_bytes(shelf["mlp"].read_bytes())
    (shell / "w.st").write_text("notes\n")
    shell.refuses(1, *TRAIN, shelf["half"], "-o", "t.st", says=(r"t\.st", r"--force"))
    shell.refuses(
        1,
        *TRAIN,
        "--save-epoch",
        "1:w.st",
        shelf["half"],
        "-o",
        "n.st",
        says=(r"w\.st", r"--force"),
    )
    shell.ok(*TRAIN, "--save-epoch", "1:w.st", shelf["half"], "-o", "t.st", "--force")
    assert epochs(shell / "t.st") == 2
    assert epochs(shell / "w.st") == 1


def test_lines_off_a_terminal(shell: Shell, shelf: Shelf) -> None:
    """Each line starts with the verb; --quiet says nothing; no escape codes off a terminal."""
    done = shell.ok(*TRAIN, "--n", "2", "--no-store", shelf["half"])
    assert done.lines
    assert all(line.startswith("train-cycles: ") for line in done.lines)
    assert "\x1b" not in done.err
    assert "\r" not in done.err
    assert shell.ok(*TRAIN, "--no-store", "--quiet", shelf["half"]).err == ""


def test_another_file_in_place_of_the_log(shell: Shell, shelf: Shelf) -> None:
    """Text or not, it is refused and stays."""
    for content in (b"notes\n", b"\xff\xfe\x00", shelf["mlp"].read_bytes()):
        (shell / "l.jsonl").write_bytes(content)
        shell.refuses(1, *TRAIN, shelf["half"], "--log", "l.jsonl", says="no log of this run")


def test_stopped_without_a_run_folder_nothing_is_promised(shell: Shell, shelf: Shelf) -> None:
    line = (*TRAIN, "--epochs", "99", "--time-limit", "0.1s", shelf["half"])
    for more, says in ((("--no-store",), "nothing is kept"), ((), "progress is kept")):
        done = shell.call(*line, *more)
        assert (done.code, done.out) == (75, b"")
        assert says in done.lines[-1]


def test_keep_every(shell: Shell, shelf: Shelf) -> None:
    """Tickets on the way, the same as --save-epoch writes, within a cycle and over several."""
    line = (*SHORT, "--no-store", shelf["half"])
    shell.ok(*line, "--save-epoch", "3:at-3.st", "-o", "t.st")
    shell.ok(*line, "--n", "2", "--keep", "k", "--keep-every", "3", "-o", "u.st")
    names = {path.name for path in (shell / "k").iterdir()}
    assert names == {"epoch-3.st", "epoch-6.st", "cycle-1.st", "cycle-2.st"}
    assert (shell / "k" / "epoch-3.st").read_bytes() == (shell / "at-3.st").read_bytes()
    assert (shell / "k" / "cycle-1.st").read_bytes() == (shell / "t.st").read_bytes()
    assert epochs(shell / "k" / "epoch-6.st") == 6
    shell.refuses(2, *line, "--keep-every", "3", says="--keep DIR")


def test_a_log_is_not_written_anew_every_cycle(
    shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the run's own nor that of --log: else a thousand cycles take a million lines."""
    written: list[str] = []
    whole = files.write

    def noted(path: str | Path, pieces: Iterable[bytes]) -> None:
        written.append(Path(path).name)
        whole(path, pieces)

    monkeypatch.setattr(files, "write", noted)
    monkeypatch.setattr(reporter, "write", noted)
    short = ("train-cycles", "--n", "4", "--epochs", "1", "--batch-size", "512", "--threads", "1")
    shell.ok(*short, shelf["half"], "--log", "l.jsonl", "-o", "t.st")
    assert written.count("log.jsonl") == 0
    assert written.count("l.jsonl") == 1
    assert [row["cycle"] for row in log(shell / "l.jsonl")] == [1, 2, 3, 4]


def test_a_log_cut_short_is_said(shell: Shell, shelf: Shelf) -> None:
    """No ticket or state holds the lines of all epochs: so they are lost, and nothing else is."""
    line = (*TRAIN, "--n", "2", shelf["half"])
    whole = shell.ok(*line, "--no-store").out
    shell.ok(*line, "--stop-after", "3")
    (kept,) = shell.state.glob("runs/*/log.jsonl")
    kept.write_bytes(b"".join(kept.read_bytes().splitlines(True)[:1]) + b'{"cyc')
    done = shell.ok(*line)
    assert "2 of its 4 lines are lost" in done.err
    assert done.out == whole
    again = shell.ok(*line, "--log", "l.jsonl", "-o", "t.st")
    assert "2 of its 4 lines are lost" in again.err
    assert [row["epochs"] for row in log(shell / "l.jsonl")] == [1, 4]

"""`levels`: the loop of the other verbs, byte for byte; stopped, it carries on."""

from __future__ import annotations

import signal
import time

import pytest

from sparsetool import Ticket, levels
from sparsetool.errors import UsageError
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

TRAIN = ("--epochs", "1", "--threads", "1")
LOOP = """
set -euo pipefail
sparsetool train-cycles {train} {start} -o 0.st
sparsetool prune --rate 0.5 0.st | {rewind} sparsetool train-cycles {train} -o 1.st
sparsetool prune --global 0.8 1.st | {rewind} sparsetool train-cycles {train} -o 2.st
"""


def test_it_is_the_loop(shell: Shell, shelf: Shelf) -> None:
    """With rewinding and without; 80% at half a level is two levels."""
    start = shelf["mlp"]
    for name, option, rewind in (
        ("lrr", (), ""),
        ("imp", ("--rewind", start), f"sparsetool rewind --to {start} |"),
    ):
        line = ("levels", "--rate", "0.5", "--to", "0.8", *TRAIN, *option, "--out-dir", name)
        shell.ok(*line, start)
        done = shell.bash(LOOP.format(train=" ".join(TRAIN), start=start, rewind=rewind))
        assert done.code == 0, done.err
        for level in range(3):
            made = (shell / name / f"level-{level}.st").read_bytes()
            assert made == (shell / f"{level}.st").read_bytes()
            (shell / f"{level}.st").unlink()
        assert reading.kept(shell / name / "level-2.st") == reading.to_keep("0.8", 50_200)
        assert shell.ok(*line, start).err.count("up to date") == 6


def test_a_trained_ticket_is_pruned_at_once(shell: Shell, shelf: Shelf) -> None:
    shell.ok("levels", "--to", "0.6", *TRAIN, "--out-dir", "d", shelf["trained"])
    assert sorted(path.name for path in (shell / "d").iterdir()) == [
        "level-1.st",
        "level-1.start.st",
    ]
    ticket = Ticket.load(shelf["trained"])
    (made,) = levels(ticket, to="0.6", epochs=1, threads="1")
    assert made.to_bytes() == (shell / "d" / "level-1.st").read_bytes()


def test_cycles_and_logs_of_each_level(shell: Shell, shelf: Shelf) -> None:
    line = ("levels", "--rate", "0.5", "--to", "0.5", "--n", "2", *TRAIN, "--out-dir", "d")
    line = (*line, "--keep", "k", "--log", "logs-{}.jsonl", shelf["mlp"])
    shell.ok(*line)
    for level in ("level-0", "level-1"):
        cycles = sorted(path.name for path in (shell / "k" / level).iterdir())
        assert cycles == ["cycle-1.st", "cycle-2.st"]
        last = Ticket.load(shell / "k" / level / "cycle-2.st")
        assert last.digest == Ticket.load(shell / "d" / f"{level}.st").digest
        assert len((shell / f"logs-{level}.jsonl").read_text().splitlines()) == 2
    (shell / "k" / "level-1" / "cycle-1.st").unlink()
    shell.ok(*line)
    assert (shell / "k" / "level-1" / "cycle-1.st").exists()
    shell.refuses(2, *line, "--until-peak", says="--until-peak")
    other = ("levels", "--to", "0.5", *TRAIN, "--out-dir", "e", "--keep-every", "1", shelf["mlp"])
    shell.refuses(2, *other, says="--keep DIR")


def test_killed_it_carries_on(shell: Shell, shelf: Shelf) -> None:
    line = ("levels", "--rate", "0.5", "--to", "0.8", "--epochs", "8", "--threads", "1")
    shell.ok(*line, "--out-dir", "whole", "--no-store", shelf["mlp"])
    for number in (signal.SIGKILL, signal.SIGTERM):
        process = shell.start(*line, "--out-dir", "part", shelf["mlp"])
        end = time.monotonic() + 120
        wanted = shell / "part" / ("level-0.st" if number == signal.SIGKILL else "level-1.st")
        while not wanted.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.005)
        process.send_signal(number)
        process.communicate()
    shell.ok(*line, "--out-dir", "part", shelf["mlp"])
    for path in (shell / "whole").iterdir():
        assert (shell / "part" / path.name).read_bytes() == path.read_bytes()


def test_what_cannot_be_is_refused(shell: Shell, shelf: Shelf) -> None:
    for words, code, says in (
        (("--to", "0.9"), 2, "--out-dir"),
        (("--out-dir", "d"), 2, "--to S"),
        (("--out-dir", "d", "--to", "0.5"), 2, "only prune"),
        (("--out-dir", "d", "--to", "0.9", "--rate", "1"), 2, "--rate"),
        (("--out-dir", "d", "--to", "0.9", "--rate", "0"), 2, "above 0"),
        (("--out-dir", "d", "--to", "0.9", "--update", "gmp"), 2, "changes the sparsity"),
        (("--out-dir", "d", "--to", ".9", "--update", "set", "--update-every", "9999"), 2, "never"),
        (("--out-dir", "d", "--to", "0.9", "--lr", "-1"), 2, "--lr must"),
    ):
        shell.refuses(code, "levels", *words, shelf["half"], says=(says,))
    line = ("levels", "--out-dir", "d", "--to", "0.9", "--update", "rigl")
    shell.refuses(2, *line, shelf["mlp"], says=("the ticket is dense",))
    assert not (shell / "d").exists()
    with pytest.raises(UsageError, match="the ticket is dense"):
        next(levels(Ticket.load(shelf["mlp"]), to="0.9", update="rigl"))

"""Masks that move, in real processes: killed and started again, in cycles, on two ranks."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from sparsetool import Ticket
from tests.pipelines.running import wait_for_epochs
from tests.pipelines.test_ranks import LAUNCHER, ended
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

METHODS = {
    "rigl": ("half", "--update", "rigl", "--update-every", "10"),
    "ac-dc": ("mlp", "--update", "ac-dc", "--to", "0.9"),
    "gmp": ("mlp", "--update", "gmp", "--to", "0.9", "--update-every", "10"),
}
LINE = ("train-cycles", "--epochs", "20", "--threads", "1")
SAVING = """
import sys
from sparsetool import Ticket, train_cycles
from sparsetool.compute.ranks import Ranks

with Ranks.from_environment() as ranks:
    for name, options in (
        ("rigl", dict(update="rigl", update_every=5)),
        ("gmp", dict(update="gmp", to="0.9", update_every=5)),
        ("ac-dc", dict(update="ac-dc", to="0.9")),
        ("mest", dict(update="mest", update_every=5)),
    ):
        start = Ticket.load("half.st")
        more = dict(epochs=3, batch_size=100, threads="1", precision="fp32")
        made = train_cycles(start, ranks=ranks, **more, **options)
        made.save(f"{ranks.rank}-{name}.st")
"""


@pytest.mark.parametrize("method", METHODS)
def test_killed_and_started_again_it_ends_with_the_same_bytes(
    shell: Shell, shelf: Shelf, tmp_path: Path, method: str
) -> None:
    """Asked to stop inside an epoch, then killed, then let go on; the log has each epoch once."""
    start, *words = METHODS[method]
    line = (*LINE, "--n", "2", *words, shelf[start])
    whole = Shell(tmp_path / "whole", tmp_path / "whole-state").ok(*line, "--no-store").out
    for epochs, number in ((6, signal.SIGTERM), (14, signal.SIGKILL), (26, signal.SIGTERM)):
        process = shell.start(*line, "--log", "l.jsonl")
        wait_for_epochs(shell, process, epochs)
        process.send_signal(number)
        out, err = process.communicate()
        assert process.returncode != 0, err
        assert out == b""
    done = shell.ok(*line, "--log", "l.jsonl", "-o", "t.st")
    assert (shell / "t.st").read_bytes() == whole, done.err
    rows = [row for row in (shell / "l.jsonl").read_text().splitlines() if row]
    assert len(rows) == 40
    assert reading.off_mask_bits(shell / "t.st") == 0


def test_one_cycle_and_three_are_four(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", "--epochs", "2", "--threads", "1", "--no-store")
    for start, *words in METHODS.values():
        whole = shell.ok(*line, *words, "--n", "4", shelf[start]).out
        part = shell.ok(*line, *words, "--n", "1", shelf[start]).out
        assert shell.ok(*line, *words, "--n", "3", stdin=part).out == whole


def test_two_ranks_come_to_the_same_masks(shell: Shell, shelf: Shelf) -> None:
    (shell / "saving.py").write_text(SAVING)
    (shell / "half.st").write_bytes(shelf["half"].read_bytes())
    argv = [*LAUNCHER, "saving.py"]
    subprocess.run(argv, cwd=shell.cwd, env=shell.env, check=True, capture_output=True)
    for name in ("rigl", "gmp", "ac-dc", "mest"):
        content = (shell / f"0-{name}.st").read_bytes()
        assert (shell / f"1-{name}.st").read_bytes() == content
        ticket = Ticket.load(content)
        assert ticket.lineage[-1]["ranks"] == 2
        assert ticket.lineage[-1]["achieved"]["updates"] > 1
        assert not ticket.off_mask()


def test_two_ranks_stopped_end_with_the_same_bytes(shell: Shell, shelf: Shelf) -> None:
    start, *words = METHODS["rigl"]
    line = (*LINE, *words, "--log", "l.jsonl", str(shelf[start]))
    argv = [*LAUNCHER, "-m", "--", "sparsetool", *line]

    def launched(*more: str, env: dict[str, str]) -> subprocess.Popen:
        return subprocess.Popen(
            [*argv, *more], cwd=shell.cwd, env=env, stdout=-1, stderr=-1, text=True
        )

    code, _, err = ended(launched("--no-store", "-o", "whole.st", env=shell.env))
    assert code == 0, err
    (shell / "l.jsonl").unlink()
    process = launched("-o", "part.st", env=shell.env)
    wait_for_epochs(shell, process, 5)
    os.kill(process.pid, signal.SIGTERM)
    code, _, err = ended(process)
    assert code != 0, err
    code, _, err = ended(launched("-o", "part.st", env=shell.env))
    assert code == 0, err
    assert (shell / "part.st").read_bytes() == (shell / "whole.st").read_bytes()

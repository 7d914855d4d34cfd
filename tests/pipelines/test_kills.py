"""`sparsetool guide promises`, "Nothing trained is lost": whatever signal comes, at any time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pipelines.running import (
    ENOUGH,
    LONG,
    SHORT,
    ended,
    finishes,
    logged,
    rows,
    started,
    unfinished,
    wait_for_epochs,
)
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

KILLS = 30
SEED = 20


def killed(shell: Shell, shelf: Shelf, after_s: float) -> None:
    """SIGKILL that long after the start; sooner if it should have ended before."""
    while True:
        process = started(shell, shelf, line=SHORT)
        try:
            process.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if process.returncode == -signal.SIGKILL:
                return
        assert process.returncode == 0
        subprocess.run(["rm", "-rf", shell.state, shell / "l.jsonl"], check=True)
        after_s *= 0.8


def test_sigkill_at_30_random_moments(
    tmp_path: Path, shelf: Shelf, whole: Callable[..., bytes], quick: Path
) -> None:
    """Each run is killed once, from its start-up to its last write, and then carries on.

    Most at moments drawn over the time that a run takes, every fifth after some epochs. What is
    killed is a process of its own; what carries on has torch imported already.
    """
    wanted = whole(SHORT)

    def timed(number: int) -> float:
        shell = Shell(tmp_path / f"timed-{number}", tmp_path / f"timed-{number}-state")
        start = time.monotonic()
        finishes(shell, shelf, wanted, line=SHORT)
        return time.monotonic() - start

    draws = random.Random(SEED)

    def trial(number: int) -> tuple[int, bool, bool]:
        shell = Shell(tmp_path / f"{number}", tmp_path / f"{number}-state")
        if number % 5:
            killed(shell, shelf, moments[number])
        else:  # inside the training, however slow this machine is at the moment
            process = started(shell, shelf, line=SHORT)
            wait_for_epochs(shell, process, 1 + number // 5)
            process.kill()
            process.communicate()
        reached = logged(shell / "l.jsonl")
        words = [*SHORT, shelf["half"], "--log", "l.jsonl"]
        again = subprocess.Popen(
            [quick / "sparsetool", *map(str, words)],
            cwd=shell.cwd,
            env=shell.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        code, out, err = ended(again)
        assert code == 0, err
        epochs = [row["epochs"] for row in rows(shell / "l.jsonl")]
        return reached, out == wanted, epochs == list(range(1, 13))

    with ThreadPoolExecutor(2) as pool:
        duration_s = min(pool.map(timed, range(2)))
        moments = [(k + draws.random()) / KILLS * duration_s for k in range(KILLS)]
        reached, same_bytes, logged_once = zip(*pool.map(trial, range(KILLS)), strict=True)
    assert sum(same_bytes) == KILLS, same_bytes
    assert sum(0 < epochs < 12 for epochs in reached) >= 3, "no kill fell into the training"
    assert sum(logged_once) == KILLS, list(zip(reached, logged_once, strict=True))


def test_killed_again_and_again(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """Progress adds up over kills: the run ends though no process lives long enough."""
    for epochs in (5, 22, 41):
        process = started(shell, shelf)
        wait_for_epochs(shell, process, epochs)
        process.kill()
        process.communicate()
        assert 0 < unfinished(shell)["epochs"] <= logged(shell / "l.jsonl")
    err = finishes(shell, shelf, whole(LONG))
    assert "cycle 1/3" not in err, "what was trained is not trained again"
    assert "cycle 3/3" in err


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 143),
        (signal.SIGINT, 130),
        (signal.SIGHUP, 129),
        (signal.SIGUSR1, 75),
    ],
)
def test_signals(
    number: int, code: int, shell: Shell, shelf: Shelf, whole: Callable[..., bytes]
) -> None:
    """The exit code promised, no traceback, no bytes, progress kept, the rerun ends the same."""
    process = started(shell, shelf)
    wait_for_epochs(shell, process)
    process.send_signal(number)
    got, out, err = ended(process)
    assert got in (code, code - 128 if code > 128 else code, -number), err
    assert (128 - got if got < 0 else got) == code
    assert out == b""
    assert "Traceback" not in err
    assert all(line.startswith("train-cycles:") for line in err.splitlines())
    assert unfinished(shell)["epochs"] >= ENOUGH
    assert "cycle 1/3" not in finishes(shell, shelf, whole(LONG))


def test_signals_while_waiting_for_input(shell: Shell, shelf: Shelf) -> None:
    """A stage of a pipeline that has not got its ticket yet stops as politely."""
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)):
        os.mkfifo(shell / "f")
        process = shell.start(*SHORT, "f")
        with open(shell / "f", "wb") as fifo:  # opens when the program does
            fifo.write(shelf["half"].read_bytes()[:1000])
            fifo.flush()
            time.sleep(0.5)  # it waits for the rest by now
            process.send_signal(number)
            got, out, err = ended(process)
        assert (128 - got if got < 0 else got) == code, err
        assert out == b""
        assert "Traceback" not in err
        (shell / "f").unlink()


def test_signal_during_start_up(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """The ticket is read, torch is being imported: still no traceback."""
    os.mkfifo(shell / "f")
    process = shell.start(*LONG, "f")
    with open(shell / "f", "wb") as fifo:
        fifo.write(shelf["half"].read_bytes())
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    got, out, err = ended(process)
    assert (128 - got if got < 0 else got) == 130, err
    assert out == b""
    assert "Traceback" not in err
    (shell / "f").unlink()
    finishes(shell, shelf, whole(LONG))


def test_time_limit(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """Exit 75 with progress kept; repeated with more, it ends with the same bytes."""
    codes = []
    for limit in ("1s", "4s", "0:08", "0:00:16", "32s", "1m", "90"):
        code, out, err = ended(started(shell, shelf, "--time-limit", limit))
        codes.append(code)
        if code == 0:
            break
        assert code == 75, err
        assert out == b""
        unfinished(shell)
    assert codes[0] == 75
    assert codes[-1] == 0
    assert out == whole(LONG)
    assert [row["epochs"] for row in rows(shell / "l.jsonl")] == list(range(1, 61))


def test_reader_that_leaves(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """Noticed at the next epoch, not at the end: 141, nothing said but progress, all kept."""
    read, write = os.pipe()
    process = started(shell, shelf, stdout=write)
    os.close(write)
    wait_for_epochs(shell, process)
    os.close(read)
    got, _, err = ended(process)
    assert (128 - got if got < 0 else got) == 141, err
    assert "Traceback" not in err
    assert ENOUGH <= unfinished(shell)["epochs"] < 60
    assert "cycle 1/3" not in finishes(shell, shelf, whole(LONG))

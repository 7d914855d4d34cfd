"""Several tickets trained by one command: each as if it had been trained alone."""

from __future__ import annotations

import signal
import time

import pytest

from sparsetool.cli.train import many
from tests.pipelines.running import LIMIT_S, ended
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

LINE = ("train-cycles", "--n", "2", "--epochs", "2", "--threads", "1")


@pytest.fixture
def files(shelf: Shelf) -> list[str]:
    return [str(shelf[name]) for name in ("half", "mlp", "other")]


def test_each_gets_the_bytes_it_gets_alone(shell: Shell, shelf: Shelf, files: list[str]) -> None:
    done = shell.run(*LINE, *files, "--out-dir", "out", "--keep", "kept", "--jobs", "2")
    assert done.code == 0, done.err
    assert done.out == b""
    assert all(line.startswith("train-cycles: ") for line in done.lines)
    for name in ("half", "mlp", "other"):
        assert f"train-cycles: {name}: wrote out/{name}.st" in done.err
        assert (shell / "kept" / name / "cycle-2.st").exists()
        alone = shell.ok(*LINE, "--no-store", shelf[name], "-o", "-").out
        assert (shell / "out" / f"{name}.st").read_bytes() == alone
    before = shell.snapshot()
    again = shell.run(*LINE, *files, "--out-dir", "out", "--keep", "kept", torch=False)
    assert again.code == 0, again.err
    assert again.err.count("up to date") == 3 * 3
    assert shell.snapshot() == before


def test_one_that_fails_leaves_the_others_alone(shell: Shell, files: list[str]) -> None:
    (shell / "out").mkdir()
    (shell / "out" / "mlp.st").write_bytes(b"mine")
    done = shell.run(*LINE, *files, "--out-dir", "out")
    assert done.code == 1
    assert "train-cycles: mlp: out/mlp.st exists" in done.err
    assert done.lines[-1].startswith("train-cycles: 2 of 3 done")
    assert (shell / "out" / "mlp.st").read_bytes() == b"mine"
    assert (shell / "out" / "half.st").exists()
    assert (shell / "out" / "other.st").exists()


def test_copies_import_nothing_anew(
    shell: Shell, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are asked for at once: else each of two thousand would import torch."""
    begun = []
    monkeypatch.setattr(many, "_room", lambda *asked: begun.append("imports") or 1)
    monkeypatch.setattr(many, "in_parallel", lambda *asked: begun.append(asked[1]))
    shell.ok(*LINE, *files, "--out-dir", "out", "--jobs", "2")
    assert begun == ["imports", 2]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGUSR1, 75)]
)
def test_a_signal_reaches_all(shell: Shell, files: list[str], number: int, code: int) -> None:
    long = ("train-cycles", "--epochs", "4000", "--threads", "1", "--jobs", "2")
    process = shell.start(*long, *files, "--out-dir", "out")
    end = time.monotonic() + LIMIT_S
    while len(list(shell.state.glob("runs/*/log*"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "no progress"
        time.sleep(0.05)
    process.send_signal(number)
    got, out, err = ended(process)
    assert got == code, err
    assert out == b""
    assert "Traceback" not in err
    assert err.count("progress is kept") == 2, "the third was never begun"
    assert err.splitlines()[-1].endswith("0 of 3 done; the same command carries on")
    assert not list((shell / "out").iterdir())


def test_what_cannot_be(shell: Shell, shelf: Shelf, files: list[str]) -> None:
    shell.refuses(2, *LINE, *files, says="--out-dir")
    shell.refuses(2, *LINE, *files, "--out-dir", "o", "-o", "x.st", says="do not go together")
    shell.refuses(2, *LINE, "--out-dir", "o", says="tickets in files")
    shell.refuses(2, *LINE, files[0], files[0], "--out-dir", "o", says="two FILEs are called")
    shell.refuses(2, *LINE, *files, "--out-dir", "o", "--jobs", "0", says="--jobs")
    shell.refuses(1, *LINE, *files, "missing.st", "--out-dir", "o", says="missing.st")

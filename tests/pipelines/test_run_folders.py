"""`sparsetool guide formats`, "Run folder": shared, full, damaged, handed out when finished."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsetool.runs.folder import RunFolder
from tests.pipelines.running import (
    ENOUGH,
    LONG,
    SHORT,
    ended,
    finishes,
    rows,
    started,
    unfinished,
    wait_for_epochs,
)
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def test_finished_run_is_handed_out_at_once(
    shell: Shell, shelf: Shelf, whole: Callable[..., bytes]
) -> None:
    finishes(shell, shelf, whole(SHORT), line=SHORT)
    err = finishes(shell, shelf, whole(SHORT), line=SHORT)
    assert " cycle " not in err, "an epoch was trained again"
    result = shell.run(*SHORT, stdin=shelf["half"].read_bytes())
    assert result.out == whole(SHORT), "by standard input it is the same run"
    assert " cycle " not in result.err


def test_two_processes_of_one_run(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """Both end with the same bytes; one trains, the other waits and takes the result."""
    both = [
        shell.start(*LONG, shelf["half"], "--log", f"{name}.jsonl", "-o", f"{name}.st")
        for name in "ab"
    ]
    said = []
    for process in both:
        code, _, err = ended(process)
        assert code == 0, err
        said.append(err)
    for name in "ab":
        assert (shell / f"{name}.st").read_bytes() == whole(LONG)
        assert [row["epochs"] for row in rows(shell / f"{name}.jsonl")] == list(range(1, 61))
    assert sorted("cycle 1/3 epoch 20/20" in err for err in said) == [False, True]
    assert sum(err.count(" epoch 20/20") for err in said) == 3


def test_the_waiting_process_can_be_stopped(
    shell: Shell, shelf: Shelf, whole: Callable[..., bytes]
) -> None:
    first = started(shell, shelf)
    wait_for_epochs(shell, first, 3)
    second = shell.start(*LONG, shelf["half"], "-o", "b.st")
    time.sleep(0.7)
    second.send_signal(signal.SIGTERM)
    code, _, err = ended(second)
    assert (128 - code if code < 0 else code) == 143, err
    assert not (shell / "b.st").exists()
    code, out, err = ended(first)
    assert code == 0, err
    assert out == whole(LONG)


def test_who_waited_knows_what_the_first_settled(tmp_path: Path) -> None:
    """A run resumes only where it began, whoever began it in the meantime."""
    first, second = RunFolder(tmp_path / "run"), RunFolder(tmp_path / "run")
    with first.locked(lambda: None):
        first.record_facts({"place": {"device": "cuda", "precision": "bf16", "threads": 2}})
    with second.locked(lambda: None):
        assert second.facts == first.facts


def test_the_second_goes_on_where_the_first_was_killed(
    shell: Shell, shelf: Shelf, whole: Callable[..., bytes]
) -> None:
    """A lock dies with its holder."""
    first = started(shell, shelf)
    wait_for_epochs(shell, first)
    second = shell.start(*LONG, shelf["half"], "-o", "b.st")
    first.kill()
    first.communicate()
    code, _, err = ended(second)
    assert code == 0, err
    assert (shell / "b.st").read_bytes() == whole(LONG)
    assert "cycle 1/3" not in err


def test_disk_full_during_training(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    """From one epoch to the next no file can grow past a few bytes: exit 1 in one line,
    nothing written, what was kept before is still good."""
    process = started(shell, shelf, "--quiet", "-o", "t.st")
    wait_for_epochs(shell, process)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (40_000, 40_000))
    code, out, err = ended(process)
    assert code == 1, (code, err)
    assert out == b""
    assert len(err.splitlines()) == 1, err
    assert err.startswith("train-cycles:")
    assert {name for name in shell.snapshot() if not name.startswith("l.jsonl")} == set()
    assert unfinished(shell)["epochs"] >= ENOUGH - 1
    assert "cycle 1/3" not in finishes(shell, shelf, whole(LONG))


def test_disk_full_from_the_start(shell: Shell, shelf: Shelf, whole: Callable[..., bytes]) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    code, out, err = ended(started(shell, shelf, "--quiet", "-o", "t.st", preexec_fn=limited))
    assert code == 1, (code, err)
    assert out == b""
    assert len(err.splitlines()) == 1, err
    assert not (shell / "t.st").exists()
    finishes(shell, shelf, whole(LONG))


def test_state_folder_that_cannot_be(shell: Shell, shelf: Shelf) -> None:
    """Progress that cannot be kept is said before training; --no-store trains without."""
    shell.state.write_text("a file in the way\n")
    shell.refuses(1, *SHORT, shelf["half"], says=(r"state",))
    assert shell.ok(*SHORT, "--no-store", shelf["half"]).out


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def damage_kept_weight(path: Path) -> None:
    """A flip that no mask gives away: half of the places are kept, so one of some is."""
    data = bytearray(path.read_bytes())
    for place in range(64):
        data[len(data) // 3 + 4 * place] ^= 1
    path.write_bytes(bytes(data))


def test_a_damaged_state_gives_way_to_the_other(tmp_path: Path) -> None:
    """The newer whole one counts; without any the cycle begins anew."""
    store = RunFolder(tmp_path / "run")
    for save in range(3):
        arrays = {"weight/a": np.full(100, save, np.float32)}
        store.save_state(lambda arrays=arrays: arrays, {"cycle": 0, "epoch": save})
    held = RunFolder(tmp_path / "run").state()
    assert held is not None
    assert held[1]["epoch"] == 2
    damage_kept_weight(tmp_path / "run" / "state-0.st")
    held = RunFolder(tmp_path / "run").state()
    assert held is not None
    assert (held[1]["epoch"], held[0]["weight/a"][0]) == (1, 1)
    damage_cut(tmp_path / "run" / "state-1.st")
    assert RunFolder(tmp_path / "run").state() is None


@pytest.mark.parametrize("damage", [damage_cut, damage_flip, damage_kept_weight, Path.unlink])
def test_damaged_finished_run_never_gives_wrong_bytes(
    damage: Callable[[Path], None], shell: Shell, shelf: Shelf, whole: Callable[..., bytes]
) -> None:
    """A broken disk in the run folder: trained again or refused, never a wrong ticket."""
    finishes(shell, shelf, whole(SHORT), line=SHORT)
    for path in sorted(shell.state.rglob("*")):
        if path.is_file() and path.stat().st_size > 100_000:
            damage(path)
    result = shell.call(*SHORT, shelf["half"])
    assert result.code in (0, 1), result.err
    assert "Traceback" not in result.err
    if result.code == 0:
        assert result.out == whole(SHORT)
    else:
        assert result.out == b""
        assert "runs" in result.err, "what to do"


def test_run_is_found_by_the_key_alone(shell: Shell, shelf: Shelf) -> None:
    """-o, --log, --keep, --save-epoch, --stop-after do not make another run; others do."""
    same = (
        (), ("-o", "a.st"), ("--log", "b.jsonl"), ("--keep", "k"), ("--save-epoch", "1:w.st"),
        ("--stop-after", "2"), ("--quiet",),
    )  # fmt: skip
    for more in same:
        shell.ok(*SHORT, shelf["half"], *more)
    assert len(shell.ok("runs", "--json").out.splitlines()) == 1
    others = (("--seed", "5"), ("--lr", "0.05"), ("--batch-size", "64"), ("--val", "0.1"))
    for more in others:
        shell.ok(*SHORT, shelf["half"], *more)
    shell.ok(*SHORT, shelf["mlp"])
    assert len(shell.ok("runs", "--json").out.splitlines()) == 2 + len(others)


def test_progress_is_a_ticket_all_the_same(shell: Shell, shelf: Shelf) -> None:
    """What SIGTERM leaves can be had with --stop-after at an epoch that was reached."""
    process = started(shell, shelf)
    wait_for_epochs(shell, process)
    process.terminate()
    ended(process)
    shell.ok(*LONG, shelf["half"], "--stop-after", "20", "-o", "t.st")
    bare = shell.ok(*LONG, shelf["half"], "--stop-after", "20", "--no-store").out
    assert (shell / "t.st").read_bytes() == bare
    assert reading.lineage(bare)[-1]["achieved"]["epochs"] == 20

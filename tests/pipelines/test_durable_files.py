"""Files outlast a power cut: synced before they are renamed, their folder after, sums first."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sparsetool.runs.folder import RunFolder
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

Event = tuple[str, int, str]  # what happened, to which inode, and (renamed) to which path
TRAIN = ("train-cycles", "--epochs", "2", "--threads", "1")


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every fsync and every rename of this process, in order."""
    seen: list[Event] = []
    sync, rename = os.fsync, os.replace

    def noting_sync(descriptor: int) -> None:
        sync(descriptor)
        seen.append(("sync", os.fstat(descriptor).st_ino, ""))

    def noting_rename(source: str, target: str | Path) -> None:
        inode = os.stat(source).st_ino
        rename(source, target)
        seen.append(("rename", inode, str(target)))

    monkeypatch.setattr("os.fsync", noting_sync)
    monkeypatch.setattr("os.replace", noting_rename)
    return seen


def renamed(events: list[Event]) -> list[str]:
    return [path for what, _, path in events if what == "rename"]


def test_a_result_is_synced_renamed_and_its_folder_synced(
    shell: Shell, shelf: Shelf, events: list[Event]
) -> None:
    """Every file, those of the run folder too."""
    shell.ok(*TRAIN, "--log", "l.jsonl", "--keep", "kept", shelf["half"], "-o", "t.st")
    names = {Path(path).name for path in renamed(events)}
    assert {"t.st", "l.jsonl", "cycle-1.st", "cycle-1.sha256", "run.json"} <= names
    for at, (what, inode, path) in enumerate(events):
        if what == "rename":
            folder = os.stat(Path(path).parent).st_ino
            assert ("sync", inode, "") in events[:at], f"{path} was renamed before it was synced"
            assert events[at + 1 : at + 2] == [("sync", folder, "")], f"the folder of {path}"


def test_the_sum_of_a_ticket_is_there_before_it(
    shell: Shell, shelf: Shelf, events: list[Event]
) -> None:
    """A finished ticket without its sum counts as whole, so there must never be one."""
    shell.ok(*TRAIN, "--n", "2", "--save-epoch", "1:one.st", shelf["half"], "-o", "t.st")
    written = [Path(path) for path in renamed(events)]
    kept = [
        path for path in written if path.suffix == ".st" and path.name[:5] in ("cycle", "epoch")
    ]
    assert [path.name for path in kept] == ["epoch-1.st", "cycle-1.st", "cycle-2.st"]
    for path in kept:
        sum_ = path.with_suffix(".sha256")
        assert written.index(sum_) < written.index(path)
        assert sum_.read_text() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_write_that_fails_leaves_the_old_file_alone(
    shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the new one is not synced, the old one has its name."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (shell / "t.st").write_bytes(b"old")
    with monkeypatch.context() as now:
        now.setattr("os.fsync", full)
        done = shell.call(
            "mask", "--random", "--global", "0.5", shelf["mlp"], "-o", "t.st", "--force"
        )
    assert done.code == 1
    assert "no space left" in done.err
    assert (shell / "t.st").read_bytes() == b"old"
    assert list(shell.snapshot()) == ["t.st"]


def flip_a_bit(path: Path, name: str) -> None:
    """Damage a state where neither its header nor a mask gives it away."""
    data = bytearray(path.read_bytes())
    begin, _ = reading.header(path)[name]["data_offsets"]
    data[8 + int.from_bytes(data[:8], "little") + begin] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", ["optimizer/momentum_buffer/a", "tally/loss", "weight/a"])
def test_one_wrong_bit_in_a_state_is_seen(name: str, tmp_path: Path) -> None:
    """The state before it counts, whichever array the bit is in."""
    store = RunFolder(tmp_path / "run")
    for save in (1, 2):
        arrays = {
            "weight/a": np.full(4, save, np.float32),
            "optimizer/momentum_buffer/a": np.full(4, save, np.float32),
            "tally/loss": np.array(float(save)),
        }
        store.save_state(partial(dict, arrays), {"cycle": 0, "epoch": save})
    flip_a_bit(tmp_path / "run" / "state-1.st", name)
    held = RunFolder(tmp_path / "run").state()
    assert held is not None
    assert (held[1]["epoch"], held[0][name].flat[0]) == (1, 1)

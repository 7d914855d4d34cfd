"""`sparsetool data`: what there is, where, whether it is whole; fetching and writing for ffcv."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from sparsetool.builtin.datasets import cifar10
from sparsetool.plugins import find
from tests.verbs import reading
from tests.verbs.shell import Shell

NAMED = {"ffcv", "file", "imagefolder", "npz", "text"}  # sets that lie where their name says


def rows(shell: Shell, *args: object) -> dict[str, dict]:
    out = shell.ok("data", *args).out
    return {row["data"]: row for row in map(json.loads, out.splitlines())}


@pytest.fixture
def photographs(shell: Shell) -> Path:
    for split in ("train", "val"):
        for name in ("ant", "bee"):
            folder = shell / "photos" / split / name
            folder.mkdir(parents=True)
            Image.new("RGB", (40, 30), (200, 100, len(name))).save(folder / "1.jpg")
    return shell / "photos"


def test_every_set_is_listed(shell: Shell) -> None:
    found = rows(shell, "--data-root", shell / "shelf")
    names = {name for name in find.members("datasets") if name not in NAMED}
    shown = {"ffcv:TRAIN.beton,TEST.beton", "FILE.py:FUNCTION", "imagefolder:PATH", "npz:FILE.npz"}
    shown.add("text:FILE.txt")
    assert set(found) == names | shown
    digits = found["digits"]
    assert (digits["classes"], digits["input"], digits["train"]) == (10, "1x8x8", 1437)
    assert digits["state"] == "whole"
    assert found["cifar10"]["state"] == "missing"
    assert found["cifar10"]["where"] == str(shell / "shelf")
    assert found["imagenet"]["classes"] == 1000
    assert not (shell / "shelf").exists(), "listing downloads nothing and makes nothing"


def test_listing_what_is_missing_needs_no_torch(shell: Shell) -> None:
    done = shell.run("data", torch=False)
    assert (done.code, done.err) == (0, "")


def test_one_set(shell: Shell, photographs: Path) -> None:
    assert list(rows(shell, "digits")) == ["digits"]
    (found,) = rows(shell, "imagefolder:photos").values()
    assert found["data"].startswith("imagefolder:photos@sha256:")
    assert (found["classes"], found["train"], found["test"]) == (2, 2, 2)


def test_a_smaller_side(shell: Shell) -> None:
    """Known without data on disk; a ticket records it and takes no other."""
    shelf = shell / "shelf"
    found = rows(shell, "cifar10:24", "--data-root", shelf)["cifar10:24"]
    assert (found["input"], found["train"], found["state"]) == ("3x24x24", 50_000, "missing")
    shell.ok("init", "mlp:4", "--data", "cifar10:16", "-o", "a.st")
    meta = reading.meta(shell / "a.st")
    assert (meta["data"], meta["input"]) == ("cifar10:16", [3, 16, 16])
    words = ("train-cycles", "a.st", "--data-root", shelf, "-o", "b.st")
    shell.refuses(1, *words, says="no cifar10 data")
    shell.refuses(1, *words, "--data", "cifar10:8", says="(3, 8, 8)")
    sides = "cifar10:8, cifar10:16, cifar10:24"
    for side in ("17", "0", ""):
        shell.refuses(2, "init", "mlp:4", "--data", f"cifar10:{side}", says=sides)


def test_damage_is_seen(shell: Shell) -> None:
    (shell / "shelf" / "cifar-10-batches-py").mkdir(parents=True)
    assert rows(shell, "cifar10", "--data-root", shell / "shelf")["cifar10"]["state"] == "damaged"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("cifar11", 2, "did you mean cifar10"),
        ("fetch", 2, "fetch cifar10"),
        ("fetch cifar11", 2, "did you mean"),
        ("fetch imagenet", 2, "cannot be downloaded"),
        ("fetch digits", 2, "cannot be downloaded"),
        ("imagefolder:nowhere", 1, "no photographs in nowhere"),
        ("write-ffcv imagefolder:photos", 2, "source and a file"),
        ("write-ffcv digits x.beton", 2, "imagefolder:PATH"),
        ("write-ffcv imagefolder:nowhere x.beton", 1, "no photographs"),
        ("write-ffcv imagefolder:photos no/folder/x.beton", 1, "no folder"),
        ("write-ffcv imagefolder:photos x.beton --split val", 2, "split"),
    ],
)
def test_mistakes(shell: Shell, photographs: Path, words: str, code: int, says: str) -> None:
    shell.refuses(code, "data", *words.split(), says=says)


def test_a_file_is_not_overwritten_unasked(shell: Shell, photographs: Path) -> None:
    (shell / "x.beton").write_bytes(b"mine")
    words = ("data", "write-ffcv", "imagefolder:photos", "x.beton")
    shell.refuses(1, *words, says="exists.*--force")


def test_without_ffcv(shell: Shell, photographs: Path) -> None:
    """An ffcv that is not there, whether or not it is installed here."""
    missing = shell.state.parent / "no-ffcv" / "ffcv"
    missing.mkdir(parents=True)
    (missing / "__init__.py").write_text("raise ModuleNotFoundError('none', name='ffcv')\n")
    path = f"{missing.parent}:{shell.env['PYTHONPATH']}"
    shell.refuses(
        1,
        *("data", "write-ffcv", "imagefolder:photos", "x.beton"),
        says=r"ffcv is not installed.*pip install ffcv==1\.0\.2",
        env={"PYTHONPATH": path},
    )


def test_fetch_downloads_only_what_is_not_there(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = []
    monkeypatch.setattr(cifar10, "fetch", lambda argument, root: fetched.append((argument, root)))
    done = shell.ok("data", "fetch", "cifar10", "--data-root", shell / "shelf")
    assert fetched == [(None, shell / "shelf")]
    assert done.err == f"data: fetched cifar10 to {shell / 'shelf'}\n"
    monkeypatch.setattr(cifar10, "state", lambda argument, root: "whole")
    done = shell.ok("data", "fetch", "cifar10", "--data-root", shell / "shelf")
    assert len(fetched) == 1
    assert "whole" in done.err


# -- your own code at the shell -------------------------------------------------------------------

NET = """
import torch

def factory(classes, input):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, classes))
"""


def test_a_pipeline_with_a_network_of_ones_own(shell: Shell) -> None:
    (shell / "net.py").write_text(NET)
    done = shell.bash(
        "set -o pipefail; sparsetool init net.py:factory | sparsetool mask --random --balanced 0.5 "
        "| sparsetool train-cycles --epochs 1 --model net.py:factory -o t.st"
        " && sparsetool eval --model net.py:factory t.st"
    )
    assert done.code == 0, done.err
    assert json.loads(done.out)["examples"] == 360
    shell.refuses(1, "eval", "t.st", says=r"never run.*--model net\.py:factory")
    shell.refuses(2, "eval", "t.st", "--model", "mlp", says=r"model is net\.py:factory")
    (shell / "net.py").write_text(NET + "\n")
    shell.refuses(1, "eval", "t.st", "--model", "net.py:factory", says="net.py has changed")


def test_photographs_without_their_path(shell: Shell, photographs: Path) -> None:
    """The stages after `init` find the folder though the ticket does not say where it is."""
    made = shell.ok("init", "mlp:1", "--data", f"imagefolder:{photographs}", "-o", "-").out
    assert str(photographs).encode() not in made
    (shell / "away").mkdir()
    (shell / "away" / "a.st").write_bytes(made)
    done = shell.bash("cd away && sparsetool train-cycles --epochs 1 a.st --threads 1 -o b.st")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("data --split test", "split"),
        ("data digits --split test", "split"),
        ("data fetch cifar10 --json", "json"),
        ("data fetch cifar10 --force", "force"),
        ("data fetch cifar10 -o x.jsonl", "output"),
        ("data write-ffcv imagefolder:x y.beton --json", "json"),
    ],
)
def test_options_that_would_not_be_looked_at(line: str, option: str, shell: Shell) -> None:
    shell.refuses(2, *line.split(), says=f"no use for --{option}")

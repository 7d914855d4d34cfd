"""Photographs in folders: found as torchvision finds them, known by their content."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sparsetool.builtin.datasets import _contents, _folders, ffcv, imagenet
from sparsetool.compute.torchvision import torchvision
from sparsetool.data.facts import facts_of, fingerprint
from sparsetool.data.naming import recorded_name
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.evaluation.measure import evaluate
from sparsetool.networks.init import init
from tests.reference.image_folders import draw, opened, photographs, stream


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notes on contents in a folder of the test's own; one worker."""
    monkeypatch.setenv("SPARSETOOL_STATE", str(tmp_path / "state"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return photographs(tmp_path / "photos")


# -- what is in the folder ------------------------------------------------------------------------


def test_listing_is_that_of_torchvision(root: Path) -> None:
    draw(root / "train" / "bee" / "inside" / "Z.JPG", 30, 30, 1)
    (root / "train" / "bee" / "notes.txt").write_text("no photograph")
    for split, folder in (("train", "train"), ("test", "val")):
        theirs = torchvision().datasets.ImageFolder(str(root / folder))
        ours = _folders.Folder(root, split)
        paths = [str(ours.path(index)) for index in range(len(ours.labels))]
        assert list(zip(paths, ours.labels.tolist(), strict=True)) == theirs.samples


def test_facts_come_from_the_folder(root: Path) -> None:
    facts = facts_of(f"imagefolder:{root}")
    assert (facts.classes, facts.input) == (2, (3, 224, 224))
    assert facts.sizes == {"train": 6, "test": 2}
    assert (facts.recipe["epochs"], facts.recipe["batch_size"]) == (90, 512)
    assert [float(drop * 90) for drop in facts.recipe["drops"]] == [40, 70]
    assert facts.recipe["warm"] == "tenth"


def test_a_test_folder_goes_before_val(root: Path) -> None:
    draw(root / "test" / "ant" / "only.png", 30, 30, 1)
    assert facts_of(f"imagefolder:{root}").sizes["test"] == 1


def test_bad_folders_are_explained(root: Path, tmp_path: Path) -> None:
    with pytest.raises(SparsetoolError, match=r"nowhere.*train/CLASS/\*\.jpg.*--data"):
        facts_of(f"imagefolder:{tmp_path / 'nowhere'}")
    with pytest.raises(UsageError, match="imagefolder:PATH"):
        facts_of("imagefolder")
    (root / "val" / "cow").mkdir()
    draw(root / "val" / "cow" / "1.jpg", 20, 20, 0)
    with pytest.raises(SparsetoolError, match="cow"):
        facts_of(f"imagefolder:{root}")
    (root / "train" / "cow").mkdir()
    with pytest.raises(SparsetoolError, match=r"no photographs in .*cow"):
        facts_of(f"imagefolder:{root}")


def test_a_broken_photograph_is_named(root: Path) -> None:
    broken = root / "train" / "ant" / "1.jpg"
    broken.write_bytes(broken.read_bytes()[:300])
    data = opened(root)
    with pytest.raises(SparsetoolError, match=f"cannot decode {broken}") as caught:
        stream(data, "train").epoch(data.facts, 0, 0, 6).batch(0)
    assert "Traceback" not in str(caught.value)


def test_imagenet_wants_its_thousand_classes(root: Path, tmp_path: Path) -> None:
    assert imagenet.state(None, tmp_path) == "missing"
    with pytest.raises(SparsetoolError, match="SPARSETOOL_DATA"):
        imagenet.fingerprint(None, tmp_path)
    root.rename(tmp_path / "imagenet")
    assert imagenet.state(None, tmp_path) == "damaged"
    with pytest.raises(SparsetoolError, match=r"2 classes.*imagefolder:"):
        imagenet.photographs(None, tmp_path, "train")


# -- names and fingerprints -----------------------------------------------------------------------


def test_a_ticket_records_no_path_and_finds_the_folder_again(root: Path) -> None:
    ticket = init("mlp:2", data=f"imagefolder:{root}")
    data = str(ticket.meta["data"])
    assert data.startswith("imagefolder:photos@sha256:")
    assert str(root.parent).encode() not in ticket.to_bytes()
    assert facts_of(data).classes == 2
    moved = root.rename(root.parent / "moved")
    with pytest.raises(SparsetoolError, match="no photographs in photos"):
        facts_of(data)
    (root.parent / "shelf").mkdir()
    moved.rename(root.parent / "shelf" / "photos")
    assert facts_of(data, str(root.parent / "shelf")).classes == 2


def test_other_photographs_under_the_same_name_are_refused(root: Path, tmp_path: Path) -> None:
    data = recorded_name("datasets", f"imagefolder:{root}")
    draw(root / "train" / "ant" / "0.jpg", 50, 50, 77)
    with pytest.raises(SparsetoolError, match=r"other photographs.*--data"):
        facts_of(data)


def test_fingerprint_is_of_names_sizes_and_content(root: Path, tmp_path: Path) -> None:
    spec = f"imagefolder:{root}"
    first = fingerprint(spec, None)
    copy = photographs(tmp_path / "copy")
    assert fingerprint(f"imagefolder:{copy}", None) == first
    (copy / "val" / "bee" / "0.jpg").rename(copy / "val" / "bee" / "5.jpg")
    assert fingerprint(f"imagefolder:{copy}", None) != first
    path = root / "train" / "ant" / "2.jpg"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    assert fingerprint(spec, None) != first


def test_content_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    real = _contents._read_all
    monkeypatch.setattr(_contents, "_read_all", lambda *a: reads.append(a) or real(*a))
    first = fingerprint(f"imagefolder:{root}", None)
    assert fingerprint(f"imagefolder:{root}", None) == first
    assert len(reads) == 1
    os.utime(root / "train" / "ant" / "0.jpg", ns=(1, 1))
    assert fingerprint(f"imagefolder:{root}", None) == first
    assert len(reads) == 2


def test_evaluation_counts_every_photograph_once(root: Path) -> None:
    ticket = init("mlp:2", data=f"imagefolder:{root}")
    assert evaluate(ticket, threads="1")["examples"] == 2
    assert evaluate(ticket, split="train", threads="1")["examples"] == 6


# -- ffcv -----------------------------------------------------------------------------------------


def test_without_ffcv_the_way_to_get_it_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ffcv itself: tests/benchmarks/ffcv_parity.py."""
    monkeypatch.setitem(sys.modules, "ffcv", None)
    file = tmp_path / "a.beton"
    with pytest.raises(SparsetoolError, match=r"apt-get install .*pip install ffcv==1\.0\.2"):
        ffcv.write(_folders.Folder(root, "train"), file)
    assert list(tmp_path.glob("*beton*")) == []
    file.write_bytes(b"x")
    with pytest.raises(SparsetoolError, match="sparsetool\\[ffcv\\]"):
        facts_of(f"ffcv:{file},{file}")


@pytest.mark.parametrize("argument", ["", ":", ":a.beton", ":a,b,c"])
def test_ffcv_wants_two_files(argument: str) -> None:
    with pytest.raises(UsageError, match=r"ffcv:TRAIN\.beton,TEST\.beton"):
        facts_of(f"ffcv{argument}")


def test_missing_ffcv_files_are_explained(tmp_path: Path) -> None:
    with pytest.raises(SparsetoolError, match="write-ffcv"):
        facts_of(f"ffcv:{tmp_path}/a.beton,{tmp_path}/b.beton")

"""Photographs of a folder averaged to small squares: exact, kept once, recorded with their side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sparsetool.builtin.datasets import _folders, _squares, imagefolder
from sparsetool.data.at_hand import write_ffcv
from sparsetool.data.facts import facts_of
from sparsetool.data.naming import recorded_name
from sparsetool.data.resident import DataSet, Examples
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.evaluation.measure import evaluate
from sparsetool.networks.init import init
from tests.reference.image_folders import draw, photographs


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SPARSETOOL_STATE", str(tmp_path / "state"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return photographs(tmp_path / "photos")


def mean_of_area(square: np.ndarray, side: int) -> np.ndarray:
    """Means of one channel [F, F] in float64, each from the integral of the image: [S, S]."""
    full = len(square)
    corners = np.pad(square.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    cuts = np.arange(side + 1) * full / side
    below = np.minimum(cuts.astype(int), full - 1)
    part = cuts - below
    rows = corners[below] * (1 - part)[:, None] + corners[below + 1] * part[:, None]
    both = rows[:, below] * (1 - part) + rows[:, below + 1] * part
    return np.diff(np.diff(both, axis=0), axis=1) / (full / side) ** 2


@pytest.mark.parametrize(("height", "width"), [(61, 40), (40, 61), (333, 500), (64, 64), (24, 24)])
@pytest.mark.parametrize("side", [8, 24])
def test_means_of_areas_of_the_central_square(height: int, width: int, side: int) -> None:
    random = np.random.default_rng(height + side)
    pixels = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    found = _squares.averaged(pixels, side)
    assert found.shape == (3, side, side)
    assert found.dtype == np.uint8
    full = min(height, width)
    top, left = (height - full) // 2, (width - full) // 2
    for channel in range(3):
        square = pixels[top : top + full, left : left + full, channel]
        exact = mean_of_area(square, side)
        # Where the mean is a half, up to rounding of the integral, either number is next to it.
        assert np.abs(found[channel] - exact).max() <= 0.5 + 1e-6
        clear = np.abs(exact - np.floor(exact) - 0.5) > 1e-6
        np.testing.assert_array_equal(found[channel][clear], np.rint(exact)[clear])


def test_halves_go_to_the_even_number() -> None:
    pixels = np.zeros((48, 48, 3), dtype=np.uint8)  # 9 pixels of the old make one of side 16
    pixels[0, :3], pixels[0, 3:6] = 3, 6
    assert _squares.averaged(pixels, 16)[0, 0, :3].tolist() == [1, 2, 0]
    wide = np.zeros((32, 40, 3), dtype=np.uint8)
    wide[0, 4:8], wide[0, 8:10] = 1, 3  # means of 4 pixels: 0.5, 0.5, 1.5
    assert _squares.averaged(wide, 16)[2, 0, :4].tolist() == [0, 0, 2, 0]


def test_one_colour_stays() -> None:
    for level in (0, 1, 127, 254, 255):
        pixels = np.full((375, 500, 3), level, dtype=np.uint8)
        assert (_squares.averaged(pixels, 64) == level).all()


def test_a_folder_at_a_side(root: Path) -> None:
    name = recorded_name("datasets", f"imagefolder:{root}:16")
    whole = recorded_name("datasets", f"imagefolder:{root}")
    assert name == whole.replace("photos@", "photos:16@")
    facts, full = facts_of(name), facts_of(whole)
    assert (facts.input, facts.pad, facts.flip) == ((3, 16, 16), 2, True)
    assert (facts.classes, facts.sizes, facts.mean) == (2, full.sizes, full.mean)
    data = DataSet(name)
    for split in ("train", "test"):
        part = data.split(split)
        assert isinstance(part, Examples), "held in memory"
        folder = _folders.Folder(root, split)
        assert part.labels.tolist() == folder.labels.tolist()
        for index in range(len(part)):
            wanted = _squares.averaged(np.asarray(Image.open(folder.path(index))), 16)
            np.testing.assert_array_equal(part.images[index].permute(2, 0, 1).numpy(), wanted)
    ticket = init("mlp:8", data=name)
    assert json.loads(json.dumps(ticket.meta["input"])) == [3, 16, 16]
    assert evaluate(ticket, device="cpu", threads=1)["examples"] == 2


def test_they_are_averaged_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    argument = imagefolder.place(f"{root}:8", root)
    first = imagefolder.photographs(argument, root, "train")
    copies = list((root / ".sparsetool").glob("8-train.*.npz"))
    assert len(copies) == 1
    monkeypatch.setattr(_squares, "averaged", None)
    again = imagefolder.photographs(argument, root, "train")
    np.testing.assert_array_equal(again[0], first[0])
    draw(root / "train" / "ant" / "more.jpg", 30, 30, 1)  # other photographs: averaged anew
    with pytest.raises(TypeError):
        imagefolder.photographs(argument, root, "train")


def test_the_side_is_found_again_by_content(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = recorded_name("datasets", f"imagefolder:{root}:8")
    monkeypatch.chdir(root.parent.parent)
    assert facts_of(name).input == (3, 8, 8)
    assert facts_of(f"./{root.parent.name}/photos:8").input == (3, 8, 8)


@pytest.mark.parametrize("side", ["0", "12", "136", "08"])
def test_other_sides_are_refused(root: Path, side: str) -> None:
    with pytest.raises(UsageError, match=f"side of {side}: give a multiple of 8 up to 128, as in"):
        facts_of(f"imagefolder:{root}:{side}")


def test_what_cannot_be_averaged_is_named(root: Path) -> None:
    argument = imagefolder.place(f"{root}:32", root)
    small = root / "train" / "bee" / "small.png"
    draw(small, 31, 200, 1)
    with pytest.raises(SparsetoolError, match=r"small.png cannot .*32x32: it has 200x31 pixels"):
        imagefolder.photographs(argument, root, "train")
    with pytest.raises(UsageError, match="write-ffcv takes whole ones"):
        write_ffcv(f"imagefolder:{root}:8", root / "x.beton")

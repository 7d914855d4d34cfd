"""Images averaged to smaller sides: exact, kept once, and known without data on disk."""

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import numpy as np
import pytest

from sparsetool.builtin.datasets import _torchvision
from sparsetool.builtin.datasets._image_sizes import SIDES, averaged
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.plugins import find
from tests.reference.test_torchvision_data import FakeCifar

NAMES = ("cifar10", "cifar100")


@pytest.fixture
def cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCifar:
    return FakeCifar(tmp_path / "data", monkeypatch)


def areas(side: int) -> np.ndarray:
    """How much of each of 32 pixels a new one covers, relative to its size: float64 [S, 32]."""
    size = Fraction(32, side)
    rows = np.zeros((side, 32))
    for new in range(side):
        begin, end = new * size, (new + 1) * size
        for old in range(floor(begin), ceil(end)):
            rows[new, old] = float((min(end, Fraction(old + 1)) - max(begin, Fraction(old))) / size)
    return rows


@pytest.mark.parametrize("side", SIDES)
def test_means_of_areas(side: int) -> None:
    images = np.random.default_rng(side).integers(0, 256, (1007, 3, 32, 32), dtype=np.uint8)
    found = averaged(images, side)
    assert found.shape == (1007, 3, side, side)
    assert found.dtype == np.uint8
    rows = areas(side)
    exact = np.einsum("ij,kl,ncjl->ncik", rows, rows, images.astype(np.float64), optimize=True)
    # What lies within rounding errors of a half is a half: means are multiples of 1/1024.
    np.testing.assert_array_equal(found, np.rint(np.round(exact * 1024) / 1024))


def test_halves_go_to_the_even_number() -> None:
    image = np.zeros((1, 1, 32, 32), dtype=np.uint8)
    image[0, 0, 0, :4] = [1, 1, 3, 3]  # with the zeros below: means of 0.5 and 1.5
    image[0, 0, 0, 4:6] = [5, 5]  # 2.5
    assert averaged(image, 16)[0, 0, 0, :3].tolist() == [0, 2, 2]


@pytest.mark.parametrize("side", SIDES)
def test_one_colour_stays(side: int) -> None:
    for level in (0, 1, 127, 254, 255):
        image = np.full((1, 3, 32, 32), level, dtype=np.uint8)
        assert (averaged(image, side) == level).all()


@pytest.mark.parametrize("name", NAMES)
def test_facts_need_no_data(name: str) -> None:
    member = find.load("datasets", name)
    whole, last = member.facts(None), 0.0
    for side, pad in ((8, 1), (16, 2), (24, 3)):
        facts = member.facts(str(side))
        assert (facts.input, facts.pad) == ((3, side, side), pad)
        assert (facts.mean, facts.flip, facts.recipe) == (whole.mean, whole.flip, whole.recipe)
        assert all(0.85 * a < b < a for a, b in zip(whole.std, facts.std, strict=True))
        assert sum(facts.std) > last, "less detail, less deviation"
        last = sum(facts.std)
    assert (whole.input, whole.pad) == ((3, 32, 32), 4)


@pytest.mark.parametrize("argument", ["17", "0", "", "-8", "08", "16.0", "32", "x"])
@pytest.mark.parametrize("name", NAMES)
def test_other_sides_are_refused(name: str, argument: str, tmp_path: Path) -> None:
    member = find.load("datasets", name)
    for ask in (
        member.facts,
        lambda a: member.load(a, tmp_path, "train"),
        lambda a: member.fingerprint(a, tmp_path),
        lambda a: member.state(a, tmp_path),
        lambda a: member.fetch(a, tmp_path),
    ):
        with pytest.raises(UsageError, match=f"'{argument}'.* {name}:8, {name}:16, {name}:24"):
            ask(argument)
    assert not list(tmp_path.iterdir())


def test_they_are_averaged_once(cifar: FakeCifar, monkeypatch: pytest.MonkeyPatch) -> None:
    member = find.load("datasets", "cifar10")
    asked: list[int] = []

    def counted(images: np.ndarray, side: int) -> np.ndarray:
        asked.append(side)
        return averaged(images, side)

    monkeypatch.setattr(_torchvision, "averaged", counted)
    for _ in range(2):
        for side in SIDES:
            images, labels = member.load(str(side), cifar.root, "train")
            np.testing.assert_array_equal(images, averaged(cifar.images[:25], side))
            np.testing.assert_array_equal(labels, cifar.labels[:25])
        cifar.check("train")
    assert asked == list(SIDES)
    assert cifar.reads == 1


def test_copies_of_a_side_serve_by_themselves(cifar: FakeCifar) -> None:
    member = find.load("datasets", "cifar10")
    for split in ("train", "test"):
        member.load("16", cifar.root, split)
    cifar.folder.rename(cifar.root / "elsewhere")
    for path in (cifar.root / ".sparsetool").glob("cifar10-*.npz"):
        path.unlink()
    assert len(member.load("16", cifar.root, "test")[0]) == 5
    assert [member.state(side, cifar.root) for side in ("16", "8", None)] == [
        "whole",
        "missing",
        "missing",
    ]
    for other in ("8", None):
        with pytest.raises(SparsetoolError, match="sparsetool data fetch cifar10"):
            member.load(other, cifar.root, "test")


def test_the_archive_is_the_same_at_every_side(tmp_path: Path) -> None:
    for name in NAMES:
        member = find.load("datasets", name)
        prints = {member.fingerprint(a, tmp_path) for a in (None, *map(str, SIDES))}
        assert len(prints) == 1

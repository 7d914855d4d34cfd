"""Data sets: the embedded digits to the byte, and what is known without data on disk."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sparsetool.builtin.datasets import digits
from sparsetool.errors import BrokenPromise, UsageError
from sparsetool.plugins import find
from sparsetool.plugins.datasets import data_root

ANYWHERE = Path("nowhere")
PLAIN = ("digits", "cifar10", "cifar100", "mnist", "fashion-mnist")  # those without an argument


def test_digits_split_follows_its_rule() -> None:
    """The test part again from the stated rule, by the original places that the file keeps."""
    with np.load(digits.FILE) as held:
        index, labels = held["index"].tolist(), held["labels"].tolist()
    assert sorted(index) == list(range(1797))
    label = dict(zip(index, labels, strict=True))
    groups = {c: [i for i in range(1797) if label[i] == c] for c in range(10)}
    share = {c: divmod(len(group) * 360, 1797) for c, group in groups.items()}
    left = 360 - sum(whole for whole, _ in share.values())
    more = sorted(share, key=lambda c: (-share[c][1], c))[:left]
    test = []
    for c, group in groups.items():
        ranked = sorted(group, key=lambda i: hashlib.sha256(b"sparsetool digits %d" % i).digest())
        test += ranked[: share[c][0] + (c in more)]
    assert index[1437:] == sorted(test)
    assert index[:1437] == sorted(set(range(1797)) - set(test))


def test_digits_arrays() -> None:
    facts = digits.facts(None)
    seen = {}
    for split, count in facts.sizes.items():
        images, labels = digits.load(None, ANYWHERE, split)
        assert images.shape == (count, *facts.input)
        assert images.dtype == np.uint8
        assert labels.shape == (count,)
        assert labels.dtype == np.int64
        seen[split] = images, labels
    train = seen["train"][0] / 255
    assert train.mean() == pytest.approx(facts.mean[0], abs=5e-5)
    assert train.std() == pytest.approx(facts.std[0], abs=5e-5)
    levels = {round(level * 255 / 16 + 1e-9) for level in range(17)}
    assert set(np.unique(seen["train"][0]).tolist()) == levels
    # The published class counts of the 1,797 (scikit-learn's documentation: about 180 each).
    counts = sum(np.bincount(labels, minlength=10) for _, labels in seen.values())
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_first_image_is_the_published_zero() -> None:
    """Row sums of the first example of the UCI file, a zero."""
    with np.load(digits.FILE) as held:
        place = held["index"].tolist().index(0)
        image, label = held["images"][place], held["labels"][place]
    assert label == 0
    assert image[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert image[7].tolist() == [0, 0, 6, 13, 10, 0, 0, 0]


def test_damaged_digits_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert digits.fingerprint(None, ANYWHERE) == digits.SHA256
    assert digits.state(None, ANYWHERE) == "whole"
    damaged = tmp_path / "digits.npz"
    content = bytearray(digits.FILE.read_bytes())
    content[1000] ^= 1
    damaged.write_bytes(content)
    monkeypatch.setattr(digits, "FILE", damaged)
    assert digits.state(None, ANYWHERE) == "damaged"
    with pytest.raises(BrokenPromise, match="reinstall"):
        digits.fingerprint(None, ANYWHERE)


def test_source_and_licence_are_shipped() -> None:
    words = digits.FILE.with_name("digits.LICENSE.txt").read_text()
    assert "CC BY 4.0" in words
    assert "https://doi.org/10.24432/C50P49" in words


@pytest.mark.parametrize("name", PLAIN)
def test_facts_fit_together(name: str) -> None:
    facts = find.load("datasets", name).facts(None)
    assert len(facts.mean) == len(facts.std) == facts.input[0]
    assert set(facts.recipe) >= {"epochs", "lr", "momentum", "weight_decay", "batch_size"}
    with pytest.raises(UsageError, match=name):
        find.load("datasets", name).facts("x")


def test_facts_import_nothing_heavy() -> None:
    """Help and completion read facts, so they must not cost an import of numpy."""
    code = (
        "import sys\n"
        "from sparsetool.plugins import find\n"
        f"for name in {PLAIN}:\n"
        "    find.load('datasets', name).facts(None)\n"
        "for family in ('datasets', 'models', 'schedules'):\n"
        "    for name in find.members(family):\n"
        "        find.load(family, name)\n"
        "print(*{'numpy', 'torch', 'torchvision'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "\n")


def test_where_data_sets_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    monkeypatch.delenv("SPARSETOOL_DATA", raising=False)
    assert data_root() == Path("/somewhere/sparsetool/data")
    monkeypatch.setenv("SPARSETOOL_DATA", "/shelf")
    assert data_root(None) == Path("/shelf")
    assert data_root("here") == Path("here")
    monkeypatch.delenv("SPARSETOOL_DATA")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert data_root() == Path.home() / ".local/share/sparsetool/data"

"""Data sets that torchvision reads: decoded once, kept, and never mistaken for one another."""

import hashlib
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sparsetool.builtin.datasets import _kept, _torchvision
from sparsetool.compute.torchvision import torchvision
from sparsetool.errors import SparsetoolError
from sparsetool.plugins import find


class FakeCifar:
    """Small files in the format of CIFAR-10, to whose md5 torchvision's reader is made to hold."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.folder = root, root / "cifar-10-batches-py"
        self.folder.mkdir(parents=True)
        self.reads = 0
        generator = np.random.default_rng(0)
        self.images = generator.integers(0, 256, (30, 3, 32, 32), dtype=np.uint8)
        self.labels = generator.integers(0, 10, 30)
        names = [*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]
        lists = []
        for k, name in enumerate(names):
            part = slice(5 * k, 5 * k + 5)
            entry = {
                "data": self.images[part].reshape(5, 3072),
                "labels": self.labels[part].tolist(),
            }
            lists.append([name, self.write(name, entry)])
        meta = self.write("batches.meta", {"label_names": list("abcdefghij")})
        reader = torchvision().datasets.CIFAR10
        monkeypatch.setattr(reader, "train_list", lists[:5])
        monkeypatch.setattr(reader, "test_list", lists[5:])
        monkeypatch.setattr(reader, "meta", {**reader.meta, "md5": meta})
        load = reader.__init__

        def counted(*args: Any, **kwargs: Any) -> None:
            self.reads += 1
            load(*args, **kwargs)

        monkeypatch.setattr(reader, "__init__", counted)

    def write(self, name: str, entry: dict[str, Any]) -> str:
        content = pickle.dumps(entry)
        (self.folder / name).write_bytes(content)
        return hashlib.md5(content).hexdigest()

    def check(self, split: str) -> None:
        images, labels = load_cifar(self.root, split)
        part = slice(25) if split == "train" else slice(25, None)
        np.testing.assert_array_equal(images, self.images[part])
        np.testing.assert_array_equal(labels, self.labels[part])
        assert labels.dtype == np.int64


def load_cifar(root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    return find.load("datasets", "cifar10").load(None, root, split)


@pytest.fixture
def cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCifar:
    return FakeCifar(tmp_path / "data", monkeypatch)


def kept(cifar: FakeCifar, split: str) -> Path:
    return cifar.root / f".sparsetool/cifar10-{split}.c58f30108f71.npz"


def test_cifar_is_decoded_once(cifar: FakeCifar) -> None:
    for _ in range(3):
        cifar.check("train")
        cifar.check("test")
    assert cifar.reads == 2


def test_a_damaged_copy_is_made_again(cifar: FakeCifar) -> None:
    cifar.check("train")
    content = bytearray(kept(cifar, "train").read_bytes())
    content[len(content) // 2] ^= 1
    kept(cifar, "train").write_bytes(content)
    cifar.check("train")
    kept(cifar, "train").write_bytes(content[:100])
    cifar.check("train")
    assert cifar.reads == 3


def test_two_at_once_decode_once(cifar: FakeCifar) -> None:
    """Locks are per open file, so threads contend as processes do."""
    start = threading.Barrier(4)
    results: list[np.ndarray] = []

    def run() -> None:
        start.wait()
        results.append(load_cifar(cifar.root, "train")[0])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for images in results:
        np.testing.assert_array_equal(images, cifar.images[:25])
    assert cifar.reads == 1
    assert not list(kept(cifar, "train").parent.glob("*.tmp"))


def test_copies_serve_without_the_files_and_without_torchvision(
    cifar: FakeCifar, monkeypatch: pytest.MonkeyPatch
) -> None:
    cifar.check("train")
    cifar.check("test")
    cifar.folder.rename(cifar.root / "elsewhere")

    def gone() -> None:
        raise AssertionError("torchvision was asked for")

    monkeypatch.setattr("sparsetool.compute.torchvision.torchvision", gone)
    cifar.check("train")
    assert find.load("datasets", "cifar10").state(None, cifar.root) == "whole"


def test_a_folder_that_cannot_be_written_still_serves(
    cifar: FakeCifar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_kept, "_locked", refused)
    cifar.check("train")
    assert not kept(cifar, "train").exists()


def test_a_full_disk_is_said(cifar: FakeCifar, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_kept, "_write", full)
    with pytest.raises(SparsetoolError, match="No space left"):
        load_cifar(cifar.root, "train")


def test_missing_data_say_how_to_get_them(tmp_path: Path) -> None:
    for name in ("cifar10", "cifar100", "mnist", "fashion-mnist"):
        member = find.load("datasets", name)
        assert member.state(None, tmp_path) == "missing"
        with pytest.raises(SparsetoolError) as caught:
            member.load(None, tmp_path, "train")
        for word in (f"sparsetool data fetch {name}", "--data-root", "SPARSETOOL_DATA"):
            assert word in str(caught.value)


def test_damaged_data_are_refused(cifar: FakeCifar) -> None:
    assert find.load("datasets", "cifar10").state(None, cifar.root) == "whole"
    with (cifar.folder / "data_batch_3").open("ab") as file:
        file.write(b"x")
    assert find.load("datasets", "cifar10").state(None, cifar.root) == "damaged"
    with pytest.raises(SparsetoolError, match="damaged"):
        load_cifar(cifar.root, "train")


def idx(array: np.ndarray) -> bytes:
    """The format of MNIST: type 8 (bytes), dimensions, sizes, values."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def test_mnist_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    images = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
    labels = np.array([7, 0, 9], dtype=np.uint8)
    sizes = {}
    for part in ("train", "t10k"):
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            content = idx(array)
            sizes[f"{part}-{kind}-ubyte"] = len(content)
            (folder / f"{part}-{kind}-ubyte").write_bytes(content)
    member = find.load("datasets", "mnist")
    assert member.state(None, tmp_path) == "damaged"  # far too small for the real one
    source = _torchvision.Source("mnist", "MNIST", "MNIST/raw", files=sizes)
    monkeypatch.setattr(member, "SOURCE", source)
    before = member.fingerprint(None, tmp_path)
    for _ in range(2):
        found, found_labels = member.load(None, tmp_path, "test")
        np.testing.assert_array_equal(found, images[:, None])
        np.testing.assert_array_equal(found_labels, labels)
    # Other content of the same size is other data, whatever was kept of the old.
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(labels[::-1]))
    assert member.fingerprint(None, tmp_path) != before
    np.testing.assert_array_equal(member.load(None, tmp_path, "test")[1], labels[::-1])
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(SparsetoolError, match="t10k-labels-idx1-ubyte is missing"):
        member.load(None, tmp_path, "test")


def test_downloads_that_fail_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: str, download: bool) -> None:
        assert download
        raise OSError("no route to host")

    monkeypatch.setattr(torchvision().datasets, "CIFAR10", fail)
    with pytest.raises(SparsetoolError, match="no route to host"):
        find.load("datasets", "cifar10").fetch(None, tmp_path / "new")

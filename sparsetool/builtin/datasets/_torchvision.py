"""Data sets that torchvision reads, decoded once and kept beside the data.

The first reading goes through torchvision's own reader (which checks md5 sums where it has them)
and leaves `.sparsetool/NAME-SPLIT.FINGERPRINT.npz` in the data folder; later readings need neither
the reader nor torchvision. Images averaged to a smaller side are made of that copy and kept in the
same way, as `NAME.SIDE-SPLIT`.

Shapes: N examples, C channels, H height, W width.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError
from ._image_sizes import averaged
from ._kept import FOLDER, kept

if TYPE_CHECKING:
    import numpy as np

# Files in the format of MNIST: a header of 16 (8) bytes, then a byte for each pixel (label).
MNIST_FILES = {
    "train-images-idx3-ubyte": 16 + 60_000 * 28 * 28,
    "train-labels-idx1-ubyte": 8 + 60_000,
    "t10k-images-idx3-ubyte": 16 + 10_000 * 28 * 28,
    "t10k-labels-idx1-ubyte": 8 + 10_000,
}


@dataclass(frozen=True)
class Source:
    """Where a data set lies and who reads it.

    Attributes:
        name: The member's name.
        reader: Class in `torchvision.datasets`.
        folder: Folder under the root that holds its files.
        md5: Official md5 of the archive it is distributed as, where the reader checks the files
            that were unpacked from it; otherwise None.
        files: Size in bytes of each file, where the reader does not check them.
    """

    name: str
    reader: str
    folder: str
    md5: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)

    def advice(self, root: Path) -> str:
        """How to get the data."""
        return (
            f"run 'sparsetool data fetch {self.name}', or say with --data-root or SPARSETOOL_DATA "
            f"which folder holds {self.folder} (looked in {root})"
        )


def load(
    source: Source, root: Path, split: str, side: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, C, H, W] and labels int64 [N] of `split` ("train" or "test").

    Args:
        source: The data set.
        root: The folder data sets are kept in.
        split: `train` or `test`.
        side: Side that the images are averaged to; None for images as they are.

    Raises:
        SparsetoolError: The data are not there, incomplete or damaged, or the disk is full.
    """
    there = any(_decoded(source, root, side=each) for each in {side, None})
    if not there and not (root / source.folder).is_dir():
        raise SparsetoolError(f"no {source.name} data: {source.advice(root)}")
    name = f"{_kept_as(source, side)}-{split}"
    mark = fingerprint(source, root)[:12]
    return kept(root, name, mark, lambda: _made(source, root, split, side))


def fingerprint(source: Source, root: Path) -> str:
    """Official md5 of the archive, or SHA-256 of names, sizes and content of the files.

    Raises:
        SparsetoolError: It is the latter, and files are missing or of the wrong size.
    """
    if source.md5 is not None:
        return source.md5
    digest = hashlib.sha256()
    for name, size in source.files.items():
        path = root / source.folder / name
        if not path.is_file():
            raise SparsetoolError(
                f"{source.name} data are incomplete, {name} is missing: {source.advice(root)}"
            )
        held = path.read_bytes()
        if len(held) != size:
            raise SparsetoolError(
                f"{path} has {len(held)} bytes, not {size}: {source.advice(root)}"
            )
        digest.update(f"{name}\0{size}\0".encode() + held)
    return digest.hexdigest()


def fetch(source: Source, root: Path) -> None:
    """Download the data through torchvision, which checks the md5 of what it gets.

    Raises:
        SparsetoolError: It could not be downloaded or stored.
    """
    from ...compute.torchvision import torchvision

    reader = getattr(torchvision().datasets, source.reader)
    try:
        root.mkdir(parents=True, exist_ok=True)
        reader(str(root), download=True)
    except (OSError, RuntimeError) as error:  # URLError is an OSError
        raise SparsetoolError(
            f"cannot download {source.name} to {root}: {error}; on a machine without network, "
            f"copy {source.folder} there"
        ) from None


def state(source: Source, root: Path, side: int | None = None) -> str:
    """`missing`, `damaged` (or incomplete) or `whole`."""
    if not (root / source.folder).is_dir():
        splits = ("train", "test")
        sides = {side, None}
        kept = (all(_decoded(source, root, split, each) for split in splits) for each in sides)
        return "whole" if any(kept) else "missing"
    try:
        fingerprint(source, root)
        for split in ("train", "test"):
            if not _decoded(source, root, split):
                _decode(source, root, split)
    except SparsetoolError:
        return "damaged"
    return "whole"


def _kept_as(source: Source, side: int | None) -> str:
    """How copies at a side are called."""
    return source.name if side is None else f"{source.name}.{side}"


def _made(
    source: Source, root: Path, split: str, side: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """A split, decoded, or averaged from the decoded one."""
    if side is None:
        return _decode(source, root, split)
    images, labels = load(source, root, split)
    return averaged(images, side), labels


def _decoded(source: Source, root: Path, split: str = "*", side: int | None = None) -> bool:
    """Whether a decoded copy that could be read without the data is there."""
    if source.md5 is None:
        return False
    name = _kept_as(source, side)
    return any((root / FOLDER).glob(f"{name}-{split}.{source.md5[:12]}.npz"))


def _decode(source: Source, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    from ...compute.torchvision import torchvision

    reader = getattr(torchvision().datasets, source.reader)
    try:
        data = reader(str(root), train=split == "train", download=False)
    except (RuntimeError, ValueError, AssertionError, EOFError, OSError) as error:
        raise SparsetoolError(
            f"{source.name} data in {root / source.folder} are incomplete or damaged "
            f"(torchvision says: {error}): {source.advice(root)}"
        ) from None
    pixels = np.asarray(data.data, dtype=np.uint8)
    images = pixels[:, None] if pixels.ndim == 3 else pixels.transpose(0, 3, 1, 2)
    return np.asarray(images, order="C"), np.asarray(data.targets, dtype=np.int64)

"""ImageNet: 1.28 million photographs of 1000 kinds of things, in folders under `imagenet`.

Russakovsky et al., 2015, "ImageNet large scale visual recognition challenge", IJCV. Looked for in
the data folder as `imagenet/train/CLASS/*.JPEG` and `imagenet/val/CLASS/*.JPEG`; it cannot be
downloaded without an account at image-net.org. Training defaults are the paper's: 90 epochs, the
rate a tenth of its peak in the first 10 and divided by 10 at 40 and 70, batches of 512; random
resized crops of 224 pixels and flips; evaluation on the central 224 of 256.
"""

from __future__ import annotations

from pathlib import Path

from ...errors import SparsetoolError
from ...plugins.datasets import Facts, no_argument
from . import _folders

CLASSES = 1000
SIZES = {"train": 1_281_167, "test": 50_000}


def facts(argument: str | None) -> Facts:
    """Its facts; nothing needs to be on disk."""
    no_argument("imagenet", argument)
    return _folders.facts(CLASSES, SIZES)


def _folder(argument: str | None, root: Path) -> Path:
    no_argument("imagenet", argument)
    path = root / "imagenet"
    if not path.is_dir():
        raise SparsetoolError(
            f"no ImageNet in {path}: put {_folders.LAYOUT} there (from image-net.org), or say with "
            "--data-root or SPARSETOOL_DATA which folder holds imagenet"
        )
    return path


def photographs(argument: str | None, root: Path, split: str) -> _folders.Folder:
    """The photographs of `split`.

    Raises:
        SparsetoolError: They are not there, or are of another number of classes.
    """
    path = _folder(argument, root)
    classes, _ = _folders.listing(path, "train")
    if len(classes) != CLASSES:
        raise SparsetoolError(
            f"{path / 'train'} has {len(classes)} classes, ImageNet has {CLASSES}: for other "
            f"photographs use --data imagefolder:{path}"
        )
    return _folders.Folder(path, split)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over names, sizes and content of all photographs, read once (see `_contents`)."""
    return _folders.digest(_folder(argument, root))


def state(argument: str | None, root: Path) -> str:
    """`missing`, `damaged` (another number of classes or photographs) or `whole`."""
    try:
        path = _folder(argument, root)
    except SparsetoolError:
        return "missing"
    try:
        for split, count in SIZES.items():
            classes, names = _folders.listing(path, split)
            if (len(classes), len(names)) != (CLASSES, count):
                return "damaged"
    except SparsetoolError:
        return "damaged"
    return "whole"

"""Photographs in a folder per class, read one at a time: too many to hold as one tensor.

The layout is that of torchvision's ImageFolder, and so are the order of classes (by name), the
order of photographs (by class, then name) and the pixels: `data.crops` chooses the box, pillow
decodes, cuts and resizes (bilinear, antialiased), as torchvision's transforms do.

Shapes: N photographs, S side of a view, in pixels.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError
from ...plugins.datasets import Facts
from . import _contents

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

SIDE = 224  # pixels of a view
EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
LAYOUT = "train/CLASS/*.jpg and val/CLASS/*.jpg (or test/CLASS/*.jpg)"
RECIPE: Mapping[str, Any] = {
    "epochs": 90,
    "lr": 0.1,
    "momentum": 0.9,
    "weight_decay": 1e-4,
    "batch_size": 512,
    "warmup": Fraction(10, 90),
    "drops": (Fraction(40, 90), Fraction(70, 90)),
    "warm": "tenth",
}


def facts(classes: int, sizes: Mapping[str, int]) -> Facts:
    """Facts of photographs: ImageNet's mean, deviation, augmentation and recipe."""
    return Facts(
        classes=classes,
        input=(3, SIDE, SIDE),
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        flip=True,
        sizes=sizes,
        recipe=RECIPE,
    )


def held_back(root: Path) -> Path:
    """The folder of the photographs to evaluate on: `test`, else `val`."""
    return root / "test" if (root / "test").is_dir() else root / "val"


def listing(root: Path, split: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Classes in order, and photographs in order as paths `CLASS/.../NAME` in the split's folder.

    Raises:
        SparsetoolError: A folder is missing or empty, or has a class that training does not know.
    """
    folder = root / "train" if split == "train" else held_back(root)
    try:
        classes = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir())
        times = tuple(os.stat(folder / name).st_mtime_ns for name in classes)
    except OSError as error:
        raise SparsetoolError(
            f"cannot read {folder}: {(error.strerror or str(error)).lower()}; "
            f"wanted photographs in {LAYOUT}"
        ) from None
    if not classes:
        raise SparsetoolError(f"no folders of classes in {folder}; wanted {LAYOUT}")
    found = _photographs(folder, tuple(classes), times)
    if split != "train":
        known, _ = listing(root, "train")
        if unknown := sorted(set(classes) - set(known)):
            raise SparsetoolError(f"{folder} has class {unknown[0]}, which {root / 'train'} lacks")
        return known, found
    return tuple(classes), found


@lru_cache(maxsize=8)
def _photographs(folder: Path, classes: tuple[str, ...], times: tuple[int, ...]) -> tuple[str, ...]:
    """Photographs of all classes; `times` of change make a folder that changed be read again."""
    found: list[str] = []
    for name in classes:
        own = []
        for path, _, files in sorted(os.walk(folder / name, followlinks=True)):
            inside = os.path.relpath(path, folder)
            own += [f"{inside}/{f}" for f in sorted(files) if f.lower().endswith(EXTENSIONS)]
        if not own:
            raise SparsetoolError(f"no photographs in {folder / name}")
        found += own
    return tuple(found)


def digest(root: Path) -> str:
    """SHA-256 over names, sizes and content of all photographs of both splits."""
    files = [f"train/{name}" for name in listing(root, "train")[1]]
    test = held_back(root).name
    files += [f"{test}/{name}" for name in listing(root, "test")[1]]
    return _contents.digest(str(root), root, files)


class Folder:
    """The photographs of one split.

    Attributes:
        labels: int64 [N].
    """

    def __init__(self, root: Path, split: str) -> None:
        import numpy as np

        self.folder = root / "train" if split == "train" else held_back(root)
        classes, names = listing(root, split)
        number = {name: label for label, name in enumerate(classes)}
        # One array of bytes: a list's reference counts would be copied into every worker.
        self.names = np.array([os.fsencode(name) for name in names])
        self.labels = np.array([number[name.partition("/")[0]] for name in names], dtype=np.int64)

    def path(self, index: int) -> Path:
        """The file of a photograph."""
        return self.folder / os.fsdecode(bytes(self.names[index]))

    def pixels(self, index: int) -> np.ndarray:
        """A whole photograph as it is: uint8 [H, W, 3]."""
        import numpy as np

        return np.asarray(self._image(index))

    def cropped(
        self, index: int, choose: Callable[[int, int], tuple[int, int, int, int]], side: int
    ) -> np.ndarray:
        """A part of a photograph, resized: uint8 [S, S, 3].

        Args:
            index: Which photograph.
            choose: Gives top, left, height and width of the part from the whole's height and width.
            side: S.
        """
        image = self._image(index)
        top, left, height, width = choose(image.height, image.width)
        part = image.crop((left, top, left + width, top + height))
        return _resized(part, side, side)

    def centred(self, index: int, side: int, whole: int) -> np.ndarray:
        """The centre of a photograph: uint8 [S, S, 3].

        Args:
            index: Which photograph.
            side: S.
            whole: Shorter side of the whole photograph before its centre is cut out.
        """
        image = self._image(index)
        short, long = sorted((image.height, image.width))
        other = int(whole * long / short)
        height, width = (whole, other) if image.height <= image.width else (other, whole)
        pixels = _resized(image, height, width)
        top, left = round((height - side) / 2), round((width - side) / 2)
        return pixels[top : top + side, left : left + side]

    def _image(self, index: int) -> Image:
        from PIL import Image

        path = self.path(index)
        try:
            with open(path, "rb") as file:
                return Image.open(file).convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise SparsetoolError(f"cannot decode {path}: {error}") from None


def _resized(image: Image, height: int, width: int) -> np.ndarray:
    import numpy as np
    from PIL import Image

    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))

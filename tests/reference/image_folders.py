"""Small photographs in folders, drawn by a test itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from sparsetool.data.naming import recorded_name
from sparsetool.data.resident import DataSet
from sparsetool.data.streaming import Stream

SIZES = [(61, 40), (40, 61), (300, 240), (256, 256), (90, 20)]  # height, width


def draw(path: Path, height: int, width: int, seed: int) -> None:
    """A smooth, coloured photograph, so that decoding differs little between libraries."""
    random = np.random.default_rng(seed)
    rough = random.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC).save(path, quality=95)


def photographs(root: Path, train: int = 3, test: int = 1) -> Path:
    """Two classes with `train` and `test` photographs each, of several sizes."""
    for split, count in (("train", train), ("val", test)):
        for label, name in enumerate(("ant", "bee")):
            for k in range(count):
                size = SIZES[(k + label) % len(SIZES)]
                draw(root / split / name / f"{k}.jpg", *size, seed=100 * label + k + len(split))
    return root


def opened(root: Path, **options: str) -> DataSet:
    """The photographs as a data set."""
    return DataSet(recorded_name("datasets", f"imagefolder:{root}"), **options)


def stream(data: DataSet, split: str) -> Stream:
    """One split of photographs."""
    found = data.split(split)
    assert isinstance(found, Stream)
    return found

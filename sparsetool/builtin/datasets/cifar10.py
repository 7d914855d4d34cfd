"""CIFAR-10: 60,000 photographs in 10 classes, 32x32, 50,000 of them to train.

Krizhevsky, 2009, "Learning multiple layers of features from tiny images". Read from
`cifar-10-batches-py` in the data folder by torchvision, which checks the md5 of every file.
Training defaults are the paper's: random crops after padding by 4, flips, batches of 512, 150
epochs. `cifar10:16` are the images averaged to 16x16; 8 and 24 can be, too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...plugins.datasets import CIFAR_RECIPE, Facts
from . import _image_sizes, _torchvision

if TYPE_CHECKING:
    import numpy as np

SOURCE = _torchvision.Source(
    name="cifar10",
    reader="CIFAR10",
    folder="cifar-10-batches-py",
    md5="c58f30108f718f92721af3b95e74349a",  # of cifar-10-python.tar.gz
)
# Of the training part averaged to each side, as measured.
STD = {
    8: (0.2220, 0.2191, 0.2394),
    16: (0.2381, 0.2347, 0.2536),
    24: (0.2395, 0.2361, 0.2549),
}


def facts(argument: str | None) -> Facts:
    """Its facts; mean and deviation are those of the training part at that side."""
    side = _image_sizes.side_of(SOURCE.name, argument)
    full = Facts(
        classes=10,
        input=(3, 32, 32),
        mean=(0.4914, 0.4822, 0.4465),
        std=(0.2470, 0.2435, 0.2616),
        pad=4,
        flip=True,
        sizes={"train": 50_000, "test": 10_000},
        recipe=CIFAR_RECIPE,
    )
    return _image_sizes.smaller(full, side, STD)


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, 3, S, S] and labels int64 [N] of `split`; S is 32 or the side asked for."""
    return _torchvision.load(SOURCE, root, split, _image_sizes.side_of(SOURCE.name, argument))


def fingerprint(argument: str | None, root: Path) -> str:
    """Official md5 of the archive; `load` checks the files against theirs.

    It is the same at every side: what tells them apart is the name, which tickets and runs record.
    """
    _image_sizes.side_of(SOURCE.name, argument)
    return _torchvision.fingerprint(SOURCE, root)


def fetch(argument: str | None, root: Path) -> None:
    """Download it to `root`, whole, whatever the side."""
    _image_sizes.side_of(SOURCE.name, argument)
    _torchvision.fetch(SOURCE, root)


def state(argument: str | None, root: Path) -> str:
    """Whether it is `missing`, `damaged` or `whole`."""
    return _torchvision.state(SOURCE, root, _image_sizes.side_of(SOURCE.name, argument))

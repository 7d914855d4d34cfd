"""CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train.

Krizhevsky, 2009, "Learning multiple layers of features from tiny images". Read from
`cifar-100-python` in the data folder by torchvision, which checks the md5 of every file.
Training defaults are those of the paper's table: as CIFAR-10 but for weight decay 1e-3 (its text
says 1e-4). `cifar100:16` are the images averaged to 16x16; 8 and 24 can be, too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...plugins.datasets import CIFAR_RECIPE, Facts
from . import _image_sizes, _torchvision

if TYPE_CHECKING:
    import numpy as np

SOURCE = _torchvision.Source(
    name="cifar100",
    reader="CIFAR100",
    folder="cifar-100-python",
    md5="eb9058c3a382ffc7106e4002c42a8d85",  # of cifar-100-python.tar.gz
)
# At each side: that at 32 times what averaging leaves of CIFAR-10's. Not measured on CIFAR-100.
STD = {
    8: (0.2402, 0.2307, 0.2528),
    16: (0.2576, 0.2471, 0.2677),
    24: (0.2592, 0.2487, 0.2691),
}


def facts(argument: str | None) -> Facts:
    """Its facts; mean and deviation are those of the training part (see STD)."""
    side = _image_sizes.side_of(SOURCE.name, argument)
    full = Facts(
        classes=100,
        input=(3, 32, 32),
        mean=(0.5071, 0.4865, 0.4409),
        std=(0.2673, 0.2564, 0.2762),
        pad=4,
        flip=True,
        sizes={"train": 50_000, "test": 10_000},
        recipe={**CIFAR_RECIPE, "weight_decay": 1e-3},
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

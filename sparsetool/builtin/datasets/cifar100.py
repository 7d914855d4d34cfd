"""CIFAR-100: 60,000 photographs of 100 kinds of things, 32x32, 50,000 of them to train.

Krizhevsky, 2009, "Learning multiple layers of features from tiny images". Read from
`cifar-100-python` in the data folder by torchvision, which checks the md5 of every file.
Training defaults are those of the paper's table: as CIFAR-10 but for weight decay 1e-3 (its text
says 1e-4).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...plugins.datasets import CIFAR_RECIPE, Facts, no_argument
from . import _torchvision

if TYPE_CHECKING:
    import numpy as np

SOURCE = _torchvision.Source(
    name="cifar100",
    reader="CIFAR100",
    folder="cifar-100-python",
    md5="eb9058c3a382ffc7106e4002c42a8d85",  # of cifar-100-python.tar.gz
)


def facts(argument: str | None) -> Facts:
    """Its facts; mean and deviation are those of the training part."""
    no_argument(SOURCE.name, argument)
    return Facts(
        classes=100,
        input=(3, 32, 32),
        mean=(0.5071, 0.4865, 0.4409),
        std=(0.2673, 0.2564, 0.2762),
        pad=4,
        flip=True,
        sizes={"train": 50_000, "test": 10_000},
        recipe={**CIFAR_RECIPE, "weight_decay": 1e-3},
    )


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, 3, 32, 32] and labels int64 [N] of `split`."""
    no_argument(SOURCE.name, argument)
    return _torchvision.load(SOURCE, root, split)


def fingerprint(argument: str | None, root: Path) -> str:
    """Official md5 of the archive; `load` checks the files against theirs."""
    no_argument(SOURCE.name, argument)
    return _torchvision.fingerprint(SOURCE, root)


def fetch(argument: str | None, root: Path) -> None:
    """Download it to `root`."""
    no_argument(SOURCE.name, argument)
    _torchvision.fetch(SOURCE, root)


def state(argument: str | None, root: Path) -> str:
    """Whether it is `missing`, `damaged` or `whole`."""
    no_argument(SOURCE.name, argument)
    return _torchvision.state(SOURCE, root)

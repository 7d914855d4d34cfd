"""MNIST: 70,000 handwritten digits, 28x28, 60,000 of them to train.

LeCun, Cortes, Burges, 1998, "The MNIST database of handwritten digits". Read from `MNIST/raw` in
the data folder by torchvision. Training defaults: shifts by at most 2 pixels and no flip, batches
of 128, 30 epochs in the CIFAR schedule's shape, peak rate 0.1, weight decay 1e-4.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...plugins.datasets import CIFAR_RECIPE, Facts, no_argument
from . import _torchvision

if TYPE_CHECKING:
    import numpy as np

SOURCE = _torchvision.Source(
    name="mnist", reader="MNIST", folder="MNIST/raw", files=_torchvision.MNIST_FILES
)


def facts(argument: str | None) -> Facts:
    """Its facts; mean and deviation are those of the training part."""
    no_argument(SOURCE.name, argument)
    return Facts(
        classes=10,
        input=(1, 28, 28),
        mean=(0.1307,),
        std=(0.3081,),
        pad=2,
        sizes={"train": 60_000, "test": 10_000},
        recipe={**CIFAR_RECIPE, "epochs": 30, "batch_size": 128},
    )


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, 1, 28, 28] and labels int64 [N] of `split`."""
    no_argument(SOURCE.name, argument)
    return _torchvision.load(SOURCE, root, split)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 of names, sizes and content: torchvision knows no md5 of the unpacked files."""
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

"""1,797 handwritten 8x8 digits that ship with the package: 1,437 to train, 360 to test.

Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning
Repository, https://doi.org/10.24432/C50P49, CC BY 4.0 (see digits.LICENSE.txt): its test part, as
in scikit-learn. Values 0 to 16 are scaled to bytes 0 to 255.

The split is fixed by the order of the file. It is stratified: of the 360, each class has its part
by largest remainders, filled with the examples for which the SHA-256 of `sparsetool digits I`, I
being the place in the original, is smallest; both parts are then in the original order.

Training defaults: shifts by at most one pixel and no flip, batches of 128, peak rate 0.1, momentum
0.9, weight decay 1e-4 and the CIFAR schedule's shape over 15 epochs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BrokenPromise
from ...plugins.datasets import CIFAR_RECIPE, Facts, no_argument

if TYPE_CHECKING:
    import numpy as np

FILE = Path(__file__).with_name("digits.npz")
SHA256 = "ab3559570335165453b2979373f2b3a6a3d99edb9062313536ad4e0e16d9f17c"
SIZES = {"train": 1437, "test": 360}


def facts(argument: str | None) -> Facts:
    """Its facts; mean and deviation are those of the training part."""
    no_argument("digits", argument)
    return Facts(
        classes=10,
        input=(1, 8, 8),
        mean=(0.3052,),
        std=(0.3758,),
        pad=1,
        sizes=SIZES,
        recipe={**CIFAR_RECIPE, "epochs": 15, "batch_size": 128},
    )


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, 1, 8, 8] and labels int64 [N] of `split`; `root` is not looked at."""
    import numpy as np

    no_argument("digits", argument)
    with np.load(FILE, allow_pickle=False) as held:
        images, labels = held["images"], held["labels"]
    count = SIZES["train"]
    part = slice(None, count) if split == "train" else slice(count, None)
    # Halves go up: (v * 255 + 8) // 16 is v * 255 / 16 rounded.
    scaled = ((images[part].astype(np.int64) * 255 + 8) // 16).astype(np.uint8)
    return scaled[:, None], labels[part].astype(np.int64)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 of the embedded file.

    Raises:
        BrokenPromise: The file is not the one that was shipped.
    """
    no_argument("digits", argument)
    found = hashlib.sha256(FILE.read_bytes()).hexdigest()
    if found != SHA256:
        raise BrokenPromise(f"{FILE.name} is damaged (SHA-256 {found[:12]}): reinstall sparsetool")
    return found


def state(argument: str | None, root: Path) -> str:
    """Whether the embedded file is `whole`, `damaged` or `missing`; `root` is not looked at."""
    no_argument("digits", argument)
    if not FILE.is_file():
        return "missing"
    return "whole" if hashlib.sha256(FILE.read_bytes()).hexdigest() == SHA256 else "damaged"

"""Random numbers that depend on what they are for, and on nothing else.

Each stream is Philox (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3"), keyed
by seed, purpose, epochs trained so far and name. So the draw of a mask never disturbs the data
order, a resumed run draws what an uninterrupted one would have, and nothing depends on the device.
Only Philox's raw 64-bit words are taken from numpy, whose higher-level streams may change between
versions.
"""

import hashlib
from typing import NamedTuple

import numpy as np

PURPOSES = (
    *("initialisation", "mask", "scoring", "order", "augmentation", "labels", "signs"),
    *("validation", "probe", "alignment", "update"),
)


class Seeds(NamedTuple):
    """Keys of what an epoch of training draws, where they are taken apart.

    Attributes:
        order: Of the order of the examples.
        augmentation: Of crops, flips and dropout.
    """

    order: int
    augmentation: int


class Draws:
    """One stream of random numbers.

    Args:
        seed: The experiment's seed, any integer.
        purpose: One of `PURPOSES`.
        epochs: Epochs trained before this draw (0 for draws that ignore training).
        name: What it is drawn for, such as a parameter's name.

    Example:
        >>> Draws(0, "mask", name="conv1.weight").permutation(5).tolist()
        [2, 3, 0, 4, 1]
    """

    def __init__(self, seed: int, purpose: str, epochs: int = 0, name: str = "") -> None:
        if purpose not in PURPOSES:
            raise ValueError(f"unknown purpose {purpose!r}")
        text = f"{seed}\0{purpose}\0{epochs}\0{name}".encode()
        key = int.from_bytes(hashlib.sha256(text).digest()[:16], "little")
        self._philox = np.random.Philox(key=key)

    def words(self, count: int) -> np.ndarray:
        """`count` independent uniform 64-bit words, uint64."""
        return np.asarray(self._philox.random_raw(count), dtype=np.uint64)

    def uniform(self, count: int) -> np.ndarray:
        """`count` numbers uniform in [0, 1), float64 with 53 random bits."""
        return (self.words(count) >> np.uint64(11)) * 2.0**-53

    def normal(self, count: int) -> np.ndarray:
        """`count` standard normal numbers, float64 (Box and Muller, 1958)."""
        half = (count + 1) // 2
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(half)))
        angle = (2.0 * np.pi) * self.uniform(half)
        return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count]

    def integers(self, high: int, count: int) -> np.ndarray:
        """`count` integers uniform in [0, high), int64; `high` below 2^31 (bias under 2^-32)."""
        return ((self.words(count) >> np.uint64(32)) * np.uint64(high) >> np.uint64(32)).astype(
            np.int64
        )

    def permutation(self, count: int) -> np.ndarray:
        """A uniform permutation of range(count), int64 (ties of 64-bit keys go by position)."""
        return np.argsort(self.words(count), kind="stable")

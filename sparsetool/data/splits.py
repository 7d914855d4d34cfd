"""What is held out of a training split, and which of its labels are wrong on purpose (no torch)."""

from __future__ import annotations

import numpy as np

from ..ticket.counts import kept_for
from ..ticket.draws import Draws


def held_out(count: int, fraction: str, seed: int) -> np.ndarray:
    """Which of `count` training examples are held out for validation, bool [N]."""
    held = np.zeros(count, dtype=bool)
    chosen = count - kept_for(count, fraction)
    held[Draws(seed, "validation").permutation(count)[:chosen]] = True
    return held


def with_noise(labels: np.ndarray, fraction: str, seed: int) -> tuple[np.ndarray, int]:
    """Permute the labels of a random fraction of the examples; class counts stay.

    Args:
        labels: int64 [N].
        fraction: Fraction of examples whose labels take part.
        seed: Key of the draws, which ignore how long the ticket was trained.

    Returns:
        The new labels, and how many of them are wrong (about 1 in C stays right by chance).
    """
    count = len(labels) - kept_for(len(labels), fraction)
    chosen = Draws(seed, "labels", name="who").permutation(len(labels))[:count]
    noisy = labels.copy()
    noisy[chosen] = labels[chosen][Draws(seed, "labels", name="what").permutation(count)]
    return noisy, int(np.count_nonzero(noisy != labels))

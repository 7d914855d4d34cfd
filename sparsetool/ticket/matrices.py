"""Weights of matrices that lie outside the prunable list, and so stay dense.

A matrix is a parameter with at least two sides longer than 1: a layer of a kind that is not
prunable by default (GPT-2's Conv1D, LSTM and GRU, embeddings, what stands behind a
parametrisation), or one that `--exclude` names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np


def is_matrix(shape: Sequence[int]) -> bool:
    """Whether weights of this shape have at least two sides longer than 1.

    Example:
        >>> is_matrix((16, 64)), is_matrix((1, 64)), is_matrix((16, 1, 1))
        (True, False, False)
    """
    return sum(size > 1 for size in shape) >= 2


def outside(
    weights: Mapping[str, np.ndarray], prunable: Collection[str], buffers: Collection[str]
) -> dict[str, int]:
    """Sizes of the matrices of a ticket that are not prunable, by name.

    Args:
        weights: Every tensor of the ticket.
        prunable: Names of the prunable weights.
        buffers: Names of what is no parameter.
    """
    apart = {*prunable, *buffers}
    return {
        name: array.size
        for name, array in weights.items()
        if name not in apart and array.dtype.kind == "f" and is_matrix(array.shape)
    }

"""Masks with a structure that hardware can use: N of every M inputs, or whole blocks.

N:M runs along the inputs of a layer (axis 1), for each output and each position of a kernel: of
every M neighbours N are kept, of the last, shorter group at most N. Reference: Mishra et al., 2021,
"Accelerating sparse deep neural networks" (2:4). It says how many weights are kept by itself.

Blocks tile a layer as the matrix [outputs, inputs x kernel], RxC rows and columns each, smaller at
the edges. A block lives or dies as a whole, by the mean score of its weights that may live. What is
kept is as near below the sparsity asked for as whole blocks allow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from ..errors import UsageError

Arrays = Mapping[str, np.ndarray]


def pattern(text: str) -> tuple[int, int]:
    """N and M of `N:M`.

    Raises:
        UsageError: It is none.
    """
    found = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    if not found or not 0 < int(found[1]) < int(found[2]):
        raise UsageError(f"--n-m wants N:M with N from 1 to M - 1, such as 2:4, not '{text}'")
    return int(found[1]), int(found[2])


def tile(text: str) -> tuple[int, int]:
    """Rows and columns of `RxC`.

    Raises:
        UsageError: It is no block of two weights or more.
    """
    found = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if not found or int(found[1]) * int(found[2]) < 2:
        raise UsageError(f"--blocks wants ROWSxCOLUMNS, such as 4x1, not '{text}'")
    return int(found[1]), int(found[2])


def n_of_m(scores: Arrays, text: str, alive: Arrays) -> dict[str, np.ndarray]:
    """Masks that keep the N highest scores of every M inputs; of equal ones the first.

    Args:
        scores: Scores by name, no NaN.
        text: `N:M`.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.

    Example:
        >>> n_of_m({"fc": np.array([[1.0, 4, 3, 2, 5, 6]])}, "2:4", {})["fc"].astype(int)
        array([[0, 1, 1, 0, 1, 1]])
    """
    keep, of = pattern(text)
    return {name: _n_of_m(score, keep, of, alive.get(name)) for name, score in scores.items()}


def _n_of_m(score: np.ndarray, keep: int, of: int, alive: np.ndarray | None) -> np.ndarray:
    axis = min(1, score.ndim - 1)
    moved = np.moveaxis(score, axis, -1)
    living = np.ones(score.shape, bool) if alive is None else alive
    living = np.moveaxis(living, axis, -1)
    width = moved.shape[-1]
    fill = [(0, 0)] * (moved.ndim - 1) + [(0, -width % of)]
    groups = (*moved.shape[:-1], -1, of)
    ranked = np.pad(moved, fill).reshape(groups)[..., ::-1]
    may = np.pad(living, fill).reshape(groups)[..., ::-1]
    # The last are the highest that may live; turned round, so that of equal ones the first win.
    order = np.lexsort((ranked, may), axis=-1)[..., -keep:]
    mask = np.zeros(may.shape, bool)
    np.put_along_axis(mask, order, True, axis=-1)
    mask = (mask & may)[..., ::-1].reshape(*moved.shape[:-1], -1)[..., :width]
    return np.ascontiguousarray(np.moveaxis(mask, -1, axis))


def block_scores(scores: Arrays, text: str, alive: Arrays) -> dict[str, np.ndarray]:
    """For each weight the rank of its block among all blocks, by mean score; the first win ties.

    Args:
        scores: Scores by name, no NaN.
        text: `RxC`.
        alive: Where weights may live, by name; a layer without an entry may live everywhere.

    Returns:
        Ranks by name, int64, of the scores' shapes.
    """
    rows, columns = tile(text)
    means = {n: _means(score, alive.get(n), rows, columns) for n, score in scores.items()}
    flat = np.concatenate([mean.reshape(-1) for mean in means.values()])
    ranks = np.empty(flat.size, np.int64)
    ranks[np.argsort(-flat, kind="stable")] = np.arange(flat.size)[::-1]
    found, at = {}, 0
    for name, mean in means.items():
        own = ranks[at : at + mean.size].reshape(mean.shape)
        at += mean.size
        found[name] = _spread(own, scores[name].shape, rows, columns)
    return found


def whole_blocks(masks: Arrays, text: str, alive: Arrays, last: bool) -> dict[str, np.ndarray]:
    """Masks in which every block is whole: where a part is kept, none of it is.

    Before the last of several rounds all of it is: the last one keeps no more than was asked for.
    """
    rows, columns = tile(text)
    found = {}
    for name, mask in masks.items():
        may = alive.get(name, np.ones(mask.shape, bool))
        part = may & ~mask if last else mask
        touched = _spread(
            _sums(part.astype(np.float64), rows, columns) > 0, mask.shape, rows, columns
        )
        found[name] = mask & ~touched if last else may & touched
    return found


def _matrix(array: np.ndarray) -> np.ndarray:
    return array.reshape(len(array), -1) if array.ndim > 1 else array.reshape(-1, 1)


def _sums(array: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Sums over each block of a layer, as a matrix of blocks."""
    matrix = _matrix(array)
    sums = np.add.reduceat(matrix, np.arange(0, matrix.shape[0], rows), axis=0)
    return np.asarray(np.add.reduceat(sums, np.arange(0, matrix.shape[1], columns), axis=1))


def _means(score: np.ndarray, alive: np.ndarray | None, rows: int, columns: int) -> np.ndarray:
    """Mean score of each block's weights that may live, float64; -inf where none may."""
    may = np.ones(score.shape, bool) if alive is None else alive
    sums = _sums(np.where(may, score.astype(np.float64), 0.0), rows, columns)
    counts = _sums(may.astype(np.float64), rows, columns)
    with np.errstate(invalid="ignore"):
        return np.where(counts > 0, sums / np.maximum(counts, 1), -np.inf)


def _spread(blocks: np.ndarray, shape: tuple[int, ...], rows: int, columns: int) -> np.ndarray:
    """A value per block as one per weight, of the layer's shape."""
    out = _matrix(np.empty(shape, bool)).shape
    wide = np.repeat(np.repeat(blocks, rows, axis=0), columns, axis=1)
    return wide[: out[0], : out[1]].reshape(shape)

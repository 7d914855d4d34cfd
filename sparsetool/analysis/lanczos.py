"""Extreme eigenvalues of a symmetric operator by Lanczos with full re-orthogonalisation.

Reference: Lanczos, 1950, "An iteration method for the solution of the eigenvalue problem";
Parlett, 1998, "The symmetric eigenvalue problem", chapter 13.

Shapes: n the operator's dimension, m steps made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ..ticket.draws import Draws

SMALL = 1024  # dimension up to which a product costs next to nothing


class Operator(Protocol):
    """A symmetric matrix known by its products."""

    @property
    def size(self) -> int:
        """n."""

    @property
    def like(self) -> Tensor:
        """A tensor of the type and on the device of its vectors."""

    def product(self, vector: Tensor) -> Tensor:
        """The matrix times a vector [n]."""


Vectors = Iterator[Tensor]


def random_signs(operator: Operator, seed: int, name: str) -> Vectors:
    """Endless vectors [n] of independent signs, keyed by seed and name (not by the operator)."""
    number = 0
    while True:
        words = Draws(seed, "probe", name=f"{name}#{number}").words(-(-operator.size // 64))
        bits = torch.from_numpy(np.unpackbits(words.view(np.uint8))[: operator.size])
        yield 2 * bits.to(operator.like.device, operator.like.dtype) - 1
        number += 1


@dataclass
class Krylov:
    """An orthonormal basis Q in which the operator is tridiagonal: Q' H Q = T.

    Attributes:
        basis: Columns of Q, m vectors [n].
        diagonal: Diagonal of T, m values.
        off: Its off-diagonal; the m-th value is the norm of what the last step left over.
        rest: What the last step left over, normalised, [n]; None where the space is exhausted.
        block: Step at which the last fresh vector came in; T has no entry across it.
    """

    rest: Tensor | None
    block: int = 0
    basis: list[Tensor] = field(default_factory=list)
    diagonal: list[float] = field(default_factory=list)
    off: list[float] = field(default_factory=list)

    def ritz(self) -> tuple[Tensor, Tensor]:
        """Eigenvalues of T, ascending [m], and its eigenvectors in columns [m, m], float64."""
        between = torch.tensor(self.off[:-1], dtype=torch.float64)
        tridiagonal = torch.diag(torch.tensor(self.diagonal, dtype=torch.float64))
        return torch.linalg.eigh(tridiagonal + torch.diag(between, 1) + torch.diag(between, -1))

    def newest(self) -> float:
        """Bound on the largest eigenvalue that the last fresh vector knows of."""
        last = Krylov(None, 0, [], self.diagonal[self.block :], self.off[self.block :])
        if not last.diagonal:
            return math.inf
        values, vectors = last.ritz()
        return float(values[-1] + last.off[-1] * vectors[-1, -1].abs())

    def vector(self, coefficients: Tensor) -> Tensor:
        """Q times coefficients [m], [n]."""
        total = torch.zeros_like(self.basis[0])
        for weight, column in zip(coefficients.tolist(), self.basis, strict=True):
            total += weight * column
        return total


def begin(start: Tensor) -> Krylov:
    """A Krylov space of no steps yet."""
    return Krylov(start / start.norm())


def step(krylov: Krylov, product: Callable[[Tensor], Tensor], fresh: Vectors, size: int) -> None:
    """One more Lanczos step, by one product.

    Where the space turns out to be invariant it goes on with a fresh vector orthogonal to it, so
    that eigenvalues that the start vector knew nothing of are found too.
    """
    assert krylov.rest is not None
    krylov.basis.append(krylov.rest)
    image = product(krylov.rest)
    krylov.diagonal.append(float(image @ krylov.rest))
    left = orthogonal(image, krylov.basis)
    norm = float(left.norm())
    full = len(krylov.basis) >= size
    if not full and norm > 10 * torch.finfo(left.dtype).eps * float(image.norm()):
        krylov.off.append(norm)
        krylov.rest = left / norm
        return
    krylov.off.append(0.0)
    krylov.block = len(krylov.basis)
    krylov.rest = None
    if not full:
        left = orthogonal(next(fresh), krylov.basis)
        krylov.rest = left / left.norm()


def orthogonal(vector: Tensor, basis: list[Tensor]) -> Tensor:
    """What of a vector is orthogonal to orthonormal ones; twice, because once is not enough."""
    vector = vector.clone()
    for _ in range(2):
        for column in basis:
            vector -= (column @ vector) * column
    return vector


@dataclass(frozen=True)
class Extremes:
    """The largest eigenvalues, descending.

    Attributes:
        values: Eigenvalues.
        residuals: Norm of H u - theta u for each unit Ritz vector u: an eigenvalue lies that near.
        krylov: The space they were found in.
    """

    values: list[float]
    residuals: list[float]
    krylov: Krylov


def largest(
    operator: Operator,
    start: Tensor,
    fresh: Vectors,
    count: int,
    tolerance: float,
    most: int,
) -> Extremes:
    """The `count` algebraically largest eigenvalues.

    Steps are made until the residual r of each value theta is at most `tolerance` times its size
    (or has reached rounding). The error is then far smaller, about r^2 / gap, with the gap between
    theta and the next Ritz value (Kato, 1949, and Temple, 1928; Parlett, section 11.7). So where
    steps are dear, above `SMALL`, a residual ten times as large will do if that estimate is at most
    a tenth of `tolerance`, relative to theta.

    An eigenvalue that occurs several times is found as often only where a Krylov space is
    exhausted, after which fresh vectors look for more.

    Args:
        operator: The symmetric operator.
        start: First vector [n], not zero.
        fresh: Vectors to go on with where a Krylov space is exhausted.
        count: How many; the operator's dimension where that is smaller.
        tolerance: Relative residual.
        most: Most steps.
    """
    count = min(count, operator.size)
    rounding = torch.finfo(operator.like.dtype).eps
    krylov = begin(start)
    while True:
        step(krylov, operator.product, fresh, operator.size)
        made = len(krylov.basis)
        if made < count:
            continue
        values, vectors = (part.flip(-1) for part in krylov.ritz())
        top, residuals = values[:count], krylov.off[-1] * vectors[-1, :count].abs()
        floor = rounding * float(values.abs().max())
        allowed = (tolerance * top.abs()).clamp(min=floor)
        settled = residuals <= allowed
        if operator.size > SMALL and made > count:
            gaps = values[:count] - values[1 : count + 1]
            gaps[1:] = torch.minimum(gaps[1:], gaps[:-1])
            settled |= (residuals <= 10 * allowed) & (residuals**2 <= 0.1 * allowed * gaps)
        done = bool(settled.all())
        done = done and (not krylov.block or krylov.newest() <= float(top[-1]) + floor)
        if done or krylov.rest is None or made >= most:
            return Extremes(top.tolist(), residuals.tolist(), krylov)

"""Trace and spectral density of a symmetric operator, from few products.

Both first take out of the operator what a Krylov space already knows, and sample the rest with
random signs: the large eigenvalues, which make such estimates noisy, are then counted exactly.

References: Hutchinson, 1989, "A stochastic estimator of the trace of the influence matrix"; Meyer,
Musco, Musco, Woodruff, 2021, "Hutch++"; Chen, Hallman, 2023, "Krylov-aware stochastic trace
estimation" (a Krylov space in place of Hutch++'s sketch); Golub, Welsch, 1969, and Ghorbani,
Krishnan, Xiao, 2019, "An investigation into neural net optimization via Hessian eigenvalue density"
(stochastic Lanczos quadrature).

Shapes: n the operator's dimension, q nodes, G points of a grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .lanczos import SMALL, Krylov, Operator, Vectors, begin, orthogonal, step

EXACT = SMALL  # dimension up to which the whole matrix is made, which costs n products
PROBES = (8, 128)  # fewest and most probes of a trace
TRACE_TOLERANCE = 0.01  # standard error at which a trace is good enough, relative to it
SETTLED = 1e-2  # residual, relative to the largest eigenvalue, of Ritz vectors taken out
WIDTH = 0.01  # standard deviation of the smoothing, relative to the spectrum's width
GRID = 512


def dense(operator: Operator) -> Tensor:
    """The whole matrix [n, n], float64, symmetrised; n products."""
    rows = []
    for position in range(operator.size):
        unit = torch.zeros(operator.size, dtype=operator.like.dtype, device=operator.like.device)
        unit[position] = 1
        rows.append(operator.product(unit).double().cpu())
    matrix = torch.stack(rows)
    return (matrix + matrix.T) / 2


def grow(krylov: Krylov, operator: Operator, fresh: Vectors, steps: int) -> None:
    """Make a Krylov space at least `steps` wide, as far as the dimension allows."""
    while len(krylov.basis) < steps and krylov.rest is not None:
        step(krylov, operator.product, fresh, operator.size)


def trace(operator: Operator, krylov: Krylov, probes: Vectors) -> tuple[float, float]:
    """The trace: exact inside a Krylov space, Hutchinson's estimate outside of it.

    Probes are added until the standard error is `TRACE_TOLERANCE` of the estimate.

    Args:
        operator: The operator.
        krylov: A space whose basis is Q; tr(Q' H Q) is the sum of its diagonal.
        probes: Vectors [n] of random signs.

    Returns:
        The trace, and its standard error (that of rounding alone where it is exact).
    """
    known = math.fsum(krylov.diagonal)
    eps = torch.finfo(operator.like.dtype).eps
    rounding = 10 * eps * math.fsum(map(abs, krylov.diagonal))
    if krylov.rest is None:
        return known, rounding
    least, most = PROBES
    samples: list[float] = []
    while True:
        probe = orthogonal(next(probes), krylov.basis)
        samples.append(float(probe @ operator.product(probe)))
        count = len(samples)
        if count < least:
            continue
        mean = math.fsum(samples) / count
        spread = math.fsum((sample - mean) ** 2 for sample in samples) / (count - 1)
        error = math.hypot(math.sqrt(spread / count), rounding)
        if error <= TRACE_TOLERANCE * abs(known + mean) or count >= most:
            return known + mean, error


@dataclass(frozen=True)
class Deflated:
    """An operator on the orthogonal complement of some orthonormal vectors."""

    operator: Operator
    locked: list[Tensor]

    @property
    def size(self) -> int:
        """Dimension of the complement."""
        return self.operator.size - len(self.locked)

    @property
    def like(self) -> Tensor:
        """A tensor of the type and on the device of its vectors."""
        return self.operator.like

    def product(self, vector: Tensor) -> Tensor:
        """The projected product [n] of a vector in the complement."""
        return orthogonal(self.operator.product(vector), self.locked)


def quadrature(
    operator: Operator, krylov: Krylov, probes: Vectors, steps: int, runs: int
) -> tuple[Tensor, Tensor]:
    """Nodes and weights whose sums stand for averages over the spectrum.

    Settled Ritz pairs of the Krylov space count as eigenvalues, of weight 1/n each; the others are
    represented by Gauss quadrature of random vectors orthogonal to them (Lanczos again).

    Args:
        operator: The operator.
        krylov: The space, which is not changed.
        probes: Vectors [n] of random signs.
        steps: Nodes of one run.
        runs: Random vectors.

    Returns:
        Nodes [q] and weights [q] that sum to 1, float64.
    """
    values, vectors = krylov.ritz()
    residuals = krylov.off[-1] * vectors[-1].abs()
    settled = torch.nonzero(residuals <= SETTLED * values.abs().max())[:, 0].tolist()
    locked: list[Tensor] = []
    for column in settled:
        unit = orthogonal(krylov.vector(vectors[:, column]), locked)
        locked.append(unit / unit.norm())
    size = operator.size
    nodes = [values[settled]]
    weights = [torch.full((len(settled),), 1 / size, dtype=torch.float64)]
    rest = Deflated(operator, locked)
    starts = (orthogonal(probe, locked) for probe in probes)
    for _ in range(runs if rest.size else 0):
        run = begin(next(starts))
        while len(run.basis) < min(steps, rest.size) and not run.block:
            step(run, rest.product, starts, rest.size)
        found, coefficients = run.ritz()
        nodes.append(found)
        weights.append(coefficients[0] ** 2 * (rest.size / size / runs))
    return torch.cat(nodes), torch.cat(weights)


def smooth(nodes: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, float]:
    """A density: each node a Gaussian whose deviation is `WIDTH` of the spectrum's width.

    The integral is 1 and the mean that of the nodes; the second moment is larger by sigma squared.

    Returns:
        The grid [G], 5 sigma beyond the outermost nodes, the density there [G] (per unit of
        eigenvalue), and sigma.
    """
    low, high = float(nodes.min()), float(nodes.max())
    sigma = WIDTH * ((high - low) or abs(high) or 1.0)
    grid = torch.linspace(low - 5 * sigma, high + 5 * sigma, GRID, dtype=torch.float64)
    distance = (grid[:, None] - nodes[None, :]) / sigma
    bumps = torch.exp(-0.5 * distance**2) / (sigma * math.sqrt(2 * math.pi))
    return grid, bumps @ weights, sigma

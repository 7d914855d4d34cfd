"""Curvature of the loss at a ticket: the Hessian's largest eigenvalues, trace and density."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..errors import UsageError, nearest
from ..networks.build import to_module
from ..ticket.value import Ticket
from . import parity
from .lanczos import largest, random_signs
from .products import Block, Hessian
from .spectrum import EXACT, dense, grow, quadrature, smooth
from .spectrum import trace as estimated_trace

SUBSPACES = ("mask", "full")
METHODS = ("lanczos", "pyhessian")
NORMS = ("eval", "train")
TYPES = {"float32": torch.float32, "float64": torch.float64}
TOLERANCE = {"float32": 1e-3, "float64": 1e-6}  # relative residual of eigenvalues
MOST_STEPS = 300
DEFLATED = 24  # width of the Krylov space taken out of a trace or a density
NODES, RUNS = 40, 2  # of the quadrature behind a density
NOISE = 0.1  # random part of a start vector, relative to the gradient's


def hessian(
    ticket: Ticket,
    images: Tensor,
    labels: Tensor,
    *,
    top: int = 1,
    trace: bool = False,
    density: bool = False,
    layers: bool = False,
    subspace: str = "mask",
    method: str = "lanczos",
    bn: str = "eval",
    precision: str = "float32",
    tolerance: float | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Curvature of the mean cross-entropy over a fixed sample, unscaled.

    Args:
        ticket: The ticket.
        images: Normalised examples [N, C, H, W], on the device to work on.
        labels: int64 [N].
        top: How many of the (algebraically) largest eigenvalues.
        trace: Whether to estimate the trace.
        density: Whether to estimate the spectral density.
        layers: Whether to do the same (but for the density) for each prunable layer's diagonal
            block.
        subspace: `mask` (surviving weights and all unpruned parameters are the variables) or
            `full` (all weights are, at the masked point: another matrix).
        method: `lanczos`, or `pyhessian` for the library of that name (see `parity`).
        bn: `eval` (running statistics) or `train` (those of each batch of 512 examples).
        precision: `float32` or `float64`.
        tolerance: Relative residual of eigenvalues; by default 1e-3, and 1e-6 in float64.
        seed: Key of the random probes, which are the same for every ticket of one size.

    Returns:
        `largest` (the largest eigenvalue, not the one of largest size, by every method),
        `eigenvalues` (descending; by `pyhessian` by size) and their `residuals` (norm of
        H u - lambda u), `dimension`, `products` (with the Hessian of all parameters or with a
        layer's block), `subspace`, `examples`; `frozen`, names of parameters that the network
        freezes and that are variables here all the same, where there are such; on request `trace`
        and `trace_error` (its standard error), `spectrum` (`eigenvalue`, `density` per unit of
        eigenvalue, and `sigma`, the deviation it is smoothed by) and `layers` (`name` and the same
        fields for each).

    Raises:
        UsageError: An unknown value, or one that the method does not offer.
    """
    for value, known, what in (
        (subspace, SUBSPACES, "subspace"),
        (method, METHODS, "method"),
        (bn, NORMS, "normalisation"),
        (precision, tuple(TYPES), "precision"),
    ):
        if value not in known:
            raise UsageError(f"unknown {what} '{value}': {nearest(value, known)}")
    if top < 1:
        raise UsageError(f"--top must be at least 1, not {top}")
    facts: dict[str, Any] = {"subspace": subspace, "examples": len(labels)}
    masks = {name: torch.from_numpy(np.array(mask)) for name, mask in ticket.masks.items()}
    module = to_module(ticket).to(images.device)
    if frozen := [name for name, p in module.named_parameters() if not p.requires_grad]:
        facts["frozen"] = frozen
    if method == "pyhessian":
        if density or layers or bn != "eval" or precision != "float32":
            raise UsageError(
                "--method pyhessian gives eigenvalues and trace of the whole network, with "
                "--bn eval in float32: use --method lanczos for the rest"
            )
        found = parity.measure(
            module, images, labels, {} if subspace == "full" else masks, top, trace, seed
        )
        if found["eigenvalues"][0] > 0:
            return {**found, "largest": found["eigenvalues"][0], **facts}
    whole = Hessian(
        module,
        images,
        labels,
        masks,
        full=subspace == "full",
        train_norm=bn == "train",
        dtype=TYPES[precision],
    )
    limit = TOLERANCE[precision] if tolerance is None else tolerance
    if method == "pyhessian":
        # The one of largest size is negative: it is not the largest.
        above = figures(whole, 1, False, False, limit, seed, "all")
        return {**found, "largest": above["eigenvalues"][0], **facts}
    result = figures(whole, top, trace, density, limit, seed, "all")
    result["largest"] = result["eigenvalues"][0]
    if layers:
        blocks = whole.layers()
        result["layers"] = [
            {"name": name, **figures(blocks[name], top, trace, False, limit, seed, name)}
            for name in ticket.prunable
            if name in blocks
        ]
    return {**result, "products": whole.products, **facts}


def figures(
    operator: Hessian | Block,
    top: int,
    wants_trace: bool,
    wants_density: bool,
    tolerance: float,
    seed: int,
    name: str,
) -> dict[str, Any]:
    """The fields of `hessian` for one operator; `name` keys its probes."""
    fresh = random_signs(operator, seed, name)
    found = largest(operator, _start(operator, next(fresh)), fresh, top, tolerance, MOST_STEPS)
    result: dict[str, Any] = {
        "eigenvalues": found.values,
        "residuals": found.residuals,
        "dimension": operator.size,
    }
    if not (wants_trace or wants_density):
        return result
    if operator.size <= EXACT:
        return result | _exact(dense(operator), wants_trace, wants_density)
    krylov = found.krylov
    grow(krylov, operator, fresh, DEFLATED)
    if wants_trace:
        result["trace"], result["trace_error"] = estimated_trace(operator, krylov, fresh)
    if wants_density:
        result["spectrum"] = _listed(*quadrature(operator, krylov, fresh, NODES, RUNS))
    return result


def _start(operator: Hessian | Block, signs: Tensor) -> Tensor:
    """A first vector: the gradient, which lies mostly among the top eigenvectors.

    Reference: Gur-Ari, Roberts, Dyer, 2018, "Gradient descent happens in a tiny subspace". Some
    noise makes sure that no eigenvector is left out; it is all there is where the gradient is zero.
    """
    gradient = operator.gradient
    norm = gradient.norm()
    noise = signs / signs.norm()
    return gradient / norm + NOISE * noise if float(norm) > 0 else noise


def _exact(matrix: Tensor, wants_trace: bool, wants_density: bool) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if wants_trace:
        result["trace"], result["trace_error"] = float(matrix.trace()), 0.0
    if wants_density:
        values = torch.linalg.eigvalsh(matrix)
        result["spectrum"] = _listed(values, torch.full_like(values, 1 / len(values)))
    return result


def _listed(nodes: Tensor, weights: Tensor) -> dict[str, Any]:
    grid, density, sigma = smooth(nodes, weights)
    return {"eigenvalue": grid.tolist(), "density": density.tolist(), "sigma": sigma}

"""What changed between two tickets: signs, masks, distance; layer by layer and in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import sqrt
from typing import Any

import numpy as np

from ..ticket.value import Ticket
from .blocks import blocks
from .compatible import need_weights, plain_shapes, same_tensors


@dataclass
class Sums:
    """What is counted and summed of one layer, or of all.

    Attributes:
        size: Prunable weights.
        kept_a, kept_b, kept_both, kept_either: Weights kept in each, in both, in either.
        flips: Weights kept in both whose sign (-1, 0 or 1) differs.
        aa, bb, ab, dd: Squares of a and of b, their product, the square of b - a, summed.
    """

    size: int = 0
    kept_a: int = 0
    kept_b: int = 0
    kept_both: int = 0
    kept_either: int = 0
    flips: int = 0
    aa: float = 0.0
    bb: float = 0.0
    ab: float = 0.0
    dd: float = 0.0

    def add(self, other: Sums) -> None:
        """Add another layer's."""
        for field in fields(self):
            summed = getattr(self, field.name) + getattr(other, field.name)
            setattr(self, field.name, summed)

    def figures(self) -> dict[str, Any]:
        """What is reported; a ratio without a denominator is None."""
        norms = sqrt(self.aa) * sqrt(self.bb)
        return {
            "prunable": self.size,
            "kept_a": self.kept_a,
            "kept_b": self.kept_b,
            "kept_both": self.kept_both,
            "kept_either": self.kept_either,
            "mask_iou": _ratio(self.kept_both, self.kept_either),
            "sign_flips": self.flips,
            "sign_agreement": _ratio(self.kept_both - self.flips, self.kept_both),
            "relative_distance": _ratio(sqrt(self.dd), sqrt(self.aa)),
            "cosine_distance": 1.0 - self.ab / norms if norms else None,
        }


def diff(a: Ticket, b: Ticket) -> dict[str, Any]:
    """Compare the prunable weights of two tickets of one architecture.

    Args:
        a: The earlier ticket, to which distances are relative.
        b: The later one.

    Returns:
        `layers` (by name) and `total`, each with `prunable`, `kept_a`, `kept_b`, `kept_both`,
        `kept_either` (counts), `mask_iou` (kept in both / kept in either), `sign_flips` and
        `sign_agreement` (count and fraction, of the weights kept in both), `relative_distance`
        (||b - a|| / ||a||, L2, over weights kept in either) and `cosine_distance` (over the same).
        A ratio whose denominator is zero is None.

    Raises:
        SparsetoolError: Other prunable layers, or masks without weights.
    """
    need_weights(a, "diff")
    need_weights(b, "diff")
    same_tensors(plain_shapes(a.shapes), plain_shapes(b.shapes), "the second ticket")
    total = Sums()
    layers = {}
    for name in a.prunable:
        layer = _sums(a, b, name)
        total.add(layer)
        layers[name] = layer.figures()
    return {"layers": layers, "total": total.figures()}


def _sums(a: Ticket, b: Ticket, name: str) -> Sums:
    """Everything about one layer, a block of weights at a time."""
    found = Sums(size=a.weights[name].size)
    weight_a, weight_b = a.weights[name].reshape(-1), b.weights[name].reshape(-1)
    mask_a, mask_b = _flat_mask(a.masks, name), _flat_mask(b.masks, name)
    for block in blocks(found.size):
        x, y = weight_a[block].astype(np.float64), weight_b[block].astype(np.float64)
        one = mask_a[block] if mask_a is not None else np.ones(x.size, dtype=bool)
        two = mask_b[block] if mask_b is not None else np.ones(x.size, dtype=bool)
        both = one & two
        found.kept_a += int(np.count_nonzero(one))
        found.kept_b += int(np.count_nonzero(two))
        found.kept_both += int(np.count_nonzero(both))
        found.flips += int(np.count_nonzero((np.sign(x) != np.sign(y)) & both))
        # Off both masks both are zero: sums over everything are sums over what either keeps.
        found.aa += float(np.square(x).sum())
        found.bb += float(np.square(y).sum())
        found.ab += float((x * y).sum())
        found.dd += float(np.square(y - x).sum())
    found.kept_either = found.kept_a + found.kept_b - found.kept_both
    return found


def _flat_mask(masks: Mapping[str, np.ndarray], name: str) -> np.ndarray | None:
    return masks[name].reshape(-1) if name in masks else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

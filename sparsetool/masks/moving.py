"""Choosing what one update of moving masks drops and grows: exact counts, ties by position."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..ticket.draws import Draws
from .selection import Arrays, floors_for, highest, with_floors


def largest(weights: Arrays, keep: int, masks: Arrays) -> dict[str, np.ndarray]:
    """Of the weights that masks keep, the `keep` largest magnitudes of all layers together.

    Every layer that has weights keeps one at least, so that none falls silent.

    Args:
        weights: Weights by name.
        keep: How many to keep in all.
        masks: Where weights may live, bool, by name.
    """
    scores = {name: np.abs(weights[name]) for name in masks}
    room = {name: int(np.count_nonzero(mask)) for name, mask in masks.items()}
    return with_floors(scores, keep, floors_for(keep, room, 1), masks)


def kept_after(mask: np.ndarray, scores: np.ndarray, drop: int) -> np.ndarray:
    """A layer's mask without the `drop` lowest scores of those that it keeps."""
    keep = int(np.count_nonzero(mask)) - drop
    return highest({"": scores}, keep, {"": mask})[""]


def grown_by(mask: np.ndarray, scores: np.ndarray, grow: int) -> np.ndarray:
    """A layer's mask with the `grow` highest scores of those that it does not keep."""
    return mask | highest({"": scores}, grow, {"": ~mask})[""]


def grown_at_random(mask: np.ndarray, among: np.ndarray, grow: int, draws: Draws) -> np.ndarray:
    """A layer's mask with `grow` of the weights in `among`, each as likely as any other."""
    places = np.flatnonzero(among)
    found = mask.copy()
    found.reshape(-1)[places[draws.permutation(len(places))[:grow]]] = True
    return found


def empty_layers(masks: Arrays, before: Mapping[str, np.ndarray]) -> list[str]:
    """Layers that keep nothing and kept something before."""
    return [name for name, mask in masks.items() if not mask.any() and before[name].any()]

"""What moving masks did in a cycle, counted: for its record, and for its training FLOPs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

COUNTS = ("updates", "grown", "dropped", "dense_steps")


class Spent:
    """Counts over the steps of one cycle.

    Args:
        names: Names of the layers.
        masks: Their masks at the beginning, bool.

    Attributes:
        counts: Updates that changed a mask; weights that they grew and dropped, in all; steps that
            gave the gradients of all weights.
        kept: By layer, the examples seen times the weights kept at the time.
        gradient: By layer, the examples seen times the weights that got a gradient.
        ever: By layer, which weights were ever kept, bool.
    """

    def __init__(self, names: Iterable[str], masks: Mapping[str, Tensor]) -> None:
        self.names = tuple(names)
        self.counts = dict.fromkeys(COUNTS, 0)
        self.kept = dict.fromkeys(self.names, 0)
        self.gradient = dict.fromkeys(self.names, 0)
        self.ever = {name: masks[name].clone() for name in self.names}

    def remember(self, masks: Mapping[str, Tensor]) -> None:
        """Count what masks keep as kept."""
        for name, ever in self.ever.items():
            ever |= masks[name]

    def charge(
        self, examples: int, kept: Mapping[str, int], wanted: Mapping[str, int], dense: bool
    ) -> None:
        """Count a step.

        Args:
            examples: Its examples.
            kept: Weights kept, by layer.
            wanted: Weights that got a gradient, by layer.
            dense: Whether these were all.
        """
        self.counts["dense_steps"] += dense
        for name in self.names:
            self.kept[name] += examples * kept[name]
            self.gradient[name] += examples * wanted[name]

    def achieved(self) -> dict[str, Any]:
        """What a record says of it."""
        return {
            **self.counts,
            "ever_kept": sum(int(mask.count_nonzero()) for mask in self.ever.values()),
            "kept_examples": list(self.kept.values()),
            "gradient_examples": list(self.gradient.values()),
        }

    def state(self) -> dict[str, np.ndarray]:
        """All that `restore` needs."""
        found = {f"update/ever/{name}": mask.cpu().numpy() for name, mask in self.ever.items()}
        for key, values in (
            ("counts", self.counts),
            ("kept", self.kept),
            ("gradient", self.gradient),
        ):
            found[f"update/spent/{key}"] = np.array(list(values.values()), dtype=np.int64)
        return found

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take up a state that `state` gave."""
        for key in ("counts", "kept", "gradient"):
            held: dict[str, int] = getattr(self, key)
            held |= zip(held, map(int, arrays[f"update/spent/{key}"]), strict=True)
        for name, mask in self.ever.items():
            mask.copy_(torch.from_numpy(np.array(arrays[f"update/ever/{name}"])))

"""Predictions against labels: among the first five, by class, calibrated."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

FIRST = 5
BINS = 15


class Answers:
    """Counts over the batches of one pass, kept on the device until asked for.

    A label is among the first five where fewer than five classes have a larger logit, ties going
    to the lower class. The expected calibration error is the sum over bins of
    |B| / N * |accuracy(B) - confidence(B)|, where a bin holds the examples whose confidence (the
    largest softmax probability) lies in ((m - 1) / 15, m / 15].

    Reference: Guo, Pleiss, Sun, Weinberger, 2017, "On calibration of modern neural networks",
    equation 3, with its 15 bins of equal width.

    Args:
        classes: How many logits there are.
        device: Where logits come from (MPS has no float64: its counts live on the CPU).
        per_class: Whether to count each class, too.
    """

    def __init__(self, classes: int, device: str | torch.device, per_class: bool = False) -> None:
        where = "cpu" if str(device).startswith("mps") else device
        self.classes, self.per_class, self.where = classes, per_class, where
        self.examples = 0
        self.among = torch.zeros((), dtype=torch.int64, device=where)
        # Of each bin the sum of (right - confidence), whose size is |B| times the bin's gap.
        self.gaps = torch.zeros(BINS, dtype=torch.float64, device=where)
        self.labels = torch.zeros(classes, dtype=torch.int64, device=where)
        self.right = torch.zeros_like(self.labels)

    def add(self, logits: Tensor, labels: Tensor) -> None:
        """Count a batch: logits float [B, classes], labels int64 [B]."""
        logits, labels = logits.detach().to(self.where), labels.to(self.where)
        self.examples += len(labels)
        right = logits.argmax(1) == labels
        if self.classes > FIRST:
            own = logits.gather(1, labels[:, None])
            lower = torch.arange(logits.shape[1], device=self.where) < labels[:, None]
            ahead = (logits > own) | ((logits == own) & lower)
            self.among += (ahead.sum(1) < FIRST).sum()
        confidence = logits.double().softmax(1).amax(1)
        index = torch.ceil(confidence * BINS).long().clamp(1, BINS) - 1
        inside = index[:, None] == torch.arange(BINS, device=self.where)
        self.gaps += torch.where(inside, (right.double() - confidence)[:, None], 0.0).sum(0)
        if self.per_class:
            of = labels[:, None] == torch.arange(self.classes, device=self.where)
            self.labels += of.sum(0)
            self.right += (of & right[:, None]).sum(0)

    def figures(self) -> dict[str, Any]:
        """The fractions `accuracy_top5` (of more than five classes) and `ece`.

        With `per_class` also `class_accuracy`: of each class's examples the fraction that is right,
        None where it has none.
        """
        found: dict[str, Any] = {}
        if self.classes > FIRST:
            found["accuracy_top5"] = int(self.among) / self.examples
        found["ece"] = float(self.gaps.abs().sum()) / self.examples
        if self.per_class:
            pairs = zip(self.right.tolist(), self.labels.tolist(), strict=True)
            found["class_accuracy"] = [right / count if count else None for right, count in pairs]
        return found

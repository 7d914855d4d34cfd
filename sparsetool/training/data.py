"""A data set on the device as one tensor, its batches by index, augmented in the batch.

Images are uint8 [N, H, W, C] (channels last, so that a crop gathers whole pixels); a batch becomes
float [B, C, H, W] in channels-last layout, normalised. Order and augmentation of an epoch come from
keyed draws, so that a run resumed in the middle of an epoch sees what it would have seen.

Shapes: N examples, B batch, C channels, H height, W width, P padding on each side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .. import registry
from ..datasets import Facts, data_root
from ..draws import Draws
from ..errors import UsageError
from ..sparsity.counts import kept_for
from .settings import facts_of

SPLITS = ("train", "val", "test")
EVAL_BATCH = 500  # fixed, because it may change rounding and `eval` reproduces a lineage's figures


@dataclass(frozen=True)
class Examples:
    """Examples of one split on the device.

    Attributes:
        images: uint8 [N, H, W, C].
        labels: int64 [N].
        scale: float [C], multiplies raw pixels.
        shift: float [C], added after.
    """

    images: Tensor
    labels: Tensor
    scale: Tensor
    shift: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def normalised(self, pixels: Tensor) -> Tensor:
        """uint8 [B, H, W, C] to float32 [B, C, H, W], channels last."""
        return torch.addcmul(self.shift, pixels.float(), self.scale).permute(0, 3, 1, 2)

    def batches(self, size: int = EVAL_BATCH) -> Iterator[tuple[Tensor, Tensor]]:
        """All examples in order, unaugmented: images float [B, C, H, W] and labels int64 [B]."""
        for begin in range(0, len(self), size):
            part = slice(begin, begin + size)
            yield self.normalised(self.images[part]), self.labels[part]

    def first(self, count: int, seed: int = 0) -> Examples:
        """A fixed sample: the first `count` of a fixed permutation, the same for every ticket."""
        count = min(count, len(self))
        chosen = np.sort(Draws(seed, "order", name="sample").permutation(len(self))[:count])
        index = torch.from_numpy(chosen).to(self.labels.device)
        return Examples(self.images[index], self.labels[index], self.scale, self.shift)


class Epoch:
    """The batches of one training epoch, by index.

    Args:
        examples: The training examples, padded by `facts.pad` (see `padded`).
        facts: The data set's facts.
        seed: Key of the draws.
        epochs: Epochs trained before this one, in all.
        batch_size: Examples in a step.
    """

    def __init__(
        self, examples: Examples, facts: Facts, seed: int, epochs: int, batch_size: int
    ) -> None:
        count = len(examples)
        device = examples.labels.device
        self.examples, self.facts, self.batch_size = examples, facts, batch_size
        self.order = torch.from_numpy(Draws(seed, "order", epochs).permutation(count)).to(device)
        draws = Draws(seed, "augmentation", epochs)
        _, height, width = facts.input
        offsets = draws.integers(2 * facts.pad + 1, 2 * count).reshape(2, count)
        rows = offsets[0][:, None] + np.arange(height)
        columns = offsets[1][:, None] + np.arange(width)
        if facts.flip:
            flipped = draws.integers(2, count) == 1
            columns[flipped] = columns[flipped, ::-1]
        self.rows = torch.from_numpy(rows).to(device)
        self.columns = torch.from_numpy(columns).to(device)

    def __len__(self) -> int:
        return -(-len(self.examples) // self.batch_size)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """The `step`-th batch: images float [B, C, H, W], channels last, and labels int64 [B]."""
        part = slice(step * self.batch_size, (step + 1) * self.batch_size)
        index = self.order[part]
        examples = self.examples
        if not (self.facts.pad or self.facts.flip):
            return examples.normalised(examples.images[index]), examples.labels[index]
        rows, columns = self.rows[part], self.columns[part]
        pixels = examples.images[index[:, None, None], rows[:, :, None], columns[:, None, :]]
        return examples.normalised(pixels), examples.labels[index]


def padded(examples: Examples, pad: int) -> Examples:
    """Examples with `pad` black pixels on each side: images uint8 [N, H + 2P, W + 2P, C]."""
    if not pad:
        return examples
    images = torch.nn.functional.pad(examples.images, (0, 0, pad, pad, pad, pad))
    return Examples(images, examples.labels, examples.scale, examples.shift)


class DataSet:
    """A data set by name, its splits read when first asked for.

    Args:
        name: `NAME` or `NAME:ARGUMENT`.
        root: Folder of data sets as given, or None.
        device: Where the tensors live.
        seed: Key of the draws of `val` and `label_noise`.
        val: Fraction of the training split held out, or None.
        label_noise: Fraction of training labels permuted, or None.
    """

    def __init__(
        self,
        name: str,
        root: str | None = None,
        device: str = "cpu",
        seed: int = 0,
        val: str | None = None,
        label_noise: str | None = None,
    ) -> None:
        self.name, self.device, self.seed = name, device, seed
        self.val, self.label_noise = val, label_noise
        self.facts = facts_of(name)
        self.root: Path = data_root(root)
        self._member, self._argument = registry.split(name)
        self._splits: dict[str, Examples] = {}
        self.wrong_labels = 0

    def split(self, name: str) -> Examples:
        """One split's examples, on the device.

        Raises:
            UsageError: An unknown split, or `val` where nothing was held out.
            SparsetoolError: The data are not there or damaged.
        """
        if name not in SPLITS:
            raise UsageError(f"unknown split '{name}': {registry.nearest(name, SPLITS)}")
        if name not in self._splits:
            self._read("test" if name == "test" else "train")
        if name not in self._splits:
            raise UsageError("nothing was held out for validation: train with --val FRACTION")
        return self._splits[name]

    def _read(self, split: str) -> None:
        member = registry.load("datasets", self._member)
        images, labels = member.load(self._argument, self.root, split)
        if split == "test":
            self._splits["test"] = self._examples(images, labels)
            return
        if self.label_noise is not None:
            labels, self.wrong_labels = with_noise(labels, self.label_noise, self.seed)
        if self.val is None:
            self._splits["train"] = self._examples(images, labels)
            return
        held = held_out(len(labels), self.val, self.seed)
        self._splits["train"] = self._examples(images[~held], labels[~held])
        self._splits["val"] = self._examples(images[held], labels[held])

    def _examples(self, images: np.ndarray, labels: np.ndarray) -> Examples:
        """uint8 [N, C, H, W] and int64 [N] to tensors on the device."""
        mean, std = torch.tensor(self.facts.mean), torch.tensor(self.facts.std)
        pixels = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 2, 3, 1)))
        return Examples(
            pixels.to(self.device),
            torch.from_numpy(np.array(labels, dtype=np.int64)).to(self.device),
            (1.0 / (255.0 * std)).to(self.device),
            (-mean / std).to(self.device),
        )


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

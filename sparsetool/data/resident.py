"""A data set on the device as one tensor, its batches by index, augmented in the batch.

Images are uint8 [N, H, W, C] (channels last, so that a crop gathers whole pixels); a batch becomes
float [B, C, H, W] in channels-last layout, normalised. Text is tokens int64 [N, T], as they are,
with a label for every place. Order and augmentation of an epoch come from
keyed draws, so that a run resumed in the middle of an epoch sees what it would have seen. What does
not fit so is a `streaming.Stream`, which offers the same.

Shapes: N examples, B batch, C channels, H height, W width, P padding on each side, T tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..compute.progress import counted
from ..compute.ranks import ALONE, Ranks
from ..errors import SparsetoolError, UsageError, nearest
from ..plugins.datasets import Arrays, Facts, Streamed, data_root, is_text
from ..ticket.draws import Draws, Seeds
from .facts import facts_of
from .naming import located
from .splits import held_out, with_noise
from .streaming import Photographs, Stream, normalised

SPLITS = ("train", "val", "test")
EVAL_BATCH = 500  # fixed, because it may change rounding and `eval` reproduces a lineage's figures


@dataclass(frozen=True)
class Examples:
    """Examples of one split on the device.

    Attributes:
        images: uint8 (or float) [N, H, W, C]; tokens int64 [N, T].
        labels: int64 [N]; of tokens [N, T].
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
        """Raw [B, H, W, C] to float32 [B, C, H, W], channels last; tokens as they are."""
        return pixels if pixels.dim() == 2 else normalised(pixels, self.scale, self.shift)

    def batches(
        self, size: int = EVAL_BATCH, ranks: Ranks = ALONE
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """All examples in order, unaugmented: images float [B, C, H, W] and labels int64 [B].

        With several ranks, which take turns, the batches of this one.
        """
        begins = range(ranks.rank * size, len(self), ranks.size * size)
        for begin in counted(begins, "batch", len(begins)):
            part = slice(begin, begin + size)
            yield self.normalised(self.images[part]), self.labels[part]

    def pick(self, index: Tensor) -> Examples:
        """These examples, in this order; `index` int64 [M]."""
        index = index.to(self.labels.device)
        return replace(self, images=self.images[index], labels=self.labels[index])

    def first(self, count: int, seed: int = 0) -> Examples:
        """A fixed sample: the first `count` of a fixed permutation, the same for every ticket."""
        order = Draws(seed, "order", name="sample").permutation(len(self))
        return self.pick(torch.from_numpy(np.sort(order[:count])))

    def for_training(self, facts: Facts) -> Examples:
        """These examples, ready for `epoch`: padded."""
        return padded(self, facts.pad)

    def epoch(
        self, facts: Facts, seed: int | Seeds, epochs: int, batch_size: int, ranks: Ranks = ALONE
    ) -> Epoch:
        """The batches of one training epoch (see `Epoch`)."""
        return Epoch(self, facts, seed, epochs, batch_size, ranks)


class Epoch:
    """The batches of one training epoch, by index.

    Args:
        examples: The training examples, padded by `facts.pad` (see `padded`).
        facts: The data set's facts.
        seed: Key of the draws, or one for each kind.
        epochs: Epochs trained before this one, in all.
        batch_size: Examples in a step, of all ranks together.
        ranks: Who shares each batch.
    """

    def __init__(
        self,
        examples: Examples,
        facts: Facts,
        seed: int | Seeds,
        epochs: int,
        batch_size: int,
        ranks: Ranks = ALONE,
    ) -> None:
        count = len(examples)
        device = examples.labels.device
        self.examples, self.facts, self.batch_size = examples, facts, batch_size
        self.ranks = ranks
        seeds = seed if isinstance(seed, Seeds) else Seeds(seed, seed)
        order = Draws(seeds.order, "order", epochs).permutation(count)
        self.order = torch.from_numpy(order).to(device)
        if not (facts.pad or facts.flip):
            return
        draws = Draws(seeds.augmentation, "augmentation", epochs)
        height, width = facts.input[1:]
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
        """This rank's share of the `step`-th batch.

        Images float [B, C, H, W], channels last, and labels int64 [B].
        """
        begin = step * self.batch_size
        own = self.ranks.share(min(self.batch_size, len(self.order) - begin))
        part = slice(begin + own.start, begin + own.stop)
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
        normalize: Mean and deviation instead of the data set's own (see `Ticket.meta`), or None.
    """

    def __init__(
        self,
        name: str,
        root: str | None = None,
        device: str = "cpu",
        seed: int = 0,
        val: str | None = None,
        label_noise: str | None = None,
        normalize: Mapping[str, list[float]] | None = None,
    ) -> None:
        self.name, self.device, self.seed = name, device, seed
        self.val, self.label_noise = val, label_noise
        self.facts = facts_of(name, root)
        if normalize is not None:
            mean, std = tuple(normalize["mean"]), tuple(normalize["std"])
            self.facts = replace(self.facts, mean=mean, std=std)
        self.root: Path = data_root(root)
        self._member, self._argument = located(name, root)
        self._splits: dict[str, Examples | Stream] = {}
        self.wrong_labels = 0

    def split(self, name: str) -> Examples | Stream:
        """One split's examples, on the device.

        Raises:
            UsageError: An unknown split, or `val` where nothing was held out.
            SparsetoolError: The data are not there or damaged.
        """
        if name not in SPLITS:
            raise UsageError(f"unknown split '{name}': {nearest(name, SPLITS)}")
        if name not in self._splits:
            self._read("test" if name == "test" else "train")
        if name not in self._splits:
            raise UsageError("nothing was held out for validation: train with --val FRACTION")
        return self._splits[name]

    def _read(self, split: str) -> None:
        """Read the test split, or the training split with what is held out of it."""
        images: np.ndarray | Photographs
        if isinstance(self._member, Streamed):
            found = self._member.photographs(self._argument, self.root, split)
            images, labels = found if isinstance(found, tuple) else (found, found.labels)
        else:
            assert isinstance(self._member, Arrays)
            images, labels = self._member.load(self._argument, self.root, split)
        if split == "test":
            self._splits["test"] = self._part(images, labels, slice(None))
            return
        if self.label_noise is not None:
            labels, self.wrong_labels = with_noise(labels, self.label_noise, self.seed)
        if self.val is None:
            self._splits["train"] = self._part(images, labels, slice(None))
            return
        held = held_out(len(labels), self.val, self.seed)
        if held.all() or not held.any():
            raise SparsetoolError(
                f"--val {self.val} holds out {np.count_nonzero(held):,} of {len(held):,} training "
                "examples: give a fraction that leaves some on both sides"
            )
        self._splits["train"] = self._part(images, labels, ~held)
        self._splits["val"] = self._part(images, labels, held)

    def _part(
        self, images: np.ndarray | Photographs, labels: np.ndarray, chosen: np.ndarray | slice
    ) -> Examples | Stream:
        """The chosen examples, on the device or read when needed.

        Args:
            images: uint8 (or float, used as it is) [N, C, H, W], tokens [N, T], or what reads them.
            labels: int64 [N] or [N, T].
            chosen: bool [N], or a slice.
        """
        mean, std = torch.tensor(self.facts.mean), torch.tensor(self.facts.std)
        raw = isinstance(images, np.ndarray) and images.dtype != np.uint8
        scale = (1.0 / ((1.0 if raw else 255.0) * std)).to(self.device)
        shift = (-mean / std).to(self.device)
        classes = torch.from_numpy(np.array(labels[chosen], dtype=np.int64)).to(self.device)
        if not isinstance(images, np.ndarray):
            index = np.arange(len(labels))[chosen]
            return Stream(images, index, classes, scale, shift, self.facts.input[1])
        if is_text(self.facts.input):
            return Examples(torch.from_numpy(images[chosen]).to(self.device), classes, scale, shift)
        last = np.ascontiguousarray(images[chosen].transpose(0, 2, 3, 1))
        return Examples(torch.from_numpy(last).to(self.device), classes, scale, shift)

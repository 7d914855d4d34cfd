"""Examples that do not fit on the device as one tensor: read while training, by worker processes.

A `Stream` offers what `data.Examples` offers. Order, boxes and flips come from keyed draws, per
epoch and per example, so that what is seen depends neither on the workers nor on how often a run
was interrupted: an epoch taken up at step s reads nothing of the steps before.

Shapes: N examples, B batch, C channels, H height, W width.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..compute.progress import counted
from ..compute.ranks import ALONE, Ranks
from ..errors import SparsetoolError
from ..plugins.datasets import Facts
from ..ticket.draws import Draws, Seeds
from .crops import WHOLE, Box, View

EVAL_BATCH = 100  # fixed, as for resident examples, but smaller: photographs are large
CHUNK = 32  # examples handed over at once: the first batch comes soon, shared memory is spared
MOST_WORKERS = 16


class Photographs(Protocol):
    """One split of a data set that is read one example at a time (see `datasets`)."""

    labels: np.ndarray

    def cropped(self, index: int, choose: Callable[[int, int], Box], side: int) -> np.ndarray:
        """The part of an example that `choose(height, width)` names: uint8 [side, side, C]."""

    def centred(self, index: int, side: int, whole: int) -> np.ndarray:
        """Its centre when its shorter side is resized to `whole` pixels: uint8 [side, side, C]."""


def normalised(pixels: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Raw pixels [B, H, W, C] times `scale` plus `shift`: float32 [B, C, H, W], channels last."""
    return torch.addcmul(shift, pixels.float(), scale).permute(0, 3, 1, 2)


@dataclass(frozen=True)
class Stream:
    """Examples of one split, read when they are needed.

    Attributes:
        source: Reads one example.
        index: Places of the examples in the source, int64 [N], on the CPU.
        labels: int64 [N], on the device.
        scale: float [C], multiplies raw pixels.
        shift: float [C], added after.
        side: Height and width of a view, pixels.
    """

    source: Photographs
    index: np.ndarray
    labels: Tensor
    scale: Tensor
    shift: Tensor
    side: int

    def __len__(self) -> int:
        return len(self.labels)

    def batches(
        self, size: int = EVAL_BATCH, ranks: Ranks = ALONE
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """All examples in order, unaugmented: images float [B, C, H, W] and labels int64 [B].

        With several ranks, which take turns, the batches of this one.
        """
        parts = np.split(np.arange(len(self)), range(size, len(self), size))
        parts = parts[ranks.rank :: ranks.size]
        read = zip(parts, self.read(parts, None), strict=True)
        for part, pixels in counted(read, "batch", len(parts)):
            yield self._ready(pixels), self.labels[int(part[0]) : int(part[-1]) + 1]

    def pick(self, index: Tensor) -> Stream:
        """These examples, in this order; `index` int64 [M]."""
        chosen = self.index[index.cpu().numpy()]
        return replace(self, index=chosen, labels=self.labels[index.to(self.labels.device)])

    def first(self, count: int, seed: int = 0) -> Stream:
        """A fixed sample: the first `count` of a fixed permutation, the same for every ticket."""
        order = Draws(seed, "order", name="sample").permutation(len(self))
        return self.pick(torch.from_numpy(np.sort(order[:count])))

    def for_training(self, facts: Facts) -> Stream:
        """These examples, ready for `epoch`."""
        return self

    def epoch(
        self, facts: Facts, seed: int | Seeds, epochs: int, batch_size: int, ranks: Ranks = ALONE
    ) -> StreamEpoch:
        """The batches of one training epoch (see `StreamEpoch`)."""
        return StreamEpoch(self, seed, epochs, batch_size, ranks)

    def read(
        self, parts: Sequence[np.ndarray], key: tuple[int, int] | None
    ) -> Iterator[list[Tensor]]:
        """Pixels of each part in turn, as pieces uint8 [b, H, W, C] that make it up.

        Args:
            parts: Positions in this stream, int64 [B] each.
            key: Seed and epochs of the augmentation; None for central views.

        Raises:
            SparsetoolError: An example cannot be read, or a worker died.
        """
        pieces = [np.split(part, range(CHUNK, len(part), CHUNK)) for part in parts]
        loader = DataLoader(
            _Views(self.source, self.side, key),
            batch_size=None,
            sampler=[self.index[piece] for several in pieces for piece in several],
            num_workers=min(MOST_WORKERS, torch.get_num_threads()),
            worker_init_fn=_start_worker,
            generator=torch.Generator(),  # else it would draw from the one that dropout uses
        )
        try:
            given = iter(loader)
            for several in pieces:
                yield [_pixels(next(given)) for _ in several]
        except RuntimeError as error:  # so DataLoader says that a worker was killed
            raise SparsetoolError(f"a process that reads photographs ended: {error}") from None

    def _ready(self, pieces: list[Tensor]) -> Tensor:
        """Pieces uint8 [b, H, W, C] as one batch, on the device and normalised."""
        pixels = torch.cat(pieces).to(self.labels.device, non_blocking=True)
        return normalised(pixels, self.scale, self.shift)


class StreamEpoch:
    """The batches of one training epoch, read ahead from whichever step is asked for first.

    Args:
        stream: The training examples.
        seed: Key of the draws, or one for each kind.
        epochs: Epochs trained before this one, in all.
        batch_size: Examples in a step, of all ranks together.
        ranks: Who shares each batch.
    """

    def __init__(
        self,
        stream: Stream,
        seed: int | Seeds,
        epochs: int,
        batch_size: int,
        ranks: Ranks = ALONE,
    ) -> None:
        self.stream, self.batch_size, self.ranks = stream, batch_size, ranks
        seeds = seed if isinstance(seed, Seeds) else Seeds(seed, seed)
        self.order = Draws(seeds.order, "order", epochs).permutation(len(stream))
        self._key = seeds.augmentation, epochs
        self._next = -1
        self._reading: Iterator[list[Tensor]] = iter(())

    def __len__(self) -> int:
        return -(-len(self.stream) // self.batch_size)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """This rank's share of the `step`-th batch.

        Images float [B, C, H, W], channels last, and labels int64 [B].
        """
        if step != self._next:
            parts = [self._part(later) for later in range(step, len(self))]
            self._reading = self.stream.read(parts, self._key)
        self._next = step + 1
        index = torch.from_numpy(self._part(step))
        labels = self.stream.labels[index.to(self.stream.labels.device)]
        return self.stream._ready(next(self._reading)), labels

    def _part(self, step: int) -> np.ndarray:
        """This rank's examples of a step, int64 [B]."""
        whole = self.order[step * self.batch_size : (step + 1) * self.batch_size]
        return whole[self.ranks.share(len(whole))]


class _Views(Dataset[Tensor | str]):
    """What a worker does: the views of some examples as one tensor, or what went wrong."""

    def __init__(self, source: Photographs, side: int, key: tuple[int, int] | None) -> None:
        self.source, self.side, self.key = source, side, key

    def __getitem__(self, examples: np.ndarray) -> Tensor | str:
        """Pixels uint8 [b, H, W, C] of examples of the source, by index."""
        try:
            return torch.from_numpy(np.stack([self._view(int(index)) for index in examples]))
        except SparsetoolError as error:
            # An exception would arrive with the worker's traceback wrapped into its message.
            return str(error)

    def _view(self, index: int) -> np.ndarray:
        if self.key is None:
            return self.source.centred(index, self.side, round(self.side * WHOLE))
        view = View(*self.key, index)
        pixels = self.source.cropped(index, view.box, self.side)
        return pixels[:, ::-1] if view.flipped else pixels


def _pixels(piece: Tensor | str) -> Tensor:
    if isinstance(piece, str):
        raise SparsetoolError(piece)
    return piece


def _start_worker(number: int) -> None:
    """Leave signals to the process that trains: it stops at a batch boundary and ends its workers.

    Slurm and Ctrl-C signal every process of a group; a worker that died first would be an error.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)

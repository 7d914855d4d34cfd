"""How fast this machine trains a network: a few real steps on noise in a data set's shape.

For plans, which must not need the data, nor take longer than some seconds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from ..compute.device import place
from ..data.resident import DataSet
from ..networks.init import init
from ..plugins.datasets import Facts, is_text
from ..training.loop import Learner
from ..training.settings import resolve

STEPS = 5  # timed ones; the first, which allocates, is not
SIZES = (8, 64)  # examples in the steps that are tried before those of the real size
PATIENCE = 4.0  # seconds that a step may take to be tried


@dataclass(frozen=True)
class Speed:
    """How fast a network trains.

    Attributes:
        example: Seconds that training takes for one example, as part of a step.
        device: Where: `cpu`, `cuda` or `mps`.
    """

    example: float
    device: str


class Noise(DataSet):
    """A data set of random images or tokens in the place of the real one, as many as are needed."""

    def __init__(self, name: str, device: str, count: int) -> None:
        super().__init__(name, None, device)
        self.count = count

    def _read(self, split: str) -> None:
        random = np.random.default_rng(0)
        facts: Facts = self.facts
        shape = (self.count, *facts.input)
        if is_text(facts.input):
            images, labels = (random.integers(0, facts.classes, shape) for _ in range(2))
        else:
            images = random.integers(0, 256, shape, dtype=np.uint8)
            labels = random.integers(0, facts.classes, self.count)
        self._splits[split] = self._part(images, labels, slice(None))


def speed(model: str, data: str, asked: Mapping[str, Any] | None = None) -> Speed:
    """Time some steps of training.

    Where a step of the real size would take long, its time is told from a smaller one. The best
    of all counts, because others use the machine too.

    Args:
        model: `NAME` or `NAME:ARGUMENT`.
        data: Data set by name; its facts alone are needed.
        asked: Fields of `Settings` that were asked for.
    """
    ticket = init(model, data=data)
    settings = resolve(ticket, asked or {})
    where = place(
        tuple(ticket.meta["input"]), settings.device, settings.precision, settings.threads
    )
    example = math.inf
    for size in (*(size for size in SIZES if size < settings.batch_size), settings.batch_size):
        if example * size < PATIENCE or example == math.inf:
            noise = Noise(data, where.device, size * (STEPS + 1))
            with where.entered():
                learner = Learner(ticket, replace(settings, batch_size=size), 0, noise, where)
                example = min(example, _step(learner) / size)
    return Speed(example, where.kind)


def _step(learner: Learner) -> float:
    """Seconds of a step, the shortest of some."""
    times: list[float] = []

    def pause() -> bool:
        if learner.where.kind == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter())
        return len(times) > 2 and times[-1] - times[0] > STEPS * PATIENCE

    if learner.run_epoch(pause):
        pause()
    return min(after - before for before, after in pairwise(times[1:]))

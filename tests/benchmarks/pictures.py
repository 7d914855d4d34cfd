"""Made-up pictures in the form of CIFAR-10, for benchmarks that need no real ones."""

from __future__ import annotations

import os

import numpy as np


def pictures() -> dict[str, object]:
    """`PICTURES` (2,048) training and a few test images, uint8 [N, 3, 32, 32]."""
    count = int(os.environ.get("PICTURES", "2048"))
    draws = np.random.default_rng(0)

    def part(size: int) -> tuple[np.ndarray, np.ndarray]:
        images = draws.integers(0, 256, (size, 3, 32, 32), dtype=np.uint8)
        return images, draws.integers(0, 10, size)

    mean, std = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
    recipe = {"batch_size": 512, "epochs": 1, "lr": 0.1, "momentum": 0.9, "weight_decay": 1e-4}
    facts = {"classes": 10, "mean": mean, "std": std, "pad": 4, "flip": True}
    return {"train": part(count), "test": part(500), **facts, **recipe}

"""TensorBoard: event files in a folder, `tensorboard` where none is named.

Each run has a folder of its own in it, by its key. A run that goes on writes its lines anew and
hides those of its earlier files.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...plugins.trackers import Log

PACKAGE = "tensorboard"


@contextlib.contextmanager
def track(place: str, run: str, about: Mapping[str, Any]) -> Iterator[Log]:
    """Open a run; what is given writes the figures of an epoch.

    Args:
        place: Folder; empty for `tensorboard`.
        run: The run's key.
        about: What is trained.
    """
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(Path(place or "tensorboard", run[:12])), purge_step=0)
    writer.add_text("run", "\n\n".join(f"{key}: {value}" for key, value in about.items()))

    def log(epochs: int, figures: Mapping[str, float]) -> None:
        for name, value in figures.items():
            writer.add_scalar(name, value, epochs)
        writer.flush()

    try:
        yield log
    finally:
        writer.close()

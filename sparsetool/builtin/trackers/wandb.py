"""Weights & Biases: a project, `sparsetool` where none is named.

A run goes on under the same identifier, its key. `WANDB_MODE=offline` keeps it in the folder
`wandb` until `wandb sync`; other settings are W&B's own, by its environment.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from ...plugins.trackers import Log

PACKAGE = "wandb"


@contextlib.contextmanager
def track(place: str, run: str, about: Mapping[str, Any]) -> Iterator[Log]:
    """Open a run; what is given writes the figures of an epoch.

    Args:
        place: Project; empty for `sparsetool`.
        run: The run's key.
        about: What is trained.
    """
    import wandb  # type: ignore[import-not-found,unused-ignore]

    project, name = place or "sparsetool", run[:12]
    held = wandb.init(project=project, id=name, name=name, resume="allow", config=dict(about))

    def log(epochs: int, figures: Mapping[str, float]) -> None:
        if epochs >= held.step:  # a server knows the earlier ones already
            held.log(dict(figures), step=epochs)

    try:
        yield log
    finally:
        held.finish()

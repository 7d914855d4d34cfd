"""Trackio (Hugging Face): a project, `sparsetool` where none is named.

It keeps runs in a folder of its own (`TRACKIO_DIR`) and shows them by `trackio show`. A run that
goes on does so under the same name, its key; epochs that it trains again are there twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from ...plugins.trackers import Log

PACKAGE = "trackio"
GOES_ON = True  # it is given new lines alone


@contextlib.contextmanager
def track(place: str, run: str, about: Mapping[str, Any]) -> Iterator[Log]:
    """Open a run; what is given writes the figures of an epoch.

    Args:
        place: Project; empty for `sparsetool`.
        run: The run's key.
        about: What is trained.
    """
    import trackio  # type: ignore[import-not-found,unused-ignore]

    trackio.init(project=place or "sparsetool", name=run[:12], resume="allow", config=dict(about))

    def log(epochs: int, figures: Mapping[str, float]) -> None:
        trackio.log(dict(figures), step=epochs)

    try:
        yield log
    finally:
        trackio.finish()

"""One layer's mask as an image: kept weights dark, pruned ones light."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...errors import SparsetoolError, UsageError, nearest
from ...plugins.plots import Axis, Figure, Panel, View
from ...ticket.value import Ticket

READS = "tickets"
TAKES = ("layer",)


def figure(sources: Sequence[tuple[str, Ticket]], view: View) -> Figure:
    """One panel per ticket: output channels down, input channels across, each kernel as a tile.

    The layer is `view.layer`, by default the first masked one.

    Raises:
        UsageError: A ticket has no such layer.
        SparsetoolError: A ticket is dense.
    """
    return Figure(tuple(_panel(file, ticket, view.layer) for file, ticket in sources))


def _panel(file: str, ticket: Ticket, asked: str | None) -> Panel:
    if not ticket.masks:
        raise SparsetoolError(f"{file} has no mask: it is dense")
    masked = [name for name in ticket.prunable if name in ticket.masks]
    name = masked[0] if asked is None else asked
    if name not in masked:
        raise UsageError(f"{file} has no masked layer '{name}': {nearest(name, masked)}")
    mask = ticket.masks[name]
    image, cell = tiles(mask)
    words = f"{Path(file).stem}: {name}, {int(mask.sum()):,} of {mask.size:,} kept"
    return Panel(
        Axis("input", "input channel" if mask.ndim > 2 else "input"),
        Axis("output", "output channel" if mask.ndim > 2 else "output"),
        image=image,
        cell=cell,
        title=words,
    )


def tiles(mask: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
    """A mask as a flat image.

    Args:
        mask: Booleans [out, in] or [out, in, height, width] (or any [out, ...]).

    Returns:
        Booleans [out * height, in * width], and height and width of one kernel.

    Example:
        >>> image, cell = tiles(np.arange(8).reshape(1, 2, 2, 2) < 4)
        >>> image.astype(int).tolist(), cell
        ([[1, 1, 0, 0], [1, 1, 0, 0]], (2, 2))
    """
    if mask.ndim != 4:
        return mask.reshape(mask.shape[0], -1), (1, 1)
    out, into, height, width = mask.shape
    return mask.transpose(0, 2, 1, 3).reshape(out * height, into * width), (height, width)

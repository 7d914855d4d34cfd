"""Density of every prunable layer, one line per ticket."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...errors import SparsetoolError
from ...plugins.plot_rows import short
from ...plugins.plots import Axis, Figure, Panel, Series, View, axis
from ...ticket.value import Ticket

READS = "tickets"
TAKES = ()


def figure(sources: Sequence[tuple[str, Ticket]], view: View) -> Figure:
    """One panel; layers in model order.

    Raises:
        SparsetoolError: The tickets have different layers.
    """
    names = sources[0][1].prunable
    drawn = []
    known = short(file for file, _ in sources)
    for file, ticket in sources:
        if ticket.prunable != names:
            raise SparsetoolError(
                f"{file} has other layers than {sources[0][0]}: plot them in two pictures"
            )
        kept = list(ticket.kept_by_layer.values())
        sizes = [math.prod(shape) for shape in ticket.shapes.values()]
        density = [k / n for k, n in zip(kept, sizes, strict=True)]
        counts = {"kept": kept, "prunable": sizes}
        drawn.append(Series(known[file], range(len(names)), density, extra=counts))
    x = Axis("layer", "layer, from input to output", ticks=names)
    return Figure((Panel(x, axis("density"), tuple(drawn)),))

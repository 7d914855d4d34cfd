"""Sign flips or sign agreement from ticket to ticket.

Lines of `diff` over a series of tickets: `sign_flips` (weights kept in both whose sign differs)
against the epochs of the later ticket; `--y sign_agreement` draws the fraction that agrees, and
`--y sign_flips,sign_agreement` both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...plugins.plot_rows import only
from ...plugins.plots import Figure, View
from ._grouping import Colours, panel

READS = "rows"
TAKES = ("x", "y", "group")


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """A panel for each figure asked for; by default `sign_flips` against `epochs`."""
    x, names, colours = view.x or "epochs", (view.y or "sign_flips").split(","), Colours()
    return Figure(tuple(panel(only(sources, x, y), x, y, view, colours) for y in names))

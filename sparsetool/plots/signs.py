"""Sign flips or sign agreement from ticket to ticket.

Lines of `diff` over a series of tickets: `sign_flips` (weights kept in both whose sign differs)
against the epochs of the later ticket; `--y sign_agreement` draws the fraction that agrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import Figure, View, only
from ._grouping import panel

READS = "rows"


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel; by default `sign_flips` against `epochs`."""
    x, y = view.x or "epochs", view.y or "sign_flips"
    return Figure((panel(only(sources, x, y), x, y, view),))

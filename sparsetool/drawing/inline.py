"""A figure that a notebook shows by itself: no backend is chosen, and pyplot is not imported."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure as MatplotlibFigure

from ..plugins.plots import Figure
from . import characters


class Inline(MatplotlibFigure):
    """A figure of matplotlib with what it was drawn of, for fronts that show no pictures.

    Attributes:
        source: What is drawn.
    """

    source: Figure

    def _repr_mimebundle_(self, **asked: Any) -> dict[str, Any]:
        png = io.BytesIO()
        self.savefig(png, format="png")
        return {"image/png": png.getvalue(), "text/plain": characters.draw(self.source)}

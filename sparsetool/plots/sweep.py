"""A figure against sparsity, epochs or cost; means over seeds by label.

Lines of `eval` with labels, such as `--label method=lrr --label seed=0`. Shaded is the 95%
confidence interval of the mean over seeds (Student's t); a group of dense tickets is a level across
the picture. With the label `training`, cyclic is solid and standard dotted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import Figure, View, only
from ._grouping import panel

READS = "rows"


def figure(sources: Sequence[Mapping[str, Any]], view: View) -> Figure:
    """One panel; by default `accuracy` against `sparsity`, grouped by the label `method`."""
    x, y = view.x or "sparsity", view.y or "accuracy"
    rows = only(sources, x, y)
    return Figure((panel(rows, x, y, view),))

"""Targets between the label and all classes alike.

Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, 2016, "Rethinking the Inception architecture for computer
vision", CVPR, section 7. A label gets 1 - e, and every class e / K more (the label's own, too). The
training loss is against these targets; figures of splits are against the labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor


def check(*, label_smoothing: float = 0.0) -> None:
    """See that something is left for the label."""
    if not 0 <= label_smoothing < 1:
        raise UsageError(f"--label-smoothing must be in [0, 1), not {label_smoothing:g}")


def batch(
    images: Tensor, targets: Tensor, moment: Moment, *, label_smoothing: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Smooth the targets.

    Args:
        images: Left alone.
        targets: [B, classes].
        moment: Not looked at.
        label_smoothing: Part of every target that goes to all classes, such as 0.1.
    """
    return images, targets * (1 - label_smoothing) + label_smoothing / targets.shape[1]

"""A square of each image becomes the mean colour.

DeVries, Taylor, 2017, "Improved regularization of convolutional neural networks with cutout",
arXiv:1708.04552. The square's centre is drawn evenly over the image, so a part of it may lie
outside; normalised images are zero there. Not to be confused with random erasing, whose box has a
random shape and noise inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor


def check(*, cutout: int = 0) -> None:
    """See that it is a side."""
    if cutout < 0:
        raise UsageError(f"--cutout must not be below 0 pixels, not {cutout}")


def batch(
    images: Tensor, targets: Tensor, moment: Moment, *, cutout: int = 0
) -> tuple[Tensor, Tensor]:
    """Cut a square out of every image.

    Args:
        images: [B, C, H, W], normalised.
        targets: Left alone.
        moment: Gives the draws, one place for each example.
        cutout: Cut a square of this side, in pixels, out of every image.
    """
    import torch

    inside = []
    for size in images.shape[2:]:
        centres = moment.draws.integers(size, moment.examples)[moment.own]
        begins = torch.from_numpy(centres).to(images.device)[:, None] - cutout // 2
        places = torch.arange(size, device=images.device)
        inside.append((places >= begins) & (places < begins + cutout))
    rows, columns = inside
    cut = rows[:, None, :, None] & columns[:, None, None, :]
    return images.masked_fill(cut, 0.0), targets

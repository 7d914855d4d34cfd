"""ResNeXt50 32x4d of torchvision; under 64 pixels with a 3x3 stride-1 stem.

Xie, Girshick, Dollar, Tu, He, 2017, "Aggregated residual transformations for deep neural
networks", CVPR. Its 3x3 convolutions have 32 groups.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNeXt50 for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("resnext50-32x4d", argument)
    return network("resnext50_32x4d", classes, input)

"""ResNet101 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling.

He, Zhang, Ren, Sun, 2016, "Deep residual learning for image recognition", CVPR.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet101 for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("resnet101", argument)
    return network("resnet101", classes, input)

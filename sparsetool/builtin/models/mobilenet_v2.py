"""MobileNetV2 of torchvision; under 64 pixels with the first two strides 1.

Sandler, Howard, Zhu, Zhmoginov, Chen, 2018, "MobileNetV2: inverted residuals and linear
bottlenecks", CVPR.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """MobileNetV2 for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("mobilenet-v2", argument)
    return network("mobilenet_v2", classes, input)

"""MobileNetV3-Small of torchvision; under 64 pixels with the first two strides 1.

Howard et al., 2019, "Searching for MobileNetV3", ICCV.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """MobileNetV3-Small for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("mobilenet-v3-small", argument)
    return network("mobilenet_v3_small", classes, input)

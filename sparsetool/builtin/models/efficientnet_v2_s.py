"""EfficientNetV2-S of torchvision; under 64 pixels with the first two strides 1.

Tan, Le, 2021, "EfficientNetV2: smaller models and faster training", ICML.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """EfficientNetV2-S for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("efficientnet-v2-s", argument)
    return network("efficientnet_v2_s", classes, input)

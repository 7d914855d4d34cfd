"""ResNet34 of torchvision; under 64 pixels with a 3x3 stride-1 stem and no pooling.

21,282,122 parameters on CIFAR-10, 21,265,088 of them prunable in 37 layers.
See `_torchvision_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet34 for `classes` classes; `input` ([channels, height, width]) decides the stem."""
    from ._torchvision_resnet import resnet

    no_argument("resnet34", argument)
    return resnet("resnet34", classes, input)

"""ResNet110 for small images with shortcuts without weights (option A): three stages of 18 blocks.

1,727,962 parameters on three channels and ten classes, 1,719,856 of them prunable in 110 layers.
See `_cifar_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet110 for `classes` classes and images of any size, [channels, height, width]."""
    from ._cifar_resnet import CifarResNet

    no_argument("resnet110-a", argument)
    return CifarResNet(110, classes, input[0], "A")

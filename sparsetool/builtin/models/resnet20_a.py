"""ResNet20 for small images with shortcuts without weights (option A): three stages of 3 blocks.

269,722 parameters on three channels and ten classes, 268,336 of them prunable in 20 layers.
See `_cifar_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet20 for `classes` classes and images of any size, [channels, height, width]."""
    from ._cifar_resnet import CifarResNet

    no_argument("resnet20-a", argument)
    return CifarResNet(20, classes, input[0], "A")

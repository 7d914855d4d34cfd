"""ResNet110 for small images: 3x3 stem, three stages of 18 blocks, projection shortcuts.

1,730,714 parameters on three channels and ten classes, 1,722,416 of them prunable in 112 layers.
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

    no_argument("resnet110", argument)
    return CifarResNet(110, classes, input[0])

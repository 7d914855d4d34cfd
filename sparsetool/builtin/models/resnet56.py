"""ResNet56 for small images: 3x3 stem, three stages of 9 blocks, projection shortcuts.

855,770 parameters on three channels and ten classes, 851,504 of them prunable in 58 layers.
See `_cifar_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet56 for `classes` classes and images of any size, [channels, height, width]."""
    from ._cifar_resnet import CifarResNet

    no_argument("resnet56", argument)
    return CifarResNet(56, classes, input[0])

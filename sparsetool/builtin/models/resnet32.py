"""ResNet32 for small images: 3x3 stem, three stages of 5 blocks, projection shortcuts.

466,906 parameters on three channels and ten classes, 464,432 of them prunable in 34 layers.
See `_cifar_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet32 for `classes` classes and images of any size, [channels, height, width]."""
    from ._cifar_resnet import CifarResNet

    no_argument("resnet32", argument)
    return CifarResNet(32, classes, input[0])

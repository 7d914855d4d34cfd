"""ResNet44 for small images: 3x3 stem, three stages of 7 blocks, projection shortcuts.

661,338 parameters on three channels and ten classes, 657,968 of them prunable in 46 layers.
See `_cifar_resnet` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ResNet44 for `classes` classes and images of any size, [channels, height, width]."""
    from ._cifar_resnet import CifarResNet

    no_argument("resnet44", argument)
    return CifarResNet(44, classes, input[0])

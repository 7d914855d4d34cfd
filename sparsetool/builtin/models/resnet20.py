"""ResNet20 for small images: 3x3 stem, three stages of 3 blocks, projection shortcuts.

272,474 parameters on three channels and ten classes, 270,896 of them prunable in 22 layers;
40,813,184 multiply-accumulates at 32x32.
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

    no_argument("resnet20", argument)
    return CifarResNet(20, classes, input[0])

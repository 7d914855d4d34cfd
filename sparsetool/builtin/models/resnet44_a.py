"""ResNet44 for small images with shortcuts without weights (option A): three stages of 7 blocks.

658,586 parameters on three channels and ten classes, 655,408 of them prunable in 44 layers.
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

    no_argument("resnet44-a", argument)
    return CifarResNet(44, classes, input[0], "A")

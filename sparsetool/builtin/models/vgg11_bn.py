"""VGG11 with batch norm of torchvision; under 64 pixels with one linear layer.

Simonyan, Zisserman, 2015, "Very deep convolutional networks for large-scale image
recognition", ICLR.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """VGG11 with batch norm for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("vgg11-bn", argument)
    return network("vgg11_bn", classes, input)

"""ConvNeXt-Tiny of torchvision; under 64 pixels with a 3x3 stride-1 stem.

Liu, Mao, Wu, Feichtenhofer, Darrell, Xie, 2022, "A ConvNet for the 2020s", CVPR.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ConvNeXt-Tiny for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("convnext-tiny", argument)
    return network("convnext_tiny", classes, input)

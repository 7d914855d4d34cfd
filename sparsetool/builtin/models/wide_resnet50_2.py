"""Wide ResNet50-2 of torchvision; under 64 pixels with a 3x3 stride-1 stem.

Zagoruyko, Komodakis, 2016, "Wide residual networks", BMVC.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """Wide ResNet50-2 for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("wide-resnet50-2", argument)
    return network("wide_resnet50_2", classes, input)

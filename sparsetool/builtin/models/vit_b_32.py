"""ViT-B/32 of torchvision, for square images whose side is a multiple of 32.

Dosovitskiy et al., 2021, "An image is worth 16x16 words", ICLR. See `vit-tiny` for small images.
See `_torchvision_models` for the form on small images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ViT-B/32 for `classes` classes and images of [channels, height, width]."""
    from ._torchvision_models import network

    no_argument("vit-b-32", argument)
    return network("vit_b_32", classes, input)

"""DeiT-Tiny, without its distillation token: patches of 16 pixels, width 192, 12 layers, 3 heads.

5,717,416 parameters for 1000 classes at 224 pixels. For images under 64 pixels see `vit-tiny`.
See `_vit_tiny` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch

PATCH = 16  # pixels


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """DeiT-Tiny for square images of [channels, height, width].

    Raises:
        UsageError: The side is not a multiple of 16 pixels.
    """
    from ._vit_tiny import vit_tiny

    no_argument("deit-tiny", argument)
    _, height, width = input
    if height != width or height % PATCH:
        raise UsageError(
            f"deit-tiny wants square images whose side is a multiple of {PATCH} pixels, not "
            f"{height}x{width}: vit-tiny adapts its patch"
        )
    return vit_tiny(PATCH, classes, input)

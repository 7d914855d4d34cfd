"""ViT-Tiny with patches that fit the image; vit-tiny:P for patches of P pixels.

Without an argument images under 64 pixels are cut into at most 8x8 patches: 4x4 pixels at 28 and
32, single pixels at 8; larger ones into patches of 16. See `_vit_tiny` for the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError

if TYPE_CHECKING:
    import torch

SMALL = 64  # pixels
PATCH = 16  # pixels, on larger images
MOST = 8  # patches along a side of a small image


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """ViT-Tiny for square images of [channels, height, width].

    Raises:
        UsageError: The image is not square or cannot be cut into such patches.
    """
    from ._vit_tiny import vit_tiny

    _, height, width = input
    if argument is not None and not (argument.isascii() and argument.isdecimal()):
        raise UsageError(f"vit-tiny takes the side of a patch in pixels, not '{argument}'")
    patch = int(argument) if argument is not None else _patch(height)
    if height != width or not patch or height % patch:
        raise UsageError(f"vit-tiny cannot cut {height}x{width} pixels into {patch}x{patch} ones")
    return vit_tiny(patch, classes, input)


def _patch(side: int) -> int:
    """The smallest divisor of a small side that leaves few enough patches."""
    if side >= SMALL:
        return PATCH
    return next(p for p in range(1, side + 1) if side % p == 0 and side // p <= MOST)

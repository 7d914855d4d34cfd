"""The tiny vision transformer: width 192, 12 layers, 3 heads, on torchvision's VisionTransformer.

References: Dosovitskiy et al., 2021, "An image is worth 16x16 words", ICLR; the tiny size is that
of Touvron et al., 2021, "Training data-efficient image transformers and distillation through
attention", ICML (DeiT-Ti).
"""

from typing import cast

from torch import nn

from ...compute.torchvision import torchvision
from ._torchvision_models import with_channels

WIDTH, LAYERS, HEADS = 192, 12, 3


def vit_tiny(patch: int, classes: int, input: tuple[int, int, int]) -> nn.Module:
    """The network for `classes` classes and square images cut into patches of `patch` pixels."""
    module = torchvision().models.VisionTransformer(
        image_size=input[1],
        patch_size=patch,
        num_layers=LAYERS,
        num_heads=HEADS,
        hidden_dim=WIDTH,
        mlp_dim=4 * WIDTH,
        num_classes=classes,
    )
    if input[0] != 3:
        with_channels(module, input[0])
    return cast(nn.Module, module)

"""torchvision's residual networks, with the stem for small images where the images are small.

Reference: He, Zhang, Ren, Sun, 2016, "Deep residual learning for image recognition", CVPR,
section 4.1. Images with a side under 64 pixels get the stem that is usual on CIFAR and Tiny
ImageNet: a 3x3 convolution of stride 1 and no pooling; larger ones torchvision's own, a 7x7
convolution of stride 2 and 3x3 max-pooling of stride 2. Everything else is torchvision's.
"""

from typing import cast

from torch import nn

from ...compute.torchvision import torchvision

SMALL = 64  # pixels; images with a shorter side get the small stem


def resnet(name: str, classes: int, input: tuple[int, int, int]) -> nn.Module:
    """torchvision's `name` for `classes` classes and images of [channels, height, width]."""
    module = cast(nn.Module, getattr(torchvision().models, name)(num_classes=classes))
    channels, height, width = input
    if min(height, width) < SMALL:
        module.conv1 = nn.Conv2d(channels, 64, 3, padding=1, bias=False)
        module.maxpool = nn.Identity()
    elif channels != 3:
        module.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
    return module

"""LeNet-5 with ReLU and max-pooling: 6 and 16 channels, 120, 84 and the classes.

LeCun, Bottou, Bengio, Haffner, 1998, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE. 61,706 parameters on one channel and ten classes, 61,470 of them prunable.
As there, images under 32 pixels are put into the middle of 32x32 zeros.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...plugins.models import no_argument

if TYPE_CHECKING:
    import torch

SIDE = 32  # pixels, least


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """LeNet-5 for images of [channels, height, width].

    Raises:
        UsageError: The image is so large that the first linear layer would be out of proportion.
    """
    from torch import nn

    no_argument("lenet5", argument)
    channels, height, width = input
    if max(height, width) > 2 * SIDE:
        raise UsageError(f"lenet5 is for images up to {2 * SIDE} pixels, not {height}x{width}")
    high, wide = max(height, SIDE), max(width, SIDE)
    top, left = (high - height) // 2, (wide - width) // 2
    edges = (left, wide - width - left, top, high - height - top)
    pixels = ((high - 4) // 2 - 4) // 2 * (((wide - 4) // 2 - 4) // 2)
    return nn.Sequential(
        OrderedDict(
            pad=nn.ZeroPad2d(edges),
            conv1=nn.Conv2d(channels, 6, 5),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(6, 16, 5),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            fc1=nn.Linear(16 * pixels, 120),
            relu3=nn.ReLU(),
            fc2=nn.Linear(120, 84),
            relu4=nn.ReLU(),
            fc3=nn.Linear(84, classes),
        )
    )

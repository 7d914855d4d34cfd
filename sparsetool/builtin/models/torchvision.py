"""Any network of torchvision: torchvision:NAME, such as torchvision:resnext50_32x4d.

Names are those of torchvision's functions, with dashes or underscores; weights are fresh. See
`_torchvision_models` for what changes on images under 64 pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError

if TYPE_CHECKING:
    import torch

ARGUMENT = "NAME"


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """torchvision's network `argument` for images of [channels, height, width].

    Raises:
        UsageError: No such network, or none for this input.
    """
    from ._torchvision_models import network

    if not argument:
        raise UsageError("torchvision wants a network: torchvision:NAME, as torchvision:vgg13_bn")
    return network(argument, classes, input)

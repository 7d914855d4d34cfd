"""Some operations on each image, drawn from fourteen, all at one magnitude.

Cubuk, Zoph, Shlens, Le, 2020, "RandAugment: practical automated data augmentation with a reduced
search space", NeurIPS. Operations, magnitudes (0 to 30) and their signs are torchvision's
`RandAugment`; what comes from outside an image is black. It acts on the pixels after crop and flip.
`2,9` is the usual choice for ImageNet, `1,2` to `3,5` were the paper's for CIFAR. Not to be
confused with AutoAugment, whose policy was searched for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError, UsageError
from ...plugins.extras import Moment

if TYPE_CHECKING:
    from torch import Tensor

MOST = 30  # the greatest magnitude
# Largest value of an operation's number, and whether it also comes with the other sign.
OPERATIONS = {
    "identity": (0.0, False),
    "shear-x": (0.3, True),
    "shear-y": (0.3, True),
    "translate-x": (150 / 331, True),  # of the width
    "translate-y": (150 / 331, True),
    "rotate": (30.0, True),  # degrees
    "brightness": (0.9, True),
    "colour": (0.9, True),
    "contrast": (0.9, True),
    "sharpness": (0.9, True),
    "posterize": (4.0, False),  # bits taken away
    "solarize": (255.0, False),
    "autocontrast": (0.0, False),
    "equalize": (0.0, False),
}


def check(*, rand_augment: str = "none") -> None:
    """See that it is a number of operations and a magnitude."""
    parsed(rand_augment)


def parsed(text: str) -> tuple[int, int]:
    """Number of operations and magnitude of `N,M`.

    Raises:
        UsageError: It is nothing of the kind.
    """
    found = re.fullmatch(r"(\d{1,3}),(\d{1,3})", text)
    if not found or not int(found[1]) or int(found[2]) > MOST:
        raise UsageError(
            f"--rand-augment wants N,M (operations, magnitude 0 to {MOST}), such as 2,9; not {text}"
        )
    return int(found[1]), int(found[2])


def pixels(pixels: Tensor, moment: Moment, *, rand_augment: str = "none") -> Tensor:
    """Change every image.

    Args:
        pixels: uint8 [B, C, H, W].
        moment: Gives the draws, for each example.
        rand_augment: N,M: so many operations on each image, at this magnitude (0 to 30).
    """
    import torch

    count, magnitude = parsed(rand_augment)
    if (channels := pixels.shape[1]) not in (1, 3):
        raise SparsetoolError(f"--rand-augment wants images of 1 or 3 channels, not {channels}")
    pixels = pixels.contiguous()
    names = list(OPERATIONS)
    for _ in range(count):
        kinds = moment.draws.integers(len(names), moment.examples)[moment.own]
        minus = moment.draws.integers(2, moment.examples)[moment.own] == 1
        for kind, name in enumerate(names):
            most, signed = OPERATIONS[name]
            for negative in (False, True) if signed else (None,):
                chosen = (kinds == kind) & (minus == negative if signed else True)
                if chosen.any() and name != "identity":
                    index = torch.from_numpy(chosen.nonzero()[0]).to(pixels.device)
                    number = most * magnitude / MOST * (-1 if negative else 1)
                    pixels[index] = operate(name, pixels[index], number)
    return pixels


def operate(name: str, images: Tensor, number: float) -> Tensor:
    """One operation on images, uint8 [B, C, H, W], with its number."""
    from ...compute.torchvision import torchvision

    f: Any = torchvision().transforms.functional
    height, width = images.shape[2:]

    def moved(x: int = 0, y: int = 0) -> Tensor:
        return f.affine(images, angle=0.0, translate=[x, y], scale=1.0, shear=[0.0, 0.0])

    def sheared(x: float = 0.0, y: float = 0.0) -> Tensor:
        angles = [math.degrees(math.atan(x)), math.degrees(math.atan(y))]
        return f.affine(images, angle=0.0, translate=[0, 0], scale=1.0, shear=angles, center=[0, 0])

    does: dict[str, Callable[[], Tensor]] = {
        "shear-x": lambda: sheared(x=number),
        "shear-y": lambda: sheared(y=number),
        "translate-x": lambda: moved(x=int(number * width)),
        "translate-y": lambda: moved(y=int(number * height)),
        "rotate": lambda: f.rotate(images, number),
        "brightness": lambda: f.adjust_brightness(images, 1 + number),
        "colour": lambda: f.adjust_saturation(images, 1 + number),
        "contrast": lambda: f.adjust_contrast(images, 1 + number),
        "sharpness": lambda: f.adjust_sharpness(images, 1 + number),
        "posterize": lambda: f.posterize(images, 8 - round(number)),
        "solarize": lambda: f.solarize(images, 255.0 - number),
        "autocontrast": lambda: f.autocontrast(images),
        "equalize": lambda: f.equalize(images),
    }
    return does[name]()

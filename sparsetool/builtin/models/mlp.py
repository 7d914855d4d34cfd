"""Fully connected network with ReLU; hidden widths as the argument, 300-100 by default.

`mlp:300-100` is LeNet-300-100 (LeCun, Bottou, Bengio, Haffner, 1998, "Gradient-based learning
applied to document recognition", Proceedings of the IEEE). Layers are `fc1`, `fc2`, ...; the last
gives the logits.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING

from ...errors import UsageError

if TYPE_CHECKING:
    import torch

DEFAULT = "300-100"


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """The network for images [channels, height, width], flattened.

    Raises:
        UsageError: The argument is no list of widths such as `300-100`.
    """
    from torch import nn

    widths = _widths(DEFAULT if argument is None else argument)
    layers: list[tuple[str, nn.Module]] = [("flatten", nn.Flatten())]
    width_in = math.prod(input)
    for number, width in enumerate(widths, 1):
        layers += [(f"fc{number}", nn.Linear(width_in, width)), (f"relu{number}", nn.ReLU())]
        width_in = width
    layers.append((f"fc{len(widths) + 1}", nn.Linear(width_in, classes)))
    return nn.Sequential(OrderedDict(layers))


def _widths(argument: str) -> list[int]:
    parts = argument.split("-")
    if not all(part.isascii() and part.isdecimal() and int(part) > 0 for part in parts):
        raise UsageError(f"mlp takes hidden widths such as {DEFAULT}, not '{argument}'")
    return [int(part) for part in parts]

"""Any network of timm, where timm is installed: timm:NAME, such as timm:resnet26d.

Wightman, 2019, "PyTorch image models". Weights are fresh. Networks made for one size of image are
built for the ticket's; others are built as they are.
"""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any, cast

from ...errors import SparsetoolError, UsageError

if TYPE_CHECKING:
    import torch

ARGUMENT = "NAME"


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """timm's network `argument` for images of [channels, height, width].

    Raises:
        UsageError: No such network, or it cannot take such images.
        SparsetoolError: timm is not installed.
    """
    if not argument:
        raise UsageError("timm wants a network: timm:NAME, as timm:resnet26d")
    timm = _timm()
    known = timm.list_models()
    if argument not in known:
        # More than a thousand names: only near ones are told.
        near = " or ".join(difflib.get_close_matches(argument, known, n=3)) or "none"
        raise UsageError(f"timm has no network '{argument}' (near: {near}): see timm.list_models()")
    fixed = getattr(timm.get_pretrained_cfg(argument), "fixed_input_size", False)
    rest = {"img_size": input[1:]} if fixed else {}
    try:
        module = timm.create_model(
            argument, pretrained=False, num_classes=classes, in_chans=input[0], **rest
        )
    except (ValueError, AssertionError, RuntimeError) as error:
        raise UsageError(f"timm:{argument} cannot take images of {list(input)}: {error}") from None
    return cast("torch.nn.Module", module)


def _timm() -> Any:
    from ...compute.torchvision import torchvision

    torchvision()  # timm imports it, and it may want mending first
    try:
        return importlib.import_module("timm")
    except ModuleNotFoundError as error:
        if error.name != "timm":
            raise
        raise SparsetoolError("timm is not installed; this needs it: pip install timm") from None

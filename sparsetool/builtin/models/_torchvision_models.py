"""torchvision's networks by name, with a form for small images where one is needed.

Images with a side under 64 pixels get, by family:

- ResNet, ResNeXt, Wide ResNet: a 3x3 stem of stride 1 and no pooling (see `_torchvision_resnet`).
- VGG: one linear layer after global average pooling, as is usual on CIFAR, instead of three made
  for 7x7 maps; poolings that would leave no pixel are left out.
- MobileNet, EfficientNet: the first two strides are 1 instead of 2.
- ConvNeXt: a 3x3 stem of stride 1 instead of 4x4 patches.
- ViT: as it is; the side must be a multiple of the patch (`vit-tiny` adapts its patch).

So the form follows from the ticket's `model` and `input`. Parameter names are torchvision's. Other
numbers of channels than three change the first convolution alone.

Shapes: N examples, C channels, H height, W width, K classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from ...compute.torchvision import torchvision
from ...errors import UsageError, nearest
from ._torchvision_resnet import SMALL, resnet

Input = tuple[int, int, int]
RESIDUAL = ("resnet", "resnext", "wide_resnet")
TWO_OUTPUTS = ("googlenet", "inception_v3")  # their logits in training are a tuple


def network(name: str, classes: int, input: Input) -> nn.Module:
    """torchvision's `name` for `classes` classes and images [channels, height, width].

    Args:
        name: As torchvision's function, with dashes or underscores.
        classes: Number of classes.
        input: Channels, height and width, pixels.

    Raises:
        UsageError: torchvision has no such network, or none for this input.
    """
    models = torchvision().models
    exact = name.replace("-", "_")
    known = [n for n in models.list_models(module=models) if n not in TWO_OUTPUTS]
    if exact not in known:
        raise UsageError(f"torchvision has no network '{name}': {nearest(exact, known)}")
    if exact.startswith(RESIDUAL):
        return resnet(exact, classes, input)
    small = min(input[1:]) < SMALL
    if small and exact.startswith("vgg"):
        return SmallVGG(exact, classes, input)
    rest: dict[str, int] = {}
    if exact.startswith("vit_"):
        rest["image_size"] = _side(exact, input)
    elif small and not exact.startswith(tuple(SMALL_FORMS)):
        raise UsageError(f"'{name}' has no form for images under {SMALL} pixels")
    module = cast(nn.Module, getattr(models, exact)(num_classes=classes, **rest))
    if input[0] != 3:
        with_channels(module, input[0])
    if small:
        for family, adapt in SMALL_FORMS.items():
            if exact.startswith(family):
                adapt(module, classes, input)
    return module


def _side(name: str, input: Input) -> int:
    patch = int(name.rpartition("_")[2])
    if input[1] != input[2] or input[1] % patch:
        raise UsageError(
            f"{name} wants square images whose side is a multiple of {patch} pixels, not "
            f"{input[1]}x{input[2]}: vit-tiny adapts its patch to small images"
        )
    return input[1]


def with_channels(module: nn.Module, channels: int) -> None:
    """Replace a network's first convolution by one that takes `channels` channels."""
    for name, child in module.named_modules():
        if isinstance(child, nn.Conv2d):
            _replace(module, name, _like(child, channels=channels))
            return


def _like(layer: nn.Conv2d, channels: int, **changed: int) -> nn.Conv2d:
    """A convolution as `layer` for another number of incoming channels, size or stride."""
    return nn.Conv2d(
        channels,
        layer.out_channels,
        changed.get("kernel_size", cast(tuple[int, int], layer.kernel_size)),
        changed.get("stride", cast(tuple[int, int], layer.stride)),
        changed.get("padding", cast(tuple[int, int], layer.padding)),
        bias=layer.bias is not None,
    )


def _replace(module: nn.Module, name: str, new: nn.Module) -> None:
    above, _, last = name.rpartition(".")
    setattr(module.get_submodule(above), last, new)


def _without_two_strides(module: nn.Module, classes: int, input: Input) -> None:
    strided = [c for c in module.modules() if isinstance(c, nn.Conv2d) and c.stride != (1, 1)]
    for layer in strided[:2]:
        layer.stride = (1, 1)


def _small_convnext(module: nn.Module, classes: int, input: Input) -> None:
    stem = module.get_submodule("features.0.0")
    new = _like(cast(nn.Conv2d, stem), input[0], kernel_size=3, stride=1, padding=1)
    _replace(module, "features.0.0", new)


class SmallVGG(nn.Module):
    """torchvision's VGG with one linear layer, initialised as torchvision initialises it.

    Built here, because torchvision's would first fill 120 million weights that are then dropped.

    Args:
        name: torchvision's name, such as `vgg16_bn`.
        classes: K.
        input: Channels, height and width, pixels.
    """

    def __init__(self, name: str, classes: int, input: Input) -> None:
        super().__init__()
        vgg = torchvision().models.vgg
        layers = vgg.cfgs[VGG[name.removesuffix("_bn")]]
        self.features: nn.Sequential = vgg.make_layers(layers, batch_norm=name.endswith("_bn"))
        poolings = [n for n, c in self.features.named_children() if isinstance(c, nn.MaxPool2d)]
        for number in poolings[min(input[1:]).bit_length() - 1 :]:
            setattr(self.features, number, nn.Identity())
        if input[0] != 3:
            with_channels(self.features, input[0])
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Linear(512, classes))
        for child in self.modules():
            if isinstance(child, nn.Conv2d):
                nn.init.kaiming_normal_(child.weight, mode="fan_out", nonlinearity="relu")
                nn.init.zeros_(cast(Tensor, child.bias))
            elif isinstance(child, nn.Linear):
                nn.init.normal_(child.weight, 0, 0.01)
                nn.init.zeros_(child.bias)

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """Images [N, C, H, W] to logits [N, K]."""
        hidden = self.avgpool(self.features(x_NCHW))
        return self.classifier(torch.flatten(hidden, 1))


VGG = {"vgg11": "A", "vgg13": "B", "vgg16": "D", "vgg19": "E"}  # torchvision's own names of them
SMALL_FORMS: dict[str, Callable[[nn.Module, int, Input], None]] = {
    "mobilenet": _without_two_strides,
    "efficientnet": _without_two_strides,
    "convnext": _small_convnext,
}

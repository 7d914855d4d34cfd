"""The usual research loop, written out: what most public code on sparse training does.

Torchvision's transforms on PIL images in a DataLoader with two workers, float32, and layers that
multiply the weight by the mask in every forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, cross_entropy, linear
from torch.utils.data import DataLoader, Dataset


class MaskedConv2d(nn.Conv2d):
    """A convolution whose weight [O, I, K, K] is multiplied by its mask."""

    mask: Tensor

    def forward(self, input: Tensor) -> Tensor:
        return conv2d(input, self.weight * self.mask, self.bias, self.stride, self.padding)


class MaskedLinear(nn.Linear):
    """A linear layer whose weight [O, I] is multiplied by its mask."""

    mask: Tensor

    def forward(self, input: Tensor) -> Tensor:
        return linear(input, self.weight * self.mask, self.bias)


def masked(module: nn.Module, masks: dict[str, np.ndarray]) -> nn.Module:
    """The module with its convolutions and linear layers swapped for masked ones, in place."""
    for name, layer in module.named_modules():
        if (mask := masks.get(f"{name}.weight")) is not None:
            layer.__class__ = MaskedConv2d if isinstance(layer, nn.Conv2d) else MaskedLinear
            layer.register_buffer("mask", torch.from_numpy(mask.copy()).float())
    return module


class Pictures(Dataset[tuple[Tensor, int]]):
    """As `torchvision.datasets.CIFAR10`: a PIL image per example, then the transforms."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        from sparsetool.compute.torchvision import torchvision

        transforms = torchvision().transforms
        self.images, self.labels = images.transpose(0, 2, 3, 1), labels
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
            ]
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        from PIL import Image

        return self.transform(Image.fromarray(self.images[index])), int(self.labels[index])


def train_epoch(module: nn.Module, batches: DataLoader[tuple[Tensor, Tensor]]) -> float:
    """One epoch; the mean training loss, nats."""
    optimizer = torch.optim.SGD(module.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
    module.train()
    total = 0.0
    for images, labels in batches:
        optimizer.zero_grad()
        loss = cross_entropy(module(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def usual_epoch(
    masks: dict[str, np.ndarray], images: np.ndarray, labels: np.ndarray, threads: int
) -> Callable[[], float]:
    """An epoch of ResNet20 in batches of 512, as often as the result is called."""
    from sparsetool.builtin.models import resnet20

    torch.set_num_threads(threads)
    module = masked(resnet20.build(None, 10, (3, 32, 32)), masks)
    batches = loader(images, labels, 512)
    return lambda: train_epoch(module, batches)


def loader(images: np.ndarray, labels: np.ndarray, batch: int) -> DataLoader[tuple[Tensor, Tensor]]:
    """Shuffled batches, made by two workers."""
    return DataLoader(
        *(Pictures(images, labels), batch),
        shuffle=True,
        num_workers=2,
        multiprocessing_context="fork",  # as on Linux by itself; a spawned process would spawn
    )


def bare_steps(
    module: nn.Module,
    batches: list[tuple[Tensor, Tensor]],
    unaugmented: Iterator[tuple[Tensor, Tensor]] | None = None,
    precision: torch.dtype | None = None,
) -> None:
    """Dense steps on tensors at hand, and nothing else; then forward passes for the evaluation."""
    optimizer = torch.optim.SGD(
        module.parameters(), 0.1, momentum=0.9, weight_decay=1e-4, fused=True
    )
    module.train()
    for images, labels in batches:
        optimizer.zero_grad()
        with torch.autocast("cpu", precision, enabled=precision is not None):
            logits = module(images)
        cross_entropy(logits.float(), labels).backward()
        optimizer.step()
    module.eval()
    with torch.no_grad():
        for images, _ in unaugmented or ():
            module(images)

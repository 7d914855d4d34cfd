"""The public ResNet20 for CIFAR-10 of github.com/akamaster/pytorch_resnet_cifar10, and its data.

Its shortcuts are option A of He et al. (every other pixel, new channels zero), and its images are
normalised by ImageNet's constants. `one_shot.sh` prunes it.
"""

from __future__ import annotations

import os

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from sparsetool.builtin.models import resnet20 as ours


class Widen(nn.Module):
    """[N, C, H, W] to [N, 2 C, H / 2, W / 2]: every other pixel, zero channels on both sides."""

    def forward(self, x_NCHW: Tensor) -> Tensor:
        half = x_NCHW.shape[1] // 2
        return pad(x_NCHW[:, :, ::2, ::2], (0, 0, 0, 0, half, half))


def resnet20(classes: int) -> nn.Module:
    """269,722 parameters; images [N, 3, 32, 32] to logits [N, classes]."""
    module = ours.build(None, classes, (3, 32, 32))
    for stage in (module.layer2, module.layer3):
        stage[0].downsample = Widen()  # type: ignore[index,operator,union-attr]
    return module


def cifar10() -> dict[str, object]:
    """Real CIFAR-10 under `$SPARSETOOL_DATA`, normalised as the checkpoint wants it."""
    from torchvision.datasets import CIFAR10

    held = {
        split: CIFAR10(os.environ["SPARSETOOL_DATA"], train=split == "train")
        for split in ("train", "test")
    }
    return {
        **{
            split: (part.data.transpose(0, 3, 1, 2), torch.tensor(part.targets))
            for split, part in held.items()
        },
        "mean": (0.485, 0.456, 0.406),
        "std": (0.229, 0.224, 0.225),
        "pad": 4,
        "flip": True,
    }

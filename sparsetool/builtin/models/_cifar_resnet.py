"""The residual networks of He et al. for small images, with projection shortcuts.

Reference: He, Zhang, Ren, Sun, 2016, "Deep residual learning for image recognition", CVPR,
section 4.2. The paper uses identity shortcuts (option A) on CIFAR-10, as `resnet20-a` ...
`resnet110-a` do; `resnet20` ... `resnet110`, as the paper on cyclic training and open_lth, change
shape by a 1x1 convolution with batch norm (option B).

Parameter names follow torchvision: `conv1`, `layer1.0.conv1`, `layer2.0.downsample.0`, `fc`.

Shapes: N examples, C channels, H height, W width, K classes.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (16, 32, 64)


class Widen(nn.Module):
    """A shortcut without weights: every `stride`-th pixel, and `more` channels of zeros."""

    def __init__(self, more: int, stride: int) -> None:
        super().__init__()
        self.more, self.stride = more, stride

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """[N, C, H, W] to [N, C + more, H / stride, W / stride], half of the zeros on each side."""
        before = self.more // 2
        thinned = x_NCHW[:, :, :: self.stride, :: self.stride]
        return functional.pad(thinned, (0, 0, 0, 0, before, self.more - before))


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut.

    Args:
        width_in: Channels that come in.
        width: Channels that go out.
        stride: Of the first convolution and of the shortcut.
        option: How a shortcut changes shape, `A` or `B`.
    """

    def __init__(self, width_in: int, width: int, stride: int, option: str = "B") -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Module | None = None
        if stride != 1 or width_in != width:
            self.downsample = (
                Widen(width - width_in, stride)
                if option == "A"
                else nn.Sequential(
                    nn.Conv2d(width_in, width, 1, stride, bias=False), nn.BatchNorm2d(width)
                )
            )

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """[N, width_in, H, W] to [N, width, H / stride, W / stride]."""
        shortcut = x_NCHW if self.downsample is None else self.downsample(x_NCHW)
        inner = self.relu(self.bn1(self.conv1(x_NCHW)))
        return self.relu(self.bn2(self.conv2(inner)) + shortcut)


class CifarResNet(nn.Module):
    """A 3x3 stem, three stages of blocks with 16, 32 and 64 channels, and a biased linear head.

    Args:
        depth: Layers on the longest path, 6 n + 2 for n blocks in a stage.
        classes: K.
        channels: C of the input.
        option: How shortcuts change shape: `A` (no weights) or `B` (a 1x1 convolution).
    """

    def __init__(self, depth: int, classes: int, channels: int, option: str = "B") -> None:
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(channels, WIDTHS[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = _stage(WIDTHS[0], WIDTHS[0], blocks, 1, option)
        self.layer2 = _stage(WIDTHS[0], WIDTHS[1], blocks, 2, option)
        self.layer3 = _stage(WIDTHS[1], WIDTHS[2], blocks, 2, option)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(WIDTHS[2], classes)

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """Images [N, C, H, W] to logits [N, K]."""
        hidden = self.relu(self.bn1(self.conv1(x_NCHW)))
        hidden = self.layer3(self.layer2(self.layer1(hidden)))
        return self.fc(torch.flatten(self.avgpool(hidden), 1))


def _stage(width_in: int, width: int, blocks: int, stride: int, option: str) -> nn.Sequential:
    first = Block(width_in, width, stride, option)
    return nn.Sequential(first, *(Block(width, width, 1) for _ in range(blocks - 1)))

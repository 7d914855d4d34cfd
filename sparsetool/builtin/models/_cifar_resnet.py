"""The residual networks of He et al. for small images, with projection shortcuts.

Reference: He, Zhang, Ren, Sun, 2016, "Deep residual learning for image recognition", CVPR,
section 4.2. The paper uses identity shortcuts (option A) on CIFAR-10; here, as in the paper on
cyclic training and in open_lth, a shortcut that changes shape is a 1x1 convolution with batch norm
(option B).

Parameter names follow torchvision: `conv1`, `layer1.0.conv1`, `layer2.0.downsample.0`, `fc`.

Shapes: N examples, C channels, H height, W width, K classes.
"""

import torch
from torch import Tensor, nn

WIDTHS = (16, 32, 64)


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut.

    Args:
        width_in: Channels that come in.
        width: Channels that go out.
        stride: Of the first convolution and of the shortcut.
    """

    def __init__(self, width_in: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Module | None = None
        if stride != 1 or width_in != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(width_in, width, 1, stride, bias=False), nn.BatchNorm2d(width)
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
    """

    def __init__(self, depth: int, classes: int, channels: int) -> None:
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(channels, WIDTHS[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = _stage(WIDTHS[0], WIDTHS[0], blocks, stride=1)
        self.layer2 = _stage(WIDTHS[0], WIDTHS[1], blocks, stride=2)
        self.layer3 = _stage(WIDTHS[1], WIDTHS[2], blocks, stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(WIDTHS[2], classes)

    def forward(self, x_NCHW: Tensor) -> Tensor:
        """Images [N, C, H, W] to logits [N, K]."""
        hidden = self.relu(self.bn1(self.conv1(x_NCHW)))
        hidden = self.layer3(self.layer2(self.layer1(hidden)))
        return self.fc(torch.flatten(self.avgpool(hidden), 1))


def _stage(width_in: int, width: int, blocks: int, stride: int) -> nn.Sequential:
    first = Block(width_in, width, stride)
    return nn.Sequential(first, *(Block(width, width, 1) for _ in range(blocks - 1)))

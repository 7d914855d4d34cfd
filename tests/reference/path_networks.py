"""Small networks that hold everything a path can lead through."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Residual(nn.Module):
    """A projection, an identity, groups, depthwise convolution and a flattened head."""

    input = (2, 6, 6)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.deep = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.point = nn.Conv2d(4, 6, 1)
        self.short = nn.Conv2d(4, 6, 1)
        self.pair = nn.Conv2d(6, 6, 3, padding=1, groups=2)
        self.head = nn.Linear(6 * 9, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.relu_(self.norm(self.stem(x)))
        h = self.point(self.deep(h)).relu() + self.short(h)
        h = h + self.pair(h)
        return self.head(functional.avg_pool2d(h, 2).view(h.size(0), -1))


class Concatenated(nn.Module):
    """Concatenations, slices, a channel shuffle, a padded shortcut, and a tied layer."""

    input = (3, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv2d(3, 4, 1)
        self.two = nn.Conv2d(7, 4, 1)
        self.up = nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2)
        self.first = nn.Linear(6, 6)
        self.again = nn.Linear(6, 6)
        self.again.weight = self.first.weight
        self.head = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = torch.cat([x, self.one(x)], 1)
        h = self.two(h)
        left, right = h.chunk(2, dim=1)
        h = torch.stack([left, right], dim=2).flatten(1, 2)  # shuffled
        h = functional.pad(x, (0, 0, 0, 0, 1, 0)) + h
        h = self.up(h).mean((2, 3))
        h = self.again(torch.tanh(self.first(h)))
        return self.head(torch.cat([h, h[:, 1:3]], dim=-1))


class Squeezed(nn.Module):
    """Squeeze and excitation, and a plain product."""

    input = (2, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(2, 5, 3, padding=1)
        self.squeeze = nn.Linear(5, 3)
        self.excite = nn.Linear(3, 5)
        self.left = nn.Conv2d(5, 4, 1)
        self.right = nn.Conv2d(5, 4, 1)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.stem(x)
        gate = torch.sigmoid(self.excite(self.squeeze(h.mean([-1, -2]))))
        h = gate.view(2, 5, 1, 1) * h
        return self.head((self.left(h) * self.right(h)).sum((2, 3)))


class Attending(nn.Module):
    """A small vision transformer: patches, a class token, two forms of attention.

    Places are scaled apart, as scores of equal places would cancel in the softmax.
    """

    input = (1, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 4, 2, stride=2)
        self.token = nn.Parameter(torch.ones(1, 1, 4))
        self.register_buffer("places", 1 + torch.arange(5).sqrt().reshape(1, 5, 1))
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True, bias=False)
        self.qkv = nn.Linear(4, 12)
        self.project = nn.Linear(4, 4)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.patches(x).flatten(2).transpose(1, 2)
        h = torch.cat([self.token.expand(len(h), -1, -1), h], dim=1)
        h = h * self.places
        h = (h + self.attention(h, h, h, need_weights=False)[0]) * self.places
        q, k, v = self.qkv(h).reshape(len(h), 5, 3, 2, 2).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(q, k, v)
        h = self.project(mixed.transpose(1, 2).reshape(len(h), 5, 4))
        return self.head(h.mean(1))


NETWORKS: list[type[nn.Module]] = [Residual, Concatenated, Squeezed, Attending]

"""Source of networks of a user's own, as a file that tests write."""

ODD = '''
"""One of everything that code which swaps layers has lost."""

import torch
from torch import nn


class Odd(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8)
        self.grouped = nn.Conv2d(8, 12, 3, padding=1, groups=4)
        self.up = nn.ConvTranspose2d(12, 8, 2, stride=2)
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.first = nn.Linear(8, 8)
        self.again = nn.Linear(8, 8)
        self.again.weight = self.first.weight
        self.head = nn.Linear(8, classes)

    def forward(self, x):
        x = self.grouped(self.depthwise(self.stem(x)).relu()).relu()
        x = self.norm(self.up(x)[:, :, ::4, ::4].flatten(2).transpose(1, 2))
        x = x + self.attention(x, x, x, need_weights=False)[0]
        return self.head(self.again(self.first(x).relu()).mean(1))


def odd(classes):
    return Odd(classes)


def fixed():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def wrong(classes):
    return "no module"


def failing(classes):
    raise RuntimeError("as it happens")
'''

"""Random crops and flips: every view a shift of its image, every shift and flip as likely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor

from sparsetool.data.crops import Box, View
from sparsetool.data.resident import Examples
from sparsetool.data.streaming import Stream
from sparsetool.plugins.datasets import Facts

HEIGHT, WIDTH, PAD, COUNT = 5, 4, 2, 3000
Shift = tuple[int, int, bool]  # rows down, columns to the right, mirrored


def facts(pad: int, flip: bool) -> Facts:
    return Facts(2, (2, HEIGHT, WIDTH), (0.0, 0.0), (1.0, 1.0), pad=pad, flip=flip)


def examples() -> Examples:
    """Channel 0 says of each pixel where it lies, channel 1 in which image, from 1."""
    where = torch.arange(1.0, 1 + HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).expand(COUNT, -1, -1)
    which = torch.arange(1.0, 1 + COUNT)[:, None, None].expand(-1, HEIGHT, WIDTH)
    images = torch.stack([where, which], dim=3)
    return Examples(images, torch.arange(COUNT), torch.ones(2), torch.zeros(2))


def views(pad: int, flip: bool) -> dict[Shift, Tensor]:
    """What channel 0 may look like, [H, W]."""
    whole = torch.nn.functional.pad(examples().images[0, :, :, 0], (pad,) * 4)
    seen = {}
    for down, right, mirrored in product(range(2 * pad + 1), range(2 * pad + 1), (False, True)):
        if flip or not mirrored:
            view = whole[down : down + HEIGHT, right : right + WIDTH]
            seen[down, right, mirrored] = view.flip(1) if mirrored else view
    return seen


def taken(pad: int, flip: bool, epochs: int = 0) -> tuple[list[Shift], list[int]]:
    """The view of each image of an epoch, in the order of the images; and the epoch's order."""
    names = {tuple(view.flatten().tolist()): name for name, view in views(pad, flip).items()}
    train = examples().for_training(facts(pad, flip))
    epoch = train.epoch(facts(pad, flip), 3, epochs, 500)
    batches = [epoch.batch(step) for step in range(len(epoch))]
    images, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
    inside = images[:, 0] > 0
    assert torch.equal(images[:, 1], torch.where(inside, labels[:, None, None] + 1, 0))
    found = {
        label: names[tuple(image.flatten().tolist())]
        for image, label in zip(images[:, 0], labels.tolist(), strict=True)
    }
    return [found[image] for image in range(COUNT)], labels.tolist()


@pytest.mark.parametrize(("pad", "flip"), [(PAD, True), (PAD, False), (0, True), (0, False)])
def test_every_view_is_as_likely(pad: int, flip: bool) -> None:
    """Rows, columns and flips independent of each other: each triple within 5 deviations."""
    counts = Counter(taken(pad, flip)[0])
    assert set(counts) == set(views(pad, flip))
    share = 1 / len(counts)
    for view, count in counts.items():
        assert abs(count - COUNT * share) <= 5 * (COUNT * share * (1 - share)) ** 0.5, view


def test_an_epoch_has_its_own_views_and_order() -> None:
    (first, one), (second, two) = taken(PAD, True), taken(PAD, True, epochs=1)
    again, order = taken(PAD, True)
    assert (again, order) == (first, one)
    assert sorted(one) == sorted(two) == list(range(COUNT))
    # By chance 1 in 50 has its view again, image by image or place by place, and about one image
    # has its place.
    assert sum(a == b for a, b in zip(first, second, strict=True)) < COUNT / 25
    assert sum(first[a] == second[b] for a, b in zip(one, two, strict=True)) < COUNT / 25
    assert sum(a == b for a, b in zip(one, two, strict=True)) < 10


def test_the_order_says_nothing_about_the_views() -> None:
    """Drawn for other purposes: the first half of an epoch is moved and flipped as the second."""
    found, order = taken(PAD, True)
    halves = order[: COUNT // 2], order[COUNT // 2 :]
    for part in range(3):
        means = [sum(float(found[image][part]) for image in half) / len(half) for half in halves]
        assert abs(means[0] - means[1]) < 0.3


def test_boxes_of_photographs_move_freely_and_flips_follow_nothing() -> None:
    """Where a box lies, rows, columns, size and flip, says nothing about its other figures."""
    height, width, count = 120, 200, 4000
    figures = []
    for index in range(count):
        view = View(0, 0, index)
        top, left, h, w = view.box(height, width)
        if h < height and w < width:
            down, right = top / (height - h), left / (width - w)
            figures.append((down, right, h * w, w / h, float(view.flipped)))
    assert len(figures) > count * 0.7
    correlations = np.corrcoef(np.array(figures).T) - np.eye(5)
    # Size and ratio are not independent where only some boxes fit.
    correlations[2, 3] = correlations[3, 2] = 0
    assert np.abs(correlations).max() < 5 / len(figures) ** 0.5


class Numbered:
    """Photographs of 4 x 4 pixels, each with the numbers of its pixels, whatever the box."""

    labels = np.arange(40)

    def cropped(self, index: int, choose: Callable[[int, int], Box], side: int) -> np.ndarray:
        choose(side, side)
        return np.arange(1, 49, dtype=np.uint8).reshape(4, 4, 3)

    def centred(self, index: int, side: int, whole: int) -> np.ndarray:
        return self.cropped(index, lambda height, width: (0, 0, height, width), side)


def test_photographs_are_mirrored_left_to_right() -> None:
    """About half of them, and only in training."""
    source = Numbered()
    labels = torch.from_numpy(source.labels)
    stream = Stream(source, source.labels, labels, torch.ones(3), torch.zeros(3), 4)
    whole = torch.arange(1.0, 49).reshape(4, 4, 3).permute(2, 0, 1)
    (images, order), count = stream.epoch(facts(0, True), 0, 0, 40).batch(0), 0
    for image, index in zip(images, order.tolist(), strict=True):
        mirrored = View(0, 0, index).flipped
        assert torch.equal(image, whole.flip(2) if mirrored else whole)
        count += mirrored
    assert 10 < count < 30
    assert all(torch.equal(image, whole) for batch, _ in stream.batches() for image in batch)

"""What is seen of photographs: torchvision's pixels, and the same after any interruption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sparsetool.builtin.datasets import _folders
from sparsetool.compute.device import Place
from sparsetool.compute.torchvision import torchvision
from sparsetool.data import crops
from sparsetool.data.resident import DataSet
from sparsetool.networks.init import init
from sparsetool.ticket.draws import Draws
from sparsetool.ticket.value import Ticket
from sparsetool.training.loop import Learner
from sparsetool.training.settings import resolve
from tests.reference.image_folders import opened, photographs, stream

HERE = Place("cpu", "fp32", 1)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notes on contents in a folder of the test's own; one worker."""
    monkeypatch.setenv("SPARSETOOL_STATE", str(tmp_path / "state"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return photographs(tmp_path / "photos")


# -- what is seen ---------------------------------------------------------------------------------


def test_training_view_is_torchvisions_resized_crop(root: Path) -> None:
    """The same box through torchvision's transforms gives the same pixels."""
    functional = torchvision().transforms.functional
    folder = _folders.Folder(root, "train")
    for index in range(len(folder.labels)):
        view = crops.View(5, 2, index)
        image = Image.open(folder.path(index)).convert("RGB")
        box = view.box(image.height, image.width)
        theirs = np.asarray(functional.resized_crop(image, *box, [224, 224]))
        assert np.array_equal(folder.cropped(index, view.box, 224), theirs)


def test_evaluation_view_is_torchvisions(root: Path) -> None:
    transforms = torchvision().transforms
    usual = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
    folder = _folders.Folder(root, "train")
    for index in range(len(folder.labels)):
        theirs = np.asarray(usual(Image.open(folder.path(index)).convert("RGB")))
        assert np.array_equal(folder.centred(index, 224, 256), theirs)


def test_boxes_are_distributed_as_torchvisions() -> None:
    """Mean area, aspect ratio and centre over many draws; torchvision's own as the reference."""
    height, width, count = 120, 200, 4000
    theirs = torchvision().transforms.RandomResizedCrop
    torch.manual_seed(0)
    image = torch.zeros(3, height, width)
    reference = [theirs.get_params(image, [0.08, 1], [3 / 4, 4 / 3]) for _ in range(count)]
    draws = Draws(0, "augmentation")
    ours = [crops.random_box(height, width, draws.uniform(22)) for _ in range(count)]

    def moments(boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
        top, left, h, w = np.array(boxes, dtype=float).T
        figures = [h * w / height / width, np.log(w / h), top + h / 2, left + w / 2, top, left]
        return np.array([[f.mean(), f.std()] for f in figures])

    scale = np.array([1, 1, height, width, height, width])[:, None]
    assert np.allclose(moments(ours) / scale, moments(reference) / scale, atol=0.02)
    for top, left, h, w in ours:
        assert 0 <= top <= height - h
        assert 0 <= left <= width - w


@pytest.mark.parametrize(("height", "width"), [(1000, 20), (20, 1000), (1, 1)])
def test_thin_photographs_give_a_central_box(height: int, width: int) -> None:
    top, left, h, w = crops.random_box(height, width, np.full(22, 0.9999))
    assert (h, w) == (min(height, round(width * 4 / 3)), min(width, round(height * 4 / 3)))
    assert (top, left) == ((height - h) // 2, (width - w) // 2)


# -- batches --------------------------------------------------------------------------------------


def test_a_batch_is_order_view_flip_and_normalisation(root: Path) -> None:
    """Every pixel again from the definition."""
    data = opened(root)
    folder = _folders.Folder(root, "train")
    images, labels = stream(data, "train").epoch(data.facts, 3, 7, 4).batch(1)
    order = Draws(3, "order", 7).permutation(6)[4:]
    assert labels.tolist() == folder.labels[order].tolist()
    assert images.shape == (2, 3, 224, 224)
    assert images.is_contiguous(memory_format=torch.channels_last)
    mean, std = np.array(data.facts.mean), np.array(data.facts.std)
    for image, index in zip(images, order, strict=True):
        view = crops.View(3, 7, int(index))
        raw = folder.cropped(int(index), view.box, 224).astype(float)
        raw = raw[:, ::-1] if view.flipped else raw
        assert np.allclose(image.permute(1, 2, 0).numpy(), (raw / 255 - mean) / std, atol=1e-5)


def test_half_are_flipped_and_epochs_differ() -> None:
    flips = [crops.View(0, 0, index).flipped for index in range(1000)]
    assert 440 < sum(flips) < 560
    assert flips != [crops.View(0, 1, index).flipped for index in range(1000)]
    assert flips != [crops.View(1, 0, index).flipped for index in range(1000)]


def test_an_epoch_taken_up_in_the_middle_reads_nothing_before(root: Path) -> None:
    data = opened(root)
    train = stream(data, "train")
    whole = train.epoch(data.facts, 0, 0, 2)
    batches = [whole.batch(step) for step in range(3)]
    missed = train.epoch(data.facts, 0, 0, 2)
    names = [train.source.path(int(i)) for i in missed.order[:4]]  # type: ignore[attr-defined]
    for path in names:
        path.unlink()
    images, labels = missed.batch(2)
    assert torch.equal(images, batches[2][0])
    assert torch.equal(labels, batches[2][1])


def test_workers_and_chunks_change_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = opened(root)
    one = stream(data, "train").epoch(data.facts, 0, 0, 5).batch(0)
    monkeypatch.setattr("sparsetool.data.streaming.CHUNK", 2)
    torch.set_num_threads(2)
    again = stream(data, "train").epoch(data.facts, 0, 0, 5).batch(0)
    assert torch.equal(one[0], again[0])
    assert torch.equal(one[1], again[1])


def test_reading_draws_nothing_from_torchs_generator(root: Path) -> None:
    """Else dropout would differ after a resume, when workers are started anew."""
    data = opened(root)
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    stream(data, "train").epoch(data.facts, 0, 0, 6).batch(0)
    assert torch.equal(torch.rand(3), expected)


def test_samples_and_held_out_parts(root: Path) -> None:
    data = opened(root, val="0.5")
    train, val = stream(data, "train"), stream(data, "val")
    assert sorted([*train.index, *val.index]) == list(range(6))
    assert len(val) == 3
    whole = torch.cat([images for images, _ in val.batches()])
    sample = val.first(2)
    held = [val.index.tolist().index(i) for i in sample.index.tolist()]
    assert torch.equal(torch.cat([images for images, _ in sample.batches(1)]), whole[held])
    assert held == sorted(held)
    assert torch.equal(sample.labels, val.labels[held])


def test_training_stopped_inside_an_epoch_ends_in_the_same_bytes(root: Path) -> None:
    ticket = init("mlp:2", data=f"imagefolder:{root}")
    settings = resolve(ticket, {"epochs": 2, "batch_size": 2, "lr": 0.001})

    def learner(start: Ticket) -> Learner:
        return Learner(start, settings, 0, DataSet(settings.data), HERE)

    whole = learner(ticket)
    while whole.epoch < 2:
        assert whole.run_epoch(lambda: False)
    first = learner(ticket)
    steps = iter([False, False, True])
    assert not first.run_epoch(lambda: next(steps))
    second = learner(ticket)
    second.restore(first.state(), first.epoch, first.step, first.tally.examples)
    while second.epoch < 2:
        assert second.run_epoch(lambda: False)
    for name, array in whole.weights().items():
        assert array.tobytes() == second.weights()[name].tobytes(), name

"""Extras of training against their definitions: by hand, against torch and torchvision."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sparsetool import Ticket, evaluate, flops, init, train_cycles
from sparsetool import mask as masked
from sparsetool.builtin.extras import rand_augment
from sparsetool.builtin.extras.mixup import beta
from sparsetool.compute.torchvision import torchvision
from sparsetool.errors import SparsetoolError, Stopped, UsageError
from sparsetool.plugins import extras
from sparsetool.plugins.extras import Moment
from sparsetool.plugins.own_code import allow
from sparsetool.runs.folder import RunFolder
from sparsetool.ticket.draws import Draws
from sparsetool.training.observer import Observer
from tests.reference.moments import Watched, start, watched
from tests.reference.test_updates_resume import Once

Asked = dict[str, Any]
ALL: Asked = dict(
    **dict(label_smoothing=0.1, mixup=0.3, cutout=3, rand_augment="1,9"),
    **dict(ema=0.5, sam=0.05, clip_norm=0.02),
)
OFF: Asked = dict(
    **dict(label_smoothing=0.0, mixup=0.0, cutout=0, rand_augment="none"),
    **dict(ema=0.0, sam=0.0, clip_norm=0.0),
)
PLAIN: Asked = dict(epochs=2, batch_size=240, lr=0.1)


def moment(extra: str, count: int, own: slice | None = None, step: int = 0) -> Moment:
    return Moment(step, count, own or slice(0, count), Draws(0, "augmentation", 0, extra))


def function(role: str, **own: Any) -> Any:
    """A role of the one extra that these options turn on."""
    (extra,) = extras.chosen(own)
    return getattr(extra, role)


def examples(count: int) -> tuple[Tensor, Tensor]:
    """Images [B, 3, 8, 6], none of whose values is zero, and one-hot targets [B, 5]."""
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(count, 3, 8, 6, generator=generator) + 0.5
    return images, torch.eye(5)[torch.arange(count) % 5]


# -- none changes a default ------------------------------------------------------------------------


def test_every_extra_is_off_by_default_and_at_its_default() -> None:
    """A training that names none has no trace of them, nor has one that names their defaults."""
    assert extras.usual() == OFF
    plain = train_cycles(start(), **PLAIN)
    assert train_cycles(start(), **PLAIN, **OFF).to_bytes() == plain.to_bytes()
    assert not OFF.keys() & plain.lineage[-1]["options"].keys()


@pytest.mark.parametrize("name", ALL)
def test_each_is_recorded_and_changes_what_is_trained(name: str) -> None:
    made = train_cycles(start(), **PLAIN, **{name: ALL[name]})
    assert made.lineage[-1]["options"][name] == ALL[name]
    plain = train_cycles(start(), **PLAIN)
    assert any((made.weights[n] != plain.weights[n]).any() for n in made.weights)
    for layer, mask in made.masks.items():
        assert not made.weights[layer][~mask].view(np.int32).any(), "+0.0 off the mask"


# -- against definitions ---------------------------------------------------------------------------


def test_label_smoothing_is_torchs() -> None:
    images, targets = examples(7)
    _, smooth = function("batch", label_smoothing=0.2)(images, targets, moment("", 7))
    logits = torch.randn(7, 5)
    wanted = cross_entropy(logits, targets.argmax(1), label_smoothing=0.2)
    assert cross_entropy(logits, smooth) == pytest.approx(float(wanted), rel=1e-6)


def test_mixup_mixes_images_and_targets_alike() -> None:
    """The loss against a mixed target is the mix of the losses against both labels."""
    images, targets = examples(20)
    mixed, soft = function("batch", mixup=0.4)(images, targets, moment("mixup", 20))
    draws = Draws(0, "augmentation", 0, "mixup")
    part, order = beta(draws, 0.4), draws.permutation(20)
    assert sorted(order) == list(range(20))
    assert 0 < part < 1
    torch.testing.assert_close(mixed, part * images + (1 - part) * images[order])
    logits, labels = torch.randn(20, 5), targets.argmax(1)
    wanted = part * cross_entropy(logits, labels)
    wanted = wanted + (1 - part) * cross_entropy(logits, labels[order])
    torch.testing.assert_close(cross_entropy(logits, soft), wanted)


@pytest.mark.parametrize("a", [0.2, 1.0, 3.0])
def test_the_part_of_mixup_is_from_a_beta_distribution(a: float) -> None:
    """Its mean is 1/2, its variance 1 / (4 (2 a + 1)), and for a = 1 it is uniform."""
    draws = Draws(0, "augmentation")
    found = np.array([beta(draws, a) for _ in range(2000)])
    assert found.mean() == pytest.approx(0.5, abs=0.03)
    assert found.var() == pytest.approx(1 / (4 * (2 * a + 1)), rel=0.08)
    if a == 1.0:
        assert np.abs(np.sort(found) - np.linspace(0, 1, 2000)).max() < 0.03


def test_cutout_cuts_one_square_that_may_reach_over_the_edge() -> None:
    images, targets = examples(400)
    cut, same = function("batch", cutout=4)(images, targets, moment("cutout", 400))
    assert same is targets
    gone = cut == 0
    assert torch.equal(cut[~gone], images[~gone])
    assert torch.equal(gone[:, 0], gone[:, 2]), "all channels alike"
    sizes = set()
    for hole in gone[:, 0].numpy():
        rows, columns = hole.any(1).nonzero()[0], hole.any(0).nonzero()[0]
        assert hole[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        sizes.add((len(rows), len(columns)))
    assert max(sizes) == (4, 4)
    assert min(sizes) == (2, 2), "a centre in a corner leaves a quarter"


@pytest.mark.parametrize("option", [{"cutout": 4}, {"rand_augment": "2,9"}])
def test_draws_of_an_example_do_not_depend_on_the_rank_that_has_it(option: Asked) -> None:
    images, targets = examples(30)
    name, role = ("cutout", "batch") if "cutout" in option else ("rand-augment", "pixels")
    change = function(role, **option)

    def changed(own: slice) -> Tensor:
        at = moment(name, 30, own)
        if role == "batch":
            made: Tensor = change(images[own], targets[own], at)[0]
            return made
        pixels: Tensor = change((images[own] * 127).to(torch.uint8), at)
        return pixels

    parts = [changed(slice(0, 13)), changed(slice(13, 30))]
    assert torch.equal(torch.cat(parts), changed(slice(0, 30)))


NAMES = dict(zip(rand_augment.OPERATIONS, range(14), strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sign", [1, -1])
def test_operations_of_rand_augment_are_torchvisions(name: str, sign: int) -> None:
    auto = torchvision().transforms.autoaugment
    theirs = auto.RandAugment()._augmentation_space(31, (8, 6))
    words = {name.replace("color", "colour"): name for name in map(str.lower, theirs)}
    word = words[name.replace("-", "")]
    title = next(each for each in theirs if each.lower() == word)
    numbers, signed = theirs[title]
    most, ours_signed = rand_augment.OPERATIONS[name]
    assert ours_signed == signed
    images = (examples(5)[0] * 150).to(torch.uint8)
    for magnitude in (0, 9, 20, 30):
        number = float(numbers[magnitude]) if numbers.ndim else 0.0
        number *= sign if signed else 1
        wanted = auto._apply_op(images, title, number, auto.InterpolationMode.NEAREST, None)
        ours = most * magnitude / 30 * (sign if signed else 1)
        found = images if name == "identity" else rand_augment.operate(name, images, ours)
        # Their numbers are rounded to 24 bits, which may move a value by one.
        assert (found.int() - wanted.int()).abs().max() <= 1, magnitude


def test_pixels_that_an_extra_leaves_alone_are_exactly_the_same() -> None:
    """The way back from normalised images to 8 bits rounds nothing."""

    def pixels(pixels: Tensor, moment: Moment) -> Tensor:
        assert pixels.dtype == torch.uint8
        return pixels

    made, plain = train_cycles(start(), **PLAIN, extra=pixels), train_cycles(start(), **PLAIN)
    assert all((made.weights[name] == plain.weights[name]).all() for name in made.weights)


def test_ema_follows_the_weights_step_by_step() -> None:
    learner, steps = watched(start(), ema=0.9, epochs=2)
    wanted = {name: w.astype(np.float64) for name, w in steps[0].before.weights.items()}
    for step in steps:
        for name, weight in step.after.weights.items():
            wanted[name] = 0.9 * wanted[name] + 0.1 * weight
    found, last = learner.weights(), learner.trained()
    for name, weight in wanted.items():
        np.testing.assert_allclose(found[name], weight, atol=1e-6)
        assert (last[name] == steps[-1].after.weights[name]).all(), "training goes on with these"
        assert (found[name] != last[name]).any()


NORMED = """
from torch import nn

def small(classes, input):
    return nn.Sequential(
        nn.Conv2d(input[0], 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(),
        nn.Linear(256, classes),
    )
"""


def test_ema_averages_statistics_and_is_what_figures_are_of(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(NORMED)
    allow(f"{tmp_path}/net.py:small")
    ticket = masked(
        init(f"{tmp_path}/net.py:small"), criterion="random", density="erk", sparsity="0.5"
    )
    made, plain = (
        train_cycles(ticket, epochs=1, batch_size=720, lr=0.01, **more)
        for more in ({"ema": 0.5}, {})
    )
    assert (made.weights["1.running_mean"] != plain.weights["1.running_mean"]).any()
    assert made.weights["1.num_batches_tracked"] == 2
    figures = made.lineage[-1]["figures"]
    assert evaluate(made)["loss"] == pytest.approx(figures["test_loss"], abs=1e-9)
    assert figures["test_loss"] != plain.lineage[-1]["figures"]["test_loss"]


def test_ema_holds_no_weight_off_a_mask_that_moves() -> None:
    """Not in what figures are measured on, either (a ticket is made exact once more)."""
    learner, steps = watched(start(), epochs=2, ema=0.9, update="set", update_every=2)
    assert any(step.moved for step in steps)
    weights = learner.weights()
    for name, mask in learner.held.masks.items():
        assert not weights[name][~mask.numpy()].view(np.int32).any()


def test_an_extra_that_goes_off_the_mask_sees_the_network_on_it() -> None:
    """A place off the mask counts as the nearest one on it."""
    ticket = start()
    inside = [
        torch.from_numpy(ticket.masks[name]).float() if name in ticket.masks else torch.ones(shape)
        for name, shape in ((name, w.shape) for name, w in ticket.weights.items())
    ]
    masks = iter(range(1000))

    def far(gradients: list[Tensor], moment: Moment) -> list[Tensor]:
        return [torch.ones_like(g) for g in gradients]

    def near(gradients: list[Tensor], moment: Moment) -> list[Tensor]:
        next(masks)
        return [mask.clone() for mask in inside]

    far.__name__ = near.__name__ = "ahead"
    near.__signature__ = far.__signature__ = inspect.signature(far)  # type: ignore[attr-defined]
    names = [name for name, _ in ticket.model().named_parameters()]
    assert names == list(ticket.weights), "gradients are in this order"
    one, other = (train_cycles(ticket, **PLAIN, extra=function) for function in (far, near))
    assert next(masks) == 12
    assert all((one.weights[name] == other.weights[name]).all() for name in one.weights)


def gradients(ticket: Ticket, images: Tensor, labels: Tensor) -> tuple[Any, dict[str, Tensor]]:
    """A module in float64 and the gradients of the mean loss, zero off the mask."""
    module = ticket.model().double()
    cross_entropy(module(images.double()), labels).backward()
    found = {name: p.grad.clone() for name, p in module.named_parameters()}
    for name, mask in ticket.masks.items():
        found[name] = found[name] * torch.from_numpy(mask)
    return module, found


def one_step(ticket: Ticket, **asked: Any) -> tuple[Watched, dict[str, Tensor], Any]:
    """A learner after a step of plain gradient descent at rate 1/2, and the step's gradient."""
    made, steps = watched(
        *(ticket,), epochs=1, batch_size=1437, lr=0.5, momentum=0.0, weight_decay=0.0,
        schedule="constant", **asked,
    )  # fmt: skip
    went = {
        name: (torch.from_numpy(np.array(ticket.weights[name])) - weight.detach()) / 0.5
        for name, weight in made.parameters.items()
    }
    return made, went, steps[0]


def test_sam_takes_the_gradient_at_the_worst_place_of_the_mask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Watched, "snapshot", lambda self: None)
    ticket = start()
    _, went, step = one_step(ticket, sam=0.7)
    module, first = gradients(ticket, step.images, step.labels)
    norm = torch.sqrt(sum((g**2).sum() for g in first.values()))
    with torch.no_grad():
        for name, weight in module.named_parameters():
            weight += 0.7 * first[name] / norm
    module.zero_grad()
    cross_entropy(module(step.images.double()), step.labels).backward()
    for name, weight in module.named_parameters():
        mask = torch.from_numpy(ticket.masks[name]) if name in ticket.masks else 1
        torch.testing.assert_close(went[name].double(), weight.grad * mask, atol=2e-6, rtol=1e-4)
        assert not torch.allclose(went[name].double(), first[name], atol=2e-4), "unlike plain"


def test_clipping_is_torchs_over_kept_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watched, "snapshot", lambda self: None)
    ticket = start()
    _, went, step = one_step(ticket, clip_norm=0.05)
    module, first = gradients(ticket, step.images, step.labels)
    for name, weight in module.named_parameters():
        weight.grad = first[name]
    norm = torch.nn.utils.clip_grad_norm_(module.parameters(), 0.05)
    assert norm > 0.1
    for name, weight in module.named_parameters():
        torch.testing.assert_close(went[name].double(), weight.grad, atol=1e-7, rtol=1e-4)


def test_clipping_leaves_short_gradients_alone() -> None:
    made, plain = (train_cycles(start(), **PLAIN, **more) for more in ({"clip_norm": 1e6}, {}))
    assert all((made.weights[name] == plain.weights[name]).all() for name in made.weights)


# -- promises --------------------------------------------------------------------------------------


@pytest.mark.parametrize("update", [None, "rigl"])
def test_stopped_before_any_step_it_ends_with_the_same_bytes(
    tmp_path: Path, update: str | None
) -> None:
    asked: Asked = {**PLAIN, **ALL}
    asked |= {} if update is None else {"update": update, "update_every": 4}
    whole = train_cycles(start(), **asked).to_bytes()
    for step in (3, 6):
        folder = tmp_path / str(step)
        with pytest.raises(Stopped):
            train_cycles(start(), store=RunFolder(folder), watch=Once(step), **asked)
        assert train_cycles(start(), store=RunFolder(folder), **asked).to_bytes() == whole, step


def test_one_cycle_and_then_another_are_two() -> None:
    asked: Asked = {**PLAIN, **ALL, "epochs": 1}
    twice = train_cycles(train_cycles(start(), **asked), **asked)
    assert twice.to_bytes() == train_cycles(start(), n=2, **asked).to_bytes()


def test_gradients_that_an_extra_puts_off_the_mask_are_not_seen() -> None:
    def gradients(gradients: list[Tensor], moment: Moment) -> None:
        for gradient in gradients:
            gradient += 1

    made = watched(start(), extra=gradients, epochs=1)[0]
    for name, mask in made.held.masks.items():
        weight = made.parameters[name].detach()
        assert not weight[~mask].any()
        assert weight[mask].any()


def test_sam_costs_two_passes_of_every_step() -> None:
    plain, sam = (train_cycles(start(), **PLAIN, **more) for more in ({}, {"sam": 0.05}))
    for convention in ("sparse", "dense"):
        once, twice = (flops(t, convention=convention)["train_flops"] for t in (plain, sam))
        assert twice == 2 * once
    assert sam.lineage[-1]["achieved"]["second_examples"] == 2 * 1437


def test_sam_costs_two_passes_where_masks_move_but_one_where_a_step_is_left_out() -> None:
    """RigL's updates take the place of a step: their dense gradients are computed once."""
    asked: Asked = {**PLAIN, "update": "rigl", "update_every": 4}
    plain, sam = (train_cycles(start(), **asked, **more) for more in ({}, {"sam": 0.05}))
    one, two = (made.lineage[-1]["achieved"] for made in (plain, sam))
    left_out = 240 * one["dense_steps"]
    assert one["dense_steps"] == two["dense_steps"] == 2
    assert two["second_examples"] == 2 * 1437 - left_out
    kept = np.array(start().kept_by_layer["fc1.weight"])
    assert one["kept_examples"][0] == kept * 2 * 1437
    assert two["kept_examples"][0] == kept * (2 * 1437 + two["second_examples"])


def test_cycles_after_the_peak_are_charged_with_their_second_passes() -> None:
    made = train_cycles(
        *(start(),), until_peak=True, val="0.2", patience=1, min_gain="0.9", sam=0.05, epochs=1
    )
    achieved = made.lineage[-1]["achieved"]
    assert achieved["extra_cycles"] == 1
    assert achieved["extra_second_examples"] == achieved["extra_examples"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"label_smoothing": 1.0}, r"--label-smoothing must be in \[0, 1\), not 1"),
        ({"mixup": -0.1}, "--mixup must not be below 0"),
        ({"cutout": -1}, "--cutout must not be below 0 pixels"),
        ({"rand_augment": "2"}, "--rand-augment wants N,M"),
        ({"rand_augment": "2,31"}, "magnitude 0 to 30"),
        ({"rand_augment": "0,9"}, "--rand-augment wants N,M"),
        ({"ema": 1.0}, r"--ema must be in \[0, 1\)"),
        ({"sam": float("inf")}, "--sam must not be below 0"),
        ({"clip_norm": -1.0}, "--clip-norm must not be below 0"),
        ({"mixup": "some"}, "mixup wants a value of type float"),
        ({"extra": "mixup"}, "turned on by --mixup VALUE"),
        ({"extra": "nothing"}, "unknown extra 'nothing'"),
        ({"sam": 0.1, "update": "top-kast", "to": "0.9"}, "sam does not go with update 'top-kast'"),
        ({"ema": 0.1, "update": "str"}, "ema does not go with update 'str'"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(asked: Asked, says: str) -> None:
    class Never(Observer):
        def note(self, text: str) -> None:
            raise AssertionError(text)

    with pytest.raises(UsageError, match=says):
        train_cycles(start(None), **PLAIN, **asked, watch=Never())


def test_images_of_many_channels_are_not_for_rand_augment() -> None:
    pixels = torch.zeros(2, 4, 8, 8, dtype=torch.uint8)
    with pytest.raises(SparsetoolError, match="1 or 3 channels, not 4"):
        function("pixels", rand_augment="1,1")(pixels, moment("rand-augment", 2))

"""Noisy labels and held-out examples: how many, which, and that nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sparsetool.data.resident import DataSet, Examples
from sparsetool.data.splits import held_out, with_noise
from sparsetool.evaluation.measure import evaluate
from sparsetool.masks.masking import mask
from sparsetool.networks.init import init
from sparsetool.ticket.value import Ticket
from sparsetool.training.cycles import train_cycles


def resident(data: DataSet, split: str) -> Examples:
    found = data.split(split)
    assert isinstance(found, Examples)
    return found


@given(
    labels=st.lists(st.integers(0, 4), min_size=1, max_size=60),
    fraction=st.sampled_from(["0.1", "0.15", "0.5", "0.9"]),
    seed=st.integers(0, 9),
)
def test_noise_permutes_among_its_part(labels: list[int], fraction: str, seed: int) -> None:
    clean = np.array(labels, dtype=np.int64)
    noisy, wrong = with_noise(clean, fraction, seed)
    assert np.bincount(noisy, minlength=5).tolist() == np.bincount(clean, minlength=5).tolist()
    assert wrong == np.count_nonzero(noisy != clean)
    assert wrong <= round(float(fraction) * len(labels)) + 1
    again, _ = with_noise(clean, fraction, seed)
    assert noisy.tolist() == again.tolist()


def test_about_one_in_ten_keeps_its_label() -> None:
    """On CIFAR-10's labels 15% noise leaves 13.5% wrong: 0.15 x 0.9 of 50,000, s.d. about 26."""
    clean = np.arange(50_000) % 10
    for seed in range(3):
        _, wrong = with_noise(clean, "0.15", seed)
        assert wrong == pytest.approx(6750, abs=130)


def test_noise_goes_by_its_seed() -> None:
    clean = np.arange(1000) % 10
    noisy = {seed: with_noise(clean, "0.15", seed)[0].tolist() for seed in (0, 1)}
    assert noisy[0] != noisy[1]


def test_noise_touches_labels_of_the_training_split_alone() -> None:
    clean, noisy = DataSet("digits"), DataSet("digits", label_noise="0.15")
    for split in ("train", "test"):
        assert torch.equal(resident(clean, split).images, resident(noisy, split).images)
    assert torch.equal(clean.split("test").labels, noisy.split("test").labels)
    differ = int((clean.split("train").labels != noisy.split("train").labels).sum())
    assert differ == noisy.wrong_labels
    assert differ == pytest.approx(0.135 * 1437, rel=0.15)


@given(count=st.integers(2, 500), seed=st.integers(0, 9))
def test_held_out_is_exact_and_fixed(count: int, seed: int) -> None:
    held = held_out(count, "0.1", seed)
    assert abs(int(held.sum()) - count / 10) <= 0.5
    assert held.tolist() == held_out(count, "0.1", seed).tolist()


def test_parts_do_not_overlap() -> None:
    whole, data = DataSet("digits"), DataSet("digits", val="0.1")
    parts = torch.cat([resident(data, "train").images, resident(data, "val").images])
    assert len(data.split("val")) == 144
    every = resident(whole, "train").images.flatten(1)
    assert sorted(map(tuple, parts.flatten(1).tolist())) == sorted(map(tuple, every.tolist()))
    assert torch.equal(resident(data, "test").images, resident(whole, "test").images)


@pytest.fixture(scope="module")
def trained() -> Ticket:
    start = mask(init("mlp:8"), criterion="random", density="balanced", sparsity=0.5)
    return train_cycles(start, n=2, epochs=1, val="0.1", label_noise="0.15", seed=4, batch_size=256)


def test_eval_finds_the_parts_of_the_training_again(trained: Ticket) -> None:
    """From the ticket alone, as another process would."""
    ticket = Ticket.load(trained.to_bytes())
    figures = ticket.lineage[-1]["figures"]
    for split in ("val", "test"):
        found = evaluate(ticket, split=split)
        assert found["loss"] == figures[f"{split}_loss"]
        assert found["accuracy"] == figures[f"{split}_accuracy"]
    assert evaluate(ticket, split="val")["examples"] == 144
    assert evaluate(ticket, split="train")["examples"] == 1293


def test_the_record_says_what_was_done(trained: Ticket) -> None:
    wrong = DataSet("digits", label_noise="0.15", seed=4)
    wrong.split("train")
    for record in trained.lineage[-2:]:
        assert record["options"]["val"] == "0.1"
        assert record["options"]["label_noise"] == "0.15"
        assert record["seed"] == 4
        assert record["achieved"]["wrong_labels"] == wrong.wrong_labels


def test_noise_is_the_same_in_every_cycle(trained: Ticket) -> None:
    """A second command with the ticket's seed goes on with the same labels and parts."""
    start = mask(init("mlp:8"), criterion="random", density="balanced", sparsity=0.5)
    asked = dict(epochs=1, val="0.1", label_noise="0.15", seed=4, batch_size=256)
    twice = train_cycles(train_cycles(start, **asked), **asked)
    assert twice.to_bytes() == trained.to_bytes()

"""Top five, calibration error and accuracy by class, beside their definitions in numpy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from sparsetool import evaluate, init, train_cycles
from sparsetool.compute.device import place
from sparsetool.data.resident import DataSet
from sparsetool.evaluation import measure
from sparsetool.evaluation.answers import Answers
from sparsetool.evaluation.measure import Sets, prepared


def figures(logits: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Every figure from its definition, an example at a time."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    chances = powers / powers.sum(1, keepdims=True)
    right = logits.argmax(1) == labels
    likeliest = np.argsort(-logits, axis=1, kind="stable")[:, :5]
    among = (likeliest == labels[:, None]).any(1)
    bins: dict[int, list[int]] = {}
    for number, chance in enumerate(chances.max(1)):
        (which,) = (m for m in range(1, 16) if (m - 1) / 15 < chance <= m / 15)
        bins.setdefault(which, []).append(number)
    error = sum(
        len(held) / len(labels) * abs(right[held].mean() - chances.max(1)[held].mean())
        for held in bins.values()
    )
    each = [
        float(right[labels == k].mean()) if (labels == k).any() else None
        for k in range(logits.shape[1])
    ]
    return {"accuracy_top5": float(np.mean(among)), "ece": float(error), "class_accuracy": each}


def answered(logits: np.ndarray, labels: np.ndarray, sizes: tuple[int, ...]) -> dict[str, Any]:
    answers = Answers(logits.shape[1], "cpu", per_class=True)
    for part in np.split(np.arange(len(labels)), np.cumsum(sizes)):
        answers.add(torch.from_numpy(logits[part]), torch.from_numpy(labels[part]))
    return answers.figures()


@pytest.mark.parametrize("scale", [0.1, 2.0, 30.0])
@pytest.mark.parametrize("sizes", [(), (100, 37)])
def test_every_figure_is_its_definition(scale: float, sizes: tuple[int, ...]) -> None:
    random = np.random.default_rng(int(scale))
    logits = scale * random.standard_normal((400, 9))
    labels = random.integers(0, 8, 400)  # the last class has no example
    found, wanted = answered(logits, labels, sizes), figures(logits, labels)
    assert found["accuracy_top5"] == wanted["accuracy_top5"]
    assert found["ece"] == pytest.approx(wanted["ece"], abs=1e-12)
    assert found["class_accuracy"] == wanted["class_accuracy"]
    assert found["class_accuracy"][8] is None


def test_a_sure_network_that_is_wrong_and_one_that_knows_its_doubt() -> None:
    labels = np.arange(10) % 2
    sure = np.tile([20.0, -20.0], (10, 1))
    assert answered(sure, labels, ())["ece"] == pytest.approx(0.5)
    doubting = np.zeros((10, 2))
    assert answered(doubting, labels, ())["ece"] == pytest.approx(0.0)
    assert "accuracy_top5" not in answered(sure, labels, ())


def test_a_network_that_says_nothing_has_five_classes_of_ten_among_its_first() -> None:
    labels = np.arange(10)
    assert answered(np.zeros((10, 10)), labels, ())["accuracy_top5"] == 0.5


def test_edges_of_bins_belong_to_the_lower_one() -> None:
    """A confidence of 1/5 = 3/15 shares the third bin with 1/6: right once and wrong once."""
    logits = np.zeros((2, 6))
    logits[1, 5] = -np.inf
    found = answered(logits, np.array([0, 1]), ())
    assert found["ece"] == pytest.approx((5 / 6 - 1 / 5) / 2)


def test_eval_gives_them_in_one_pass_and_its_old_figures_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticket = train_cycles(init("mlp:20"), epochs=3, threads=1)
    data = DataSet("digits")
    passes = []
    batches = measure.measure

    def measured(module: Any, given: Iterator[Any], *args: Any, **rest: Any) -> Any:
        passes.append(1)
        return batches(module, given, *args, **rest)

    monkeypatch.setattr(measure, "measure", measured)
    row = evaluate(ticket, threads=1, per_class=True)
    assert len(passes) == 1
    where = place((1, 8, 8), "cpu", "fp32", "1")
    images, labels = zip(*data.split("test").batches(), strict=True)
    with torch.no_grad():
        logits = prepared(ticket, where)(torch.cat(images)).double().numpy()
    wanted = figures(logits, torch.cat(labels).numpy())
    assert row["accuracy_top5"] == wanted["accuracy_top5"]
    assert row["ece"] == pytest.approx(wanted["ece"], abs=1e-6)
    assert row["class_accuracy"] == wanted["class_accuracy"]
    assert row["accuracy"] == ticket.lineage[-1]["figures"]["test_accuracy"]
    assert "class_accuracy" not in evaluate(ticket, threads="1")


def test_data_are_read_once_for_all_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [init("mlp:4"), init("mlp:6", seed=1)]
    tickets.append(train_cycles(tickets[1], epochs=1, threads="1"))
    reads: list[str] = []
    read = DataSet._read
    monkeypatch.setattr(
        DataSet, "_read", lambda self, split: (reads.append(split), read(self, split))[1]
    )
    sets: Sets = {}
    shared = [evaluate(ticket, threads="1", sets=sets) for ticket in tickets]
    assert reads == ["test"]
    alone = [evaluate(ticket, threads="1") for ticket in tickets]
    assert reads == ["test"] * 4
    assert shared == alone
    # What is held out is another training split.
    held = train_cycles(tickets[0], epochs=1, threads="1", val="0.2")
    reads.clear()
    whole = evaluate(tickets[0], split="train", threads="1", sets=sets)
    less = evaluate(held, split="train", threads="1", sets=sets)
    assert (whole["examples"], less["examples"]) == (1437, 1150)
    assert reads == ["train", "train"]

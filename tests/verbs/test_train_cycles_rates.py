"""`train-cycles`: which rate each cycle gets, and that every step has its own dropout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.verbs import reading
from tests.verbs.shell import Shell
from tests.verbs.training_records import log, trainings

HERE = ("train-cycles", "--threads", "1", "--batch-size", "500")  # three steps an epoch


@pytest.fixture
def tiny(shell: Shell) -> Path:
    shell.ok("init", "mlp:4", "-o", "tiny.st")
    return shell / "tiny.st"


def test_from_epoch_is_of_the_first_cycle_alone(shell: Shell, tiny: Path) -> None:
    """Two cycles of three epochs, of which the first begins at its last."""
    line = (*HERE, "--n", "3", "--epochs", "3", "--from-epoch", "2", tiny)
    shell.ok(*line, "--log", "l.jsonl", "-o", "t.st")
    records = trainings(shell / "t.st")
    assert [record["achieved"]["epochs"] for record in records] == [1, 3, 3]
    assert [record["options"].get("from_epoch") for record in records] == [2, None, None]
    rows = log(shell / "l.jsonl")
    assert [row["epoch"] for row in rows] == [3, 1, 2, 3, 1, 2, 3]
    assert [row["epochs"] for row in rows] == list(range(1, 8))
    rates = [row["lr"] for row in rows]
    assert rates[0] == rates[3] == rates[6]
    assert rates[1:4] == rates[4:7]


def test_the_log_has_the_rate_of_the_epochs_last_step(shell: Shell, tiny: Path) -> None:
    """Warm-up of one epoch, a drop after the second: 0.2, 0.2, 0.02 for the last step."""
    more = ("--lr", "0.2", "--warmup", "1", "--drops", "2", "--epochs", "3")
    shell.ok(*HERE, *more, tiny, "--log", "l.jsonl", "-o", "t.st")
    assert [row["lr"] for row in log(shell / "l.jsonl")] == pytest.approx([0.2, 0.2, 0.02])


def allr(lr: float, factor: float, epochs: int) -> list[float]:
    """Rates of the last step of each epoch of three steps (Zimmer et al., 2023)."""
    total = 3 * epochs
    warm = total / 10
    return [lr * factor * (total - step) / (total - warm) for step in range(2, total, 3)]


@pytest.mark.parametrize(("first", "second", "epochs"), [(6, 2, 3), (2, 6, 1)])
def test_allr_goes_by_the_dense_training_and_the_last_pruning(
    first: int, second: int, epochs: int, shell: Shell, tiny: Path
) -> None:
    """The budget is this cycle's epochs over those of the first training, not of the last."""
    shell.ok(*HERE, "--epochs", first, tiny, "-o", "dense.st")
    shell.ok("prune", "--magnitude", "--rate", "0.6", "dense.st", "-o", "p1.st")
    shell.ok(*HERE, "--epochs", second, "p1.st", "-o", "again.st")
    shell.ok("prune", "--magnitude", "--rate", "0.05", "again.st", "-o", "p2.st")
    line = (*HERE, "--schedule", "allr", "--lr", "0.2", "--epochs", epochs, "p2.st")
    shell.ok(*line, "--log", "l.jsonl", "-o", "t.st")
    figures = reading.lineage(shell / "p2.st")[-1]["figures"]
    distance = figures["removed_norm"] / figures["weight_norm"] / figures["removed_fraction"] ** 0.5
    budget = epochs / first
    assert distance < budget == 0.5, "the budget decides"
    rates = [row["lr"] for row in log(shell / "l.jsonl")]
    assert rates == pytest.approx(allr(0.2, budget, epochs))


def test_allr_takes_the_distance_of_the_last_pruning(shell: Shell, tiny: Path) -> None:
    """Two prunings, one cycle so short that the budget does not decide."""
    shell.ok(*HERE, "--epochs", "20", tiny, "-o", "dense.st")
    shell.ok("prune", "--magnitude", "--rate", "0.1", "dense.st", "-o", "p1.st")
    shell.ok("prune", "--magnitude", "--rate", "0.6", "p1.st", "-o", "p2.st")
    shell.ok(*HERE, "--schedule", "allr", "--lr", "0.2", "--epochs", "1", "p2.st",
             "--log", "l.jsonl", "-o", "t.st")  # fmt: skip
    figures = reading.lineage(shell / "p2.st")[-1]["figures"]
    distance = figures["removed_norm"] / figures["weight_norm"] / figures["removed_fraction"] ** 0.5
    assert distance > 0.05 * 2
    rates = [row["lr"] for row in log(shell / "l.jsonl")]
    assert rates == pytest.approx(allr(0.2, distance, 1))


DROPPING = """
import json
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, classes, input):
        super().__init__()
        self.drop, self.head = nn.Dropout(0.5), nn.Linear(64, classes)

    def forward(self, images):
        if self.training:
            kept = self.drop(torch.ones(64)) > 0
            with open({notes!r}, "a") as file:
                file.write(json.dumps(kept.int().tolist()) + chr(10))
        return self.head(images.flatten(1))

def net(classes, input):
    return Net(classes, input)
"""


def test_every_step_has_its_own_dropout(shell: Shell) -> None:
    """Of every epoch and seed; the same run draws the same."""
    notes = shell / "notes.jsonl"
    (shell / "net.py").write_text(DROPPING.format(notes=str(notes)))
    shell.ok("init", "net.py:net", "-o", "n.st")
    seen: dict[int, list[tuple[int, ...]]] = {}
    for seed in (1, 2, 1):
        notes.unlink(missing_ok=True)
        line = (*HERE, "--no-store", "--model", "net.py:net", "--epochs", "2", "--seed", seed)
        shell.ok(*line, "n.st")
        steps = [tuple(json.loads(text)) for text in notes.read_text().splitlines()]
        assert len(steps) == 6
        assert seen.get(seed, steps) == steps
        seen[seed] = steps
    assert len({*seen[1], *seen[2]}) == 12

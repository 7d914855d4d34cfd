"""Results of a training: a log line per epoch, and a ticket with its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..plugins import optimizers, schedules, updates
from ..ticket.value import Ticket

if TYPE_CHECKING:
    from .loop import Learner

FIGURES = tuple(
    f"{split}_{figure}"
    for split in ("train", "val", "test")
    for figure in ("loss", "accuracy", "bits_per_character")
)


def log_line(learner: Learner, start: Ticket, index: int, measured: bool) -> dict[str, Any]:
    """The log line of the epoch just done (fields: `sparsetool guide cycles`, "The log").

    Args:
        learner: The network at the end of an epoch; with several ranks all must come here.
        start: The ticket at the cycle's beginning.
        index: Which cycle of the command, from 0.
        measured: Whether to measure on the test split, and what was held out.
    """
    line: dict[str, Any] = {
        "cycle": index + 1,
        "epoch": learner.epoch,
        "epochs": learner.before + learner.epoch,
        "lr": float(learner.rate(learner.epoch * learner.steps - 1, learner.cycle)),
        "sparsity": start.sparsity,
        **learner.moving.now(),
        "train_loss": learner.tally.mean_loss,
        "train_accuracy": learner.tally.accuracy,
    }
    if measured:
        line |= learner.figures("test")
        if learner.settings.val is not None:
            line |= learner.figures("val")
    return line


def trained(learner: Learner, start: Ticket, index: int, line: dict[str, Any]) -> Ticket:
    """The ticket of a learner as it stands, with its record.

    Args:
        learner: The network at the end of an epoch.
        start: The ticket at the cycle's beginning.
        index: Which cycle of the command, from 0.
        line: The log line of the epoch just done.
    """
    import torch

    settings, where, ranks = learner.settings, learner.where, learner.ranks.size
    schedule, optimizer = schedules.load(settings.schedule), optimizers.load(settings.optimizer)
    packages = {**schedule.versions, **optimizer.versions}
    if settings.update is not None:
        packages |= updates.load(settings.update).versions
    packages |= learner.beside.versions
    epochs = learner.epoch - settings.first_epoch(index)
    masks = learner.moving.masks()
    counts = start.kept_by_layer if masks is None else {n: int(m.sum()) for n, m in masks.items()}
    achieved: dict[str, Any] = {
        "epochs": epochs,
        "steps": epochs * learner.steps,
        "examples": epochs * len(learner.train),
        "layers": list(counts.values()),
        **learner.moving.achieved(learner.epoch == settings.epochs),
        **learner.beside.achieved(),
    }
    if learner.epoch < settings.epochs:
        achieved["stopped_at"] = learner.epoch
    if learner.data.wrong_labels:
        achieved["wrong_labels"] = learner.data.wrong_labels
    together: dict[str, Any] = {"ranks": ranks} if ranks > 1 else {}
    return start.derive(
        "train-cycles",
        settings.options(index),
        seed=settings.seed,
        weights=learner.weights(),
        masks=masks,
        achieved=achieved,
        figures={key: line[key] for key in FIGURES if key in line},
        device=where.device if ranks == 1 else where.kind,
        precision=where.precision,
        threads=where.threads,
        versions={"torch": torch.__version__, **packages},
        **together,
    )

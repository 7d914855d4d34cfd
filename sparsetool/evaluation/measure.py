"""Loss and accuracy of a network, always in float32, the same way everywhere.

The figures of `eval`, of a lineage and of training logs all come from here, so that they agree.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..compute.device import Place, place
from ..compute.ranks import ALONE, Ranks
from ..data.facts import check_fits, last_data, trained_on
from ..data.naming import recorded_name
from ..data.resident import EVAL_BATCH, DataSet
from ..errors import UsageError, nearest
from ..kernels.products import SparseProducts
from ..layer_graph.logits import logits_of
from ..networks.build import to_module
from ..plugins.datasets import is_text
from ..plugins.own_code import within_call
from ..runs.where import state_folder
from ..ticket.value import Ticket
from .answers import Answers
from .normalisation import RECOMPUTE_EXAMPLES, batch_size, batch_statistics, recompute_statistics

NORMS = ("stored", "recompute", "batch")
Sets = dict[tuple[Any, ...], DataSet]


@dataclass
class Tally:
    """Sums over the examples seen, kept on the device until asked for.

    Attributes:
        loss: Sum of the losses, nats, float64 scalar.
        correct: Number of right answers, int64 scalar.
        examples: Examples seen.
    """

    loss: Tensor
    correct: Tensor
    examples: int = 0

    @classmethod
    def on(cls, device: str | torch.device) -> Tally:
        """An empty tally on a device (MPS has no float64: its sums live on the CPU)."""
        where = "cpu" if str(device).startswith("mps") else device
        return cls(
            torch.zeros((), dtype=torch.float64, device=where),
            torch.zeros((), dtype=torch.int64, device=where),
        )

    def add(self, mean_loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Count a batch: mean loss (scalar), logits [B, classes], labels [B]."""
        count = len(labels)
        self.loss += mean_loss.detach().to(self.loss.device, torch.float64) * count
        self.correct += (logits.detach().argmax(1) == labels).sum().to(self.correct.device)
        self.examples += count

    def over(self, ranks: Ranks) -> Tally:
        """The sum of all ranks' tallies; it rounds nothing, as a loss has 24 bits of float64's 53.

        So the figures are those of one process that sees the same losses, and `eval` agrees.
        """
        if ranks.size == 1:
            return self
        loss, correct = self.loss.clone(), self.correct.clone()
        examples = torch.tensor(self.examples)
        ranks.sum_(loss, correct, examples)
        return Tally(loss, correct, int(examples))

    @property
    def mean_loss(self) -> float:
        """Mean loss per example, nats."""
        return float(self.loss) / self.examples

    @property
    def accuracy(self) -> float:
        """Fraction of right answers."""
        return int(self.correct) / self.examples


@torch.no_grad()
def measure(
    module: torch.nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    ranks: Ranks = ALONE,
    answers: Answers | None = None,
) -> Tally:
    """Tally a module's loss and accuracy in evaluation mode; its mode is left as it was.

    Args:
        module: Gives logits [B, classes].
        batches: Images float [B, C, H, W] and labels int64 [B], or tokens int64 [B, T] and labels
            [B, T]; of this rank, maybe none.
        ranks: Whose batches are tallied together.
        answers: Counts the same answers more closely, of this rank alone.
    """
    training = module.training
    module.eval()
    tally = Tally.on(next(module.parameters()).device)
    for images, labels in batches:
        logits, labels = logits_of(module(images)).float(), labels.flatten()
        tally.add(torch.nn.functional.cross_entropy(logits, labels), logits, labels)
        if answers is not None:
            answers.add(logits, labels)
    module.train(training)
    tally = tally.over(ranks)
    if not tally.examples:
        raise ValueError("no batches to measure on")
    return tally


def bits_of(loss: float, input: Sequence[int]) -> dict[str, float]:
    """Of text `bits_per_character`: its loss in nats, in bits.

    Args:
        loss: Mean per example, nats.
        input: Shape of an example.
    """
    return {"bits_per_character": loss / math.log(2)} if is_text(input) else {}


def masks_of(*tickets: Ticket) -> dict[str, Tensor]:
    """Weights that any of some tickets keeps, bool by name; those of layers that all have masks."""
    names = set.intersection(*(set(ticket.masks) for ticket in tickets))
    return {
        name: torch.from_numpy(np.logical_or.reduce([ticket.masks[name] for ticket in tickets]))
        for name in sorted(names)
    }


def sparse_products(
    module: torch.nn.Module,
    masks: Mapping[str, Tensor],
    ticket: Ticket,
    where: Place,
    dense: bool = False,
) -> SparseProducts:
    """How a ticket's module is computed on a device where it keeps few weights; or `dense`."""
    return SparseProducts(
        module,
        masks,
        tuple(ticket.meta["input"]),
        threads=where.threads,
        figures=EVAL_BATCH,
        enabled=where.kind == "cpu" and not dense,
        compiled=state_folder() / "kernels",
    )


def prepared(ticket: Ticket, where: Place) -> torch.nn.Module:
    """The ticket's module on a device, float32, channels-last layout, in evaluation mode."""
    module = to_module(ticket).float().to(where.device)
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def opened(
    ticket: Ticket,
    data: str | None,
    data_root: str | None,
    device: str,
    threads: str | int,
    sets: Sets | None = None,
) -> tuple[DataSet, Place]:
    """The data to measure a ticket on, and where: that of its last training unless named.

    What is in `sets` is not read again, and what is read is put there.
    """
    where = place(tuple(ticket.meta["input"]), device, "fp32", threads)
    name = recorded_name("datasets", data, data_root) if data else last_data(ticket)
    split = trained_on(ticket)
    if split.keys() <= {"seed"}:
        split = {}  # the seed alone decides nothing
    split["normalize"] = ticket.meta.get("normalize")
    key = (name, data_root, where.device, *((k, str(v)) for k, v in sorted(split.items())))
    sets = {} if sets is None else sets
    if key not in sets:
        sets[key] = DataSet(name, data_root, where.device, **split)
    held = sets[key]
    check_fits(ticket, name, held.facts)
    return held, where


def sample(held: DataSet, split: str, examples: int) -> tuple[Tensor, Tensor]:
    """A split's fixed sample, unaugmented: images float [N, C, H, W] and labels int64 [N]."""
    images, labels = zip(*held.split(split).first(examples).batches(), strict=True)
    return torch.cat(images), torch.cat(labels)


@within_call
def evaluate(
    ticket: Ticket,
    *,
    split: str = "test",
    data: str | None = None,
    data_root: str | None = None,
    bn: str = "stored",
    bn_examples: int = RECOMPUTE_EXAMPLES,
    device: str = "auto",
    threads: str | int = "auto",
    per_class: bool = False,
    sets: Sets | None = None,
) -> dict[str, Any]:
    """Loss and accuracy of a ticket on a split, in float32.

    Args:
        ticket: The ticket.
        split: `train`, `val` or `test`; `val` and noisy labels are those of its last training.
        data: Data set; by default the ticket's own.
        data_root: Folder of data sets.
        bn: Batch-norm statistics: `stored`, `recompute` (estimated anew on the first `bn_examples`
            training images, without augmentation) or `batch` (of each batch of 500).
        bn_examples: Training images for `recompute`.
        device: As for `train-cycles`.
        threads: As for `train-cycles`.
        per_class: Whether to give the accuracy of each class.
        sets: Data sets that were read for other tickets, to read none twice; filled here.

    Returns:
        `split`, `loss` (nats, mean per example), of text `bits_per_character` (the loss in bits),
        `accuracy` (fraction; of text, as the loss, of its next `characters`, which are counted),
        `accuracy_top5` (fraction with the label among the five likeliest of more than five
        classes), `ece` (expected calibration error, a fraction; see `answers`), `class_accuracy`
        with `per_class` (a list of
        fractions), `examples`.

    Raises:
        UsageError: An unknown `bn`, split, device or data set.
        SparsetoolError: The data are not there, or do not fit the ticket's network.
    """
    if bn not in NORMS:
        raise UsageError(f"unknown --bn '{bn}': {nearest(bn, NORMS)}")
    held, where = opened(ticket, data, data_root, device, threads, sets)
    answers = Answers(held.facts.classes, where.device, per_class)
    with where.entered(), contextlib.ExitStack() as stack:
        module = prepared(ticket, where)
        products = sparse_products(module, masks_of(ticket), ticket, where)
        stack.enter_context(products.of_figures)
        if bn == "recompute":
            part = held.split("train").first(bn_examples)
            recompute_statistics(module, part.batches(batch_size(len(part))))
        elif bn == "batch":
            stack.enter_context(batch_statistics(module))
        measured = held.split(split)
        tally = measure(module, measured.batches(), answers=answers)
    return {
        "split": split,
        "loss": tally.mean_loss,
        **bits_of(tally.mean_loss, held.facts.input),
        "accuracy": tally.accuracy,
        **answers.figures(),
        "examples": len(measured),
        **({"characters": tally.examples} if is_text(held.facts.input) else {}),
    }

"""Training and evaluation: our loop beside the usual research loop and beside bare dense steps."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from sparsetool import init, mask, train_cycles
from sparsetool.compute.allocator import keep_freed
from sparsetool.compute.device import HALF, place
from sparsetool.data.naming import recorded_name
from sparsetool.data.resident import DataSet
from sparsetool.evaluation.measure import measure, prepared
from sparsetool.runs.folder import RunFolder
from sparsetool.ticket.value import Ticket

from .beside import Apart, Row, interleaved, process
from .research_loop import bare_steps, usual_epoch

HERE = Path(__file__).parent
PICTURES = recorded_name("datasets", f"{HERE / 'pictures.py'}:pictures", None)


def at_32(rounds: int) -> Iterator[Row]:
    """ResNet20, 32x32, batch 512: beside the research loop, and beside bare steps."""
    keep_freed()  # as the command does
    ticket = mask(
        init("resnet20", data="cifar10"), criterion="random", density="balanced", sparsity=0.9
    )
    where = place((3, 32, 32))
    torch.set_num_threads(where.threads)
    precision = HALF.get(where.precision)
    images, labels = _pictures()
    theirs = Apart(usual_epoch, ticket.masks, images, labels, where.threads)
    bare = prepared(ticket, where)
    steps, tests = _tensors(ticket, PICTURES, 512)

    def ours() -> None:
        _trained(ticket, PICTURES, 1)

    mine, research, dense = interleaved(
        rounds,
        ours,
        theirs,
        lambda: bare_steps(bare, steps, iter(tests), precision),
    )
    theirs.close()
    facts = {
        "images_per_s": len(labels) / sorted(mine)[len(mine) // 2],
        "precision": where.precision,
        "threads": where.threads,
    }
    target = 1 / 3.5 if precision is not None else None
    yield Row(
        "training, 32x32, batch 512", "the usual research loop", mine, research, target, facts
    )
    yield Row("training, 32x32, batch 512", "bare dense steps", mine, dense, 1.03)


def at_8(rounds: int) -> Iterator[Row]:
    """ResNet20 on digits, batch 128: one cycle of five epochs, beside bare steps."""
    ticket = mask(init("resnet20"), criterion="random", density="balanced", sparsity=0.9)
    where = place((1, 8, 8))
    torch.set_num_threads(where.threads)
    bare = prepared(ticket, where)
    steps, tests = _tensors(ticket, "digits", 128)
    mine, dense = interleaved(
        rounds,
        lambda: _trained(ticket, "digits", 5),
        lambda: bare_steps(bare, 5 * steps, iter(tests)),
    )
    yield Row("training, 8x8, batch 128", "bare dense steps", mine, dense, 1.10)


def command(rounds: int) -> Iterator[Row]:
    """The whole of `train-cycles --n 4` on digits beside a process that takes bare steps."""
    cycles, epochs = 4, 3
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "masked.st")
        ticket = mask(init("resnet20"), criterion="random", density="balanced", sparsity=0.9)
        ticket.save(file)
        words = [sys.executable, "-m", "sparsetool", "train-cycles", "--n", str(cycles)]
        words += ["--epochs", str(epochs), "--no-store", "--quiet", "-o", "-", str(file)]
        bare = [sys.executable, "-m", "tests.benchmarks.training", str(cycles * epochs)]
        environment = {**os.environ, "SPARSETOOL_STATE": folder}
        mine, dense = interleaved(
            rounds,
            lambda: process(words, environment),
            lambda: process(bare, environment),
        )
    yield Row(
        "train-cycles --n 4, digits, process", "import torch, steps, evaluations", mine, dense, 1.25
    )


def memory(rounds: int) -> Iterator[Row]:
    """A process that trains, and one that leaves malloc as it is (see compute/allocator.py)."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "start.st")
        init("resnet20", data=PICTURES).save(file)
        data = f"{HERE / 'pictures.py'}:pictures"
        words = [sys.executable, "-m", "sparsetool", "train-cycles", "--data", data, "--epochs"]
        words += ["2", "--eval-every", "2", "--no-store", "--quiet", "-o", "-", str(file)]
        environment = {**os.environ, "SPARSETOOL_STATE": folder}
        as_it_is = {**environment, "GLIBC_TUNABLES": "glibc.malloc.arena_test=8"}
        mine, theirs = interleaved(
            rounds, lambda: process(words, environment), lambda: process(words, as_it_is)
        )
        peaks = process(words, environment)[1] / process(words, as_it_is)[1]
    yield Row(
        "training, 32x32, process", "malloc as it is", mine, theirs, None, {"peak memory": peaks}
    )


def evaluation(rounds: int) -> Iterator[Row]:
    """`measure` on prepared examples beside bare forward passes of the same batches."""
    ticket = init("resnet20", data="cifar10")
    where = place((3, 32, 32), precision="fp32")
    torch.set_num_threads(where.threads)
    module = prepared(ticket, where).eval()
    examples = DataSet(PICTURES).split("train")
    batches = list(examples.batches())

    @torch.no_grad()
    def bare() -> None:
        for images, _ in batches:
            module(images)

    mine, theirs = interleaved(rounds, lambda: measure(module, examples.batches()), bare)
    yield Row("evaluation, 32x32", "bare forward passes", mine, theirs, 1.05)


def _trained(ticket: Ticket, data: str, epochs: int) -> Ticket:
    """One cycle as `train-cycles` makes it, run folder and all; evaluated at its end."""
    with tempfile.TemporaryDirectory() as folder:
        store = RunFolder(Path(folder))
        return train_cycles(ticket, data=data, epochs=epochs, eval_every=epochs, store=store)


def _pictures() -> tuple[torch.Tensor, torch.Tensor]:
    from .pictures import pictures

    return pictures()["train"]  # type: ignore[return-value]


def _tensors(
    ticket: Ticket, data: str, batch: int
) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], list[tuple[torch.Tensor, torch.Tensor]]]:
    """Batches of the training and the test split, normalised and in memory."""
    held = DataSet(data)
    return list(held.split("train").batches(batch)), list(held.split("test").batches())


def _bare_command(epochs: int) -> None:
    """What `command` is measured beside: its steps and evaluations on made-up tensors."""
    from sparsetool.builtin.models import resnet20

    torch.set_num_threads(1)
    draws = torch.Generator().manual_seed(0)
    images = torch.randn(1437, 1, 8, 8, generator=draws)
    labels = torch.randint(10, (1437,), generator=draws)
    module = resnet20.build(None, 10, (1, 8, 8)).to(memory_format=torch.channels_last)
    steps = list(zip(images.split(128), labels.split(128), strict=True))
    tests = [(images[:360], labels[:360])]
    for _ in range(epochs):
        bare_steps(module, steps, iter(tests))


if __name__ == "__main__":
    _bare_command(int(sys.argv[1]))

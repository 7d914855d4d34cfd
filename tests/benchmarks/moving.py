"""What masks that move cost: RigL beside a fixed mask, AC/DC's dense phase beside dense training.

    python -m tests.benchmarks.moving [--rounds 5]

ResNet20 on the 8x8 digits at 90%, batches of 128, one thread; a round is as many steps of each as
lie between two updates of RigL, one of them included. A line is appended to `results/moving.jsonl`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from sparsetool import Ticket, init, mask
from sparsetool.compute.device import Place
from sparsetool.data.resident import DataSet
from sparsetool.training.loop import Learner
from sparsetool.training.settings import resolve

from .beside import Row, interleaved, keep

EVERY = 100  # steps


class Stepping:
    """A learner that goes on by a number of steps."""

    def __init__(self, ticket: Ticket, **asked: Any) -> None:
        settings = resolve(ticket, {"epochs": 400, "lr": 0.01, "batch_size": 128, **asked})
        self.learner = Learner(ticket, settings, 0, DataSet("digits"), Place("cpu", "fp32", 1))
        self.left = 0

    def pause(self) -> bool:
        self.left -= 1
        return self.left < 0

    def __call__(self) -> None:
        self.left = EVERY
        while self.left > 0:
            self.learner.run_epoch(self.pause)


def costs(rounds: int) -> Iterator[Row]:
    """The ratios."""
    dense = init("resnet20")
    sparse = mask(dense, criterion="random", density="erk", sparsity="0.9")
    fixed, rigl = Stepping(sparse), Stepping(sparse, update="rigl", update_every=EVERY)
    facts = {"steps": EVERY, "threads": 1}
    fixed()
    rigl()
    yield Row(  # type: ignore[call-arg]
        "RigL, an update in 100 steps",
        "a fixed mask",
        *interleaved(rounds, rigl, fixed),
        1.05,
        facts,
    )
    plain, phase = (
        Stepping(dense),
        Stepping(dense, update="ac-dc", to="0.9", warm=0.5),
    )
    yield Row("AC/DC, dense phase", "dense", *interleaved(rounds, phase, plain), 1.05, facts)  # type: ignore[call-arg]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    rows = []
    for row in costs(given.rounds):
        print(row.line, flush=True)
        rows.append(row)
    print(f"appended to {keep(rows, 'moving')}")


if __name__ == "__main__":
    main()

"""Measure, beside what it should be measured, how fast the program is.

    python -m tests.benchmarks              # everything, under fifteen minutes on two cores
    python -m tests.benchmarks verbs lmc    # some of it

Everything compared is interleaved in one run; figures are medians of ratios over rounds. A JSON
line with the machine and the versions is appended to `tests/benchmarks/results/benchmarks.jsonl`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from . import hessian, lmc, peers, sparse, training, verbs
from .beside import Row, keep

# Rounds are few where one takes long.
PARTS: dict[str, tuple[Callable[[int], Iterator[Row]], int]] = {
    "train32": (training.at_32, 3),
    "train8": (training.at_8, 5),
    "command": (training.command, 3),
    "memory": (training.memory, 3),
    "evaluation": (training.evaluation, 5),
    "sparse": (sparse.break_even, 3),
    "sparse-steps": (sparse.steps, 2),
    "sparseprop": (peers.sparseprop, 3),
    "verbs": (verbs.on_resnet50, 5),
    "start": (verbs.start_up, 9),
    "pipeline": (verbs.pipeline, 3),
    "lmc": (lmc.line, 5),
    "hessian": (hessian.largest, 3),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", default=[])
    parser.add_argument("--rounds", type=int, help="in place of each part's own number")
    parser.add_argument("--no-keep", action="store_true", help="write no results")
    given = parser.parse_args()
    rows = []
    for name in given.parts or [name for name in PARTS if name != "sparseprop"]:
        part, rounds = PARTS[name]
        for row in part(given.rounds or rounds):
            print(row.line, flush=True)
            rows.append(row)
    if not given.no_keep:
        print(f"appended to {keep(rows)}")


if __name__ == "__main__":
    main()

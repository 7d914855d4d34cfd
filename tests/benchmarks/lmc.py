"""21 points on the line between two tickets, beside 21 evaluations with the same statistics.

    python -m tests.benchmarks.lmc [--threads 1] [--rounds 5]

Both in this process, in turn; the evaluations share what they read, as `eval --bn recompute` of 21
files does. A line is appended to `results/lmc.jsonl`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from sparsetool import init
from sparsetool.analysis.lmc import ground, lmc
from sparsetool.evaluation.measure import Sets, evaluate

from .beside import Row, interleaved, keep

POINTS = 21


def line(rounds: int, threads: int = 1) -> Iterator[Row]:
    """The cost of `lmc` over that of as many `eval --bn recompute`."""
    for model in ("resnet20", "mlp"):
        a, b = (init(model, seed=seed) for seed in (0, 1))
        on = ground(a, b, splits=["test"], threads=str(threads))
        sets: Sets = {}

        def points(a=a, b=b, on=on) -> None:
            lmc(a, b, on, points=POINTS)

        def evaluations(a=a, sets=sets) -> None:
            for _ in range(POINTS):
                evaluate(a, bn="recompute", threads=str(threads), sets=sets)

        taken = interleaved(rounds, points, evaluations)
        facts = {"threads": threads, "examples": 360, "bn_examples": on.bn_examples}
        beside = f"{POINTS} x eval --bn recompute"
        yield Row(f"lmc, {POINTS} points, {model} at 8x8", beside, *taken, 1.15, facts)  # type: ignore[call-arg]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    rows = list(line(given.rounds, given.threads))
    for row in rows:
        print(row.line)
    print(f"appended to {keep(rows, 'lmc')}")


if __name__ == "__main__":
    main()

"""Two things measured in turn in one run, and what is written down of it."""

from __future__ import annotations

import contextlib
import datetime
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("torch", "torchvision", "numpy", "safetensors", "typer", "pyhessian")


@dataclass
class Row:
    """One line of the table.

    Attributes:
        what: What of ours is measured.
        beside: What it is measured beside.
        ours: Seconds of each round.
        theirs: Seconds of each round of the other; empty where nothing stands beside.
        target: The most that the ratio ours / theirs (or, alone, our seconds) is to be; None where
            it is only reported.
        facts: Further figures, by name.
    """

    what: str
    beside: str
    ours: list[float]
    theirs: list[float]
    target: float | None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def figure(self) -> float:
        """Median over rounds of ours / theirs, or of our seconds where it stands alone."""
        if not self.theirs:
            return statistics.median(self.ours)
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def line(self) -> str:
        """The row as a person reads it."""
        unit = "x" if self.theirs else " s"
        wanted = "" if self.target is None else f" (target {self.target}{unit})"
        met = "" if self.target is None or self.figure <= self.target else "  MISSED"
        figures = self.theirs and [a / b for a, b in zip(self.ours, self.theirs, strict=True)]
        spread = figures or self.ours
        facts = ", ".join(f"{name} {_short(value)}" for name, value in self.facts.items())
        return (
            f"{self.what:34} | {self.beside:34} | {self.figure:6.3f}{unit}"
            f" [{min(spread):.3f}, {max(spread):.3f}] n={len(spread)}{wanted}{met}"
            + (f"  {facts}" if facts else "")
        )


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call, seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def interleaved(
    rounds: int, *calls: Callable[[], object], warm: bool = True
) -> tuple[list[float], ...]:
    """Seconds of each call in each round; they take turns, and every other round goes backwards."""
    if warm:
        for call in calls:
            call()
    taken: tuple[list[float], ...] = tuple([] for _ in calls)
    for number in range(rounds):
        turns = list(zip(calls, taken, strict=True))
        for call, times in turns if number % 2 == 0 else reversed(turns):
            times.append(seconds(call))
    return taken


class Apart:
    """A call made in a process of its own, which nothing that ours sets up can touch.

    Args:
        make: What returns the call; made once, over there.
        given: Its arguments.
    """

    def __init__(self, make: Callable[..., Callable[[], object]], *given: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._asked, asked = context.Pipe()
        self._process = context.Process(target=_answer, args=(asked, make, given))
        self._process.start()
        asked.close()
        self._asked.recv()

    def __call__(self) -> None:
        self._asked.send(None)
        self._asked.recv()

    def close(self) -> None:
        """End the process."""
        self._asked.close()
        self._process.join()


def _answer(asked: Any, make: Callable[..., Callable[[], object]], given: tuple[object]) -> None:
    call = make(*given)
    with contextlib.suppress(EOFError):
        while True:
            asked.send(None)
            asked.recv()
            call()


# Between this process and the one measured: a child's peak memory begins with its parent's.
LAUNCH = """
import os, subprocess, sys, time
start = time.perf_counter()
null = subprocess.DEVNULL
child = subprocess.Popen(sys.argv[1:], stdin=null, stdout=null)
_, status, used = os.wait4(child.pid, 0)
print(time.perf_counter() - start, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def process(words: Sequence[str], environment: dict[str, str] | None = None) -> tuple[float, int]:
    """Wall seconds and peak memory (bytes) of a whole process, which must end well."""
    launched = subprocess.run(
        [sys.executable, "-c", LAUNCH, *words],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    taken, peak, code = launched.stdout.split()
    if int(code):
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return float(taken), int(peak) * (1 if platform.system() == "Darwin" else 1024)


def machine() -> dict[str, Any]:
    """The machine and the versions that figures belong to."""
    import torch

    model, flags = platform.processor(), ""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        for line in file:
            key, _, value = line.partition(":")
            model = value.strip() if key.strip() == "model name" else model
            flags = value if key.strip() == "flags" else flags
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "features": sorted({"avx2", "avx512f", "avx512_bf16", "amx_bf16"} & set(flags.split())),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def keep(rows: Sequence[Row], name: str = "benchmarks") -> Path:
    """Append one JSON line with all rows to `results/NAME.jsonl`."""
    line = {
        "date": datetime.date.today().isoformat(),
        "load_before": os.getloadavg()[2],
        "machine": machine(),
        "rows": [{**asdict(row), "figure": row.figure} for row in rows],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return path

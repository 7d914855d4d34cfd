"""On a GPU: one cycle of 150 epochs of ResNet20 on CIFAR-10 for three seeds, and times of epochs.

    python -m tests.benchmarks.gpu --data-root ROOT [--epochs 150] [--seeds 0 1 2]

ROOT holds torchvision's CIFAR-10 files. Prints and appends to `results/gpu.jsonl`: accuracy and
wall time of each seed, seconds per epoch of ResNet20 and ResNet18 (by the difference of a long and
a short run, so that starting up does not count), how busy the GPU was, and what three runs at once
take beside one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .beside import Row, keep

PROGRAM = (sys.executable, "-m", "sparsetool")


class Busy:
    """Samples the GPU's utilisation (percent) twice a second while it is entered."""

    def __enter__(self) -> Busy:
        self.samples: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        if shutil.which("nvidia-smi") is None:
            return
        question = ("--query-gpu=utilization.gpu", "--format=csv,noheader,nounits")
        while not self._over.wait(0.5):
            said = subprocess.run(
                ("nvidia-smi", *question), capture_output=True, text=True, check=False
            )
            if said.returncode == 0:
                self.samples.append(float(said.stdout.split()[0]))

    @property
    def median(self) -> float | None:
        """Median of the samples, percent."""
        return statistics.median(self.samples) if self.samples else None


def started(folder: Path, name: str, words: Sequence[str]) -> subprocess.Popen[bytes]:
    """`train-cycles` of a ticket under way; its log is `NAME.jsonl`, its result `NAME.out.st`."""
    line = [*PROGRAM, "train-cycles", str(folder / f"{name}.st"), "--no-store", "--quiet", *words]
    line += ["--log", str(folder / f"{name}.jsonl"), "-o", str(folder / f"{name}.out.st")]
    return subprocess.Popen(line)


def trained(folder: Path, name: str, words: Sequence[str]) -> dict[str, Any]:
    """Train; wall seconds, how busy the GPU was, the last test accuracy."""
    begin = time.perf_counter()
    with Busy() as busy:
        process = started(folder, name, words)
        if process.wait():
            raise SystemExit(f"train-cycles ended with {process.returncode}")
    last = json.loads((folder / f"{name}.jsonl").read_text().splitlines()[-1])
    return {
        "wall_s": time.perf_counter() - begin,
        "gpu_busy_percent": busy.median,
        "test_accuracy": last["test_accuracy"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-root", default=os.environ.get("SPARSETOOL_DATA"))
    parser.add_argument("--data", default="cifar10")
    parser.add_argument("--epochs", type=int, default=150)
    parser.add_argument("--short", type=int, default=12, help="epochs where only time is wanted")
    parser.add_argument("--seeds", nargs="+", default=["0", "1", "2"])
    parser.add_argument("--models", nargs=2, default=["resnet20", "resnet18"])
    parser.add_argument("more", nargs="*", help="further options of train-cycles, after --")
    given = parser.parse_args()
    root = ["--data-root", given.data_root] if given.data_root else []
    shared = ["--data", given.data, *root, *given.more]
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for model in given.models:
            for seed in given.seeds:
                target = str(folder / f"{model}-{seed}.st")
                born = [*PROGRAM, "init", model, "--data", given.data, "--seed", seed, "-o", target]
                subprocess.run(born, check=True)
        small, large = given.models
        short = ["--epochs", str(given.short), "--force", *shared]
        long = ["--epochs", str(given.epochs), "--force", *shared]
        alone = trained(folder, f"{small}-{given.seeds[0]}", short)["wall_s"]
        for seed in given.seeds:
            facts = trained(folder, f"{small}-{seed}", long)
            epoch = (facts["wall_s"] - alone) / (given.epochs - given.short)
            rows.append(Row(f"{small}, an epoch, seed {seed}", "", [epoch], [], 0.4, facts))
            print(rows[-1].line, flush=True)
        # Compiling takes as long in both, so that the difference is the epochs'.
        brief, facts = (
            trained(
                folder,
                f"{small}-{given.seeds[0]}",
                ["--force", "--compile", "--epochs", str(epochs), *shared],
            )
            for epochs in (given.short, 3 * given.short)
        )
        epoch = (facts["wall_s"] - brief["wall_s"]) / (2 * given.short)
        facts["first_run_wall_s"] = brief["wall_s"]
        rows.append(Row(f"{small}, an epoch, --compile", "", [epoch], [], 0.4, facts))
        print(rows[-1].line, flush=True)
        brief, facts = (
            trained(
                folder, f"{large}-{given.seeds[0]}", ["--force", "--epochs", str(epochs), *shared]
            )
            for epochs in (2, 2 + given.short)
        )
        epoch = (facts["wall_s"] - brief["wall_s"]) / given.short
        rows.append(Row(f"{large}, an epoch", "", [epoch], [], 1.0, facts))
        print(rows[-1].line, flush=True)
        begin = time.perf_counter()
        several = [started(folder, f"{small}-{seed}", short) for seed in given.seeds]
        if max(process.wait() for process in several):
            raise SystemExit("one of several trainings failed")
        together = time.perf_counter() - begin
        what = f"{len(several)} runs of {small} at once"
        rows.append(Row(what, "one run", [together], [alone], 1.5, {}))
        print(rows[-1].line, flush=True)
    print(f"appended to {keep(rows, 'gpu')}")


if __name__ == "__main__":
    main()

"""SIGKILL at random moments, then the same line again: the same bytes as without.

    python -m tests.kills 200 --seed 1

Each trial kills a whole process group (a pipeline, a recipe with all its branches) once, between
its start and its usual end, runs the line again as it stands, and compares every ticket.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import sparsetool.recipes

RECIPES = Path(sparsetool.recipes.__file__).parent
LINES = {
    "train-cycles": "sparsetool train-cycles --n 3 --epochs 4 --threads 1 a.st -o t.st",
    "kept": "sparsetool train-cycles --n 2 --epochs 3 --threads 1 a.st"
    " --keep k --log l.jsonl -o t.st",
    "out-dir": "sparsetool train-cycles --n 1 --epochs 3 --threads 1 a.st b.st --out-dir out",
    "pipeline": "sparsetool init mlp:16 | sparsetool mask --random --balanced 0.5"
    " | sparsetool train-cycles --n 2 --epochs 2 --threads 1"
    " | sparsetool prune --global 0.9 | sparsetool train-cycles --epochs 2 --threads 1 -o t.st",
    "rigl": "sparsetool train-cycles --update rigl --epochs 4 --threads 1 a.st -o t.st",
    "ac-dc": "sparsetool train-cycles --update ac-dc --to 0.8 --epochs 4 --threads 1 c.st -o t.st",
    "gmp": "sparsetool train-cycles --update gmp --to 0.9 --epochs 4 --threads 1 c.st -o t.st",
    "levels": "sparsetool levels --to 0.7 --rate 0.4 --epochs 1 --threads 1 --out-dir out c.st",
    "recipe": f"SCALE=smoke OUT=out bash {RECIPES / 'lrr.sh'}",
}


class Place:
    """A folder with three tickets, its own state, and the program on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.work = folder, folder / "work"
        binary = folder / "bin" / "sparsetool"
        binary.parent.mkdir(parents=True)
        binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sparsetool "$@"\n')
        binary.chmod(0o755)
        path = f"{binary.parent}{os.pathsep}{os.environ['PATH']}"
        self.env = {**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"}
        self.env["SPARSETOOL_STATE"] = str(folder / "state")

    def fresh(self) -> None:
        for name in ("work", "state"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.work.mkdir()
        for name in ("a.st", "b.st", "c.st"):
            if (self.folder / name).exists():
                shutil.copy(self.folder / name, self.work)

    def start(self, line: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["bash", "-c", f"set -o pipefail; {line}"],
            cwd=self.work,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def tickets(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.work)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.work.rglob("*.st"))
        }

    def left(self) -> list[str]:
        """Temporary files that nobody needs any more."""
        roots = (self.work, self.folder / "state")
        return [str(path) for root in roots for path in root.rglob(".*.tmp")]


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process group, branches of recipes (groups of their own in its session) too."""
    listing = ["ps", "-eo", "pid=,sess="]
    told = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    for pid, session in map(str.split, told.splitlines()):
        if int(session) == process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    process.wait()


def trial(place: Place, line: str, after_s: float, wanted: dict[str, str]) -> str:
    place.fresh()
    process = place.start(line)
    try:
        process.wait(after_s)
        return "ended before"
    except subprocess.TimeoutExpired:
        end(process)
    if code := place.start(line).wait():
        return f"exit {code} when run again"
    if place.tickets() != wanted:
        return "other bytes"
    return "temporary files left" if place.left() else "the same bytes"


def kills(count: int, seed: int = 0) -> Counter[str]:
    """`count` kills over all lines in turn, and what came of them."""
    draw, found = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name) / "place")
        place.fresh()
        for file, size in (("a.st", "0.5"), ("b.st", "0.8")):
            made = f"sparsetool init mlp:16 | sparsetool mask --random --global {size} -o ../{file}"
            assert place.start(made).wait() == 0
        assert place.start("sparsetool init mlp:16 -o ../c.st").wait() == 0
        whole, took = {}, {}
        for kind, line in LINES.items():
            place.fresh()
            before = time.monotonic()
            assert place.start(line).wait() == 0, line
            whole[kind], took[kind] = place.tickets(), time.monotonic() - before
        for number in range(count):
            kind = list(LINES)[number % len(LINES)]
            while True:
                at_s = draw.random() * took[kind]
                result = trial(place, LINES[kind], at_s, whole[kind])
                if result != "ended before":
                    break
            found[f"{kind}: {result}"] += 1
            print(number + 1, kind, f"killed after {at_s:.2f} s: {result}", flush=True)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    counted = kills(asked.count, asked.seed)
    for told, times in sorted(counted.items()):
        print(f"{times:5} {told}")
    raise SystemExit(any(not told.endswith("the same bytes") for told in counted))

"""`measure.sh` measures seed by seed, keeps what is whole, goes on, and stops as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sparsetool import recipes

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "measure.sh"
# In the place of the program: a recipe that notes what it was run with, and does what DO says.
PROGRAM = """#!/bin/sh
echo "echo \\"$3 \\$SEEDS \\$OUT \\$SCALE \\$THREADS \\$(nice) \\$STARTS\\" >>ran; $DO"
"""
PYTHON = """#!/bin/sh
echo "$SCALE $*" >>"$WORK/kept"
"""


class Bench:
    """A folder in which `measure.sh` runs, with a program that measures nothing."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        (folder / "bin").mkdir()
        for name, text in (("sparsetool", PROGRAM), ("python", PYTHON)):
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        kept = {"HOME": str(folder), "WORK": str(self.work)}
        self.env = {**kept, "PATH": f"{folder}/bin:{os.environ['PATH']}", "DO": ""}

    def start(self, *words: str, **knobs: str) -> subprocess.Popen:
        return subprocess.Popen(
            ["bash", str(SCRIPT), *words],
            env={**self.env, **knobs},
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **knobs: str) -> tuple[int, str]:
        with self.start(*words, **knobs) as process:
            try:
                said = process.communicate(timeout=20)[1]
            except subprocess.TimeoutExpired:
                process.terminate()  # which stops what it started, too
                raise
        return process.returncode, said

    def lines(self, name: str) -> list[str]:
        path = self.work / name
        return path.read_text().splitlines() if path.exists() else []

    def kept(self) -> list[str]:
        """Recipe and seed, in the order in which rows were kept."""
        return [" ".join(line.split()[3:4] + line.split()[5:]) for line in self.lines("kept")]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_every_recipe_once_before_the_next_seed(bench: Bench) -> None:
    assert bench.run("sculpt", "pai", "--", "0", "4")[0] == 0
    assert bench.kept() == ["sculpt 0", "pai 0", "sculpt 4", "pai 4"]
    assert bench.lines("ran")[:2] == [
        "sculpt 0 photos/sculpt photos 1 19 ",
        "pai 0 photos/pai photos 1 19 ",
    ]
    module = f"photos -m tests.benchmarks.keep_rows sculpt {bench.work}/photos/sculpt 0"
    assert bench.lines("kept")[0] == module


def test_without_words_all_of_it(bench: Bench) -> None:
    assert bench.run()[0] == 0
    recipes = ("sculpt", "coupling", "pai", "budget", "cyclic", "lrr")
    assert bench.kept() == [f"{name} {seed}" for seed in "012" for name in recipes]


def test_the_papers_size_has_three_seeds_in_one_run(bench: Bench) -> None:
    assert bench.run("sculpt", SCALE="paper")[0] == 0
    assert bench.kept() == ["sculpt 0 1 2"]
    assert bench.lines("ran") == ["sculpt 0 1 2 paper/sculpt paper 2 19 random:0.5"]


def test_on_digits_every_recipe(bench: Bench) -> None:
    assert bench.run(SCALE="small")[0] == 0
    assert sorted(bench.kept()) == [f"{name} 0 1 2" for name in recipes.names()]


def test_what_fails_is_named_and_what_was_whole_is_kept(bench: Bench) -> None:
    code, said = bench.run(
        "sculpt", "pai", "--", "4", "5", SCALE="small", DO="[ -e ran2 ] || exit 3"
    )
    assert code == 1
    log = bench.work / "small-sculpt-4-5.log"
    assert said == f"measure.sh: sculpt failed: see {log}\n"
    code, said = bench.run(
        "sculpt", "pai", "--", "4", "5", SCALE="small", DO='[ "$OUT" = small/sculpt ]'
    )
    assert (code, bench.kept()) == (1, ["sculpt 4 5"])


def test_stopped_it_leaves_nothing_running(bench: Bench) -> None:
    with bench.start("sculpt", DO="echo $$ >pid; exec sleep 60") as process:
        begin = time.monotonic()
        while not bench.lines("pid"):
            assert time.monotonic() < begin + 20
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        (pid,) = bench.lines("pid")
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < begin + 20
            time.sleep(0.02)
    assert not bench.kept()


def test_an_unknown_scale_is_refused(bench: Bench) -> None:
    code, said = bench.run(SCALE="demo")
    assert (code, said) == (2, "measure.sh: SCALE is photos, small or paper, not demo\n")

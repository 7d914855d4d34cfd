"""The README tells the truth: its table is the program's own, its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sparsetool.cli.main import PURPOSES
from sparsetool.plugins import find
from tests.verbs.conftest import quick

__all__ = ["quick"]

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def surroundings(tmp_path):
    """The environment of a shell that finds this very program and nothing of the user's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "sparsetool"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sparsetool "$@"\n')
    program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SPARSETOOL_STATE": str(tmp_path / "state"),
    }


def test_the_table_of_verbs_is_the_programs_own():
    """Every verb once, under its purpose, in the order of `--help`."""
    rows = re.findall(r"^\| (`[a-z-]+`|\*\*.+\*\*) \| ?(.*) \|$", README, flags=re.MULTILINE)
    wanted = []
    for purpose, verbs in PURPOSES.items():
        wanted += [(f"**{purpose}**", "")]
        wanted += [(f"`{verb}`", find.summary("verbs", verb)) for verb in verbs]
    assert rows == wanted
    assert sorted(v for verbs in PURPOSES.values() for v in verbs) == [*find.members("verbs")]


def test_the_pipeline_runs_as_written(tmp_path, surroundings):
    first = blocks("sh")[0]
    assert "resnet20" in first
    small = first.replace("resnet20", "mlp:20").replace("train-cycles", "train-cycles --epochs 1")
    run = subprocess.run(
        ["bash", "-c", small], cwd=tmp_path, env=surroundings, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert '"sparsity": 0.9' in run.stdout
    assert (tmp_path / "sculpt.st").exists()


def test_the_python_example_runs(tmp_path, surroundings):
    (example,) = blocks("python")
    run = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("0.9 ")


OWN = {
    "net.py": """from torch import nn
def factory(classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, classes))
""",
    "digits.py": """import numpy
def pair():
    images = numpy.random.default_rng(0).integers(0, 256, (60, 1, 8, 8), numpy.uint8)
    labels = numpy.arange(60) % 3
    return (images[:40], labels[:40]), (images[40:], labels[40:])
""",
    "score.py": """NEEDS = "weights"
def mine(ticket, evidence):
    return {name: abs(ticket.weights[name]) for name in ticket.prunable}
""",
    "rate.py": """def flat(step, cycle):
    return cycle.peak
""",
}


def test_the_lines_with_own_code_run_and_can_be_remade(tmp_path, surroundings, quick):
    """The first three as written, from files such as a reader would write; their script, too."""
    block = next(each for each in blocks("sh") if "net.py:factory" in each)
    lines = block.partition("sparsetool import")[0].replace("--n 4", "--n 2 --epochs 1 --threads 1")
    for name, text in OWN.items():
        (tmp_path / name).write_text(text)
    script = f"""set -e
{lines}
mkdir again && cp *.py again && sparsetool show --script trained.st >again/script && cd again
bash script
cmp trained.st ../trained.st
"""
    environment = {**surroundings, "PATH": f"{quick}:{surroundings['PATH']}"}
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_the_two_single_lines_are_there():
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith("sparsetool recipe sculpt | bash")
    assert "pytest" in lines[1]


def test_every_path_it_names_is_there():
    for path in re.findall(r"`((?:sparsetool|completions|tests)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path

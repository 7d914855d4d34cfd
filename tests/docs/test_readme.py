"""The README tells the truth: its table is the program's own, its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sparsetool.plugins import find

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
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", README, flags=re.MULTILINE))
    assert rows == {v: find.summary("verbs", v) for v in find.members("verbs")}


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


def test_the_two_single_lines_are_there():
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith("sparsetool recipe sculpt | bash")
    assert "pytest" in lines[1]


def test_every_path_it_names_is_there():
    for path in re.findall(r"`((?:sparsetool|completions|tests)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path

"""Start-up by what is imported, not by a clock; and what runs where torch cannot be imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sparsetool.plugins import find
from sparsetool.ticket.value import Ticket

HEAVY = ("torch", "torchvision", "numpy", "safetensors", "rich", "matplotlib", "scipy", "pyhessian")
HEAVY += ("numba",)
# Importing torch ends the process: an exception could be caught.
WITHOUT_TORCH = """
import os, sys
class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "torchvision"):
            os.write(2, f"{name} was imported".encode())
            os._exit(99)
sys.meta_path.insert(0, NoTorch())
from sparsetool.cli import main
main.main(sys.argv[1:])
"""
# The same, and at its end it tells which heavy modules were imported.
TELLING = f"""
import atexit, json, sys
heavy = lambda: sorted(set(sys.modules) & set({HEAVY!r}))
atexit.register(lambda: print(json.dumps(heavy()), file=sys.stderr))
{WITHOUT_TORCH}
"""
VERBS = find.members("verbs")


def python(code: str, *args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_imports_nothing_heavy(verb):
    done = python(TELLING, *filter(None, [verb, "--help"]))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == []
    assert "Usage:" in done.stdout


WORDS = [["--version"], ["msak"], ["mask", "--nonsense"], ["runs"]]


@pytest.mark.parametrize("args", WORDS, ids=str)
def test_a_short_answer_imports_nothing_heavy(args):
    done = python(TELLING, *args)
    assert json.loads(done.stderr.splitlines()[-1]) == []


def test_importing_the_package_imports_nothing_heavy():
    done = python("import sparsetool, sys; print(sorted(sys.modules))")
    assert not set(eval(done.stdout)) & set(HEAVY)


def test_the_telling_can_tell():
    """Guards the tests above: a module imported is a module told."""
    done = python(f"import numpy\n{TELLING}", "--help")
    assert json.loads(done.stderr.splitlines()[-1]) == ["numpy"]
    assert python(WITHOUT_TORCH.replace("main.main", "import torch #"), "--help").returncode == 99


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tickets of one small network, made without torch: `a.st` is dense, `b.st` has a mask."""
    path = tmp_path_factory.mktemp("tickets")
    rng = np.random.default_rng(0)
    shapes = {"0.weight": (8, 64), "0.bias": (8,), "2.weight": (10, 8), "2.bias": (10,)}
    facts = {
        "model": "mlp:8",
        "classes": 10,
        "input": [1, 8, 8],
        "data": "digits",
        "seed": 0,
        "prunable": ["0.weight", "2.weight"],
        "buffers": [],
        "graph": [],
    }

    def born() -> Ticket:
        weights = {k: rng.normal(size=s).astype(np.float32) for k, s in shapes.items()}
        record = {
            "verb": "init",
            "options": {"model": "mlp:8", "data": "digits"},
            "seed": 0,
            "inputs": {},
            "achieved": {"kept": 592, "prunable": 592},
            "versions": {},
        }
        return Ticket(weights, {}, facts, (record,))

    born().save(path / "a.st")
    other = born()
    mask = {"0.weight": rng.random((8, 64)) < 0.5, "2.weight": rng.random((10, 8)) < 0.5}
    weights = {
        k: np.where(mask[k], w, np.float32(0)) if k in mask else w for k, w in other.weights.items()
    }
    kept = sum(int(kept.sum()) for kept in mask.values())
    record = {**other.lineage[0], "achieved": {"kept": kept, "prunable": 592}}
    Ticket(weights, mask, facts, (record,)).save(path / "b.st")
    return path


NUMERIC = {  # `sparsetool guide promises`, "Fast start"
    "mask --random": ["mask", "--random", "--balanced", "0.5", "a.st"],
    "mask --magnitude": ["mask", "--magnitude", "--global", "0.5", "a.st"],
    "mask --from": ["mask", "--from", "b.st", "a.st"],
    "mask --mask-only": ["mask", "--random", "--erk", "0.5", "--mask-only", "a.st"],
    "prune": ["prune", "--magnitude", "--rate", "0.2", "b.st"],
    "prune --global": ["prune", "--global", "0.9", "b.st"],
    "rewind": ["rewind", "--to", "a.st", "b.st"],
    "transfer-signs": ["transfer-signs", "--from", "a.st", "b.st"],
    "transfer-signs --perturb": ["transfer-signs", "--from", "a.st", "--perturb", "0.2", "b.st"],
}
READING = {
    "show": ["show", "--layers", "--lineage", "a.st", "b.st"],
    "show --script": ["show", "--script", "a.st"],
    **({"diff": ["diff", "--layers", "a.st", "b.st"]} if "diff" in VERBS else {}),
}


@pytest.mark.parametrize("name", NUMERIC)
def test_numeric_verbs_run_without_torch(folder, tmp_path, name):
    target = tmp_path / "out.st"
    done = python(WITHOUT_TORCH, *NUMERIC[name], "-o", str(target), cwd=folder)
    assert done.returncode == 0, done.stderr
    made = Ticket.load(target)
    assert made.lineage[-1]["verb"] == NUMERIC[name][0]


@pytest.mark.parametrize("name", READING)
def test_reading_verbs_run_without_torch(folder, name):
    done = python(WITHOUT_TORCH, *READING[name], cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("verb", ["train-cycles", "eval"])
def test_a_training_verb_reads_its_input_before_torch(verb):
    """Rule 7: waiting for input, or refusing it, needs no torch."""
    done = python(WITHOUT_TORCH, verb)
    assert done.returncode == 1, done.stderr
    assert "standard input was empty" in done.stderr

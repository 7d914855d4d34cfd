"""JSON Lines as measuring verbs write them, made by hand for the tests of `plot` and `compare`."""

from __future__ import annotations

import csv
import io
import json
import random
import zlib

import pytest

from tests.verbs.shell import Shell

T = {1: 12.706204736, 2: 4.302652730}  # Student's t, 95%, from the published table


def measured(method: str, seed: int, sparsity: float, accuracy: float, **more: object) -> dict:
    labels = {"method": method, "seed": str(seed), **{k: str(v) for k, v in more.items()}}
    named = f"{method} {seed} {sparsity} {more}"
    return {
        "file": f"{named}.st",
        "digest": f"{zlib.crc32(named.encode()):064x}",
        "sparsity": sparsity,
        "epochs": 9,
        "measure": "eval",
        "split": "test",
        "labels": labels,
        "loss": 1 - accuracy,
        "accuracy": accuracy,
    }


def grid(**by_method: dict[float, tuple[float, ...]]) -> list[dict]:
    """Lines of methods, their accuracies of seeds 0, 1, ... by sparsity."""
    return [
        measured(method.replace("_", " "), seed, sparsity, accuracy)
        for method, at in by_method.items()
        for sparsity, found in at.items()
        for seed, accuracy in enumerate(found)
    ]


def accuracies(method: str, sparsity: float) -> list[float]:
    """Three accuracies, the same on every call."""
    draws = random.Random(f"{method} {sparsity}")
    return [0.9 + 0.05 * draws.random() for _ in range(3)]


GRID = [("lrr", 0.5), ("lrr", 0.9), ("sculpt", 0.5), ("sculpt", 0.9), ("dense", 0.0)]
LINES = [
    measured(method, seed, sparsity, accuracy)
    for method, sparsity in GRID
    for seed, accuracy in enumerate(accuracies(method, sparsity))
]


def written(shell: Shell, name: str, rows: list[dict]) -> str:
    (shell / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return name


def rows(data: bytes) -> list[dict]:
    """Lines that a verb wrote; NaN, which is no JSON, fails."""
    return [json.loads(line, parse_constant=pytest.fail) for line in data.splitlines()]


def table(data: bytes | str) -> list[dict[str, str]]:
    text = data.decode() if isinstance(data, bytes) else data
    return list(csv.DictReader(io.StringIO(text)))


LOG = [
    {"cycle": 1 + e // 3, "epoch": 1 + e % 3, "epochs": 1 + e, "lr": 0.1 / (1 + e % 3)}
    | {"train_loss": 2 / (1 + e), "train_accuracy": 1 - 0.5 / (1 + e)}
    | ({"test_loss": 3 / (1 + e), "test_accuracy": 1 - 0.6 / (1 + e)} if e % 2 else {})
    for e in range(6)
]
PAIR: dict = {"files": ["a", "b"], "digests": ["1", "2"], "measure": "x", "epochs": [1, 2]}
PAIR |= {"alpha": [0, 1], "loss": [1, 2], "error": [0.1, 0.2], "sign_flips": 5}
TOP: dict = {"digest": "3", "epochs": 1, "eigenvalues": [2.0]}
TOP |= {"spectrum": {"eigenvalue": [0.0, 1.0], "density": [0.5, 0.01]}}

"""What the records and the log of a training say."""

from __future__ import annotations

import json
from pathlib import Path

from tests.verbs import reading

TRAIN = ("train-cycles", "--threads", "1", "--epochs", "2")
SHORT = ("train-cycles", "--threads", "1", "--epochs", "4")


def trainings(source: bytes | Path) -> list[dict]:
    return [record for record in reading.lineage(source) if record["verb"] == "train-cycles"]


def epochs(source: bytes | Path) -> int:
    return sum(record["achieved"]["epochs"] for record in trainings(source))


def log(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]

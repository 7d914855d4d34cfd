"""The same photographs through pillow and through ffcv: equal batches up to decoding, and speed.

Needs ffcv and a folder of photographs:

    python tests/benchmarks/ffcv_parity.py PATH [BATCHES]

writes both splits for ffcv beside the state folder, compares the batches of an epoch (labels and
order must be equal, pixels nearly), takes one up in the middle, and prints images per second of
both readers, measured in turn in one run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import torch

from sparsetool.cli.main import load_verb
from sparsetool.data.naming import recorded_name
from sparsetool.data.resident import DataSet
from sparsetool.data.streaming import Stream

BATCH = 64


def opened(spec: str) -> DataSet:
    return DataSet(recorded_name("datasets", spec))


def stream(data: DataSet, split: str) -> Stream:
    found = data.split(split)
    assert isinstance(found, Stream)
    return found


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    """Mean absolute difference, in deviations of the data."""
    return float((one - other).abs().mean())


def compare(folder: DataSet, beton: DataSet, count: int) -> None:
    ours = stream(folder, "train").epoch(folder.facts, 0, 3, BATCH)
    theirs = stream(beton, "train").epoch(beton.facts, 0, 3, BATCH)
    other = stream(beton, "train").epoch(beton.facts, 0, 4, BATCH)
    again = stream(beton, "train").epoch(beton.facts, 0, 3, BATCH)
    for step in range(min(count, len(ours))):
        (x, y), (u, v), (w, _) = ours.batch(step), theirs.batch(step), other.batch(step)
        assert torch.equal(y, v)
        near, far = difference(x, u), difference(x, w)
        print(f"train batch {step}: difference {near:.4f} (another epoch's: {far:.4f})")
        assert near < 0.2 * far
    assert torch.equal(again.batch(step)[0], u), "taken up in the middle it sees something else"
    for (x, y), (u, v) in zip(
        stream(folder, "test").batches(), stream(beton, "test").batches(), strict=True
    ):
        assert torch.equal(y, v)
        print(f"test batch: difference {difference(x, u):.4f}")
        assert difference(x, u) < 0.1


def speed(data: DataSet, count: int) -> float:
    """Images per second of `count` batches, after one that starts the workers."""
    epoch = stream(data, "train").epoch(data.facts, 0, 0, BATCH)
    epoch.batch(0)
    begin = time.perf_counter()
    for step in range(1, count + 1):
        epoch.batch(step)
    return count * BATCH / (time.perf_counter() - begin)


def main(path: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SPARSETOOL_STATE"] = scratch
        files = [Path(scratch) / f"{split}.beton" for split in ("train", "test")]
        for file in files:
            words = ["write-ffcv", f"imagefolder:{path}", str(file), "--split", file.stem]
            load_verb("data").main(words, standalone_mode=False)
        folder, beton = opened(f"imagefolder:{path}"), opened(f"ffcv:{files[0]},{files[1]}")
        compare(folder, beton, count)
        print(f"{torch.get_num_threads()} worker processes, batches of {BATCH}, images per second:")
        for turn in range(3):
            print(f"turn {turn}: pillow {speed(folder, count):.0f}, ffcv {speed(beton, count):.0f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6)

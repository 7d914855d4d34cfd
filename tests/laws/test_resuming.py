"""A training stopped at any step and taken up again: the bytes and the log of an unbroken one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sparsetool import Ticket, init, mask, train_cycles
from sparsetool.errors import SparsetoolError, Stopped
from sparsetool.runs.folder import RunFolder
from sparsetool.training.observer import Observer

STEPS = 3  # in an epoch


class Stopping(Observer):
    """Stops before the step after `steps` steps of this process."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def stop(self, end_of_epoch: bool) -> SparsetoolError | None:
        if end_of_epoch:
            return None
        self.left -= 1
        return Stopped("stopped", 75) if self.left < 0 else None


def start() -> Ticket:
    return mask(init("mlp:4"), criterion="random", density="balanced", sparsity=0.3)


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
@pytest.mark.parametrize("steps", [1, STEPS, STEPS + 2, 2 * STEPS + 1])
def test_stopped_after_some_steps(steps: int, optimizer: str, tmp_path: Path) -> None:
    """Two cycles of two epochs, stopped again and again, figures of the epochs included."""
    asked: dict[str, Any] = dict(n=2, epochs=2, batch_size=500, lr=0.02, optimizer=optimizer)
    asked |= dict(device="cpu", precision="fp32", threads="1", val="0.1")
    whole_log, log = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "run")
    whole = train_cycles(start(), store=whole_log, **asked)
    stops = 0
    while stops < 20:
        store = RunFolder(tmp_path / "run")
        try:
            made = train_cycles(start(), store=store, watch=Stopping(steps), **asked)
        except Stopped:
            stops += 1
        else:
            break
    assert stops == (4 * STEPS - 1) // steps
    assert made.to_bytes() == whole.to_bytes()
    assert log.lines() == whole_log.lines()
    assert [line["epochs"] for line in log.lines()] == [1, 2, 3, 4]

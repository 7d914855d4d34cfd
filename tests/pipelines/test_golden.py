"""Results do not change: every verb's tickets and figures are those that were recorded.

Each case is a command line of `golden_lines.py`, run through the command line alone. A test's name
says how it was compared: `exact` (every byte but versions and device; this machine's environment
is one of those in `golden.json`) or `near` (any machine: counts, options, and figures and weights
up to rounding). An exact case is compared in both ways.

After a change that is meant to alter results, record anew and read the difference:

    GOLDEN=write python -m pytest tests/pipelines/test_golden.py [-k CASE]
    GOLDEN=add python -m pytest tests/pipelines/test_golden.py    # another machine's exact digests

`GOLDEN=near` compares without digests, as on a machine that was never recorded. Write and add take
one process (no -n).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pipelines.golden import (
    CASES,
    DEEP,
    RELATIVE,
    Made,
    differences,
    environment,
    exact,
    near,
    read,
    write,
)
from tests.pipelines.golden_lines import SHORT
from tests.pipelines.running import wait_for_epochs
from tests.verbs.shell import Shell

MODE = os.environ.get("GOLDEN", "compare")
HERE = environment()
GOLDEN = read()
DIGESTS = {} if MODE == "near" else GOLDEN["exact"].get(HERE, {})
BOTH = "not recorded: GOLDEN=write python -m pytest tests/pipelines/test_golden.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("golden"))


@pytest.fixture(scope="module", autouse=True)
def _recording() -> Iterator[None]:
    """Save what was recorded, at the end of a run that records."""
    assert MODE in ("compare", "near", "write", "add"), f"GOLDEN={MODE}"
    records = MODE in ("write", "add")
    assert not (records and "PYTEST_XDIST_WORKER" in os.environ), "records with one process only"
    yield
    if records:
        write(GOLDEN)


def compare(name: str, content: bytes) -> None:
    """Hold a case against what was recorded of it, or record it."""
    digest, found = exact(name, content), near(name, content)
    if MODE == "write":
        for digests in GOLDEN["exact"].values():
            digests.pop(name, None)  # other machines' are out of date
        GOLDEN["near"][name] = found
    assert name in GOLDEN["near"], BOTH
    wrong = differences(found, GOLDEN["near"][name], DEEP.get(name, RELATIVE))
    assert not wrong, f"{name} has changed: " + "\n".join(wrong)
    if MODE in ("write", "add"):
        GOLDEN["exact"].setdefault(HERE, {})[name] = digest
    elif name in DIGESTS:
        assert digest == DIGESTS[name], (
            f"{name} is near what was recorded, but not the same bytes in this environment: {HERE}"
        )


def how(names: tuple[str, ...]) -> list[Any]:
    return [pytest.param(n, id=f"{n}-{'exact' if n in DIGESTS else 'near'}") for n in names]


@pytest.mark.parametrize("name", how(CASES))
def test_result(made: Made, name: str) -> None:
    compare(name, made.content(name))


@pytest.mark.parametrize("name", how(("ranks",)))
def test_two_ranks(made: Made, name: str) -> None:
    shell = made.shell
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    line = "train-cycles --threads 1 --no-store --epochs 2 --label-noise 0.2"
    argv = ["--nproc-per-node", "2", "-m", "--", "sparsetool", *line.split()]
    start = made.file("conv-half")
    subprocess.run(
        [*launcher, *argv, "--model", "net.py:small", start, "-o", "ranks.st"],
        cwd=shell.cwd,
        env=shell.env,
        check=True,
        capture_output=True,
    )
    compare(name, (shell / "ranks.st").read_bytes())


def line_of(made: Made) -> list[str]:
    """The line of `train-whole`, for runs in another folder and with progress kept."""
    return [word.replace("half.st", str(made.shell / "half.st")) for word in made.words(SHORT)]


def test_resumed_is_uninterrupted(made: Made, shell: Shell) -> None:
    line = line_of(made)
    shell.ok(*line, "--stop-after", "1", "-o", "1.st")
    shell.ok(*line, "--stop-after", "2", "-o", "2.st")
    shell.ok(*line, "--save-epoch", "5:5.st", "-o", "whole.st")
    assert (shell / "2.st").read_bytes() == made.content("train-stopped")
    assert (shell / "5.st").read_bytes() == made.content("train-saved")
    assert (shell / "whole.st").read_bytes() == made.content("train-whole")


def test_stopped_by_a_signal_and_resumed_is_uninterrupted(made: Made, shell: Shell) -> None:
    """SIGUSR1 comes in the middle of an epoch: the pause is at a step."""
    line = [*line_of(made), "--epochs", "60"]
    process = shell.start(*line, "--log", "l.jsonl", "-o", "whole.st")
    wait_for_epochs(shell, process, 10)
    process.send_signal(signal.SIGUSR1)
    process.communicate()
    assert process.returncode == 75
    shell.ok(*line, "-o", "whole.st")
    assert (shell / "whole.st").read_bytes() == made.content("train-long")


@pytest.mark.skipif(MODE != "compare", reason="compares all, or records")
def test_every_record_is_of_a_case() -> None:
    names = {*CASES, "ranks"}
    assert set(GOLDEN["near"]) == names
    assert all(set(digests) <= names for digests in GOLDEN["exact"].values())

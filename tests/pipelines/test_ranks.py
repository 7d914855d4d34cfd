"""Several processes that train one ticket: the same weights, one result, stopped as one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsetool import Ticket, train_cycles
from sparsetool.compute.device import Place
from sparsetool.compute.ranks import Ranks
from sparsetool.data.resident import DataSet
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.plugins.own_code import allow
from sparsetool.training.loop import Learner
from sparsetool.training.settings import resolve
from tests.verbs.shell import Shell

LAUNCHER = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
LINE = ("train-cycles", "--n", "1", "--epochs", "60", "--threads", "1", "--precision", "bf16")
LIMIT_S = 150
NETWORK = """
from torch import nn

def small(classes, input):
    return nn.Sequential(
        nn.Conv2d(input[0], 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(),
        nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, classes),
    )

class Spare(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.head, self.extra = nn.Linear(64, classes), nn.Linear(64, classes)

    def forward(self, x):
        x = x.flatten(1)
        return {"logits": self.head(x), "extra": self.extra(x)}

def spare(classes):
    return Spare(classes)
"""
# Every rank saves what it ended with; a batch of 100 leaves one of 37 at the end: 18 and 19.
SAVING = """
import json
import sys
from sparsetool import Ticket, train_cycles
from sparsetool.plugins.own_code import allow
from sparsetool.compute.ranks import Ranks

allow("net.py:small")
allow("net.py:spare")
with Ranks.from_environment() as ranks:
    for name in sys.argv[2:]:
        start = Ticket.load(name)
        made = train_cycles(start, epochs=3, batch_size=100, threads="1", val="0.1", ranks=ranks)
        made.save(f"{ranks.rank}-{name}")
        if not name.startswith("spare"):
            made = train_cycles(start, **json.loads(sys.argv[1]), ranks=ranks)
            made.save(f"{ranks.rank}-extras-{name}")
"""
EXTRAS = dict(epochs=2, batch_size=100, threads="1", label_smoothing=0.1, cutout=2, clip_norm=0.5)
EXTRAS |= dict(sam=0.05, ema=0.9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A folder with two masked tickets, with and without batch norm, and a whole two-rank run."""
    shell = Shell(tmp_path_factory.mktemp("made") / "work", tmp_path_factory.mktemp("state"))
    (shell / "net.py").write_text(NETWORK)
    (shell / "saving.py").write_text(SAVING)
    models = {"mlp.st": "mlp:20", "bn.st": "net.py:small", "spare.st": "net.py:spare"}
    for name, model in models.items():
        shell.ok("init", model, "-o", "dense.st", "--force")
        shell.ok("mask", "--random", "--global", "0.5", "dense.st", "-o", name)
    code, _, err = ended(launched(shell, *LINE, "--no-store", "mlp.st", "-o", "whole.st"))
    assert code == 0, err
    return shell


def launched(shell: Shell, *words: object, **popen) -> subprocess.Popen:
    argv = [*LAUNCHER, "-m", "--", "sparsetool", *map(str, words)]
    return subprocess.Popen(
        argv, cwd=shell.cwd, env=shell.env, stdout=-1, stderr=-1, text=True, **popen
    )


def ended(process: subprocess.Popen) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


def said(err: str) -> list[str]:
    """Lines of our own among the launcher's."""
    return [line for line in err.splitlines() if line.startswith("train-cycles:")]


def codes(err: str) -> set[int]:
    """Exit codes of the ranks, as the launcher reports them."""
    return {int(code) for code in re.findall(r"exitcode\s*: (-?\d+)", err)}


def pid_of(launcher: subprocess.Popen, rank: int) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended, or is not ours
        if parent == launcher.pid and f"RANK={rank}".encode() in environment:
            return int(folder.name)
    raise AssertionError(f"no rank {rank}")


def wait_for_epochs(shell: Shell, process: subprocess.Popen, epochs: int) -> None:
    end = time.monotonic() + LIMIT_S
    log = shell / "l.jsonl"
    while not log.exists() or log.read_bytes().count(b"\n") < epochs:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "no progress"
        time.sleep(0.005)


def test_ranks_end_with_the_same_ticket_close_to_one_process(made: Shell) -> None:
    names = ("mlp.st", "bn.st", "spare.st")
    argv = [*LAUNCHER, "saving.py", json.dumps(EXTRAS), *names]
    done = subprocess.run(argv, cwd=made.cwd, env=made.env, check=True, capture_output=True)
    assert b"find_unused_parameters" not in done.stderr
    for name in names:
        content = (made / f"0-{name}").read_bytes()
        assert (made / f"1-{name}").read_bytes() == content, "weights, buffers, figures"
        ticket = Ticket.load(made / f"0-{name}")
        assert ticket.lineage[-1]["ranks"] == 2
        assert ticket.lineage[-1]["achieved"]["steps"] == 3 * 13
        for key, mask in ticket.masks.items():
            assert not ticket.weights[key][~mask].view(np.int32).any()
    spare, before = (Ticket.load(made / file) for file in ("0-spare.st", "spare.st"))
    assert (spare.weights["extra.weight"] == before.weights["extra.weight"]).all()
    assert (spare.weights["head.weight"] != before.weights["head.weight"]).any()
    allow(str(made / "net.py:small"))
    start = Ticket.load(made / "mlp.st")
    alone = train_cycles(start, epochs=3, batch_size=100, threads="1", val="0.1")
    ticket = Ticket.load(made / "0-mlp.st")
    for key, weight in alone.weights.items():
        np.testing.assert_allclose(ticket.weights[key], weight, rtol=0, atol=1e-4)
    beside = train_cycles(start, **EXTRAS)
    for name in ("extras-mlp.st", "extras-bn.st"):
        assert (made / f"1-{name}").read_bytes() == (made / f"0-{name}").read_bytes()
    ticket = Ticket.load(made / "0-extras-mlp.st")
    for key, weight in beside.weights.items():
        np.testing.assert_allclose(ticket.weights[key], weight, rtol=0, atol=1e-4)
    ticket = Ticket.load(made / "0-mlp.st")
    figures = alone.lineage[-1]["figures"]
    assert ticket.lineage[-1]["figures"] == pytest.approx(figures, rel=1e-4)
    assert "ranks" not in alone.lineage[-1]


def by_launcher(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)


def to_the_second(process: subprocess.Popen) -> None:
    os.kill(pid_of(process, 1), signal.SIGUSR1)


def test_stopped_in_every_way_it_ends_with_the_same_bytes(made: Shell) -> None:
    """Signals, a time limit and a killed rank, one after the other, in one run."""

    def start(*more: object) -> subprocess.Popen:
        return launched(made, *LINE, "mlp.st", "-o", "part.st", "--log", "l.jsonl", *more)

    def expect(code: int, process: subprocess.Popen, pattern: str) -> None:
        launcher, out, err = ended(process)
        assert launcher != 0
        assert codes(err) <= {code, -code}, err
        assert re.search(pattern, said(err)[-1]), err
        assert sum("progress" in line for line in said(err)) == 1, "one rank speaks"
        assert out == ""
        assert not (made / "part.st").exists()

    stops: tuple[tuple[int, int, Callable[[subprocess.Popen], None], str], ...] = (
        (5, 143, by_launcher, "stopped (by SIGTERM|because another rank was asked)"),
        (15, 75, to_the_second, "another rank was asked to"),
    )
    for epochs, code, stop, pattern in stops:
        process = start()
        wait_for_epochs(made, process, epochs)
        stop(process)
        expect(code, process, pattern)
    expect(75, start("--time-limit", "0.2s"), "time limit")
    made.refuses(1, *LINE, "mlp.st", "-o", "part.st", says="began with 2 ranks")

    process = start()
    wait_for_epochs(made, process, 30)
    os.kill(pid_of(process, 1), signal.SIGKILL)
    _, _, err = ended(process)
    assert codes(err) == {1, -signal.SIGKILL}, err
    assert "rank 0: another rank has stopped" in said(err)[-1]
    assert "train_cycles.py" not in err, "no traceback of ours"

    code, _, err = ended(start())
    assert code == 0, err
    assert (made / "part.st").read_bytes() == (made / "whole.st").read_bytes()
    lines = [json.loads(line) for line in (made / "l.jsonl").read_text().splitlines()]
    assert [line["epochs"] for line in lines] == list(range(1, 61))
    again = made.ok(*LINE, "mlp.st", "-o", "part.st")
    assert "up to date" in again.err


def test_one_rank_reads_and_all_end_with_its_error(made: Shell) -> None:
    (made / "foreign.st").write_bytes(b"PK\3\4 and more of a pickle")
    with (made / "foreign.st").open("rb") as stdin:
        code, out, err = ended(launched(made, "train-cycles", "-o", "x.st", stdin=stdin))
    assert code != 0
    assert codes(err) == {1}
    assert len(said(err)) == 1, err
    assert "sparsetool import" in err
    assert out == ""


def test_ranks_share_every_batch() -> None:
    for size in (1, 2, 3, 7):
        for count in range(1, 30):
            parts = [range(count)[Ranks(rank, size).share(count)] for rank in range(size)]
            assert [i for part in parts for i in part] == list(range(count))
            assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_variables_that_do_not_fit() -> None:
    assert Ranks.from_environment({}).size == 1
    found = Ranks.from_environment({"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1"})
    assert (found.rank, found.size, found.local, found.is_first) == (3, 4, 1, False)
    for wrong in ({"RANK": "2", "WORLD_SIZE": "2"}, {"RANK": "0", "WORLD_SIZE": "many"}):
        with pytest.raises(UsageError, match="WORLD_SIZE"):
            Ranks.from_environment(wrong)


def test_a_step_with_fewer_examples_than_ranks_is_refused(made: Shell) -> None:
    start = Ticket.load(made / "mlp.st")
    settings = resolve(start, {"batch_size": 718})  # 1437 = 2 * 718 + 1
    with pytest.raises(SparsetoolError, match="1 examples for 2 ranks"):
        Learner(start, settings, 0, DataSet("digits"), Place("cpu", "fp32", 1), Ranks(0, 2))


def test_sync_bn_is_for_cuda(made: Shell) -> None:
    made.refuses(2, *LINE, "--sync-bn", "--device", "cpu", "mlp.st", says=("CUDA",))


def test_each_example_is_evaluated_once() -> None:
    test = DataSet("digits").split("test")
    parts = [list(test.batches(50, Ranks(rank, 3))) for rank in range(3)]
    counts = [sum(len(labels) for _, labels in part) for part in parts]
    assert sum(counts) == len(test)
    taken = [labels for turn in range(3) for part in parts for _, labels in part[turn : turn + 1]]
    assert [int(x) for labels in taken for x in labels] == test.labels.tolist()

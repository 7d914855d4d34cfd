"""`sweep`: a pipeline over lists of values, as jobs here or elsewhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sparsetool.cli.syntax import grammar
from sparsetool.cli.verbs.sweep import over_seeds
from sparsetool.errors import UsageError
from sparsetool.plugins.engines import Job
from sparsetool.recipes import local, sweep
from tests.docs.shells import needed
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

SYNTAX = grammar()
LINE = "mask --random --balanced {s} --seed {seed} m.st | prune --rate 0.5 | show"


@pytest.fixture
def ready(shell: Shell, shelf: Shelf) -> Shell:
    (shell / "m.st").write_bytes(shelf["mlp"].read_bytes())
    return shell


def rows(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def test_every_combination_once_and_what_is_common_once(ready: Shell) -> None:
    found = rows(ready.ok("sweep", "--s", "0.5,0.8", "--seed=0-1", LINE).out)
    names = [f"sweep/s-{s}_seed-{seed}" for s in ("0.5", "0.8") for seed in (0, 1)]
    made = sorted(str(p.relative_to(ready.cwd)) for p in (ready / "sweep").glob("*.jsonl"))
    assert made == [f"{name}.jsonl" for name in names]
    assert [row["sparsity"] for row in found] == pytest.approx([0.75, 0.75, 0.9, 0.9], abs=0.01)
    for name, s in zip(names, ("0.5", "0.5", "0.8", "0.8"), strict=True):
        ready.ok("mask", "--random", "--balanced", s, "--seed", name[-1], "m.st", "-o", "one.st")
        assert (ready / f"{name}.mask.st").read_bytes() == (ready / "one.st").read_bytes()
        (ready / "one.st").unlink()
    calls = sweep.cases(
        "init mlp --seed {a} | mask --random --balanced {b}", {"a": "01", "b": "58"}, "o", SYNTAX
    )
    assert [case.result for case in calls] == [f"o/a-{a}_b-{b}.st" for a in "01" for b in "58"]


def test_it_carries_on(ready: Shell) -> None:
    words = ("sweep", "--s", "0.5,0.8", "--seed", "0", "--jobs", "2", LINE)
    first = ready.ok(*words)
    (ready / "sweep" / "s-0.8_seed-0.jsonl").unlink()
    before = ready.snapshot()
    assert ready.ok(*words).out == first.out
    after = ready.snapshot()
    tickets = [name for name in before if name.endswith(".st")]
    assert len(tickets) == 5
    assert [before[name] for name in tickets] == [after[name] for name in tickets]
    assert "6/6" in first.err


def test_figures_are_measured_and_labelled(ready: Shell) -> None:
    line = "mask --random --balanced {s} --seed 7 m.st"
    (found,) = rows(ready.ok("sweep", "--s", "0.5", "--out-dir", "a/b", line).out)
    assert found["labels"] == {"s": "0.5"}
    (alone,) = rows(ready.ok("eval", "a/b/s-0.5.st").out)
    assert {**found, "labels": {}} == alone
    assert reading.lineage(ready / "a" / "b" / "s-0.5.st")[-1]["seed"] == 7


def test_the_mean_over_seeds() -> None:
    values = {"0": (0.5, 0.8), "1": (0.7, 0.9)}
    given = [
        {"labels": {"seed": seed, "s": s}, "accuracy": accuracy}
        for seed, both in values.items()
        for s, accuracy in zip("ab", both, strict=True)
    ]
    # Half widths are t(1) = 12.706 times s / sqrt(2): of 0.1 and 0.05 here.
    assert list(over_seeds(given)) == [
        "s a: accuracy 60.00% +- 127.06% (95%, t, 2 seeds)",
        "s b: accuracy 85.00% +- 63.53% (95%, t, 2 seeds)",
    ]
    assert not list(over_seeds(given[:2])), "one seed has no interval"


def test_the_name_of_the_results_in_the_line() -> None:
    (case,) = sweep.cases("init mlp:{n} | train-cycles --log {}.log", {"n": ["4"]}, "o", SYNTAX)
    assert case.stages[1][:3] == ["train-cycles", "--log", "o/n-4.log"]
    assert "eval --quiet --label n=4 o/n-4.st -o o/n-4.jsonl" in case.script
    (case,) = sweep.cases("show '{f}'", {"f": ["a b/c.st"]}, "o", SYNTAX)
    assert case.result == "o/f-a-b-c.st.jsonl"
    assert case.stages == [["show", "a b/c.st", "-o", case.result]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--seed", "0", "init mlp --seed {sed}"], r"\{sed\}.*--sed VALUE.*did you mean seed"),
        (["--seed", "0", "--x", "1", "init mlp --seed {seed}"], r"--x is a list.*no \{x\}"),
        (["--seed", "0,,1", "init mlp --seed {seed}"], "empty or twice"),
        (["--seed", "3-1", "init mlp --seed {seed}"], "range"),
        (["--seed", "0-99999", "--x", "0-9", "init mlp:{x} --seed {seed}"], "1,000,000 pipelines"),
        (["--seed", "0", "init mlp --seed {seed} -o a.st"], "leave -o out"),
        (["--seed", "0", "init mlp --seed {seed} > a.st"], "recipe FILE.sh"),
        (["--seed", "0", "init mlp --seed {seed} | |"], "empty stage"),
        (["--seed", "0", "init 'mlp --seed {seed}"], "cannot be read: no closing quotation"),
        (["--seed", "0", "init mlp --seed {seed} | trian-cycles"], "did you mean train-cycles"),
        (["--seed", "0", "init mlp --seed {seed} | train-cycles --epocs 1"], "--epochs"),
        (["--seed", "0", "init mlp | guide {seed}"], "ends with guide, which writes no ticket"),
        (["--f", "a/b,a-b", "show {f}"], "two pipelines would write"),
        (["--seed", "0", "init", "mlp"], "found 2"),
        (["--jobs", "0", "--seed", "0", "init mlp --seed {seed}"], "--jobs must be at least 1"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    shell: Shell, words: list[str], says: str
) -> None:
    shell.refuses(2, "sweep", *words, says=says)


def test_a_failure_stops_what_needs_it_alone(ready: Shell) -> None:
    line = "mask --random --balanced {s} m.st | prune --balanced 0.7 | show"
    done = ready.call("sweep", "--s", "0.9,0.5", line)
    assert done.code == 1
    assert (
        "1 of 6 jobs failed, 1 that need them not begun; the first, sweep/s-0.9.prune.st: prune:"
        in (done.lines[-1])
    )
    assert done.lines[-1].endswith("the same line again carries on")
    assert (ready / "sweep" / "s-0.5.jsonl").exists()


def test_jobs_at_once_see_their_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = subprocess.Popen

    def note(*args, env, **rest):
        seen.append(env.get("CUDA_VISIBLE_DEVICES"))
        return real(*args, env=env, **rest)

    monkeypatch.setattr(local.subprocess, "Popen", note)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    jobs = [Job(("--version",), (), (str(tmp_path / f"{k}"),), 1) for k in range(4)]
    outcome = local.run(jobs, ["3", "5"], tmp_path / "logs", lambda job, outcome: None)
    assert outcome.done == jobs or len(outcome.done) == 4
    assert sorted(seen) == ["3", "3", "5", "5"]


def test_interrupted_it_stops_its_jobs_and_goes_on_later(shell: Shell) -> None:
    line = "init mlp:4 --seed {seed} | train-cycles --n 40 --epochs 50 --threads 1 --quiet"
    words = ("sweep", "--seed", "0", "--out-dir", "o", line)
    process = shell.start(*words)
    runs = shell.state / "runs"
    end = time.monotonic() + 100
    while not list(runs.glob("*/log.jsonl")):
        assert time.monotonic() < end
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    children = subprocess.run(
        ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=True
    ).stdout.split()
    assert children
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "sweep: stopped by SIGINT"
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    assert not (shell / "o" / "seed-0.st").exists()
    assert b"143" not in err
    assert "progress" in (shell / "o" / "logs" / "seed-0.st.log").read_text()


def test_other_engines_get_the_same_jobs(ready: Shell) -> None:
    needed("make")
    text = ready.ok("sweep", "--s", "0.5", "--seed", "0", LINE, "--as", "make").out.decode()
    assert "Made by: sparsetool sweep --s 0.5 --seed 0 " in text
    done = ready.bash(f"cat >jobs <<'E'\n{text}\nE\nmake -s -f jobs")
    assert done.code == 0, done.err
    (row,) = rows((ready / "sweep" / "s-0.5_seed-0.jsonl").read_bytes())
    assert row["sparsity"] == pytest.approx(0.75, abs=0.01)


def test_a_range_and_a_list() -> None:
    assert sweep.values("0-2,7,a") == ["0", "1", "2", "7", "a"]
    with pytest.raises(UsageError):
        sweep.values("")
    assert os.sep not in sweep.UNFIT.sub("-", "a/b")

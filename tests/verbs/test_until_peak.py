"""`train-cycles --until-peak` at the shell: files, up to date, script; and seeds taken apart."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell
from tests.verbs.training_records import log, trainings

HOW = ("--threads", "1", "--epochs", "1", "--batch-size", "400", "--val", "0.1")
UNTIL = ("train-cycles", *HOW, "--until-peak", "--patience", "1", "--most-cycles", "4")


def test_files_and_the_second_call(shell: Shell, shelf: Shelf) -> None:
    line = (*UNTIL, "--lr", "0.5", "--keep", "k", "--log", "l.jsonl", shelf["half"], "-o", "p.st")
    done = shell.ok(*line)
    last = trainings(shell / "p.st")[-1]
    upto, beyond = last["achieved"]["peak_cycle"], last["achieved"]["extra_cycles"]
    assert f"the peak is cycle {upto} of {upto + beyond} trained" in done.err
    assert ("the most cycles" in done.err) == (beyond < 1)
    names = [f"cycle-{k}.st" for k in range(1, upto + beyond + 1)]
    assert sorted(path.name for path in (shell / "k").iterdir()) == names
    kept = shell / "k" / f"cycle-{upto}.st"
    assert reading.weights(kept).keys() == reading.weights(shell / "p.st").keys()
    for name, weight in reading.weights(kept).items():
        assert np.array_equal(weight, reading.weights(shell / "p.st")[name])
    assert len(log(shell / "l.jsonl")) == upto + beyond
    before = shell.snapshot()
    again = shell.ok(*line)
    assert "p.st is up to date" in again.err
    assert shell.snapshot().keys() == before.keys()
    (shell / "k" / names[-1]).unlink()
    shell.ok(*line)
    assert sorted(path.name for path in (shell / "k").iterdir()) == names
    other = (*UNTIL, "--lr", "0.5", "--min-gain", "0.3", shelf["half"], "-o", "p.st")
    shell.refuses(1, *other, says="another result")


def test_it_says_where_the_most_cycles_ended_it(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", *HOW, "--until-peak", "--patience", "2", "--most-cycles", "1")
    assert "the most cycles" in shell.ok(*line, shelf["half"], "-o", "p.st").err


def test_a_script_trains_until_the_peak(shell: Shell, shelf: Shelf) -> None:
    """Also after equal cycles of an earlier command, and before others."""
    shell.ok("train-cycles", *HOW, "--n", "2", "--lr", "0.5", shelf["half"], "-o", "two.st")
    shell.ok(*UNTIL, "--lr", "0.5", "two.st", "-o", "peak.st")
    shell.ok("train-cycles", *HOW, "--lr", "0.5", "peak.st", "-o", "more.st")
    script = shell.ok("show", "--script", "more.st").out.decode()
    stages = [stage for stage in script.split("sparsetool ") if stage.startswith("train-cycles")]
    assert len(stages) == 3
    assert "--n 2" in stages[0]
    assert ["--until-peak" in stage for stage in stages] == [False, True, False]
    assert "--n " not in stages[1] + stages[2]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--until-peak",), "--val"),
        (("--until-peak", "--val", "0.1", "--n", "1"), "--n"),
        (("--until-peak", "--val", "0.1", "--save-epoch", "1:a.st"), "--save-epoch"),
        (("--min-gain", "0.1"), "--until-peak"),
    ],
)
def test_refusals(shell: Shell, shelf: Shelf, more: tuple[str, ...], says: str) -> None:
    shell.refuses(2, "train-cycles", *more, shelf["half"], "-o", "t.st", says=says)


def test_a_seed_that_is_given_is_recorded(shell: Shell, shelf: Shelf) -> None:
    """Not given, nothing changes; given, it alone changes the training."""
    line = ("train-cycles", *HOW, "--no-store", shelf["half"])
    plain = shell.ok(*line).out
    assert not {"order_seed", "augmentation_seed"} & trainings(plain)[-1]["options"].keys()
    own = str(trainings(plain)[-1]["seed"])
    found = {}
    for option in ("--order-seed", "--augmentation-seed"):
        same, other = (shell.ok(*line, option, seed).out for seed in (own, "77"))
        assert trainings(other)[-1]["options"][option[2:].replace("-", "_")] == 77
        weights, changed = reading.weights(plain), reading.weights(other)
        found[option] = changed
        for name, weight in reading.weights(same).items():
            assert np.array_equal(weight, weights[name])
        assert any(not np.array_equal(changed[name], weights[name]) for name in weights)
    first, second = found.values()
    assert any(not np.array_equal(first[name], second[name]) for name in first)

"""`train-cycles`: what it writes, how cycles add up, what is refused."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell
from tests.verbs.training_records import SHORT, TRAIN, epochs, log, trainings


def test_the_mask_is_held_and_zeros_stay(shell: Shell, shelf: Shelf) -> None:
    """Off the mask +0.0 bit for bit, on it trained, the masks the very same."""
    done = shell.ok(*TRAIN, "--n", "2", shelf["half"])
    before, after = reading.weights(shelf["half"]), reading.weights(done.out)
    for name, mask in reading.masks(shelf["half"]).items():
        assert (reading.masks(done.out)[name] == mask).all()
        assert (after[name] != before[name])[mask].mean() > 0.5
    assert reading.off_mask_bits(done.out) == 0
    for name in set(before) - set(reading.masks(shelf["half"])):
        assert (after[name] != before[name]).any(), f"{name} is trained too"
    assert set(reading.arrays(done.out)) == set(reading.arrays(shelf["half"])), "no momentum"


def test_a_network_with_batch_norm(shell: Shell, shelf: Shelf) -> None:
    """ResNet20 on digits: masks held, statistics carried, canonical bytes, buffers keep type."""
    shell.ok("mask", "--random", "--balanced", "0.9", shelf["r20d"], "-o", "m.st")
    shell.ok(*TRAIN[:3], "--epochs", "1", "m.st", "-o", "t.st")
    assert reading.kept(shell / "t.st") == reading.to_keep("0.9", 270_608)
    assert reading.off_mask_bits(shell / "t.st") == 0
    found = reading.weights(shell / "t.st")
    counters = [array for name, array in found.items() if name.endswith("num_batches_tracked")]
    assert {(array.dtype.name, int(array)) for array in counters} == {("int64", 12)}
    assert (shell / "t.st").read_bytes() == reading.pack(
        reading.arrays(shell / "t.st"), reading.meta(shell / "t.st")
    )


def test_a_dense_ticket_stays_dense(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok(*TRAIN, shelf["mlp"])
    assert reading.masks(done.out) == {}
    assert "sparsity 0" in done.err


def test_it_learns(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*SHORT, "--epochs", "6", "--log", "l.jsonl", shelf["half"], "-o", "t.st")
    rows = log(shell / "l.jsonl")
    assert rows[-1]["test_accuracy"] > 0.75
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]


def test_one_record_a_cycle(shell: Shell, shelf: Shelf) -> None:
    """Each record's parent is the digest of the ticket that the cycle before left."""
    shell.ok(*TRAIN, "--n", "3", "--keep", "kept", shelf["half"], "-o", "t.st")
    records = trainings(shell / "t.st")
    assert [record["achieved"]["epochs"] for record in records] == [2, 2, 2]
    assert [record["achieved"]["steps"] for record in records] == [24, 24, 24]
    kept = sorted((shell / "kept").iterdir())
    assert len(kept) == 3
    digests = [reading.digest(shelf["half"]), *map(reading.digest, kept)]
    assert digests[-1] == reading.digest(shell / "t.st")
    assert [list(record["inputs"].values()) for record in records] == [
        [parent] for parent in digests[:-1]
    ]
    for record in records:
        assert record["achieved"]["kept"] == 25_100
        assert {"versions", "device", "precision", "threads", "figures"} <= set(record)


def test_cycles_add_up(shell: Shell, shelf: Shelf) -> None:
    """`--n 1 | --n 3`, `--n 2 | --n 2` and `--n 4` are the same bytes."""
    whole = shell.ok(*TRAIN, "--n", "4", "--no-store", shelf["half"]).out
    for first, second in (("1", "3"), ("2", "2")):
        part = shell.ok(*TRAIN, "--n", first, "--no-store", shelf["half"]).out
        assert shell.ok(*TRAIN, "--n", second, "--no-store", stdin=part).out == whole
    assert epochs(whole) == 8


def test_twice_is_the_same_in_other_processes(shell: Shell, shelf: Shelf) -> None:
    inside = shell.ok(*TRAIN, "--no-store", shelf["half"]).out
    process = shell.run(*TRAIN, "--no-store", stdin=shelf["half"].read_bytes())
    assert process.out == inside


def test_seed(shell: Shell, shelf: Shelf) -> None:
    own = shell.ok(*TRAIN, shelf["half"]).out
    assert shell.ok(*TRAIN, "--seed", "3", shelf["half"]).out == own, "the ticket's is the default"
    other = shell.ok(*TRAIN, "--seed", "4", shelf["half"]).out
    assert reading.digest(other) != reading.digest(own)
    assert trainings(other)[-1]["seed"] == 4


def test_each_cycle_has_its_own_order(shell: Shell, shelf: Shelf) -> None:
    """Draws are keyed by the epochs trained so far: a rewound ticket does not replay them."""
    shell.ok(*TRAIN, shelf["half"], "-o", "a.st")
    shell.ok("rewind", "--to", shelf["half"], "a.st", "-o", "back.st")
    again = reading.weights(shell.ok(*TRAIN, "back.st").out)
    first = reading.weights(shell / "a.st")
    assert any((again[name] != first[name]).any() for name in first)
    assert epochs(shell.ok(*TRAIN, "back.st").out) == 4, "rewind does not reset the epochs"


def test_last_figures_are_those_of_eval_and_log(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*TRAIN, "--log", "l.jsonl", shelf["half"], "-o", "t.st")
    (measured,) = map(json.loads, shell.ok("eval", "t.st").out.splitlines())
    figures = trainings(shell / "t.st")[-1]["figures"]
    last = log(shell / "l.jsonl")[-1]
    assert figures["test_accuracy"] == measured["accuracy"] == last["test_accuracy"]
    assert figures["test_loss"] == measured["loss"] == last["test_loss"]
    assert figures["train_loss"] == last["train_loss"]


def test_validation_split(shell: Shell, shelf: Shelf) -> None:
    """Held out of training, the same whatever the epochs, and recorded."""
    done = shell.ok(*TRAIN, "--val", "0.2", "--log", "l.jsonl", shelf["half"], "-o", "t.st")
    assert done.code == 0
    (record,) = trainings(shell / "t.st")
    assert "0.2" in json.dumps(record["options"])
    assert record["achieved"]["examples"] in range(2 * 1140, 2 * 1160)
    rows = log(shell / "l.jsonl")
    assert all("val_accuracy" in row and "val_loss" in row for row in rows)
    (measured,) = map(json.loads, shell.ok("eval", "--split", "val", "t.st").out.splitlines())
    assert measured["examples"] == 1437 - record["achieved"]["examples"] // 2
    assert measured["accuracy"] == rows[-1]["val_accuracy"]
    plain = shell.ok(*TRAIN, shelf["half"]).out
    assert reading.digest(plain) != reading.digest(shell / "t.st")


@pytest.mark.parametrize("schedule", ["step-warmup", "cosine", "one-cycle"])
def test_schedules_set_the_rate(schedule: str, shell: Shell, shelf: Shelf) -> None:
    shell.ok(
        "train-cycles",
        "--threads",
        "1",
        "--epochs",
        "5",
        "--schedule",
        schedule,
        "--lr",
        "0.05",
        "--log",
        "l.jsonl",
        shelf["half"],
        "-o",
        "t.st",
    )
    rates = [row["lr"] for row in log(shell / "l.jsonl")]
    assert max(rates) <= 0.05 + 1e-12
    assert rates[-1] < max(rates)


@pytest.mark.parametrize(
    "option",
    [
        *("--lr 0.01", "--momentum 0.5", "--weight-decay 0.01", "--batch-size 64"),
        *("--schedule cosine", "--warmup 1.5", "--drops 1", "--drop-by 3"),
    ],
)
def test_settings_change_the_result_and_are_recorded(
    option: str, shell: Shell, shelf: Shelf
) -> None:
    plain = shell.ok(*TRAIN, shelf["half"]).out
    other = shell.ok(*TRAIN, *option.split(), shelf["half"]).out
    assert option.split()[1] in json.dumps(trainings(other)[-1]["options"])
    first, second = reading.weights(plain), reading.weights(other)
    assert any((first[name] != second[name]).any() for name in first)


def test_what_was_resolved_is_printed(shell: Shell, shelf: Shelf) -> None:
    """The data set's defaults and what `auto` found, once, before the first epoch."""
    done = shell.ok("train-cycles", "--n", "2", "--epochs", "2", "--drops", "1", shelf["half"])
    found = [line for line in done.lines if "batches of 128" in line]
    assert found == [done.lines[0]]
    for word in (
        "digits", "2 epochs", "sgd", "step-warmup to 0.1", "drops 1", "momentum 0.9",
        "weight decay 0.0001", "cpu", "fp32", "1 thread",
    ):  # fmt: skip
        assert word in found[0], word


def test_loss_that_is_not_finite(shell: Shell, shelf: Shelf) -> None:
    """The run stops: exit 1, nothing written, the last good state kept."""
    for stdout in ((), ("-o", "t.st")):
        done = shell.call(*TRAIN, "--lr", "1e30", "--n", "2", shelf["half"], *stdout)
        assert done.code == 1
        assert done.out == b""
        assert done.lines[-1].startswith("train-cycles:")
        assert "finite" in done.lines[-1] or "nan" in done.lines[-1].lower()
        assert "Traceback" not in done.err
        assert shell.snapshot() == {}


def test_a_data_folder_without_data(shell: Shell, shelf: Shelf) -> None:
    """How to get it is said, and no download starts."""
    (shell / "data").mkdir()
    says = (r"cifar10", r"sparsetool data fetch cifar10")
    line = (*TRAIN, shelf["r20"], "-o", "t.st")
    shell.refuses(1, *line, "--data-root", "data", says=says)
    shell.refuses(1, *line, says=says, env={"SPARSETOOL_DATA": str(shell / "data")})
    shell.refuses(1, *line, "--data-root", "nowhere", says=says)


def test_data_of_other_classes_or_input(shell: Shell, shelf: Shelf) -> None:
    done = shell.refuses(1, *TRAIN, "--data", "cifar10", shelf["half"])
    assert "cifar10" in done.err
    assert "1" in done.err
    assert "3" in done.err


def test_label_noise_is_recorded_and_printed(shell: Shell, shelf: Shelf) -> None:
    """A permutation of 15%: about 13.5% are wrong in the end, and that is printed."""
    done = shell.ok(*TRAIN, "--label-noise", "0.15", shelf["half"], "-o", "t.st")
    assert "0.15" in json.dumps(trainings(shell / "t.st")[-1])
    assert "%" in done.err or "label" in done.err
    plain = reading.weights(shell.ok(*TRAIN, shelf["half"]).out)
    noisy = reading.weights(shell / "t.st")
    assert any((noisy[name] != plain[name]).any() for name in noisy)


@pytest.mark.parametrize("fraction", ["0.9999", "0.0001"])
def test_a_validation_split_with_an_empty_side(fraction: str, shell: Shell, shelf: Shelf) -> None:
    shell.refuses(1, *TRAIN, "--val", fraction, shelf["half"], says=r"--val.* of 1,437")


def test_a_batch_of_one_example_and_batch_norm(shell: Shell) -> None:
    """14 examples in batches of 13: the last cannot be normalised where maps are 1x1."""
    (shell / "net.py").write_text(
        "from torch import nn\n\ndef net(classes, input):\n"
        "    return nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.BatchNorm1d(8),\n"
        "                         nn.Linear(8, classes))\n"
    )
    shell.ok("init", "net.py:net", "-o", "n.st")
    line = ("--model", "net.py:net", "n.st", "-o", "t.st")
    says = "one example.*--batch-size"
    done = shell.call(*TRAIN, "--val", "0.99", "--batch-size", "13", *line)
    assert done.code == 1
    assert re.search(says, done.lines[-1])
    shell.refuses(1, "mask", "--snip", "--global", "0.5", "--batch-size", "1", *line, says=says)


@pytest.mark.parametrize(
    "error",
    [
        type("OutOfMemoryError", (RuntimeError,), {})("CUDA out of memory. Tried 9 GiB"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_too_little_memory_is_no_bug(
    error: Exception, shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise error

    monkeypatch.setattr("sparsetool.training.loop.Learner.run_epoch", fail)
    done = shell.call(*TRAIN, shelf["half"])
    assert (done.code, done.out) == (1, b"")
    assert re.search("out of memory.*--batch-size", done.lines[-1])
    assert "Traceback" not in done.err


def test_weights_are_float32_and_finite(shelf: Shelf) -> None:
    for name, array in reading.weights(shelf["trained"]).items():
        assert array.dtype == np.float32, name
        assert np.isfinite(array).all(), name

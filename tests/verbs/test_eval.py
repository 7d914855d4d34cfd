"""`eval`: JSON Lines with the fields of `sparsetool guide formats`, the lineage's own figures."""

from __future__ import annotations

import json

import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def rows(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def test_fields(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("eval", shelf["trained"], shelf["mlp"], "--threads", "1")
    first, second = rows(done.out)
    assert first["file"] == str(shelf["trained"])
    assert first["digest"] == reading.digest(shelf["trained"])
    assert (first["sparsity"], first["epochs"]) == (0.5, 2)
    assert (first["split"], first["examples"]) == ("test", 360)
    assert "labels" in first
    assert 0.5 < first["accuracy"] <= 1
    assert 0 < first["loss"] < 2
    assert (second["sparsity"], second["epochs"]) == (0, 0)
    assert second["digest"] == reading.digest(shelf["mlp"])
    assert 0 <= second["accuracy"] < 0.5


def test_more_than_the_accuracy(shell: Shell, shelf: Shelf) -> None:
    (plain,) = rows(shell.ok("eval", shelf["trained"], "--threads", "1").out)
    (row,) = rows(shell.ok("eval", "--per-class", shelf["trained"], "--threads", "1").out)
    assert "class_accuracy" not in plain
    assert {k: v for k, v in row.items() if k not in ("class_accuracy", "options")} == plain
    assert row["options"] == {"per_class": True}
    assert row["accuracy"] <= row["accuracy_top5"] <= 1
    assert 0 <= row["ece"] < 1
    assert len(row["class_accuracy"]) == 10
    # The digits' test split holds nearly the same number of each class.
    assert abs(sum(row["class_accuracy"]) / 10 - row["accuracy"]) < 0.01


def test_reproduces_the_lineage(shell: Shell, shelf: Shelf) -> None:
    (row,) = rows(shell.ok("eval", shelf["trained"], "--threads", "1").out)
    figures = reading.lineage(shelf["trained"])[-1]["figures"]
    assert (row["accuracy"], row["loss"]) == (figures["test_accuracy"], figures["test_loss"])


def test_splits(shell: Shell, shelf: Shelf) -> None:
    (row,) = rows(shell.ok("eval", "--split", "train", shelf["trained"]).out)
    assert (row["split"], row["examples"]) == ("train", 1437)
    shell.refuses(2, "eval", "--split", "val", shelf["trained"], says=r"val")


def test_standard_input_and_repetition(shell: Shell, shelf: Shelf) -> None:
    data = shelf["trained"].read_bytes()
    (by_pipe,) = rows(shell.ok("eval", stdin=data).out)
    (by_dash,) = rows(shell.ok("eval", "-", stdin=data).out)
    (by_file,) = rows(shell.ok("eval", shelf["trained"]).out)
    keys = set(by_file) - {"file"}
    assert {k: by_pipe[k] for k in keys} == {k: by_file[k] for k in keys}
    assert {k: by_dash[k] for k in keys} == {k: by_file[k] for k in keys}


def test_one_bad_file_and_nothing_is_said(shell: Shell, shelf: Shelf) -> None:
    """A verb that fails emits zero bytes, the good files before the bad one included."""
    (shell / "torn.st").write_bytes(shelf["trained"].read_bytes()[:9000])
    shell.refuses(1, "eval", shelf["trained"], "torn.st", says=r"torn\.st")


def test_output_file(shell: Shell, shelf: Shelf) -> None:
    line = ("eval", shelf["trained"], "-o", "e.jsonl")
    assert shell.ok(*line).out == b""
    text = (shell / "e.jsonl").read_bytes()
    assert rows(text) == rows(shell.ok("eval", shelf["trained"]).out)
    before = shell.snapshot()
    again = shell.run(*line, torch=False)
    assert again.code == 0, again.err
    assert "up to date" in again.err
    assert shell.snapshot() == before
    shell.refuses(1, "eval", shelf["half"], "-o", "e.jsonl", says=(r"e\.jsonl", r"--force"))
    shell.ok("eval", shelf["half"], "-o", "e.jsonl", "--force")
    assert rows((shell / "e.jsonl").read_bytes())[0]["digest"] == reading.digest(shelf["half"])


def test_data_must_fit(shell: Shell, shelf: Shelf) -> None:
    shell.refuses(1, "eval", "--data", "cifar10", shelf["trained"], says=r"cifar10")


@pytest.mark.parametrize("root", ["data", "nowhere"])
def test_a_data_folder_without_data(root: str, shell: Shell, shelf: Shelf) -> None:
    (shell / "data").mkdir()
    says = (r"cifar10", r"sparsetool data fetch cifar10")
    shell.refuses(1, "eval", "--data-root", root, shelf["r20"], says=says)


def test_it_changes_nothing(shell: Shell, shelf: Shelf) -> None:
    (shell / "t.st").write_bytes(shelf["trained"].read_bytes())
    before = shell.snapshot()
    shell.ok("eval", "t.st")
    assert shell.snapshot() == before

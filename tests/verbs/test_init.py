"""`init`: a fresh dense ticket, from nothing but names and a seed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

NETWORKS = [
    # model, data, prunable layers, prunable weights, parameters
    ("mlp", "digits", 3, 300 * 64 + 100 * 300 + 10 * 100, 300 * 65 + 100 * 301 + 10 * 101),
    ("resnet20", "cifar10", 22, 270_896, 272_474),
    ("resnet20", "digits", 22, 270_608, 272_474 - 288),
    ("resnet32", "cifar10", 34, None, None),
    ("resnet44", "digits", 46, None, None),
    ("resnet56", "cifar10", 58, None, None),
    ("resnet110", "digits", 112, None, None),
    ("resnet18", "cifar10", 21, 11_164_352, 11_173_962),
    ("resnet34", "cifar10", 37, None, None),
    ("resnet50", "cifar10", 54, None, None),
]
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


@pytest.mark.parametrize(("model", "data", "layers", "weights", "parameters"), NETWORKS)
def test_networks(
    model: str, data: str, layers: int, weights: int | None, parameters: int | None, shell: Shell
) -> None:
    shell.ok("init", model, "--data", data, "-o", "t.st")
    counts = reading.prunable(shell / "t.st")
    assert len(counts) == layers
    if weights is not None:
        found = reading.weights(shell / "t.st")
        assert sum(counts.values()) == weights
        assert parameters == sum(a.size for n, a in found.items() if not n.endswith(STATISTICS))


def test_facts_of_birth(shelf: Shelf) -> None:
    facts = reading.meta(shelf["mlp"])
    assert facts["kind"] == "ticket"
    assert facts["model"] == "mlp"
    assert facts["data"] == "digits"
    assert facts["classes"] == 10
    assert facts["input"] == [1, 8, 8]
    assert facts["seed"] == 3
    assert {"schema", "prunable", "graph", "lineage"} <= set(facts)
    assert reading.masks(shelf["mlp"]) == {}
    (record,) = facts["lineage"]
    assert record["verb"] == "init"
    assert record["inputs"] == {}
    assert reading.meta(shelf["r20"])["input"] == [3, 32, 32]


def test_default_data_is_digits_and_default_seed_is_zero(shell: Shell) -> None:
    shell.ok("init", "mlp", "-o", "a.st")
    shell.ok("init", "mlp", "--data", "digits", "--seed", "0", "-o", "b.st")
    assert reading.meta(shell / "a.st") == reading.meta(shell / "b.st")
    assert (shell / "a.st").read_bytes() == (shell / "b.st").read_bytes()


def test_kaiming_normal_on_every_weight_head_included(shelf: Shelf) -> None:
    """Standard deviation sqrt(2 / fan-in) within 5 standard errors, mean zero."""
    found = reading.weights(shelf["r20"])
    for name, size in reading.prunable(shelf["r20"]).items():
        weight = found[name].astype(np.float64)
        fan_in = size // weight.shape[0]
        wanted = np.sqrt(2 / fan_in)
        assert abs(weight.std() - wanted) < 5 * wanted / np.sqrt(2 * size), name
        assert abs(weight.mean()) < 5 * wanted / np.sqrt(size), name


def test_batch_norm_is_one_and_zero(shelf: Shelf) -> None:
    found = reading.weights(shelf["r20"])
    prunable = reading.prunable(shelf["r20"])
    scales = [n for n in found if n.endswith(".weight") and n not in prunable]
    assert len(scales) == 21
    assert all((found[n] == 1).all() for n in scales)
    shifts = [n.removesuffix("weight") + "bias" for n in scales]
    assert all((found[n] == 0).all() for n in shifts)


def test_seed(shell: Shell, shelf: Shelf) -> None:
    """The same seed the same bytes, in a process of its own; another seed other weights."""
    shell.ok("init", "mlp", "--data", "digits", "--seed", "3", "-o", "again.st")
    assert (shell / "again.st").read_bytes() == shelf["mlp"].read_bytes()
    piped = shell.run("init", "mlp", "--data", "digits", "--seed", "3")
    assert piped.out == shelf["mlp"].read_bytes()
    first, second = reading.weights(shelf["mlp"]), reading.weights(shelf["other"])
    for name in reading.prunable(shelf["mlp"]):
        assert not (first[name] == second[name]).any()


def test_initialisations(shell: Shell) -> None:
    for name in ("kaiming-fan-out", "model"):
        shell.ok("init", "resnet20", "--init", name, "-o", f"{name}.st")
    shell.ok("init", "resnet20", "-o", "default.st")
    found = [reading.weights(shell / f"{n}.st") for n in ("default", "kaiming-fan-out", "model")]
    name = next(n for n, a in found[0].items() if a.ndim == 4 and a.shape[0] != a.shape[1])
    spread = [weights[name].std() for weights in found]
    assert len({round(float(s), 4) for s in spread}) == 3
    out = found[1][name]
    wanted = np.sqrt(2 / (out.shape[0] * out.shape[2] * out.shape[3]))
    assert abs(out.std() - wanted) < 5 * wanted / np.sqrt(2 * out.size)


def test_exclude_is_a_fact_of_birth(shell: Shell) -> None:
    """What is excluded is neither masked nor counted by any later verb."""
    shell.ok("init", "resnet18", "--data", "digits", "--exclude", "*downsample*", "-o", "a.st")
    counts = reading.prunable(shell / "a.st")
    assert len(counts) == 18
    assert not any("downsample" in name for name in counts)
    total = sum(counts.values())
    shell.ok("mask", "--random", "--balanced", "0.5", "a.st", "-o", "b.st")
    shell.ok("prune", "--global", "0.9", "b.st", "-o", "c.st")
    assert set(reading.masks(shell / "b.st")) == set(counts)
    assert reading.kept(shell / "b.st") == reading.to_keep("0.5", total)
    assert reading.kept(shell / "c.st") == reading.to_keep("0.9", total)
    before, after = reading.weights(shell / "a.st"), reading.weights(shell / "c.st")
    for name in set(before) - set(counts):
        assert (before[name] == after[name]).all(), name


def test_exclude_changes_no_weight(shell: Shell, shelf: Shelf) -> None:
    name = reading.meta(shelf["mlp"])["prunable"][-1]
    shell.ok("init", "mlp", "--seed", "3", "--exclude", name, "-o", "a.st")
    assert name not in reading.prunable(shell / "a.st")
    for key, array in reading.weights(shelf["mlp"]).items():
        assert (reading.weights(shell / "a.st")[key] == array).all()


def test_needs_no_data_on_disk(shell: Shell) -> None:
    """CIFAR-10 is described, not read: an empty home and an empty data folder will do."""
    empty = str(shell.state.parent)
    env = {"HOME": empty, "SPARSETOOL_DATA": empty, "XDG_DATA_HOME": empty, "XDG_CACHE_HOME": empty}
    done = shell.run("init", "resnet20", "--data", "cifar10", env=env)
    assert done.code == 0, done.err
    assert reading.meta(done.out)["data"] == "cifar10"


def test_up_to_date_without_torch(shell: Shell) -> None:
    shell.ok("init", "mlp", "-o", "a.st")
    before = shell.snapshot()
    done = shell.run("init", "mlp", "-o", "a.st", torch=False)
    assert done.code == 0, done.err
    assert "up to date" in done.err
    assert shell.snapshot() == before
    shell.refuses(1, "init", "mlp", "--seed", "1", "-o", "a.st", says=(r"a\.st", r"--force"))
    shell.refuses(1, "init", "resnet20", "-o", "a.st", says=(r"a\.st", r"--force"))


def test_no_clock_host_or_path_in_the_bytes(shell: Shell) -> None:
    """Two folders, two moments, the same bytes."""
    shell.ok("init", "mlp", "-o", "a.st")
    (shell / "deep" / "er").mkdir(parents=True)
    shell.ok("init", "mlp", "-o", "deep/er/b.st")
    assert (shell / "a.st").read_bytes() == (shell / "deep/er/b.st").read_bytes()
    text = json.dumps(reading.meta(shell / "a.st"))
    assert str(shell.cwd) not in text

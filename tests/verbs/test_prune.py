"""`prune`: the largest survivors stay, nothing comes back, the count is exact."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

MLP = 50_200


def surviving(before: bytes, after: bytes) -> None:
    """Nothing revived, survivors untouched, +0.0 elsewhere, all else as it was."""
    old, new = reading.masks(before), reading.masks(after)
    first, second = reading.weights(before), reading.weights(after)
    for name, mask in new.items():
        assert not (mask & ~old.get(name, np.ones_like(mask))).any()
        assert (second[name][mask] == first[name][mask]).all()
    assert reading.off_mask_bits(after) == 0
    for name in set(first) - set(new):
        assert (second[name] == first[name]).all()


@pytest.mark.parametrize("rule", ["global", "balanced", "erk", "uniform"])
@pytest.mark.parametrize("source", ["mlp", "half"])
def test_keeps_exactly_and_revives_nothing(
    source: str, rule: str, shell: Shell, shelf: Shelf
) -> None:
    for sparsity in ("0.6", "0.9", "0.95", "0.98"):
        done = shell.ok("prune", f"--{rule}", sparsity, shelf[source])
        assert reading.kept(done.out) == reading.to_keep(sparsity, MLP)
        surviving(shelf[source].read_bytes(), done.out)


def test_global_keeps_the_largest_survivors(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("prune", "--magnitude", "--global", "0.9", shelf["half"])
    before, old = reading.weights(shelf["half"]), reading.masks(shelf["half"])
    new = reading.masks(done.out)
    kept = np.concatenate([np.abs(before[n][new[n]]) for n in new])
    gone = np.concatenate([np.abs(before[n][old[n] & ~new[n]]) for n in new])
    assert kept.min() >= gone.max()


def test_shares_keep_the_largest_of_each_layer(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("prune", "--uniform", "0.9", shelf["half"])
    before, old = reading.weights(shelf["half"]), reading.masks(shelf["half"])
    for name, mask in reading.masks(done.out).items():
        values = np.abs(before[name])
        assert values[mask].min() >= values[old[name] & ~mask].max()
        assert abs(int(mask.sum()) - 0.1 * mask.size) < 1


def test_magnitude_is_the_default(shell: Shell, shelf: Shelf) -> None:
    named = shell.ok("prune", "--magnitude", "--global", "0.9", shelf["half"]).out
    assert shell.ok("prune", "--global", "0.9", shelf["half"]).out == named


def test_random_is_keyed_by_the_seed(shell: Shell, shelf: Shelf) -> None:
    line = ("prune", "--random", "--global", "0.9", shelf["half"])
    first = shell.ok(*line).out
    assert shell.ok(*line).out == first
    other = shell.ok(*line, "--seed", "8").out
    assert reading.kept(other) == reading.kept(first) == 5020
    same = sum(
        int((a & b).sum())
        for a, b in zip(reading.masks(first).values(), reading.masks(other).values(), strict=True)
    )
    assert same < 2500
    surviving(shelf["half"].read_bytes(), other)


@pytest.mark.parametrize("rate", ["0.2", "0", "0.5", "0.333", "0.9999"])
def test_rate_is_of_the_survivors(rate: str, shell: Shell, shelf: Shelf) -> None:
    """Level after level: each removes that fraction of what was left."""
    path, left = shelf["mlp"], MLP
    for level in range(3):
        shell.ok("prune", "--rate", rate, path, "-o", f"{level}.st")
        left = reading.to_keep(str(Decimal(rate)), left)
        assert reading.kept(shell / f"{level}.st") == left
        surviving(path.read_bytes(), (shell / f"{level}.st").read_bytes())
        path = shell / f"{level}.st"


def test_ties_go_by_position(shell: Shell, shelf: Shelf) -> None:
    """All magnitudes equal: exactly K survive, the same ones every time."""
    tensors = reading.arrays(shelf["mlp"])
    for name in reading.prunable(shelf["mlp"]):
        tensors[name] = np.full_like(tensors[name], -0.25)
    (shell / "flat.st").write_bytes(reading.pack(tensors, reading.meta(shelf["mlp"])))
    for rule in ("global", "uniform", "balanced", "erk"):
        first = shell.ok("prune", f"--{rule}", "0.77", "flat.st").out
        assert reading.kept(first) == reading.to_keep("0.77", MLP)
        assert shell.ok("prune", f"--{rule}", "0.77", "flat.st").out == first


def test_same_sparsity_again_changes_no_mask(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("prune", "--global", "0.5", shelf["half"])
    for name, mask in reading.masks(shelf["half"]).items():
        assert (reading.masks(done.out)[name] == mask).all()


@pytest.mark.parametrize("rule", ["global", "balanced", "erk", "uniform"])
def test_lower_sparsity_cannot_be_reached(rule: str, shell: Shell, shelf: Shelf) -> None:
    shell.refuses(1, "prune", f"--{rule}", "0.3", shelf["half"], says=(r"0\.3", r"0\.5"))
    shell.refuses(1, "prune", f"--{rule}", "0.4999", shelf["half"], says=(r"0\.4999",))


def test_what_does_not_fit_goes_on_by_the_same_rule(shell: Shell, shelf: Shelf) -> None:
    """A layer never keeps more than its survivors; the others take the rest, exactly."""
    shell.ok("mask", "--random", "--erk", "0.8", shelf["mlp"], "-o", "erk.st")
    for rule in ("uniform", "balanced"):
        done = shell.ok("prune", f"--{rule}", "0.81", "erk.st")
        assert reading.kept(done.out) == reading.to_keep("0.81", MLP)
        surviving((shell / "erk.st").read_bytes(), done.out)


def test_says_both_numbers(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("prune", "--global", "0.9", shelf["half"], "-o", "a.st")
    assert all(line.startswith("prune:") for line in done.lines)
    assert "0.9" in done.err
    assert "5020" in done.err.replace(",", "")


def test_record(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("prune", "--global", "0.9", shelf["half"])
    records = reading.lineage(done.out)
    assert [record["verb"] for record in records] == ["init", "mask", "prune"]
    last = records[-1]
    assert list(last["inputs"].values()) == [reading.digest(shelf["half"])]
    assert (last["achieved"]["kept"], last["achieved"]["prunable"]) == (5020, MLP)
    assert "0.9" in str(last["options"])
    assert set(last["versions"]) >= {"sparsetool", "numpy"}

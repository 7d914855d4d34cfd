"""`mask`: exact counts, keyed draws, masks alone, masks from other files."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

SPARSITIES = ("0.2", "0.5", "0.7", "0.9", "0.95", "0.98")
RULES = ("global", "balanced", "erk", "uniform")
R20 = 270_896


@pytest.mark.parametrize("sparsity", SPARSITIES)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("criterion", ["random", "magnitude"])
def test_exact_counts(criterion: str, rule: str, sparsity: str, shell: Shell, shelf: Shelf) -> None:
    """kept = round((1 - S) 270,896) to the weight; off the mask +0.0, on it untouched."""
    done = shell.ok("mask", f"--{criterion}", f"--{rule}", sparsity, shelf["r20"])
    wanted = reading.to_keep(sparsity, R20)
    assert reading.kept(done.out) == wanted
    assert set(reading.masks(done.out)) == set(reading.prunable(shelf["r20"]))
    assert reading.off_mask_bits(done.out) == 0
    before, after = reading.weights(shelf["r20"]), reading.weights(done.out)
    masks = reading.masks(done.out)
    for name, array in before.items():
        mask = masks.get(name, np.ones(array.shape, bool))
        assert (after[name][mask] == array[mask]).all()
    achieved = reading.lineage(done.out)[-1]["achieved"]
    assert (achieved["kept"], achieved["prunable"]) == (wanted, R20)


def water_level(sizes: list[int], keep: int) -> float:
    low, high = 0.0, float(max(sizes))
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(min(n, middle) for n in sizes) < keep else (low, middle)
    return low


def erk_parts(shapes: list[tuple[int, ...]], keep: int) -> list[float]:
    """Density proportional to sum(shape) / prod(shape), solved again until none passes 1."""
    dense: set[int] = set()
    while True:
        sparse = [i for i in range(len(shapes)) if i not in dense]
        left = keep - sum(np.prod(shapes[i]) for i in dense)
        factor = left / sum(sum(shapes[i]) for i in sparse)
        over = {i for i in sparse if factor * sum(shapes[i]) > np.prod(shapes[i])}
        if not over:
            return [
                float(np.prod(s)) if i in dense else factor * sum(s) for i, s in enumerate(shapes)
            ]
        dense |= over


@pytest.mark.parametrize("sparsity", SPARSITIES)
@pytest.mark.parametrize("rule", ["balanced", "erk", "uniform"])
def test_shares_of_the_layers(rule: str, sparsity: str, shell: Shell, shelf: Shelf) -> None:
    """Each layer keeps its real-valued share, rounded up or down."""
    done = shell.ok("mask", "--random", f"--{rule}", sparsity, shelf["r20"])
    masks = reading.masks(done.out)
    keep = reading.to_keep(sparsity, R20)
    shapes = [mask.shape for mask in masks.values()]
    sizes = [mask.size for mask in masks.values()]
    if rule == "balanced":
        level = water_level(sizes, keep)
        parts = [min(size, level) for size in sizes]
    elif rule == "erk":
        parts = erk_parts(shapes, keep)
    else:
        parts = [(1 - float(sparsity)) * size for size in sizes]
    for mask, part in zip(masks.values(), parts, strict=True):
        assert abs(int(mask.sum()) - part) < 1 + 1e-6


def test_global_magnitude_keeps_the_largest(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--magnitude", "--global", "0.7", shelf["mlp"])
    before, masks = reading.weights(shelf["mlp"]), reading.masks(done.out)
    kept = np.concatenate([np.abs(before[n][m]) for n, m in masks.items()])
    gone = np.concatenate([np.abs(before[n][~m]) for n, m in masks.items()])
    assert kept.min() >= gone.max()


@pytest.mark.parametrize("sparsity", ["0", "0.0", "0.999999", "0.123456789", "5e-1"])
def test_odd_sparsities(sparsity: str, shell: Shell, shelf: Shelf) -> None:
    total = sum(reading.prunable(shelf["mlp"]).values())
    done = shell.ok("mask", "--random", "--global", sparsity, shelf["mlp"])
    assert reading.kept(done.out) == reading.to_keep(sparsity, total)


@pytest.mark.parametrize(
    ("sparsity", "kept"), [("0.9975", 126), ("0.9925", 376), ("0.9875", 628), ("0.9825", 878)]
)
def test_halves_to_even(sparsity: str, kept: int, shell: Shell, shelf: Shelf) -> None:
    """Of 50,200 weights these leave 125.5, 376.5, 627.5 and 878.5: exact only in decimals."""
    assert sum(reading.prunable(shelf["mlp"]).values()) == 50_200
    assert reading.to_keep(sparsity, 50_200) == kept
    for verb in (("mask", "--random"), ("prune",)):
        done = shell.ok(*verb, "--global", sparsity, shelf["mlp"])
        assert reading.kept(done.out) == kept


def test_seed(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--random", "--balanced", "0.5", shelf["mlp"])
    first = shell.ok(*line).out
    assert shell.ok(*line).out == first
    assert shell.run(*line[:-1], stdin=shelf["mlp"].read_bytes()).out == first
    assert shell.ok(*line, "--seed", "3").out == first, "the ticket's own seed is the default"
    other = shell.ok(*line, "--seed", "9").out
    agree = [
        (a == b).mean()
        for a, b in zip(reading.masks(first).values(), reading.masks(other).values(), strict=True)
    ]
    assert min(agree) < 0.9
    assert reading.lineage(other)[-1]["seed"] == 9
    assert reading.lineage(first)[-1]["seed"] == 3
    assert reading.meta(other)["seed"] == 3, "the birth fact stays"


def test_mask_only(shell: Shell, shelf: Shelf) -> None:
    """A file of masks alone; `--from` takes either kind and gives the same masks."""
    line = ("mask", "--random", "--erk", "0.9", shelf["mlp"])
    whole = shell.ok(*line, "-o", "whole.st")
    assert whole.out == b""
    shell.ok(*line, "--mask-only", "-o", "m.st")
    assert reading.meta(shell / "m.st")["kind"] == "mask"
    assert {array.dtype.name for array in reading.arrays(shell / "m.st").values()} == {"bool"}
    assert reading.weights(shell / "m.st") == {}
    by_mask = shell.ok("mask", "--from", "m.st", shelf["mlp"]).out
    by_ticket = shell.ok("mask", "--from", "whole.st", shelf["mlp"]).out
    for name, mask in reading.masks(shell / "whole.st").items():
        assert (reading.masks(by_mask)[name] == mask).all()
        assert (reading.masks(by_ticket)[name] == mask).all()
        assert (reading.weights(by_ticket)[name] == reading.weights(shell / "whole.st")[name]).all()
    assert reading.off_mask_bits(by_mask) == 0
    assert (shell / "m.st").read_bytes() == reading.pack(
        reading.arrays(shell / "m.st"), reading.meta(shell / "m.st")
    )


def test_from_another_ticket_of_the_same_network(shell: Shell, shelf: Shelf) -> None:
    """Coupling: the mask of one, the weights of the other."""
    done = shell.ok("mask", "--from", shelf["half"], shelf["other"])
    masks = reading.masks(done.out)
    before, after = reading.weights(shelf["other"]), reading.weights(done.out)
    for name, mask in reading.masks(shelf["half"]).items():
        assert (masks[name] == mask).all()
        assert (after[name] == np.where(mask, before[name], 0)).all()
    verbs = [record["verb"] for record in reading.lineage(done.out)]
    assert sorted(verbs) == ["init", "init", "mask", "mask"]
    inputs = reading.lineage(done.out)[-1]["inputs"]
    assert sorted(inputs.values()) == sorted(
        [reading.digest(shelf["half"]), reading.digest(shelf["other"])]
    )


def test_a_new_mask_revives_zeros_and_says_so(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--random", "--balanced", "0.5", "--seed", "77", shelf["half"])
    done = shell.ok(*line)
    old, new = reading.masks(shelf["half"]), reading.masks(done.out)
    revived = sum(int((new[n] & ~old[n]).sum()) for n in old)
    assert revived > 10_000
    assert f"{revived:,}" in done.err or str(revived) in done.err
    assert "rewind --to" in done.err
    for name, mask in new.items():
        assert (reading.weights(done.out)[name][mask & ~old[name]] == 0).all()
    again = shell.ok("mask", "--from", shelf["half"], shelf["half"])
    assert "rewind --to" not in again.err, "nothing revived, nothing to say"


def test_min_per_layer(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok(
        "mask", "--magnitude", "--global", "0.999", "--min-per-layer", "7", shelf["r20"]
    )
    counts = [int(mask.sum()) for mask in reading.masks(done.out).values()]
    assert min(counts) >= 7
    assert sum(counts) == reading.to_keep("0.999", R20)
    bare = shell.ok("mask", "--magnitude", "--global", "0.999", shelf["r20"])
    assert min(int(m.sum()) for m in reading.masks(bare.out).values()) < 7


def test_min_per_layer_that_cannot_be(shell: Shell, shelf: Shelf) -> None:
    shell.refuses(
        1,
        "mask",
        "--random",
        "--global",
        "0.999",
        "--min-per-layer",
        "200",
        shelf["mlp"],
        says=r"layer|keep|sparsity",
    )


def test_says_what_was_asked_and_what_is_kept(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--random", "--balanced", "0.5", shelf["r20"], "-o", "a.st")
    assert all(line.startswith("mask:") for line in done.lines)
    assert "0.5" in done.err
    assert "135448" in done.err.replace(",", "")
    quiet = shell.ok("mask", "--random", "--balanced", "0.5", shelf["r20"], "-q", "-o", "b.st")
    assert quiet.err == ""


@pytest.mark.parametrize(
    "line",
    [
        "mask --random --balanced 0.5 {mlp}",
        "mask --magnitude --erk 0.5 {mlp}",
        "mask --from {half} {mlp}",
        "prune --magnitude --global 0.9 {half}",
        "prune --rate 0.2 {half}",
        "rewind --to {mlp} {half}",
        "transfer-signs --from {other} --perturb 0.2 {half}",
    ],
)
def test_never_imports_torch(line: str, shell: Shell, shelf: Shelf) -> None:
    words = [str(shelf[w[1:-1]]) if w[0] == "{" else w for w in line.split()]
    with_torch = shell.ok(*words)
    done = shell.run(*words, torch=False)
    assert done.code == 0, done.err
    assert done.out == with_torch.out

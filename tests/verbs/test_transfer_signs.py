"""`transfer-signs`: the survivors keep their magnitude and get another ticket's signs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def test_signs_and_magnitudes(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("transfer-signs", "--from", shelf["other"], shelf["half"])
    before, after = reading.weights(shelf["half"]), reading.weights(done.out)
    signs, masks = reading.weights(shelf["other"]), reading.masks(shelf["half"])
    for name, mask in masks.items():
        assert (reading.masks(done.out)[name] == mask).all()
        assert (np.abs(after[name]) == np.abs(before[name])).all()
        assert (np.sign(after[name][mask]) == np.sign(signs[name][mask])).all()
    for name in set(before) - set(masks):
        assert (after[name] == before[name]).all(), "only prunable weights change"
    assert reading.off_mask_bits(done.out) == 0


def test_from_oneself_changes_nothing(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("transfer-signs", "--from", shelf["half"], shelf["half"])
    before, after = reading.arrays(shelf["half"]), reading.arrays(done.out)
    assert all((before[name] == after[name]).all() for name in before | after)


def test_zero_in_the_source_keeps_ones_own_sign_and_is_counted(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--balanced", "0.5", "--seed", "9", shelf["other"], "-o", "s.st")
    done = shell.ok("transfer-signs", "--from", "s.st", shelf["half"])
    before, after = reading.weights(shelf["half"]), reading.weights(done.out)
    signs = reading.weights(shell / "s.st")
    own = 0
    for name, mask in reading.masks(shelf["half"]).items():
        zero = mask & (signs[name] == 0)
        own += int(zero.sum())
        assert (after[name][zero] == before[name][zero]).all()
        other = mask & ~zero
        assert (np.sign(after[name][other]) == np.sign(signs[name][other])).all()
    assert own > 10_000
    assert str(own) in done.err.replace(",", "")


@pytest.mark.parametrize("share", ["0", "0.2", "1"])
def test_perturb(share: str, shell: Shell, shelf: Shelf) -> None:
    """That fraction of the signs is flipped, at random, keyed by the seed."""
    line = ("transfer-signs", "--from", shelf["other"], "--perturb", share, shelf["half"])
    done = shell.ok(*line)
    plain = shell.ok("transfer-signs", "--from", shelf["other"], shelf["half"])
    flipped = total = 0
    for name, mask in reading.masks(shelf["half"]).items():
        a, b = reading.weights(plain.out)[name][mask], reading.weights(done.out)[name][mask]
        assert (np.abs(a) == np.abs(b)).all()
        flipped, total = flipped + int((a != b).sum()), total + a.size
    spread = 4 * np.sqrt(float(share) * (1 - float(share)) * total) + 1
    assert abs(flipped - float(share) * total) <= spread
    assert shell.ok(*line).out == done.out
    if share == "0.2":
        other = shell.ok(*line, "--seed", "5").out
        assert any(
            (reading.weights(other)[n] != reading.weights(done.out)[n]).any()
            for n in reading.masks(shelf["half"])
        )


def test_record(shell: Shell, shelf: Shelf) -> None:
    line = ("transfer-signs", "--from", shelf["other"], "--perturb", "0.2", shelf["half"])
    last = reading.lineage(shell.ok(*line).out)[-1]
    assert last["verb"] == "transfer-signs"
    assert last["inputs"]["from"] == reading.digest(shelf["other"])
    assert set(last["inputs"].values()) == {
        reading.digest(shelf["other"]),
        reading.digest(shelf["half"]),
    }
    assert "0.2" in str(last["options"])

"""`mask --dense`: how many weights it revives, where that is not half of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


@pytest.mark.parametrize("sparsity", ["0.3", "0.8"])
def test_dense_counts_what_was_off_the_mask(sparsity: str, shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--erk", sparsity, shelf["mlp"], "-o", "m.st")
    off = sum(int(np.count_nonzero(~mask)) for mask in reading.masks(shell / "m.st").values())
    done = shell.ok("mask", "--dense", "m.st")
    achieved = reading.lineage(done.out)[-1]["achieved"]
    total = sum(reading.prunable(shelf["mlp"]).values())
    assert off == total - reading.to_keep(sparsity, total)
    assert achieved == {"kept": total, "prunable": total, "revived": off}
    assert f"; {off:,} revived as zero" in done.err


def test_dense_of_a_mask_that_keeps_everything_revives_nothing(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--global", "0", shelf["mlp"], "-o", "m.st")
    done = shell.ok("mask", "--dense", "m.st")
    assert "revived" not in done.err
    assert "revived" not in reading.lineage(done.out)[-1]["achieved"]

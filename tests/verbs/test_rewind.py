"""`rewind`: the survivors get another ticket's values, the mask stays."""

from __future__ import annotations

import numpy as np

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def test_survivors_get_the_values_and_the_mask_stays(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("rewind", "--to", shelf["other"], shelf["half"])
    after, target = reading.weights(done.out), reading.weights(shelf["other"])
    old, new = reading.masks(shelf["half"]), reading.masks(done.out)
    for name, mask in old.items():
        assert (new[name] == mask).all()
        assert (after[name] == np.where(mask, target[name], 0)).all()
    for name in set(after) - set(old):
        assert (after[name] == target[name]).all()
    assert reading.off_mask_bits(done.out) == 0


def test_twice_is_once(shell: Shell, shelf: Shelf) -> None:
    shell.ok("rewind", "--to", shelf["other"], shelf["half"], "-o", "once.st")
    shell.ok("rewind", "--to", shelf["other"], "once.st", "-o", "twice.st")
    once, twice = reading.arrays(shell / "once.st"), reading.arrays(shell / "twice.st")
    assert all((once[name] == twice[name]).all() for name in once | twice)


def changed(shell: Shell, shelf: Shelf) -> None:
    """`a.st` masked, `b.st` of other weights and other batch-norm statistics."""
    shell.ok("mask", "--random", "--global", "0.5", shelf["r20d"], "-o", "a.st")
    tensors = {n: a.copy() for n, a in reading.arrays(shelf["r20d"]).items()}
    for name, array in tensors.items():
        if array.dtype == np.float32:
            array += np.float32(0.125)
        elif name.endswith("num_batches_tracked"):
            tensors[name] = np.asarray(array + 5)
    (shell / "b.st").write_bytes(reading.pack(tensors, reading.meta(shelf["r20d"])))


def test_what(shell: Shell, shelf: Shelf) -> None:
    """`weights` are all parameters, `buffers` the rest, `all` both."""
    changed(shell, shelf)
    old, target = reading.weights(shell / "a.st"), reading.weights(shell / "b.st")
    masks = reading.masks(shell / "a.st")
    for what in ("all", "weights", "buffers"):
        done = shell.ok("rewind", "--to", "b.st", "--what", what, "a.st")
        for name, array in reading.weights(done.out).items():
            is_buffer = name.endswith(STATISTICS)
            source = target if what == "all" or (what == "buffers") == is_buffer else old
            mask = masks.get(name, np.ones(array.shape, bool))
            assert (array == np.where(mask, source[name], 0)).all(), (what, name)
    whole = shell.ok("rewind", "--to", "b.st", "--what", "all", "a.st").out
    assert shell.ok("rewind", "--to", "b.st", "a.st").out == whole, "all is the default"


def test_revived_positions_get_values(shell: Shell, shelf: Shelf) -> None:
    """The command that `mask` prints for revived positions does what it says."""
    shell.ok("mask", "--random", "--balanced", "0.5", "--seed", "77", shelf["half"], "-o", "n.st")
    zeros = sum(
        int((reading.weights(shell / "n.st")[n][m] == 0).sum())
        for n, m in reading.masks(shell / "n.st").items()
    )
    assert zeros > 10_000
    done = shell.ok("rewind", "--to", shelf["mlp"], "n.st")
    for name, mask in reading.masks(shell / "n.st").items():
        assert (reading.weights(done.out)[name][mask] != 0).all()


def test_zeros_are_refused_unless_allowed(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--balanced", "0.5", "--seed", "9", shelf["mlp"], "-o", "n.st")
    missing = sum(
        int((m & ~reading.masks(shelf["half"])[n]).sum())
        for n, m in reading.masks(shell / "n.st").items()
    )
    done = shell.refuses(1, "rewind", "--to", shelf["half"], "n.st", says=r"--allow-zeros")
    assert str(missing) in done.err.replace(",", "")
    allowed = shell.ok("rewind", "--to", shelf["half"], "--allow-zeros", "n.st")
    masks, target = reading.masks(shell / "n.st"), reading.weights(shelf["half"])
    for name, mask in masks.items():
        assert (reading.masks(allowed.out)[name] == mask).all()
        assert (reading.weights(allowed.out)[name] == np.where(mask, target[name], 0)).all()


def test_a_dense_ticket_is_rewound_whole(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("rewind", "--to", shelf["other"], shelf["mlp"])
    assert reading.masks(done.out) == {}
    after, target = reading.weights(done.out), reading.weights(shelf["other"])
    assert all((after[name] == target[name]).all() for name in after)


def test_record(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("rewind", "--to", shelf["other"], shelf["half"])
    last = reading.lineage(done.out)[-1]
    assert last["verb"] == "rewind"
    assert set(last["inputs"].values()) == {
        reading.digest(shelf["other"]),
        reading.digest(shelf["half"]),
    }
    assert last["inputs"]["to"] == reading.digest(shelf["other"])


def test_by_standard_input_and_fifo(shell: Shell, shelf: Shelf) -> None:
    """Either input may be the standard one, and either may be `<(...)`."""
    line = f"rewind --to {shelf['other']} {shelf['half']}"
    wanted = shell.ok(*line.split()).out
    other, half = shelf["other"].read_bytes(), shelf["half"].read_bytes()
    assert shell.ok("rewind", "--to", shelf["other"], stdin=half).out == wanted
    assert shell.ok("rewind", "--to", shelf["other"], "-", stdin=half).out == wanted
    assert shell.ok("rewind", "--to", "-", shelf["half"], stdin=other).out == wanted
    done = shell.bash(f"sparsetool rewind --to <(cat {shelf['other']}) <(cat {shelf['half']})")
    assert done.out == wanted

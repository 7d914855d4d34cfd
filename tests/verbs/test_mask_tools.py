"""`mask` and `prune` by scores that look at data, and masks made from masks, at the shell."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sparsetool.cli.weight_options import some
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

MLP = 50_200
QUICK = ("--batch-size", "20", "--threads", "1")


def test_shuffle_keeps_the_count_of_every_layer(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--shuffle", shelf["half"])
    old, new = reading.masks(shelf["half"]), reading.masks(done.out)
    for name, mask in old.items():
        assert new[name].sum() == mask.sum()
        if not mask.all():
            assert (new[name] != mask).any()
    revived = sum(int((new[n] & ~old[n]).sum()) for n in old)
    assert f"{revived:,} revived as zero" in done.err
    assert "rewind --to" in done.err
    assert shell.ok("mask", "--shuffle", shelf["half"]).out == done.out
    assert shell.ok("mask", "--shuffle", "--seed", "9", shelf["half"]).out != done.out


def test_invert_twice_is_the_same_mask(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--invert", shelf["half"])
    old, new = reading.masks(shelf["half"]), reading.masks(done.out)
    assert all((new[name] == ~mask).all() for name, mask in old.items())
    assert all(not reading.weights(done.out)[name].any() for name in new)
    back = shell.ok("mask", "--invert", stdin=done.out)
    assert all((reading.masks(back.out)[name] == mask).all() for name, mask in old.items())


def test_dense_removes_the_mask_and_rewind_fills_it(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--dense", shelf["half"])
    assert reading.masks(done.out) == {}
    assert f"{MLP // 2:,} revived as zero" in done.err
    filled = shell.ok("rewind", "--to", shelf["mlp"], stdin=done.out)
    for name, array in reading.weights(shelf["mlp"]).items():
        assert (reading.weights(filled.out)[name] == array).all()


def test_union_and_intersection(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--global", "0.7", "--seed", "5", shelf["mlp"], "-o", "b.st")
    ours, theirs = reading.masks(shelf["half"]), reading.masks(shell / "b.st")
    union = reading.masks(shell.ok("mask", "--union", "b.st", shelf["half"]).out)
    both = reading.masks(shell.ok("mask", "--intersect", "b.st", shelf["half"]).out)
    for name in ours:
        assert (union[name] == (ours[name] | theirs[name])).all()
        assert (both[name] == (ours[name] & theirs[name])).all()
    whole = reading.masks(shell.ok("mask", "--intersect", "b.st", shelf["mlp"]).out)
    assert all((whole[name] == theirs[name]).all() for name in theirs), "dense keeps everything"


@pytest.mark.parametrize("tool", ["--shuffle", "--invert", "--dense", "--union"])
def test_masks_alone_are_reworked_and_stay_alone(tool: str, shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--from", shelf["half"], "--mask-only", shelf["mlp"], "-o")
    shell.ok(*line, "alone.st")
    more = (tool, shelf["half"]) if tool == "--union" else (tool,)
    done = shell.ok("mask", *more, "alone.st")
    assert reading.meta(done.out)["kind"] == "mask"
    wanted = reading.masks(shell.ok("mask", *more, shelf["half"]).out)
    for name, mask in reading.masks(done.out).items():
        assert (mask == wanted.get(name, np.True_)).all()


@pytest.mark.parametrize("tool", ["--shuffle", "--invert"])
def test_there_must_be_a_mask_to_rework(tool: str, shell: Shell, shelf: Shelf) -> None:
    shell.refuses(1, "mask", tool, shelf["mlp"], says="never masked")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("mask --shuffle --invert {half}", "exactly one"),
        ("mask --random --shuffle --global 0.5 {half}", "exactly one"),
        ("mask --shuffle --global 0.5 {half}", "leave out --global"),
        ("mask --shuffle --batches 2 {half}", "leave out --batches"),
        ("mask --snip {mlp}", "how sparse"),
        ("mask --snip --sparsity 0.5 {mlp}", "--global S"),
        ("mask --random --batches 2 --global 0.5 {mlp}", "no use for --batches"),
        ("mask --snip --batches 0 --global 0.5 {mlp}", "batches must be at least 1"),
        ("mask --snip --data digit --global 0.5 {mlp}", "did you mean digits"),
        ("mask --movement --global 0.5 {mlp}", "--parent FILE"),
        ("prune --snip --parent {mlp} --global 0.9 {mlp}", "takes no parent"),
        ("prune --fisher --update --global 0.9 {mlp}", "no use for --update"),
    ],
)
def test_refused_before_any_work(words: str, says: str, shell: Shell, shelf: Shelf) -> None:
    line = [str(shelf[w[1:-1]]) if w[0] == "{" else w for w in words.split()]
    shell.refuses(2, *line, says=says)


def test_data_that_do_not_fit_are_refused(shell: Shell, shelf: Shelf) -> None:
    shell.refuses(
        1, "mask", "--snip", "--data", "cifar10", "--global", "0.5", shelf["mlp"], says="inputs"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("mask", "--snip", "--iterations", "3", "--global", "0.9", *QUICK),
        ("mask", "--force-snip", "--iterations", "3", "--balanced", "0.9", *QUICK),
        ("mask", "--grasp", "--erk", "0.9", *QUICK),
        ("mask", "--synflow", "--global", "0.9", "--threads", "1"),
        ("prune", "--taylor", "--rate", "0.5", *QUICK),
        ("prune", "--fisher", "--uniform", "0.9", *QUICK),
        ("prune", "--woodfisher", "--update", "--block-size", "20", "--global", "0.9", *QUICK),
    ],
    ids=lambda words: words[1],
)
def test_scored_up_to_date_and_told_again(
    words: tuple[str, ...], shell: Shell, shelf: Shelf
) -> None:
    """Exact; the same line does nothing more; the script in its lineage makes the same bytes."""
    line = (*words, shelf["mlp"], "-o", "made.st")
    shell.ok(*line)
    first = (shell / "made.st").read_bytes()
    assert reading.off_mask_bits(first) == 0
    assert reading.kept(first) in (5020, 25100)
    assert "up to date" in shell.ok(*line).err
    script = shell.ok("show", "--script", "made.st").out.decode()
    again = script.splitlines()[-1].rpartition("| ")[2].split()[1:-2]
    assert shell.ok(*again, stdin=shelf["mlp"].read_bytes()).out == first


def test_movement_reads_its_parent(shell: Shell, shelf: Shelf) -> None:
    line = ("prune", "--movement", "--parent", shelf["half"], "--global", "0.9", shelf["trained"])
    done = shell.ok(*line)
    assert reading.lineage(done.out)[-1]["inputs"]["parent"] == reading.digest(shelf["half"])
    now, then = reading.weights(shelf["trained"]), reading.weights(shelf["half"])
    old, new = reading.masks(shelf["trained"]), reading.masks(done.out)
    scores = {n: np.float64(now[n]) ** 2 - np.float64(then[n]) ** 2 for n in new}
    kept = min(scores[n][new[n]].min() for n in new)
    gone = max(scores[n][old[n] & ~new[n]].max() for n in new if (old[n] & ~new[n]).any())
    assert kept >= gone


def test_phew_takes_a_sparsity_and_no_share(shell: Shell, shelf: Shelf) -> None:
    line = ("mask", "--phew", "--sparsity", "0.9", shelf["mlp"], "-o", "made.st")
    done = shell.run(*line, torch=False)
    assert done.code == 0, done.err
    assert reading.kept(shell / "made.st") == 5020
    options = reading.lineage(shell / "made.st")[-1]["options"]
    assert options == {"criterion": "phew", "sparsity": "0.9"}
    shell.refuses(2, "mask", "--phew", "--global", "0.9", shelf["mlp"], says="--sparsity S")
    shell.refuses(2, "mask", "--phew", shelf["mlp"], says="how sparse.*--sparsity S")


def test_says_what_was_cut_off(shell: Shell, shelf: Shelf) -> None:
    whole = shell.ok("mask", "--random", "--balanced", "0.5", shelf["r20"], "-o", "a.st")
    assert len(whole.lines) == 1, "nothing was cut off, nothing is said"
    done = shell.ok("prune", "--magnitude", "--global", "0.98", shelf["r20"], "-o", "b.st")
    assert "dead channels in" in done.lines[1]
    assert "effective sparsity" in done.lines[1]
    rows = json.loads(shell.ok("show", "--layers", "b.st").out)["layers"]
    cut = [row for row in rows if row["dead"]]
    assert len(cut) > 5
    assert all(row["dead_channels"] == len(row["dead"]) for row in cut)
    worst = sorted(cut, key=lambda row: -len(row["dead"]))[:4]
    words = [
        f"{row['name'].removesuffix('.weight')} {len(row['dead'])} of {row['shape'][0]}"
        for row in worst
    ]
    assert all(word in done.lines[1] for word in words)
    assert done.lines[1].endswith(f" and {len(cut) - 4} more")
    none = shell.ok("mask", "--synflow", "--iterations", "1", "--global", "0.99", shelf["r20"])
    empty = [name for name, mask in reading.masks(none.out).items() if not mask.any()]
    assert len(empty) > 3
    names = some([name.removesuffix(".weight") for name in empty])
    assert f"{len(empty)} layers are empty: {names}" in none.err
    assert "no path leads from the input to the output" in none.err
    assert all(line.startswith("mask:") for line in none.lines)
    quiet = shell.ok("mask", "--magnitude", "--global", "0.9995", "-q", shelf["r20"])
    assert quiet.err == ""


def test_show_layers_says_the_same(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--magnitude", "--global", "0.98", shelf["r20"], "-o", "m.st")
    row = json.loads(shell.ok("show", "--layers", "m.st").out)
    effective = sum(layer["effective"] for layer in row["layers"])
    assert row["connected"] is True
    assert row["effective_sparsity"] == pytest.approx(1 - effective / row["prunable"])
    assert row["effective_sparsity"] > row["sparsity"]
    assert sum(layer["dead_channels"] for layer in row["layers"]) > 0


def test_repair(shell: Shell, shelf: Shelf) -> None:
    done = shell.ok("mask", "--magnitude", "--global", "0.9995", "--repair", shelf["r20"])
    counts = [int(mask.sum()) for mask in reading.masks(done.out).values()]
    assert min(counts) == 1
    assert sum(counts) == reading.to_keep("0.9995", 270_896)
    assert reading.lineage(done.out)[-1]["options"]["repair"] is True

"""`plot sweep` in cycles, and with a panel for each value of a label."""

from __future__ import annotations

import itertools

import pytest

from tests.verbs.lines import measured, table, written
from tests.verbs.shell import Shell

SEEDS = range(2)


def lines() -> list[dict]:
    """Two splits and sparsities, a pair of tickets per line, after 1 to 3 cycles of 4 epochs."""
    found = []
    for split, target, k, seed in itertools.product(
        ("train", "test"), ("0.5", "0.9"), (1, 2), SEEDS
    ):
        height = k + 10 * (split == "test") + 100 * (target == "0.9") + 0.5 * seed
        row = measured("random", seed, 0.5, 0.5, target=target)
        row |= {"split": split, "epochs": [4 * k, 4 * k + 4], "loss_barrier": height}
        found.append({**row, "digest": f"{len(found):064x}"})
    return found


def test_a_row_for_each_sparsity_and_a_panel_for_each_split(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", lines())
    how = ("--y", "loss_barrier", "--x", "cycles", "--cycle", "4")
    how += ("--panels", "split", "--rows", "target")
    done = shell.ok("plot", "sweep", name, *how, "-o", "grid.svg", "--table", "-")
    found = table(done.out)
    assert [(row["panel"], row["cycles"]) for row in found] == [
        (f"target {target}, split {split}", f"{k}.0")
        for target, split, k in itertools.product(("0.5", "0.9"), ("train", "test"), (2, 3))
    ]
    wanted = [k + s + t + 0.25 for t, s, k in itertools.product((0, 100), (0, 10), (1, 2))]
    assert [float(row["loss_barrier"]) for row in found] == wanted
    picture = (shell / "grid.svg").read_text()
    assert picture.count("cycles trained in all") == 4
    # Two beside each other and two below: places of the titles.
    places = {
        title: picture.index(f">target {title}<")
        for title in ("0.5, split train", "0.5, split test", "0.9, split train")
    }
    assert len(places) == 3
    width, height = (
        float(picture.partition(f'{side}="')[2].partition("pt")[0]) for side in ("width", "height")
    )
    assert width < 2.2 * height, "a grid of two by two, not four in a line"


def test_cycles_want_their_length_and_panels_a_label(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", lines())
    for words in (("--x", "cycles"), ("--cycle", "4")):
        shell.refuses(
            2, "plot", "sweep", name, "--y", "loss_barrier", *words, says="--cycle EPOCHS"
        )
    shell.refuses(
        2, "plot", "sweep", name, "--y", "loss_barrier", "--panels", "targt", says="target"
    )
    shell.refuses(2, "plot", "signs", name, "--cycle", "4", says="no use for --cycle")


@pytest.mark.parametrize("rows", [True, False])
def test_several_figures_stand_beside_each_other(shell: Shell, rows: bool) -> None:
    name = written(shell, "rows.jsonl", lines())
    how = ("--y", "loss_barrier,accuracy", *(("--rows", "target") if rows else ()), "--group")
    found = table(shell.ok("plot", "sweep", name, *how, "target,split", "--x", "epochs").out)
    panels = [row.get("panel") for row in found]
    assert len(found) == 8
    assert set(panels) == ({"target 0.5", "target 0.9"} if rows else {None})
    assert all(row["accuracy"] == "0.5" and row["loss_barrier"] for row in found)

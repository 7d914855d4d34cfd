"""`plot sweep` in cycles; panels for each value of a label, of `lmc` too; vertical logarithms."""

from __future__ import annotations

import itertools

import pytest

from sparsetool.builtin.plots import sweep
from sparsetool.plugins.plots import View
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
    ascending = lines()
    name = written(shell, "rows.jsonl", [*ascending[4:8], *ascending[:4], *ascending[8:]])
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


def test_cycles_are_those_that_lines_tell_or_epochs_are(shell: Shell) -> None:
    told = [{**row, "cycles": [8, 9 * row["epochs"][1]]} for row in lines()]
    name = written(shell, "told.jsonl", told)
    how = ("--y", "loss_barrier", "--x", "cycles", "--rows", "target")
    for cycle, places in (((), {"72", "108"}), (("--cycle", "4"), {"2.0", "3.0"})):
        out = shell.ok("plot", "sweep", name, *how, *cycle).out
        assert {row["cycles"] for row in table(out)} == places
    name = written(shell, "rows.jsonl", lines())
    for words in (("--x", "cycles"), ("--cycle", "4")):
        shell.refuses(
            2, "plot", "sweep", name, "--y", "loss_barrier", *words, says="--cycle EPOCHS"
        )


def test_panels_want_a_label(shell: Shell) -> None:
    name = written(shell, "rows.jsonl", lines())
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


def test_panels_of_a_field_of_pairs_and_of_lines_without_it(shell: Shell) -> None:
    """Of pairs the second's; what is a fraction reads as one."""
    rows = lines()
    for row in rows:
        row["sparsity"] = [0.0, float(row["labels"].pop("target"))]
    for row in rows[:4]:
        del row["sparsity"]
    how = ("--y", "loss_barrier", "--x", "epochs", "--panels", "sparsity", "--group", "split")
    found = table(shell.ok("plot", "sweep", written(shell, "rows.jsonl", rows), *how).out)
    assert [row["panel"] for row in found[::2]] == [
        *("no sparsity", "sparsity 50.00%", "sparsity 90.00%", "sparsity 90.00%"),
    ]


def between(target: str, height: float) -> list[dict]:
    """Lines of `lmc` from cycle to cycle at one sparsity, of both splits."""
    folder = f"out/random-{target}"
    return [
        {
            "files": [f"{folder}/cycle-{k}.st", f"{folder}/cycle-{k + 1}.st"],
            "digests": [f"{target}{k}", f"{target}{k + 1}"],
            "measure": "lmc",
            "split": split,
            "labels": {"target": target},
            "alpha": [0, 1],
            "loss": [height + k, height],
            "error": [0.1, 0.2],
        }
        for k in (1, 2)
        for split in ("train", "test")
    ]


def test_lines_between_cycles_have_a_row_for_each_sparsity(shell: Shell) -> None:
    name = written(shell, "lines.jsonl", between("0.95", 20) + between("0.5", 10))
    done = shell.ok("plot", "lmc", name, "--rows", "target", "-o", "rows.svg", "--table", "-")
    found = table(done.out)
    pairs = [f"cycle-{k} to cycle-{k + 1}, {split}" for k in (1, 2) for split in ("train", "test")]
    assert [(row["panel"], row["line"]) for row in found[::2]] == [
        (f"target {target}", pair) for target in ("0.5", "0.95") for pair in pairs
    ]
    assert [float(row["loss"]) for row in found[:2] + found[8:10]] == [11, 10, 21, 20]
    picture = (shell / "rows.svg").read_text()
    assert picture.count(">target 0.5<") == picture.count(">target 0.95<") == 2
    assert picture.count(f">{pairs[0]}<") == 1, "one name and one colour in every row"
    shell.refuses(2, "plot", "lmc", name, "--rows", "targt", says="did you mean target")


def test_one_field_may_have_a_logarithmic_axis(shell: Shell) -> None:
    name = written(shell, "lines.jsonl", between("0.9", 1e-4))
    shell.ok("plot", "lmc", name, "--log-y", "loss", "-o", "log.svg")
    shell.ok("plot", "lmc", name, "-o", "even.svg")
    assert [(shell / f"{each}.svg").read_text().count("{-4}") for each in ("log", "even")] == [1, 0]
    says = "no vertical axis shows 'los': did you mean loss"
    shell.refuses(2, "plot", "lmc", name, "--log-y", "los", says=says)
    low = written(shell, "zero.jsonl", between("0.9", 0))
    says = r"--log-y loss wants numbers above 0 .*, not loss \(nats.* from 0: leave it out"
    shell.refuses(2, "plot", "lmc", low, "--log-y", "error,loss", says=says)
    shell.ok("plot", "lmc", low, "--log-y", "error", "--terminal")


@pytest.mark.parametrize("course", [True, False])
def test_sparsities_by_cost_are_joined_where_they_are_a_course(course: bool) -> None:
    """Levels of one run are; several prunings of one network are not."""
    rows = [
        {**measured("x", seed, s, s), "train_flops": 1e9 * (2 - s), "epochs": 10 * at * course}
        for at, s in enumerate((0.5, 0.9), 1)
        for seed in SEEDS
    ]
    (series,) = sweep.figure(rows, View(x="train_flops")).panels[0].series
    assert series.look == ("solid" if course else "solid points")
    assert list(series.extra["n"]) == [2, 2]


def test_an_option_without_a_default_says_none(shell: Shell) -> None:
    told = " ".join(shell.ok("plot", "--help").out.decode().split())
    assert "--rows" in told
    assert "default: ." not in told

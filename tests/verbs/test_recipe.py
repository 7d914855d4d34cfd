"""`recipe`: ready scripts, what they will cost, and one of them run through."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path

import pytest

from sparsetool import recipes
from tests.verbs import reading
from tests.verbs.screen import on_terminal
from tests.verbs.shell import Done, Shell

KNOBS = ("MODEL", "DATA", "EPOCHS", "CYCLES", "SPARSITIES", "SEEDS", "OUT", "JOBS", "SCALE")


def rows(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def plan(shell: Shell, name: str, **knobs: str) -> dict:
    done = shell.run("recipe", name, "--plan", torch=False, env=knobs)
    assert done.code == 0, done.err
    (row,) = rows(done.out)
    return row


def test_recipes_are_listed(shell: Shell) -> None:
    listed = {row["recipe"]: row["summary"] for row in rows(shell.ok("recipe").out)}
    folder = Path(recipes.__file__).parent
    assert set(listed) == {path.stem for path in folder.glob("*.sh")}
    assert all(len(summary) > 20 for summary in listed.values())
    assert re.search(rf"sculpt\s+{re.escape(listed['sculpt'])}", on_terminal(shell, "recipe"))


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_is_a_sound_script(shell: Shell, name: str) -> None:
    text = shell.ok("recipe", name).out
    written = (Path(recipes.__file__).parent / f"{name}.sh").read_text().splitlines()
    own = [line for line in written if not line.startswith("source ")]
    printed = iter(text.decode().splitlines())
    assert all(line in printed for line in own), "the file's lines in their order"
    assert b"\nsource " not in text, "it needs no other file"
    first, summary, *_ = text.decode().splitlines()
    assert first == "#!/usr/bin/env bash"
    assert summary == f"# {recipes.summary(name)}"
    assert b"\nset -euo pipefail\n" in text
    assert subprocess.run(["bash", "-n"], input=text, check=False).returncode == 0
    for knob in KNOBS:
        assert re.search(rf"\b{knob}(:=|=\$\{{{knob}:-)", text.decode()), f"{knob} has a default"


@pytest.mark.parametrize("name", recipes.names())
def test_smoke_is_small(shell: Shell, name: str) -> None:
    row = plan(shell, name, SCALE="smoke")
    assert 1 <= row["trainings"] <= 6
    assert row["scale"] == "smoke"


def test_a_plan_counts_what_a_hand_counts(shell: Shell) -> None:
    """LRR to 90%: dense, nine levels of a fifth, one more to exactly 90%."""
    levels, stem, finals = 11, 1, 3
    row = plan(shell, "sculpt")
    assert (row["recipe"], row["scale"]) == ("sculpt", "demo")
    assert row["trainings"] == levels + stem + finals + 1
    assert row["cycles"] == levels + 5 + finals + 6
    assert row["epochs"] == 3 * row["cycles"]
    assert row["verbs"]["init"] == 1
    assert row["calls"] == sum(row["verbs"].values())
    knobs = {"EPOCHS": "7", "CYCLES": "2", "SPARSITIES": "0.67 0.95", "SEEDS": "4 5"}
    row = plan(shell, "sculpt", **knobs)
    lrr = 1 + 12 + 1  # dense, levels, the step to exactly 95%
    assert row["trainings"] == 2 * (lrr + 1 + 2 + 1)
    assert row["epochs"] == 7 * 2 * (lrr + 2 + 2 + 3)
    row = plan(shell, "sculpt", **knobs, BASELINES="0.67 0.95")
    lrr += 1  # from level 4 the step to exactly 67%
    assert row["trainings"] == 2 * (lrr + 1 + 2 + 2)
    assert row["epochs"] == 7 * 2 * (lrr + 2 + 2 + 3 + 3)
    assert not list(shell.cwd.iterdir()), "nothing is made"


def test_a_plan_on_a_terminal(shell: Shell) -> None:
    text = on_terminal(shell, "recipe", "sculpt", "--plan")
    assert re.search(r"recipe\s+scale\s+trainings\s+cycles\s+epochs", text)
    assert re.search(r"sculpt\s+demo\s+16\s+25\s+75", text)


def test_bad_input(shell: Shell) -> None:
    shell.refuses(2, "recipe", "sculp", says=("unknown recipe 'sculp'", "did you mean sculpt"))
    shell.refuses(2, "recipe", "--plan", says="which recipe")
    env = {"SCALE": "huge"}
    shell.refuses(1, "recipe", "sculpt", "--plan", says=("smoke, demo, small", "huge"), env=env)
    env = {"EPOCHS": "many"}
    shell.refuses(1, "recipe", "sculpt", "--plan", says="many", env=env)


def test_a_script_goes_to_a_file(shell: Shell) -> None:
    shell.ok("recipe", "sculpt", "-o", "mine.sh")
    assert (shell / "mine.sh").read_bytes() == shell.ok("recipe", "sculpt").out
    assert "up to date" in shell.ok("recipe", "sculpt", "-o", "mine.sh").err
    (shell / "mine.sh").write_text("echo my own\n")
    shell.refuses(1, "recipe", "sculpt", "-o", "mine.sh", says="--force")


# -- sculpt, run through -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Done]:
    folder = tmp_path_factory.mktemp("recipe")
    shell = Shell(folder / "work", folder / "state")
    return shell, shell.bash(
        "set -o pipefail; sparsetool recipe sculpt | SCALE=smoke bash", timeout=400
    )


def test_sculpt_makes_a_table_and_a_picture(smoke: tuple[Shell, Done]) -> None:
    shell, done = smoke
    assert done.code == 0, done.err
    out = shell / "sculpt-smoke"
    text = done.out.decode()
    assert text == (out / "sculpt.md").read_text() + "picture: sculpt-smoke/sculpt.png\n"
    assert (out / "sculpt.png").read_bytes().startswith(b"\x89PNG")
    found = list(csv.DictReader((out / "sculpt.csv").read_text().splitlines()))
    told = {(row["method"], row["sparsity"][:4]): row for row in found}
    last = {name: told[name, "0.9"] for name in ("LRR", "SCULPT", "random, cyclic")}
    assert {row["epochs"] for row in last.values()} == {"3"}, "equal epochs in all"
    measured = [json.loads((out / f"{name}-0.jsonl").read_text()) for name in ("lrr", "sculpt")]
    for name, row in zip(("LRR", "SCULPT"), measured, strict=True):
        assert float(last[name]["accuracy"]) == row["accuracy"]
        assert row["labels"] == {"method": name, "seed": "0"}
        assert f"{row['accuracy']:.2%}" in text


def test_sculpt_chains_the_verbs_that_it_says(smoke: tuple[Shell, Done]) -> None:
    out = smoke[0] / "sculpt-smoke"
    chains = {
        "sculpt-0.9-0.st": ["init", "mask", "train-cycles", "train-cycles", "prune"],
        "random-0.9-0.st": ["init", "mask", "train-cycles", "train-cycles"],
        "lrr-0.9-0.st": ["init", "train-cycles", "prune", "train-cycles", "prune"],
    }
    for name, verbs in chains.items():
        records = reading.lineage(out / name)
        assert [record["verb"] for record in records] == [*verbs, "train-cycles"], name
        size = sum(reading.prunable(out / name).values())
        assert reading.kept(out / name) == reading.to_keep("0.9", size), name
    shares = [reading.lineage(out / name)[-2]["options"] for name in list(chains)[::2]]
    assert all(share["density"] == "global" for share in shares)
    births = {json.dumps(reading.lineage(out / name)[0]["options"]) for name in chains}
    assert len(births) == 1


def test_sculpt_again_does_no_work(smoke: tuple[Shell, Done]) -> None:
    shell, _ = smoke
    before = shell.snapshot()
    done = shell.bash(
        "sparsetool recipe sculpt | SCALE=smoke JOBS=1 bash", torch=False, timeout=400
    )
    assert done.code == 0, done.err
    assert shell.snapshot() == before


def test_a_stage_that_fails_fails_the_recipe(smoke: tuple[Shell, Done]) -> None:
    """Other settings in the same folder: the first stage refuses, in a branch of its own."""
    shell, _ = smoke
    before = shell.snapshot()
    done = shell.bash("set -o pipefail; sparsetool recipe sculpt | SCALE=smoke EPOCHS=2 bash")
    assert done.code == 1
    assert re.search(r"train-cycles: \S+ exists and is another result", done.err)
    assert "plot:" not in done.err, "nothing goes on after a failure"
    assert done.out == b""
    assert shell.snapshot() == before

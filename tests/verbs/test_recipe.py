"""`recipe`: ready scripts, what they will cost, and one of them run through."""

from __future__ import annotations

import csv
import functools
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from sparsetool import recipes
from sparsetool.cli.syntax import grammar
from sparsetool.errors import SparsetoolError
from sparsetool.recipes import estimate
from sparsetool.recipes.jobs import once
from sparsetool.recipes.planning import about, at_once
from sparsetool.recipes.recording import Grammar
from tests.verbs import reading
from tests.verbs.screen import on_terminal
from tests.verbs.shell import Done, Shell

KNOBS = ("MODEL", "DATA", "EPOCHS", "CYCLES", "SPARSITIES", "SEEDS", "OUT", "JOBS", "SCALE")


def rows(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


@functools.cache
def syntax() -> Grammar:
    return grammar()


def counted(name: str, **knobs: str) -> tuple[int, int, int]:
    """How many trainings, cycles and epochs."""
    calls = once(recipes.recorded(name, {**os.environ, **knobs}, syntax()).calls)
    done = estimate.work(calls).values()
    return (
        sum(each.trainings for each in done),
        sum(each.cycles for each in done),
        sum(each.epochs for each in done),
    )


def test_recipes_are_listed(shell: Shell) -> None:
    listed = {row["recipe"]: row["summary"] for row in rows(shell.ok("recipe").out)}
    folder = Path(recipes.__file__).parent
    assert set(listed) == {path.stem for path in folder.glob("*.sh")}
    assert all(len(summary) > 20 for summary in listed.values())
    assert re.search(rf"sculpt\s+{re.escape(listed['sculpt'])}", on_terminal(shell, "recipe"))


def test_knobs_set_when_a_script_is_printed_are_in_it(shell: Shell) -> None:
    odd = 'it\'s "$HOME" `ls`}'
    shell.env |= {"SCALE": "smoke", "STARTS": odd, "UNKNOWN": "x"}
    done = shell.ok("recipe", "sculpt")
    assert "SCALE=smoke" in done.err
    assert "UNKNOWN" not in done.err + done.out.decode()
    head = done.out.decode().partition("source ")[0].partition("\ncase ")[0]
    script = f'{head}\nprintf "%s\\n" "$SCALE" "$STARTS"'
    bare = {"PATH": os.environ["PATH"]}
    for more, scale in (({}, "smoke"), ({"SCALE": "demo"}, "demo")):
        run = subprocess.run(
            ["bash", "-c", script], env={**bare, **more}, capture_output=True, check=True
        )
        assert run.stdout.decode().splitlines() == [scale, odd]


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
    # Methods of `budget` end at one sparsity, in as many cycles as a budget pays.
    own = {"CYCLES": "BUDGETS", "SPARSITIES": "SPARSITY"} if name == "budget" else {}
    for knob in (own.get(knob, knob) for knob in KNOBS):
        assert re.search(rf"\b{knob}(:=|=\$\{{{knob}:-)", text.decode()), f"{knob} has a default"


@pytest.mark.parametrize("name", recipes.names())
def test_layers_can_be_left_dense(name: str) -> None:
    knobs = {"SCALE": "smoke", "EXCLUDE": "*downsample*"}
    calls = recipes.recorded(name, {**os.environ, **knobs}, syntax()).calls
    births = [call for call in calls if call.verb == "init"]
    assert births
    assert {call.value("exclude") for call in births} == {"*downsample*"}


@pytest.mark.parametrize("name", recipes.names())
def test_whatever_runs_a_network_takes_the_threads(name: str) -> None:
    knobs = {"SCALE": "paper", "SEEDS": "0", "SPARSITIES": "0.9", "THREADS": "1"}
    calls = once(recipes.recorded(name, {**os.environ, **knobs}, syntax()).calls)
    runs = {place for place, each in estimate.work(calls).items() if each.heavy}
    light = {"init", "flops", "plot"}  # torch, but no steps
    for place, call in calls.items():
        steps = place in runs and call.verb not in light
        assert call.value("threads") == ("1" if steps else None), call.words


@pytest.mark.parametrize("name", recipes.names())
def test_smoke_is_small(name: str) -> None:
    count, _, _ = counted(name, SCALE="smoke")
    assert 1 <= count <= 7


def test_a_plan_counts_what_a_hand_counts() -> None:
    """LRR to 90%: dense, nine levels of a fifth, one more to exactly 90%."""
    levels, stem, finals = 11, 1, 3
    cycles = levels + 5 + finals + 2 * 6  # a random mask and none, for as long as SCULPT-ing
    assert counted("sculpt") == (levels + stem + finals + 2, cycles, 3 * cycles)
    knobs = {"EPOCHS": "7", "CYCLES": "2", "SPARSITIES": "0.67 0.95", "SEEDS": "4 5"}
    lrr = 1 + 12 + 1  # dense, levels, the step to exactly 95%; by way of 67%: 1 + 5 + 8
    cycles = 2 * (lrr + 2 + 2 + 3 + 3)
    assert counted("sculpt", **knobs) == (2 * (lrr + 1 + 2 + 2), cycles, 7 * cycles)
    cycles = 2 * (lrr + 2 + 2 + 3 + 3 + 3)
    many = 2 * (lrr + 1 + 2 + 3)
    assert counted("sculpt", **knobs, BASELINES="0.67 0.95") == (many, cycles, 7 * cycles)
    few = {"SCALE": "small", "CYCLES": "2"}
    assert counted("sculpt", **few) == counted("sculpt", **few, INITIAL="1 2")


@pytest.mark.parametrize("name", ["sculpt", "pai", "coupling", "cyclic", "lrr"])
def test_photographs_fit_a_machine_of_two_cores(name: str) -> None:
    """Ten epochs a cycle, on CIFAR-10 at 16x16, and what is about two hours of them a seed."""
    knobs = {"SCALE": "photos"}
    recording = recipes.recorded(name, {**os.environ, **knobs}, syntax())
    assert recording.knobs["SEEDS"] == "0 1 2"
    wanted = "0.9" if name == "coupling" else "0.8 0.9 0.95 0.98"
    assert recording.knobs["SPARSITIES"] == wanted
    births = {(c.positions[0], c.value("data")) for c in recording.calls if c.verb == "init"}
    assert births == {("resnet20", "cifar10:16")}
    trainings = [call for call in recording.calls if call.verb == "train-cycles"]
    assert {call.value("batch-size") for call in trainings} == {"128"}
    assert {call.value("lr") for call in trainings} == {None}, "the data set's own"
    epochs = {int(call.value("epochs") or 0) for call in trainings}
    assert epochs <= {10, 20}
    assert 10 in epochs
    assert counted(name, **knobs, SEEDS="0")[2] <= (230 if name == "sculpt" else 280)


@pytest.mark.parametrize("name", recipes.names())
def test_batches_have_the_size_that_is_said(name: str) -> None:
    for said, wanted in (("", None), ("64", "64")):
        knobs = {"SCALE": "smoke", "BATCH": said}
        calls = recipes.recorded(name, {**os.environ, **knobs}, syntax()).calls
        trainings = [call for call in calls if call.verb == "train-cycles"]
        assert trainings
        assert {call.value("batch-size") for call in trainings} == {wanted}


@pytest.mark.parametrize("name", recipes.names())
def test_every_recipe_knows_photographs(name: str) -> None:
    assert counted(name, SCALE="photos", SEEDS="0")[2] <= 400


@pytest.mark.parametrize("name", ["coupling", "connectivity", "signs"])
def test_trainings_of_a_start_have_batches_of_their_own(name: str) -> None:
    """No two share a seed, nor the dense run's, but for the arms that do so on purpose."""
    knobs = {"SCALE": "demo", "SEEDS": "0 1"}
    knobs |= {"METHODS": "lrr lrr-shared lrr-warm-up random one-cycle"} if name[1] == "o" else {}
    calls = once(recipes.recorded(name, {**os.environ, **knobs}, syntax()).calls)
    seeds: dict[bool, list[str]] = {True: [], False: []}
    for call in calls.values():
        if call.verb == "train-cycles" and call.value("seed") is not None:
            shared = any("shared" in file for file in call.outputs)
            seeds[shared].append(call.value("seed") or "")
    assert set(seeds[True]) == {"0", "1"}
    assert len(seeds[False]) == len({*seeds[False]}) >= 6
    assert not {*seeds[False]} & {"0", "1", "1000", "1001"}


@pytest.mark.parametrize("name", ["sculpt", "cyclic"])
def test_a_peak_is_chosen_by_what_is_held_out(name: str) -> None:
    calls = once(recipes.recorded(name, {**os.environ, "SCALE": "small"}, syntax()).calls)
    peaks = [call for call in calls.values() if "until-peak" in call.options]
    assert peaks
    assert {call.value("val") for call in peaks} == {"0.1"}
    measured = [file for call in calls.values() if call.verb == "eval" for file in call.inputs]
    assert any("-peak-" in file for file in measured)


def test_a_plan_is_a_row(shell: Shell) -> None:
    (shell.env["SCALE"], shell.env["JOBS"]) = ("smoke", "1")
    done = shell.ok("recipe", "sculpt", "--plan")
    (row,) = rows(done.out)
    assert (row["recipe"], row["scale"], row["jobs"]) == ("sculpt", "smoke", 1)
    assert (row["trainings"], row["cycles"], row["epochs"]) == (7, 12, 12)
    assert row["calls"] == sum(row["verbs"].values())
    # mlp:40-20 multiplies each weight once; three forward passes of two operations a weight.
    weights = 64 * 40 + 40 * 20 + 20 * 10
    per_epoch = 3 * 2 * weights * 1437
    stem, finals, dense, level, random = 2 * 0.5, 0.1, 1 + 3, 0.3, 3 * 0.1
    assert row["train_flops"] == pytest.approx(
        per_epoch * (stem + finals + dense + level + finals + random)
    )
    assert row["seconds"] > 0
    assert (row["knobs"]["EPOCHS"], row["paper"]["knobs"]["EPOCHS"]) == ("1", "150")
    assert row["paper"]["trainings"] > row["trainings"]
    assert "timing steps of mlp:40-20 on digits" in done.err
    assert not list(shell.cwd.iterdir()), "nothing is made"


def test_a_plan_on_a_terminal(shell: Shell) -> None:
    shell.env |= {"SCALE": "smoke", "CYCLES": "12"}
    text = on_terminal(shell, "recipe", "sculpt", "--plan")
    assert re.search(r"recipe\s+scale\s+trainings\s+cycles\s+epochs\s+training FLOPs", text)
    assert re.search(r"sculpt\s+smoke\s+7\s+42\s+42\s+\d\.\d+e\+08", text)
    assert re.search(r"about \d+ (second|minute)s? on this machine's cpu", text)
    assert re.search(r"smoke\s+paper", text)
    assert re.search(r"EPOCHS\s+1\s+150", text)
    assert re.search(r"MODEL\s+mlp:40-20\s+resnet20", text)
    assert "CYCLES" not in text, "what is the paper's own is not shown"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (44.6, "45 seconds"),
        (91, "2 minutes"),
        (5400, "2 hours"),
        (3e5, "3 days"),
    ],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert about(seconds) == f"about {words}"


def test_bad_input(shell: Shell) -> None:
    shell.refuses(2, "recipe", "sculp", says=("unknown recipe 'sculp'", "did you mean sculpt"))
    shell.refuses(2, "recipe", "--plan", says="no recipe named")
    shell.refuses(2, "recipe", "--as", "make", says="no recipe named")
    shell.refuses(2, "recipe", "sculpt", "--as", "mak", says=("engine 'mak'", "did you mean make"))
    shell.refuses(2, "recipe", "sculpt", "--as", "make", "--plan", says="exclude each other")
    env = {"SCALE": "huge"}
    says = ("smoke, demo, small, photos or paper", "huge")
    shell.refuses(1, "recipe", "sculpt", "--plan", says=says, env=env)
    env = {"EPOCHS": "many"}
    shell.refuses(1, "recipe", "sculpt", "--plan", says="many", env=env)
    shell.refuses(1, "recipe", "sculpt", "--plan", says="JOBS=all", env={"JOBS": "all"})
    env = {"OUT": "my results"}
    shell.refuses(1, "recipe", "sculpt", "--as", "make", says="my results/", env=env)


def test_branches_at_once_are_a_number() -> None:
    assert at_once({"JOBS": "3"}) == 3
    for typed in ("0", "-1", "all", ""):
        with pytest.raises(SparsetoolError, match="JOBS must be at least 1"):
            at_once({"JOBS": typed})


def test_a_script_goes_to_a_file(shell: Shell) -> None:
    shell.ok("recipe", "sculpt", "-o", "mine.sh")
    assert (shell / "mine.sh").read_bytes() == shell.ok("recipe", "sculpt").out
    assert "up to date" in shell.ok("recipe", "sculpt", "-o", "mine.sh").err
    (shell / "mine.sh").write_text("echo my own\n")
    shell.refuses(1, "recipe", "sculpt", "-o", "mine.sh", says="--force")


# -- sculpt, run through -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory, quick: Path) -> tuple[Shell, Done]:
    folder = tmp_path_factory.mktemp("recipe")
    shell = Shell(folder / "work", folder / "state")
    return shell, shell.bash(
        f"set -o pipefail; sparsetool recipe sculpt | SCALE=smoke PATH={quick}:$PATH bash",
        timeout=400,
    )


def test_sculpt_makes_a_table_and_a_picture(smoke: tuple[Shell, Done]) -> None:
    shell, done = smoke
    assert done.code == 0, done.err
    out = shell / "sculpt-smoke"
    text = done.out.decode()
    table = (out / "sculpt.md").read_text()
    assert text.startswith(f"{table}picture: sculpt-smoke/sculpt.png\nclaim: ")
    assert text.endswith((out / "sculpt-and-random.md").read_text())
    assert (out / "sculpt.png").read_bytes().startswith(b"\x89PNG")
    found = list(csv.DictReader((out / "sculpt.csv").read_text().splitlines()))
    told = {(row["method"], row["sparsity"][:4]): row for row in found}
    last = {name: told[name, "0.9"] for name in ("LRR", "SCULPT", "random, cyclic")}
    last["dense"] = told["dense, cyclic", "0.0"]
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
    """Pictures and tables are drawn anew, to the same bytes; all else stays as it is."""
    shell, _ = smoke
    drawn = {path: path.read_bytes() for path in shell.cwd.glob("sculpt-smoke/sculpt*.[cm][sd]*")}

    def others() -> dict[str, tuple[int, int]]:
        files = shell.snapshot().items()
        return {name: at for name, at in files if re.search(r"-[0-9]+\.(st|jsonl)$", name)}

    before = others()
    assert len(before) > 10
    done = shell.bash(
        "sparsetool recipe sculpt | SCALE=smoke JOBS=1 bash", torch=False, timeout=400
    )
    assert done.code == 0, done.err
    assert others() == before
    assert len(drawn) > 2
    assert all(path.read_bytes() == content for path, content in drawn.items())


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

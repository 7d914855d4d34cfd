"""Every recipe run through at its smallest size: its results, its second run, what it claims."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsetool import recipes
from sparsetool.cli.syntax import grammar
from tests.verbs import reading
from tests.verbs.shell import Done, Shell

LIMIT_S = 300
EXAMPLES = 1437  # digits to train on
Facts = Callable[[Path], None]
FACTS: dict[str, Facts] = {}


def facts(*names: str) -> Callable[[Facts], Facts]:
    """What must hold of the files of these recipes."""

    def known(check: Facts) -> Facts:
        FACTS.update(dict.fromkeys(names, check))
        return check

    return known


def run(shell: Shell, name: str, torch: bool = True, knobs: str = "") -> Done:
    line = f"set -o pipefail; sparsetool recipe {name} | SCALE=smoke OUT=out {knobs} bash"
    return shell.bash(line, torch=torch, timeout=LIMIT_S)


def contents(shell: Shell) -> dict[str, bytes]:
    """The bytes of every result by its name."""
    found = (shell / "out").rglob("*")
    return {str(p.relative_to(shell.cwd)): p.read_bytes() for p in found if p.is_file()}


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_at_its_smallest(name: str, shell: Shell, quick: Path) -> None:
    done = run(shell, name, knobs=f"PATH={quick}:$PATH")
    assert done.code == 0, done.err
    text = done.out.decode()
    pictures = re.findall(r"^picture: (out/\S+\.png)$", text, re.MULTILINE)
    assert pictures
    assert {Path(path).stem.partition("-0.")[0] for path in pictures[:1]} == {name}
    assert all((shell / path).read_bytes().startswith(b"\x89PNG") for path in pictures)
    tables = sorted((shell / "out").glob("*.csv"))
    assert tables
    for path in tables:
        written = path.with_suffix(".md").read_text()
        assert written in text
        assert f"out/{path.stem}.png" in pictures
        held = table(path)
        assert len(held) == written.count("\n") - 2
        for row in held:
            numbers = [row[key] for key in list(row)[1:] if re.match(r"[-0-9.]", row[key] or "")]
            assert len(numbers) >= 3, row
            assert all(math.isfinite(float(number)) for number in numbers), row
    before, whole = shell.snapshot(), contents(shell)
    # One of them without torch at all: what is up to date needs none.
    alone = name == "sculpt"
    again = run(shell, name, not alone, "JOBS=1" if alone else f"JOBS=1 PATH={quick}:$PATH")
    assert again.code == 0, again.err
    # Pictures, tables and verdicts are written anew, the same; tickets stay as they are.
    after = shell.snapshot()
    tickets = [path for path in before if path.endswith(".st")]
    assert tickets
    assert [after[path] for path in tickets] == [before[path] for path in tickets]
    assert contents(shell) == whole
    assert again.out == done.out
    FACTS[name](shell / "out")


def test_every_recipe_has_facts() -> None:
    assert set(FACTS) == set(recipes.names())


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def verbs(path: Path) -> list[str]:
    return [record["verb"] for record in reading.lineage(path)]


def same_masks(first: Path, second: Path) -> bool:
    pair = reading.masks(first), reading.masks(second)
    return pair[0].keys() == pair[1].keys() and all(
        np.array_equal(pair[0][name], pair[1][name]) for name in pair[0]
    )


def survivors(path: Path, masked: Path | None = None) -> np.ndarray:
    """The values of a ticket's prunable weights at those that it, or another, keeps."""
    masks, weights = reading.masks(masked or path), reading.weights(path)
    return np.concatenate([weights[name][mask] for name, mask in masks.items()])


def size(path: Path) -> int:
    return sum(reading.prunable(path).values())


@facts("cyclic")
def _(out: Path) -> None:
    found = table(out / "cyclic.csv")
    assert [(row["method"], row["epochs"]) for row in found] == [
        *((method, str(k)) for method in ("dense", "random 0.9") for k in (1, 2, 3)),
    ]
    for row in found:
        stem = row["method"].replace(" ", "-")
        last = reading.lineage(out / f"{stem}-0" / f"cycle-{row['epochs']}.st")[-1]
        assert float(row["accuracy"]) == last["figures"]["test_accuracy"]
    ticket = out / "random-0.9-0.st"
    assert reading.kept(ticket) == reading.to_keep("0.9", size(ticket))
    assert reading.content(ticket) == reading.content(out / "random-0.9-0" / "cycle-3.st")


@facts("sharpness")
def _(out: Path) -> None:
    """Each network in cycles and as one long cycle, as often measured."""
    runs = [f"{name}{how}" for name in ("dense", "random-0.9") for how in ("", "-one-cycle")]
    measured = [row for run in runs for row in lines(out / f"{run}-hessian-0.jsonl")]
    found = table(out / "sharpness.csv")
    assert [row["method, schedule"] for row in found[::2]] == [
        *("dense, cyclic", "dense, one-cycle", "random 0.9, cyclic", "random 0.9, one-cycle"),
    ]
    assert [row["cycles"] for row in found] == 4 * ["1.0", "2.0"]
    assert [float(row["eigenvalue"]) for row in found] == [r["eigenvalues"][0] for r in measured]
    assert all(row["options"]["examples"] == 256 for row in measured)
    accuracies = [row for run in runs for row in lines(out / f"{run}-0.jsonl")]
    assert [float(row["accuracy"]) for row in found] == [row["accuracy"] for row in accuracies]
    assert {row["first"] for row in lines(out / "sharpness-one-cycle.jsonl")} == {"cyclic"}


@facts("sign-flips")
def _(out: Path) -> None:
    found = {(row["method"], row["epochs"]): row for row in table(out / "sign-flips.csv")}
    assert len(found) == 9
    for sparsity in ("0.5", "0.9"):
        series = [out / f"mask-{sparsity}-0.st"]
        series += [out / f"random-{sparsity}-0" / f"cycle-{k}.st" for k in (1, 2, 3)]
        signs = [np.sign(survivors(path)) for path in series]
        for k in (1, 2, 3):
            flips = int((signs[k] != signs[k - 1]).sum())
            row = found[f"random {sparsity}", str(k)]
            assert int(float(row["sign_flips"])) == flips
            assert float(row["sign_agreement"]) == pytest.approx(1 - flips / len(signs[k]))


@facts("label-noise")
def _(out: Path) -> None:
    for name in ("dense", "random-0.9", "lrr-noisy-0.9", "level-0-noisy"):
        path = out / (f"{name}-0.st" if "noisy" in name else f"{name}-noisy-0.st")
        records = [r for r in reading.lineage(path) if r["verb"] == "train-cycles"]
        assert records
        assert all(record["options"]["label_noise"] == "0.15" for record in records)
    found = {row["method, noise"]: row for row in table(out / "label-noise.csv")}
    assert set(found) == {f"{name}, noise 0.15" for name in ("dense", "random", "LRR")}
    assert reading.kept(out / "lrr-noisy-0.9-0.st") == reading.kept(out / "mask-0.9-0.st")
    epochs = [
        (row["method, noise"], row["epochs"]) for row in table(out / "label-noise-epochs.csv")
    ]
    assert epochs == [(f"{name}, noise 0.15", k) for name in ("dense", "random 0.9") for k in "12"]


@facts("lrr", "wr", "imp")
def _(out: Path) -> None:
    (name,) = {path.stem for path in out.glob("*.png")} - {"lrr-levels"}
    levels = [out / f"{name}-0.9-0/level-1.st", out / f"{name}-0.9-0.st"]
    whole = size(levels[0])
    first = whole - round(0.7 * whole)
    assert abs(reading.kept(levels[0]) - first) <= 1
    assert reading.kept(levels[1]) == reading.to_keep("0.9", whole)
    masks = [reading.masks(path) for path in levels]
    assert all(not (masks[1][layer] & ~masks[0][layer]).any() for layer in masks[0])
    rewound = ["rewind"] * (name != "lrr")
    assert [verb for verb in verbs(levels[1]) if verb in ("prune", "rewind")] == [
        *(2 * ["prune", *rewound]),
    ]
    dense = np.concatenate([w.ravel() for w in prunable(out / "dense-0.st").values()])
    left = np.abs(survivors(out / "dense-0.st", levels[0]))
    assert np.array_equal(np.sort(np.abs(dense))[-len(left) :], np.sort(left)), "least go first"
    found = table(out / f"{name}.csv")
    assert [f"{float(row['sparsity']):.1f}" for row in found] == ["0.0", "0.7", "0.9"]
    if name == "lrr":
        level = [(row["method"], row["cycles"]) for row in table(out / "lrr-levels.csv")]
        sides = (("dense", "1"), ("LRR", "23"), ("dense, cyclic", "123"))
        assert level == [(side, f"{k}.0") for side, cycles in sides for k in cycles]
    else:
        target = out / ("warm-0.st" if name == "wr" else "init-0.st")
        record = next(r for r in reading.lineage(levels[0]) if r["verb"] == "rewind")
        assert reading.digest(target) in json.dumps(record)


def prunable(path: Path) -> dict[str, np.ndarray]:
    weights = reading.weights(path)
    return {name: weights[name] for name in reading.prunable(path)}


@facts("coupling")
def _(out: Path) -> None:
    source, start = out / "lrr-0.9-0.st", out / "lrr-random-warm-up-0.9-0-start.st"
    trained = [out / f"lrr-random-warm-up-0.9-{how}-0.st" for how in ("cyclic", "control")]
    for path in (start, *trained):
        assert same_masks(path, source), "LRR's mask exactly"
    fresh, warm = out / "fresh-0.st", out / "warm-0.st"
    assert reading.meta(fresh)["seed"] == 1000, "a seed used nowhere else"
    values = survivors(start)
    assert np.array_equal(np.abs(values), np.abs(survivors(fresh, source)))
    assert np.array_equal(np.sign(values), np.sign(survivors(warm, source)))
    ends = [reading.lineage(path) for path in trained]
    assert not {line[-1]["seed"] for line in ends} & {0, 1000}, "batches of its own"
    assert [record["options"]["epochs"] for record in ends[0][-2:]] == [2, 2]
    assert ends[1][-1]["options"]["epochs"] == 4
    assert ends[1][-1]["options"]["schedule"] == "one-cycle"
    ticket = out / "lrr-init-own-0.9-0-start.st"
    assert np.array_equal(survivors(ticket), survivors(out / "init-0.st", source)), (
        "a lottery ticket"
    )
    after = {row["start"]: row for row in table(out / "coupling-0.9.csv")}
    assert after["init weights, own signs, one cycle"]["epochs"] == "2"
    (found,) = (row for row in table(out / "coupling-0.9.csv") if row["start"] == "its own run")
    assert found["method, training"] == "lrr mask"
    assert float(found["accuracy"]) == reading.lineage(source)[-1]["figures"]["test_accuracy"]


@facts("signs")
def _(out: Path) -> None:
    name = "random-0.93-0.2"
    start, warm, lrr = out / f"start-{name}-0.st", out / "warm-0.st", out / "lrr-0.93-0.st"
    assert same_masks(start, lrr)
    before, after = survivors(warm, lrr), survivors(start)
    assert np.array_equal(np.abs(survivors(out / "random-0.st", lrr)), np.abs(after))
    assert reading.meta(out / "random-0.st")["seed"] == 1000, "a seed used nowhere else"
    flipped = int((np.sign(before) != np.sign(after)).sum())
    assert flipped == pytest.approx(0.2 * len(after), abs=1)
    found = table(out / "signs-epochs.csv")
    for row in found:
        if row["method, training"].endswith("its batches"):
            continue
        how = "one-cycle" if row["method, training"].endswith("standard") else "cyclic"
        epochs = int(row["epochs"])
        kept = f"epoch-{epochs}" if how == "one-cycle" else f"cycle-{epochs // 2}"
        values = survivors(out / f"{how}-{name}-0" / f"{kept}.st") if epochs else after
        agree = (np.sign(values) == np.sign(survivors(lrr))).mean()
        assert float(row["sign_agreement"]) == pytest.approx(agree)
    assert {(row["accuracy"] == "") for row in found if row["epochs"] == "0"} == {True}, "the start"
    hows = ("cyclic", "one-cycle", "shared")
    seeds = {how: reading.lineage(out / f"{how}-{name}-0.st")[-1]["seed"] for how in hows}
    assert seeds["shared"] == reading.lineage(out / "dense-0.st")[-1]["seed"]
    assert len({*seeds.values()}) == 3, "batches of its own"
    ends = {row["method, training"]: row["accuracy"] for row in table(out / "signs.csv")}
    last = {r["method, training"]: r["accuracy"] for r in found if r["epochs"] == "4"}
    assert {key: ends[key] for key in last} == last


@facts("sculpt")
def _(out: Path) -> None:
    pruned = out / "sculpt-0.9-0.st"
    assert verbs(pruned)[-4:] == ["train-cycles", "train-cycles", "prune", "train-cycles"]
    lrr = {row["sparsity"][:3] for row in table(out / "sculpt.csv") if row["method"] == "LRR"}
    assert len(lrr) == 3, "dense, a level, the last"


@facts("criteria")
def _(out: Path) -> None:
    tickets = {name: out / f"{name}-0.9-0.st" for name in ("magnitude", "taylor")}
    lineages = {name: reading.lineage(path) for name, path in tickets.items()}
    for name, records in lineages.items():
        assert records[-2]["options"]["criterion"] == name
        assert reading.kept(tickets[name]) == reading.to_keep("0.9", size(tickets[name]))
    assert lineages["magnitude"][:-2] == lineages["taylor"][:-2], "all before is shared"
    assert not same_masks(*tickets.values())


@facts("schedules")
def _(out: Path) -> None:
    wanted = {
        "cyclic": [(1, "step-warmup"), (1, "step-warmup")],
        "stretched": [(2, "step-warmup")],
        "cosine-restarts": [(1, "cosine"), (1, "cosine")],
    }
    for name, cycles in wanted.items():
        records = [r for r in reading.lineage(out / f"{name}-0.9-0.st") if "epochs" in r["options"]]
        assert [(r["options"]["epochs"], r["options"]["schedule"]) for r in records] == cycles
    assert {row["epochs"] for row in table(out / "schedules.csv")} == {"2"}
    assert (out / "schedules-rates.png").exists()


@facts("pai")
def _(out: Path) -> None:
    assert not same_masks(out / "mask-random-0.9-0.st", out / "mask-synflow-0.9-0.st")
    accuracy = {row["method, training"]: float(row["accuracy"]) for row in table(out / "pai.csv")}
    assert {"dense, cyclic", "dense, standard", "LRR"} < set(accuracy)
    assert verbs(out / "lrr-0.9-0.st") == ["init", "train-cycles", "prune", "train-cycles"]
    for row in table(out / "pai-difference.csv"):
        gain = accuracy[f"{row['method']}, cyclic"] - accuracy[f"{row['method']}, standard"]
        assert float(row["accuracy"]) == pytest.approx(gain)


@facts("layer-shares")
def _(out: Path) -> None:
    balanced, erk = (out / f"mask-{shares}-0.9-0.st" for shares in ("balanced", "erk"))
    kept = sorted(int(mask.sum()) for mask in reading.masks(balanced).values())
    sizes = sorted(reading.prunable(balanced).values())
    assert all(k == n or k >= kept[-1] - 1 for k, n in zip(kept, sizes, strict=True))
    densities = {}
    for name, mask in reading.masks(erk).items():
        densities[name] = mask.mean() / (sum(mask.shape) / mask.size)
    assert np.ptp([*densities.values()]) < 0.05 * max(densities.values())


@facts("budget")
def _(out: Path) -> None:
    """An MLP multiplies each kept weight once per example; a step costs three forward passes."""
    whole = size(out / "init-0.st")
    end, start = reading.to_keep("0.9", whole), reading.to_keep("0.5", whole)
    level = reading.kept(out / "lrr-1-0/level-1.st")
    found = {row["method"]: row for row in table(out / "budget.csv")}
    cost = {name: float(row["train_flops"]) / (6 * EXAMPLES) for name, row in found.items()}
    assert set(cost) == {"RigL", "GMP", "LRR", "SCULPT 0.5"}
    assert cost["LRR"] == whole + level + end, "an epoch each"
    assert cost["SCULPT 0.5"] == 2 * start + 2 * end, "a cycle each"
    assert 10 * end < cost["RigL"] < 15 * end, "dense gradients now and then"
    assert 6 * end < cost["GMP"] < 3 * whole, "dense at first"
    for name in ("rigl-10-0", "gmp-6-0", "lrr-1-0/level-2", "sculpt-0.5-1-0"):
        assert reading.kept(out / f"{name}.st") == end
    assert len(lines(out / "budget-claim.jsonl")) == 3, "each beside SCULPT"


@facts("connectivity")
def _(out: Path) -> None:
    found = {(r["method"], r["panel"], r["cycles"]): r for r in table(out / "connectivity.csv")}
    accuracy = {(r["method"], r["cycles"]): r for r in table(out / "connectivity-accuracy.csv")}
    assert len(found) == 4
    for name in ("lrr", "random"):
        rows = lines(out / f"{name}-0.9-lines-0.jsonl")
        assert [row["split"] for row in rows] == ["train", "test"]
        for row in rows:
            error = np.array(row["error"])
            alpha = np.array(row["alpha"])
            rise = max(error - ((1 - alpha) * error[0] + alpha * error[-1]))
            drawn = found[name, f"target 0.9, split {row['split']}", "2.0"]
            assert float(drawn["error_barrier"]) == pytest.approx(max(rise, 0), abs=1e-12)
        last = float(accuracy[name, "2.0"]["accuracy"])
        assert 1 - last == pytest.approx(rows[1]["error"][-1], abs=0.05)
        assert accuracy[name, "1.0"]["epochs"] == "1"
        assert (out / f"connectivity-{name}.png").exists()


def test_lines_between_cycles_are_drawn_at_every_sparsity() -> None:
    """Levels of LRR, which come by all sparsities, once."""
    knobs = {"SCALE": "smoke", "SPARSITIES": "0.5 0.9", "SEEDS": "3 4", "OUT": "out"}
    calls = recipes.recorded("connectivity", {**os.environ, **knobs}, grammar()).calls
    drawn = [call for call in calls if call.words[:2] == ("plot", "lmc")]
    assert {call.options["rows"] for call in drawn} == {("target",)}
    files = [[Path(file).name for file in [*c.inputs, *c.options["output"]]] for c in drawn]
    assert files == [
        ["lrr-0.9-lines-3.jsonl", "connectivity-lrr.png"],
        [*(f"random-{s}-lines-3.jsonl" for s in ("0.5", "0.9")), "connectivity-random.png"],
    ]


@facts("noise")
def _(out: Path) -> None:
    """In each ticket one seed alone is another than those of the first."""

    def drawn(path: Path) -> dict[str, object]:
        records = reading.lineage(path)
        birth, trained = records[-3], records[-1]["options"]
        masked = next(r for r in records if r["digest"] == records[-2]["inputs"]["from"])
        return {
            "initialisation": reading.meta(path)["seed"],
            "mask": masked["seed"],
            "order": trained["order_seed"],
            "augmentation": trained["augmentation_seed"],
            "verb": birth["verb"],
        }

    before = drawn(out / "random-0.9-first.st")
    for source in ("initialisation", "mask", "order", "augmentation"):
        after = drawn(out / f"random-0.9-{source}-1.st")
        assert {key for key in after if after[key] != before[key]} == {source}
    shares = lines(out / "noise-shares.jsonl")
    assert sum(row["share"] for row in shares) == pytest.approx(1)
    for row in shares:
        figures = [lines(out / f"random-0.9-{row['source']}-{k}.jsonl")[0] for k in (0, 1)]
        spread = np.std([figure["accuracy"] for figure in figures], ddof=1)
        assert row["deviation"] == pytest.approx(spread)


@facts("architectures")
def _(out: Path) -> None:
    found = table(out / "architectures-0.9.csv")
    assert {(row["method"], row["model"], row["epochs"]) for row in found} == {
        (method, "gpt-mini:1-8-2@shakespeare:2000", "2")
        for method in ("SCULPT", "random, cyclic", "dense, cyclic", "LRR")
    }
    once = {row["method"]: row for row in table(out / "architectures-once-0.9.csv")}
    assert once.keys() == {"magnitude global", "sparsegpt uniform"}
    stem = out / "stem-gpt-mini-1-8-2-on-shakespeare-2000-0.st"
    by_sparsegpt = (
        out / "sculpt-sparsegpt-uniform-pruned-gpt-mini-1-8-2-on-shakespeare-2000-0.9-0.st"
    )
    assert reading.kept(by_sparsegpt) == reading.to_keep("0.9", size(stem))
    assert reading.lineage(by_sparsegpt)[-1]["options"]["update"] is True
    assert not np.array_equal(survivors(stem, by_sparsegpt), survivors(by_sparsegpt))


# -- all recipes, by the example of one --------------------------------------------------------


def test_results_do_not_depend_on_jobs_nor_on_kills(
    shell: Shell, tmp_path: Path, quick: Path
) -> None:
    whole = run(shell, "sign-flips", knobs=f"PATH={quick}:$PATH")
    assert whole.code == 0, whole.err
    other = Shell(tmp_path / "killed" / "work", tmp_path / "killed" / "state")
    line = "sparsetool recipe sign-flips | SCALE=smoke OUT=out JOBS=1 bash"
    process = subprocess.Popen(
        ["bash", "-c", line],
        cwd=other.cwd,
        env=other.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + LIMIT_S
    while not (other / "out" / "dense-0.jsonl").exists():
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.02)
    for member in (process.pid, *branches(process.pid)):
        with contextlib.suppress(ProcessLookupError):  # a branch may have ended meanwhile
            os.killpg(member, signal.SIGKILL)
    process.wait(timeout=LIMIT_S)
    assert not (other / "out" / "sign-flips.png").exists()
    resumed = run(other, "sign-flips", knobs="JOBS=1")
    assert resumed.code == 0, resumed.err
    assert resumed.out == whole.out
    assert contents(shell) == contents(other)


def branches(session: int) -> set[int]:
    """Other process groups of a session: a recipe's branches."""
    return {group for _, group in members(session) if group != session}


def members(session: int) -> set[tuple[int, int]]:
    """The processes of a session, each with its group."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.add((int(stat.parent.name), int(fields[2])))
    return found


def test_a_recipe_that_is_stopped_goes_on_when_it_is_continued(tmp_path: Path) -> None:
    """As Slurm suspends a job: all its processes at once, whatever the recipe waits for."""
    parts = Path(recipes.__file__).parent / "parts"
    script = f"""
set -euo pipefail
JOBS=2
. {parts}/branches.sh
work() {{ echo | sleep 1; echo "$1"; }}
branch work one
branch work two
touch waiting
all_done
touch alone
sleep 1
echo end
"""
    process = subprocess.Popen(
        ["bash", "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, start_new_session=True
    )
    for name in ("waiting", "alone"):
        end = time.monotonic() + LIMIT_S
        while not (tmp_path / name).exists():
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.02)
        time.sleep(0.3)  # until it waits
        stopped = members(process.pid)
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for member, _ in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member, number)
            time.sleep(0.3)  # so that whoever waits for them sees it
    out, _ = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert sorted(out.split()) == [b"end", b"one", b"two"]


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ("JOBS=1000", "JOBS=1000 times 1 threads does not fit"),
        ("JOBS=1 THREADS=1000", "JOBS=1 times 1000 threads does not fit"),
        ("THREADS=1000", "JOBS=0 times 1000 threads does not fit"),
        ("THREADS=auto", "times auto threads does not fit"),
        ("JOBS=0", "JOBS=0"),
        ("JOBS=many", "JOBS=many"),
        ("CYCLES='cores[$(touch ran)]'", "CYCLES is one number or several, not 'cores["),
        ("SCALE=huge", "SCALE is smoke, demo, small, photos or paper, not huge"),
    ],
)
@pytest.mark.parametrize("name", ["cyclic", "coupling"])
def test_knobs_that_cannot_be(knobs: str, says: str, name: str, shell: Shell) -> None:
    done = run(shell, name, knobs=knobs)
    assert done.code == 2
    assert len(done.lines) == 1
    assert done.lines[0].startswith(f"{name}: ")
    assert says in done.lines[0]
    assert not list(shell.cwd.iterdir())

"""`show`: what a ticket is, and the shell lines that make it again."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from sparsetool import Ticket, prune
from tests.verbs import reading
from tests.verbs.screen import on_terminal
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

FACTS = ("model", "data", "classes", "input", "seed")


def rows(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def test_fields(shell: Shell, shelf: Shelf) -> None:
    done = shell.run("show", shelf["half"], shelf["trained"], torch=False)
    assert done.code == 0, done.err
    for row, name in zip(rows(done.out), ("half", "trained"), strict=True):
        meta, sizes = reading.meta(shelf[name]), reading.prunable(shelf[name])
        assert row["file"] == str(shelf[name])
        assert row["digest"] == reading.digest(shelf[name])
        assert row["kept"] == reading.kept(shelf[name]) == sum(sizes.values()) // 2
        assert row["prunable"] == sum(sizes.values())
        assert row["sparsity"] == 1 - row["kept"] / row["prunable"]
        assert row["epochs"] == (2 if name == "trained" else 0)
        assert {key: row[key] for key in FACTS} == {key: meta[key] for key in FACTS}
        assert row["parameters"] == sum(a.size for a in reading.weights(shelf[name]).values())
        assert not {"layers", "lineage"} & set(row)


def test_layers(shell: Shell, shelf: Shelf) -> None:
    (row,) = rows(shell.ok("show", "--layers", shelf["half"]).out)
    masks, meta = reading.masks(shelf["half"]), reading.meta(shelf["half"])
    assert [layer["name"] for layer in row["layers"]] == meta["prunable"]
    for layer in row["layers"]:
        mask = masks[layer["name"]]
        assert tuple(layer["shape"]) == mask.shape
        assert (layer["kept"], layer["prunable"]) == (int(mask.sum()), mask.size)
        assert layer["density"] == pytest.approx(mask.mean(), abs=1e-15)
    (dense,) = rows(shell.ok("show", "--layers", shelf["mlp"]).out)
    assert [layer["density"] for layer in dense["layers"]] == [1.0, 1.0, 1.0]


def test_masks_alone(shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--erk", "0.8", "--mask-only", shelf["mlp"], "-o", "m.st")
    (row,) = rows(shell.ok("show", "--layers", "m.st").out)
    assert (row["kind"], row["parameters"]) == ("mask", 0)
    assert row["kept"] == reading.to_keep("0.8", row["prunable"])
    assert sum(layer["kept"] for layer in row["layers"]) == row["kept"]


def test_lineage(shell: Shell, shelf: Shelf) -> None:
    shell.ok("rewind", "--to", shelf["mlp"], shelf["trained"], "-o", "r.st")
    (row,) = rows(shell.ok("show", "--lineage", "r.st").out)
    told = [record["verb"] for record in row["lineage"]]
    assert told == ["init", "mask", "train-cycles", "rewind"]
    digests = [record["digest"] for record in row["lineage"]]
    assert len(set(digests)) == 4
    assert digests[-1] == row["digest"] == reading.digest(shell / "r.st")
    assert digests[0] == reading.digest(shelf["mlp"])
    for at, record in enumerate(row["lineage"]):
        assert set(record["inputs"].values()) <= set(digests[:at]), "parents come first"


def test_standard_input(shell: Shell, shelf: Shelf) -> None:
    data = shelf["half"].read_bytes()
    (by_pipe,), (by_file,) = (
        rows(shell.ok("show", stdin=data).out),
        rows(shell.ok("show", shelf["half"]).out),
    )
    assert by_pipe == {**by_file, "file": "-"}
    shell.refuses(2, "show", "-", "-", stdin=data, says="standard input")
    shell.refuses(1, "show", says="empty")


def test_output_file(shell: Shell, shelf: Shelf) -> None:
    line = ("show", "--layers", shelf["half"], "-o", "s.jsonl")
    assert shell.ok(*line).out == b""
    assert (shell / "s.jsonl").read_bytes() == shell.ok("show", "--layers", shelf["half"]).out
    before = shell.snapshot()
    assert "up to date" in shell.ok(*line).err
    assert shell.snapshot() == before
    shell.refuses(1, "show", shelf["half"], "-o", "s.jsonl", says=(r"s\.jsonl", "--force"))
    shell.refuses(1, "show", "--layers", shelf["mlp"], "-o", "s.jsonl", says="--force")
    shell.ok("show", shelf["half"], "-o", "s.jsonl", "--force")
    assert "layers" not in rows((shell / "s.jsonl").read_bytes())[0]


def test_tables_on_a_terminal(shell: Shell, shelf: Shelf) -> None:
    text = on_terminal(shell, "show", "--layers", "--lineage", shelf["half"])
    assert "half.st" in text
    assert reading.digest(shelf["half"])[:12] in text
    assert re.search(r"fc1\s+300×64\s+[\d,]+\s+19,200\s+\d+\.\d\d%\s+█+", text)
    assert "mask --random --balanced 0.5" in text
    assert "--seed 3" in text.split("mask --random")[0], "the birth names its seed"
    assert "--seed" not in text.split("mask --random")[1], "its own seed goes without saying"
    assert "{" not in text
    lines = on_terminal(shell, "show", "--json", shelf["half"]).splitlines()
    assert json.loads(lines[0])["digest"] == reading.digest(shelf["half"])


# -- --script ----------------------------------------------------------------------------------

NUMBERS_ONLY = """
sparsetool init mlp:40-20 --data digits --seed 3 -o one.st
sparsetool init mlp:40-20 --seed 4 | sparsetool mask --random --erk 0.5 --mask-only -o m.st
sparsetool mask --from m.st one.st -o half.st
sparsetool prune --rate 0.2 half.st | sparsetool prune --uniform 0.75 -o pruned.st
sparsetool transfer-signs --from half.st --perturb 0.3 --seed 9 pruned.st \
  | sparsetool rewind --to one.st --what weights \
  | sparsetool mask --random --balanced 0.5 --seed 5 \
  | sparsetool mask --magnitude --global 0.5 --min-per-layer 7 -o end.st
"""


def remade(shell: Shell, tmp_path: Path, *names: str) -> tuple[str, Shell]:
    """The script of tickets, and a fresh folder and store in which it was run."""
    done = shell.run("show", "--script", *names, torch=False)
    assert done.code == 0, done.err
    script = done.out.decode()
    other = Shell(tmp_path / "again" / "work", tmp_path / "again" / "state")
    result = other.bash(script)
    assert result.code == 0, result.err
    for name in names:
        assert (other / name).read_bytes() == (shell / name).read_bytes(), name
        assert reading.digest(other / name) == reading.digest(shell / name)
    return script, other


def test_the_script_of_numpy_verbs_makes_the_same_bytes(shell: Shell, tmp_path: Path) -> None:
    assert shell.bash(f"set -e{NUMBERS_ONLY}").code == 0
    script, other = remade(shell, tmp_path, "end.st")
    assert script.startswith("set -eo pipefail\n")
    assert script.count("sparsetool init") == 2, "a shared stage is made once"
    assert "--seed 9" in script
    assert "--seed 5" in script
    assert script.count("--seed 3") == 1
    assert str(shell.cwd) not in script
    before = other.snapshot()
    assert other.bash(script).code == 0
    assert other.snapshot() == before, "a second run leaves every file as it is"


TRAINED = """
sparsetool init mlp:40-20 --seed 3 -o init.st
sparsetool train-cycles --epochs 3 --save-epoch 2:warm.st init.st -o dense.st
sparsetool prune --rate 0.2 dense.st | sparsetool rewind --to warm.st \
  | sparsetool train-cycles --epochs 1 --lr 0.05 --n 3 \
  | sparsetool train-cycles --epochs 2 --n 2 --stop-after 3 \
  | sparsetool train-cycles --epochs 2 --mixup 0.2 --cutout 2 --ema 0.9 --sam 0.05 -o end.st
"""


def test_the_script_of_trainings_makes_the_same_bytes(shell: Shell, tmp_path: Path) -> None:
    assert shell.bash(f"set -e{TRAINED}").code == 0
    script, _ = remade(shell, tmp_path, "end.st", "dense.st")
    assert "--n 3" in script, "equal neighbours are one command"
    assert re.search(r"--n 2 --stop-after 3\b", script), "nothing joins a cycle cut short"
    assert script.count("sparsetool init") == 1, "a shared stage is made once"
    assert "--stop-after 2 " in script, "a ticket saved inside a cycle"
    assert "-o dense.st" in script
    commands = [words for line in script.splitlines() for words in re.findall(r"\bdense\.st", line)]
    assert len(commands) == 2, "what is wanted and used again is written once and read once"


def test_the_script_goes_to_a_file_and_alone(shell: Shell, shelf: Shelf) -> None:
    line = ("show", "--script", shelf["half"], "-o", "again.sh")
    assert shell.ok(*line).out == b""
    assert (shell / "again.sh").read_text().splitlines()[-1].endswith("-o half.st")
    assert "up to date" in shell.ok(*line).err
    shell.refuses(1, "show", "--script", shelf["mlp"], "-o", "again.sh", says="--force")
    shell.refuses(2, "show", "--script", "--layers", shelf["half"], says="--script")


def test_a_ticket_without_a_past_is_refused(shell: Shell, shelf: Shelf) -> None:
    facts = reading.meta(shelf["half"])
    facts["lineage"] = []
    (shell / "orphan.st").write_bytes(reading.pack(reading.arrays(shelf["half"]), facts))
    shell.refuses(1, "show", "--script", "orphan.st", says=("orphan.st", "no lineage"))
    facts["lineage"] = reading.lineage(shelf["half"])[1:]
    (shell / "torn.st").write_bytes(reading.pack(reading.arrays(shelf["half"]), facts))
    shell.refuses(1, "show", "--script", "torn.st", says="lacks the step")


@pytest.mark.parametrize("density", [0.0, 1e-9, 0.004, 0.25, 0.5, 0.999, 1.0])
def test_bars_grow_with_density(density: float) -> None:
    from sparsetool.cli.verbs.show import BAR, bar

    drawn = bar(density)
    eighths = sum(8 if c == "█" else 8 - " ▉▊▋▌▍▎▏".index(c) for c in drawn)
    assert bool(drawn) == (density > 0)
    assert math.isclose(eighths / (8 * BAR), density, abs_tol=1 / (8 * BAR))


def test_a_step_that_the_shell_has_no_words_for(shell: Shell, shelf: Shelf) -> None:
    """Better no script than one that makes another ticket."""
    made = prune(Ticket.load(shelf["half"]), rate="0.2", density="erk")
    made.save(shell / "p.st")
    shell.refuses(1, "show", "--script", "p.st", says="rate with erk shares")

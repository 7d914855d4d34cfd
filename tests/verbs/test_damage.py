"""Odd and damaged input, line by line of what is promised: one line, the right code, no harm."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sparsetool.recipes
from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

PIPED = ("mask", "--random", "--global", "0.5")


def crafted(shell: Shell, shelf: Shelf, **facts: Any) -> str:
    """A ticket whose facts are others."""
    held = {**reading.meta(shelf["half"]), **facts}
    (shell / "odd.st").write_bytes(reading.pack(reading.arrays(shelf["half"]), held))
    return "odd.st"


def records(shelf: Shelf, **last: Any) -> list[dict[str, Any]]:
    """The lineage with another last record."""
    lineage = reading.lineage(shelf["half"])
    return [*lineage[:-1], {**lineage[-1], **last}]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"classes": 1.5}, "classes"),
        ({"input": [1, 8]}, "input"),
        ({"prunable": ["fc1.weight", "fc1.weight"]}, "twice"),
        ({"graph": [{"op": "input", "n": 1, "in": []}, {"op": "x", "n": 1, "in": []}]}, "graph"),
        ({"seed": True}, "seed"),
        ({"model": "x" * 5000}, "model"),
    ],
)
def test_a_fact_that_cannot_be(
    facts: dict[str, Any], says: str, shell: Shell, shelf: Shelf
) -> None:
    done = shell.refuses(1, "show", crafted(shell, shelf, **facts), says=("odd.st", says))
    assert len(done.lines[0]) <= 300


def test_a_lineage_in_a_circle_or_with_other_counts(shell: Shell, shelf: Shelf) -> None:
    whole = reading.lineage(shelf["half"])
    circle = [{**whole[0], "inputs": {"ticket": whole[0]["digest"]}}, *whole[1:]]
    shell.refuses(1, "show", crafted(shell, shelf, lineage=circle), says="lacks the step")
    counts = {**whole[-1]["achieved"], "kept": 1}
    other = records(shelf, achieved=counts)
    shell.refuses(1, "show", crafted(shell, shelf, lineage=other), says="kept 1,")


def test_a_flipped_bit_is_found(shell: Shell, shelf: Shelf) -> None:
    """Also where the value is a sound one; tickets without a checksum are read as before."""
    data = bytearray(shelf["half"].read_bytes())
    data[reading.start(bytes(data)) + 1] ^= 1  # the lowest bits of the first bias
    (shell / "flipped.st").write_bytes(data)
    shell.refuses(1, "show", "flipped.st", says=("flipped.st", "checksum"))
    assert shell.call("show", crafted(shell, shelf)).code == 0


def test_up_to_date_means_sound(shell: Shell, shelf: Shelf) -> None:
    line = (*PIPED, str(shelf["mlp"]), "-o", "t.st")
    shell.ok(*line)
    whole = (shell / "t.st").read_bytes()
    assert "up to date" in shell.ok(*line).err
    data = bytearray(whole)
    data[reading.start(whole) + 1] ^= 1
    (shell / "t.st").write_bytes(data)
    shell.refuses(1, *line, says=("no sound ticket", "--force"))
    assert "wrote t.st" in shell.ok(*line, "--force").err
    assert (shell / "t.st").read_bytes() == whole
    before = (shell / "t.st").stat().st_mtime_ns
    assert "wrote t.st" in shell.ok(*line, "--force").err
    assert (shell / "t.st").stat().st_mtime_ns > before


def test_a_script_writes_nothing_of_its_own(shell: Shell, shelf: Shelf) -> None:
    options = {**reading.lineage(shelf["half"])[-1]["options"], "force": True, "log": "../x"}
    name = crafted(shell, shelf, lineage=records(shelf, options={**options, "a\nrm x": "y"}))
    told = shell.ok("show", "--script", name).out.decode()
    assert not {"--force", "--log", "../x"} & set(told.split())
    assert not [line for line in told.splitlines() if line.startswith("rm")]
    other = records(shelf, verb="runs", options={"remove-finished": True})
    name = crafted(shell, shelf, lineage=other)
    shell.refuses(1, "show", "--script", name, says="no verb of this version")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"labels": [1], "accuracy": 1}', "labels"),
        ('{"accuracy": NaN}', "NaN"),
        ('{"accuracy": 1, "accuracy": 2}', "twice"),
        ("[" * 50_000, "deep"),
        ('{"accuracy": 1' + "0" * 400 + "}", "digits"),
        ('{"file": "\\ud800", "accuracy": 1}', "surrogate"),
        ('{"sparsity": [[1]], "accuracy": 1}', "sparsity"),
    ],
)
def test_lines_for_plots(line: str, says: str, shell: Shell) -> None:
    (shell / "l.jsonl").write_text(line + "\n")
    shell.refuses(1, "plot", "sweep", "l.jsonl", says=("l.jsonl, line 1", says))


def test_lmc_lines_of_other_lengths(shell: Shell) -> None:
    row = {"files": ["a", "b"], "alpha": [0, 1], "loss": [1.0]}
    (shell / "l.jsonl").write_text(json.dumps(row))
    shell.refuses(2, "plot", "lmc", "l.jsonl", says="2 numbers")


@pytest.mark.parametrize("stream", ["/dev/zero", "/dev/urandom"])
def test_a_device_without_an_end(stream: str, shell: Shell) -> None:
    shell.refuses(1, "show", stream, says=stream)
    shell.refuses(1, "plot", "sweep", stream, says=stream)
    shell.refuses(1, "import", stream, "--model", "mlp:16", "-o", "x.st", says=stream)


def test_a_pipe_without_an_end(shell: Shell, shelf: Shelf) -> None:
    done = shell.bash("yes | sparsetool show", torch=False, timeout=60)
    assert done.code == 1
    assert "not a ticket" in done.err
    done = shell.bash(f"cat {shelf['half']} /dev/zero | sparsetool show", torch=False, timeout=60)
    assert done.code == 1
    assert "after its end" in done.err


def test_links(shell: Shell, shelf: Shelf) -> None:
    (shell / "loop.st").symlink_to("loop.st")
    (shell / "dangling.st").symlink_to("nowhere/t.st")
    mlp = str(shelf["mlp"])
    shell.refuses(1, *PIPED, mlp, "-o", "loop.st", says=("loop.st", "symbolic links"))
    shell.refuses(1, *PIPED, mlp, "-o", "dangling.st", says=("dangling.st", "nowhere"))
    shell.refuses(1, "show", "loop.st", says="loop.st")


def test_a_name_that_is_not_utf_8(shell: Shell, shelf: Shelf) -> None:
    name = os.fsdecode(b"\xff\xfe.st")
    shell.refuses(1, "show", name, says="no such file")
    (shell / name).write_bytes(shelf["half"].read_bytes())
    (row,) = map(json.loads, shell.ok("show", name).out.splitlines())
    assert row["file"].endswith(".st")
    shell.ok(*PIPED, name, "-o", name, "--force")


def test_numbers_that_are_too_large(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", "--epochs", "1", "--no-store", str(shelf["mlp"]), "-o", "t.st")
    cores = len(os.sched_getaffinity(0))
    shell.refuses(2, *line, "--threads", "100000", says=f"{cores} cores")
    shell.refuses(2, *line, "--n", "1000000000", says="more cycles")
    start = time.monotonic()
    shell.ok(*line, "--threads", "1", "--n", "1000000000", "--stop-after", "1")
    assert len(reading.lineage(shell / "t.st")) == 2
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGUSR1, 75)])
def test_a_signal_while_everything_is_imported(number: int, code: int, shell: Shell) -> None:
    """Once Python itself is up (its first moments belong to nobody)."""
    slow = shell.state.parent / "slow" / "typer"
    slow.mkdir(parents=True)
    (slow / "__init__.py").write_text("import os, time\nos.write(2, b'.')\ntime.sleep(60)\n")
    path = f"{slow.parent}{os.pathsep}{shell.env['PYTHONPATH']}"
    process = shell.start("show", env={"PYTHONPATH": path})
    assert process.stderr.read(1) == b"."
    process.send_signal(number)
    assert process.wait(20) == code
    process.stdout.close()
    process.stderr.close()


def test_a_signal_while_a_pipe_is_read(shell: Shell) -> None:
    out, into = os.pipe()
    process = shell.start("show", stdin=out, torch=False)
    os.write(into, (64).to_bytes(8, "little") + b"{")
    time.sleep(2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 143
    for number in (out, into):
        os.close(number)
    process.communicate()


OWN = """
import os, sys
import neighbour
print("at import")
from torch import nn
def net(classes, input):
    print("on stdout")
    os.system("echo from a process")
    return nn.Sequential(nn.Flatten(), nn.Linear(neighbour.width(input), classes))
def leaves(classes, input):
    sys.exit(0)
def fails(classes, input):
    raise RuntimeError("first line\\nsecond")
"""


def test_own_code_prints_and_exits(shell: Shell) -> None:
    folder = shell / "elsewhere"
    folder.mkdir()
    (folder / "net.py").write_text(OWN)
    (folder / "neighbour.py").write_text("def width(input): return 64\n")
    done = shell.run("init", "elsewhere/net.py:net")
    assert done.code == 0, done.err
    assert reading.meta(done.out)["model"].startswith("net.py:net")
    for words in ("at import", "on stdout", "from a process"):
        assert words in done.err
    for name, says in (("leaves", "exits with 0"), ("fails", "first line second")):
        done = shell.run("init", f"elsewhere/net.py:{name}")
        assert (done.code, done.out) == (1, b""), done.err
        assert says in done.err.splitlines()[-1]


def test_recipes_refuse_words_that_are_no_names(shell: Shell) -> None:
    (shell / "kept").write_text("kept")
    for line in (
        "STARTS=rm:-rf SCALE=smoke bash sculpt.sh",
        "METHODS=rm SCALE=smoke bash budget.sh",
    ):
        recipes = Path(sparsetool.recipes.__file__).parent
        done = shell.bash(line.replace("bash ", f"bash {recipes}/"))
        assert done.code == 2
        assert "'rm" in done.err
    assert [path.name for path in shell.cwd.iterdir()] == ["kept"]


def test_a_tensor_with_bytes_that_are_no_booleans(shell: Shell, shelf: Shelf) -> None:
    arrays = dict(reading.arrays(shelf["half"]))
    name = next(name for name in arrays if name.endswith("_mask"))
    arrays[name] = np.where(arrays[name], 2, 0).astype(np.uint8).view(bool)
    facts = reading.meta(shelf["half"])
    (shell / "odd.st").write_bytes(reading.pack(arrays, facts))
    shell.refuses(1, "show", "odd.st", says="bytes other than 0 and 1")

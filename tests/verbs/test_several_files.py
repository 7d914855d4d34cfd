"""Several FILEs in one call, tickets of several seeds, and the order of numbered files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sparsetool.cli.natural import natural
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

LINES = {
    "mask": ("--random", "--balanced", "0.5", "--seed", "1"),
    "prune": ("--global", "0.9"),
    "rewind": ("--to", "{mlp}"),
    "transfer-signs": ("--from", "{other}"),
}


@pytest.mark.parametrize("verb", LINES)
def test_each_file_is_what_it_is_alone(verb: str, shell: Shell, shelf: Shelf) -> None:
    words = [str(shelf[w[1:-1]]) if w.startswith("{") else w for w in LINES[verb]]
    files = [shelf["mlp"], shelf["half"]]
    shell.ok(verb, *words, *files, "--out-dir", "made")
    for file in files:
        alone = shell.ok(verb, *words, file).out
        assert (shell / "made" / file.name).read_bytes() == alone
    again = shell.ok(verb, *words, *files, "--out-dir", "made")
    assert [line.endswith("is up to date") for line in again.lines] == [True, True]


def test_two_files_of_one_name(shell: Shell, shelf: Shelf) -> None:
    line = ("prune", "--global", "0.9", shelf["mlp"], shelf["mlp"], "--out-dir", "d")
    shell.refuses(2, *line, says="two FILEs are called mlp.st")


def test_seeds(shell: Shell) -> None:
    shell.ok("init", "mlp:8-4", "--seeds", "0-1,5")
    shell.ok("init", "mlp:8-4", "--seeds", "1,5", "-o", "at-{}.st")
    names = {path.name for path in shell.cwd.iterdir()}
    assert names == {"mlp-8-4-0.st", "mlp-8-4-1.st", "mlp-8-4-5.st", "at-1.st", "at-5.st"}
    assert (shell / "at-5.st").read_bytes() == shell.ok("init", "mlp:8-4", "--seed", "5").out
    shell.refuses(2, "init", "mlp", "--seeds", "2-0", says="no seed")
    shell.refuses(2, "init", "mlp", "--seeds", "two", says="such as 0-2")
    shell.refuses(2, "init", "mlp", "--seeds", "0-2", "--seed", "1", says="exclude")
    shell.refuses(2, "init", "mlp", "--seeds", "0-2", "-o", "x.st", says=r"write \{\}")


def test_numbered_files_are_in_the_order_of_their_numbers(shell: Shell) -> None:
    for k in (1, 2, 10):
        shell.ok("init", "mlp:4", "--seed", str(k), "-o", f"cycle-{k}.st")
    glob = ["cycle-1.st", "cycle-10.st", "cycle-2.st"]
    done = shell.ok("show", "--json", *glob)
    files = [json.loads(line)["file"] for line in done.out.splitlines()]
    assert files == ["cycle-1.st", "cycle-2.st", "cycle-10.st"]
    assert "in the order of their numbers" in done.err
    drawn = shell.ok("plot", "layers", "--table", "-", *glob).out.decode().splitlines()
    assert [line.split(",")[0] for line in drawn[1::2]] == ["cycle-1", "cycle-2", "cycle-10"]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (["c-10.st", "c-1.st", "c-2.st"], ["c-1.st", "c-2.st", "c-10.st"]),  # as locales sort
        (["c-2.st", "c-1.st", "c-10.st"], None),  # by hand
        (["s-0.85.st", "s-0.9.st"], None),  # decimals
        (["d.st", "k/c-1.st", "k/c-10.st", "k/c-9.st"], ["d.st", "k/c-1.st", "k/c-9.st"]),
        (["b.st", "a.st"], None),
    ],
)
def test_only_what_a_shell_sorted_is_sorted(typed: list[str], wanted: list[str] | None) -> None:
    said: list[str] = []
    found = natural(typed, said.append)
    assert found[: len(wanted or typed)] == (wanted or typed)
    assert bool(said) == (wanted is not None)


def test_files_beside_several_results(shell: Shell, shelf: Shelf, tmp_path: Path) -> None:
    """In the words that a script is followed by, as the files themselves are elsewhere."""
    import os

    from sparsetool.cli.syntax import grammar
    from sparsetool.recipes.recording import record

    text = """
    sparsetool init mlp:3 --seeds 0-1,4
    sparsetool init mlp:3 -o 'i-{}.st' --seeds 0,2
    sparsetool train-cycles i-*.st --out-dir t --log 'l/{}.jsonl' --save-epoch 1:warm.st
    """
    calls = record("mine", text.replace("l/{}", "l-{}"), os.environ, grammar()).calls
    assert calls[0].outputs == ("mlp-3-0.st", "mlp-3-1.st", "mlp-3-4.st")
    assert calls[1].outputs == ("i-0.st", "i-2.st")
    sides = {"l-i-0.jsonl", "l-i-2.jsonl", "i-0.warm.st", "i-2.warm.st"}
    assert set(calls[2].outputs) == {"t/i-0.st", "t/i-2.st"} | sides
    for seed in (0, 2):
        shell.ok("init", "mlp:3", "--seed", str(seed), "-o", f"i-{seed}.st")
    line = ("--epochs", "1", "--out-dir", "t", "--log", "l-{}.jsonl", "--save-epoch", "1:warm.st")
    done = shell.run("train-cycles", "i-0.st", "i-2.st", *line)
    assert done.code == 0, done.err
    assert sides <= {path.name for path in shell.cwd.iterdir()}

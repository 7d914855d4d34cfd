"""A bad value is refused before any work; an unknown name gets the nearest known one."""

from __future__ import annotations

import pytest

from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

RULES = ("--global", "--balanced", "--erk", "--uniform")


@pytest.mark.parametrize("value", ["1", "1.0", "-0.1", "1.5", "abc", "nan", "inf", "", "0,5"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("verb", [("mask", "--random"), ("prune",)])
def test_sparsity_outside(
    verb: tuple[str, ...], rule: str, value: str, shell: Shell, shelf: Shelf
) -> None:
    """S must be in [0, 1): refused on the text alone, before the input is read."""
    shell.refuses(2, *verb, rule, value, shelf["mlp"], says=rf"{rule}|sparsity|number")
    shell.refuses(2, *verb, rule, value, "nowhere.st", says=rf"{rule}|sparsity|number")


@pytest.mark.parametrize("value", ["1.0001", "-0.1", "abc", "nan"])
def test_rate_outside(value: str, shell: Shell, shelf: Shelf) -> None:
    shell.refuses(2, "prune", "--rate", value, shelf["mlp"], says=r"rate|number")


def test_criteria(shell: Shell, shelf: Shelf) -> None:
    mlp = shelf["mlp"]
    says = r"--random|--magnitude|--from|criteri"
    shell.refuses(2, "mask", "--random", "--magnitude", "--global", "0.5", mlp, says=says)
    shell.refuses(2, "mask", "--global", "0.5", mlp, says=says)
    shell.refuses(2, "mask", "--random", "--from", mlp, "--global", "0.5", mlp, says=says)
    shell.refuses(2, "prune", "--random", "--magnitude", "--global", "0.5", mlp, says=says)


def test_shares(shell: Shell, shelf: Shelf) -> None:
    mlp = shelf["mlp"]
    says = r"--global|--balanced|--erk|--uniform|--rate"
    two = ("--global", "0.5", "--erk", "0.5")
    shell.refuses(2, "mask", "--random", mlp, says=says)
    shell.refuses(2, "mask", "--random", *two, mlp, says=says)
    shell.refuses(2, "prune", mlp, says=says)
    shell.refuses(2, "prune", *two, mlp, says=says)
    shell.refuses(2, "prune", "--rate", "0.2", "--global", "0.9", mlp, says=says)


NEAREST = {
    "verb": (["prun", "--global", "0.9"], r"prun\b.*prune", "sparsetool"),
    "verb in two words": (["train_cycle"], r"train-cycles", "sparsetool"),
    "model": (["init", "resnet21"], r"resnet21.*resnet20", "init"),
    "model in capitals": (["init", "ResNet20"], r"resnet20", "init"),
    "data set": (["init", "mlp", "--data", "digts"], r"digts.*digits", "init"),
    "data set of init": (["init", "mlp", "--data", "cifar11"], r"cifar11.*cifar10", "init"),
    "initialisation": (["init", "mlp", "--init", "kaiming-fanout"], r"kaiming-fan-out", "init"),
    "criterion": (["mask", "--magntude", "--global", "0.5"], r"--magnitude", "mask"),
    "share": (["mask", "--random", "--ballanced", "0.5"], r"--balanced", "mask"),
    "option": (["prune", "--global", "0.5", "--sed", "3"], r"--seed", "prune"),
    "schedule": (["train-cycles", "--schedule", "stp"], r"stp.*step", "train-cycles"),
    "option of training": (["train-cycles", "--epoch", "3"], r"--epochs", "train-cycles"),
    "what": (["rewind", "--to", "x.st", "--what", "weigths"], r"weights", "rewind"),
    "split": (["eval", "--split", "tset"], r"test", "eval"),
}


@pytest.mark.parametrize("kind", NEAREST)
def test_nearest_known_name(kind: str, shell: Shell) -> None:
    line, says, starts = NEAREST[kind]
    shell.refuses(2, *line, says=says, starts=starts)


BAD_VALUES = [
    ["init"],
    ["init", "mlp", "digits"],
    ["init", "mlp", "--seed", "x"],
    ["mask", "--random", "--global", "0.5", "--iterations", "0"],
    ["mask", "--random", "--global", "0.5", "--min-per-layer", "-1"],
    ["rewind"],
    ["transfer-signs"],
    ["transfer-signs", "--from", "x.st", "--perturb", "1.1"],
    ["transfer-signs", "--from", "x.st", "--perturb", "-0.1"],
    ["train-cycles", "--n", "0"],
    ["train-cycles", "--n", "-1"],
    ["train-cycles", "--n", "two"],
    ["train-cycles", "--epochs", "0"],
    ["train-cycles", "--lr", "-0.1"],
    ["train-cycles", "--lr", "nan"],
    ["train-cycles", "--momentum", "1"],
    ["train-cycles", "--weight-decay", "-1"],
    ["train-cycles", "--batch-size", "0"],
    ["train-cycles", "--val", "1"],
    ["train-cycles", "--val", "-0.2"],
    ["train-cycles", "--threads", "0"],
    ["train-cycles", "--device", "toaster"],
    ["train-cycles", "--device", "cpu:0"],
    ["train-cycles", "--device", "auto:1"],
    ["train-cycles", "--device", "cuda:x"],
    ["train-cycles", "--optimizer", "nesterov", "--momentum", "0"],
    ["train-cycles", "--jobs", "2"],
    ["train-cycles", "--log", "a.st", "-o", "a.st"],
    ["train-cycles", "--precision", "fp7"],
    ["train-cycles", "--label-noise", "1.5"],
    ["train-cycles", "--save-epoch", "warm.st"],
    ["train-cycles", "--save-epoch", "0:warm.st"],
    ["train-cycles", "--save-epoch", "9:warm.st", "--epochs", "4", "--n", "2"],
    ["train-cycles", "--stop-after", "0"],
    ["train-cycles", "--stop-after", "9", "--epochs", "4", "--n", "2"],
    ["train-cycles", "--from-epoch", "4", "--epochs", "4"],
    ["train-cycles", "--from-epoch", "-1"],
]


@pytest.mark.parametrize("line", BAD_VALUES, ids=" ".join)
def test_bad_value(line: list[str], shell: Shell, shelf: Shelf) -> None:
    """Usage is wrong whatever the input: exit 2, even where the input is fine."""
    shell.refuses(2, *line, stdin=shelf["half"].read_bytes())


def test_bad_value_needs_no_torch(shell: Shell, shelf: Shelf) -> None:
    """`before any work`: a usage error costs no import of torch, in a real process."""
    for line in (["train-cycles", "--n", "0"], ["init", "resnet21"], ["eval", "--split", "x"]):
        done = shell.run(*line, stdin=shelf["half"].read_bytes(), torch=False)
        assert done.code == 2, done.err


def test_one_result_only(shell: Shell, shelf: Shelf) -> None:
    both = shelf["mlp"], shelf["half"]
    shell.refuses(2, "prune", "--global", "0.9", *both, says=r"2 FILEs want --out-dir")
    shell.refuses(2, "prune", "--global", "0.9", *both, "--out-dir", "d", "-o", "x.st")
    line = ("rewind", "--to", "-", *both, "--out-dir", "d")
    shell.refuses(2, *line, says="standard input", stdin=shelf["mlp"].read_bytes())


MEANT = {
    "-n": (["train-cycles", "-n", "4"], "train-cycles", r"--n N"),
    "cycles": (["train-cycles", "--cycles", "4"], "train-cycles", r"--n N"),
    "rate": (["train-cycles", "--learning-rate", "0.1"], "train-cycles", r"--lr RATE"),
    "sparsity": (["mask", "--random", "-s", "0.5"], "mask", r"--global S"),
    "number": (["prune", "0.9", "m.st"], "prune", r"'0.9' is no file.*--global 0.9"),
    "percent": (["prune", "--magnitude", "92.5%", "m.st"], "prune", r"'92.5%' is.*--global 0.925"),
    "count": (["train-cycles", "4", "m.st"], "train-cycles", r"'4' is no file.*--n 4"),
    "page": (["cycles"], "sparsetool", r"sparsetool guide cycles"),
    "recipe": (["sculpt"], "sparsetool", r"sparsetool recipe sculpt"),
}


@pytest.mark.parametrize("kind", MEANT)
def test_words_of_other_programs_get_the_right_ones(kind: str, shell: Shell) -> None:
    line, starts, says = MEANT[kind]
    shell.refuses(2, *line, says=says, starts=starts)


def test_real_process_says_the_same(shell: Shell) -> None:
    shell.refuses(2, "prun", process=True, starts="sparsetool", says=r"prune")
    shell.refuses(2, "mask", "--random", "--global", "7", process=True)
    shell.refuses(1, "prune", "--global", "0.9", "nowhere.st", process=True)


def test_waiting_threads_give_way_unless_the_user_says_otherwise() -> None:
    from sparsetool.cli.main import share_cores

    fresh: dict[str, str] = {"HOME": "/"}
    share_cores(fresh)
    assert int(fresh["GOMP_SPINCOUNT"]) < 10_000
    for said in ({"GOMP_SPINCOUNT": "7"}, {"OMP_WAIT_POLICY": "ACTIVE"}):
        kept = dict(said)
        share_cores(kept)
        assert kept == said

"""Text and `gpt-mini` at the shell: every verb once, own files, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from sparsetool import Ticket
from sparsetool.plugins import find
from tests.verbs import reading
from tests.verbs.shell import Shell

SIZE = "gpt-mini:1-8-2"
EPOCH = ("train-cycles", "--threads", "1", "--epochs", "1")
TEXT = "\n".join(f"To be, or not to be: that is question {n % 7}." for n in range(50))
PARENTED = ("movement", "magnitude-increase", "distance")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A folder with a text, a fresh ticket, a masked one and trainings of it."""
    folder = tmp_path_factory.mktemp("text")
    shell = Shell(folder / "work", folder / "state")
    (shell / "short.txt").write_text(TEXT, encoding="utf-8")
    shell.ok("init", SIZE, "--data", "short.txt", "-o", "init.st")
    shell.ok("mask", "--random", "--balanced", "0.5", "init.st", "-o", "half.st")
    shell.ok(*EPOCH, "--n", "2", "half.st", "-o", "trained.st")
    shell.ok(*EPOCH, "--seed", "5", "half.st", "-o", "other.st")
    return shell


def rows(shell: Shell, *line: str) -> list[dict]:
    return [json.loads(each) for each in shell.ok(*line).out.splitlines()]


@pytest.mark.parametrize("criterion", find.members("criteria"))
def test_every_criterion(desk: Shell, criterion: str) -> None:
    parent = ("--parent", "half.st") if criterion in PARENTED else ()
    if criterion == "random":
        parent = ("--seed", "1")
    ticket = "trained.st" if criterion in PARENTED else "init.st"
    verb = "prune" if criterion in PARENTED else "mask"
    builds = criterion in ("phew", "npb", "rare-gems")  # masks by themselves, without shares
    keep = ("--sparsity" if builds else "--global", "0.75")
    done = desk.call(verb, f"--{criterion}", *keep, *parent, ticket, "-o", f"{criterion}.st")
    if criterion in ("phew", "npb"):  # they count paths, and attention has none
        assert done.code == 1
        assert len(done.lines) == 1, done.err
        assert "it has attention; give another criterion" in done.err
        return
    assert done.code == 0, done.err
    masks = reading.masks(desk / f"{criterion}.st")
    kept = sum(int(mask.sum()) for mask in masks.values())
    assert kept == round(0.25 * sum(mask.size for mask in masks.values()))


@pytest.mark.parametrize("criterion", ["magnitude", "wanda", "sparsegpt"])
def test_one_shot_pruning(desk: Shell, criterion: str) -> None:
    """2:4 in every group of four inputs, and with SparseGPT's update other values too."""
    update = ("--update",) if criterion == "sparsegpt" else ()
    name = f"n-m-{criterion}.st"
    desk.ok("mask", f"--{criterion}", "--n-m", "2:4", *update, "init.st", "-o", name)
    for mask in reading.masks(desk / name).values():
        assert set(mask.reshape(-1, 4).sum(1).tolist()) == {2}
    before, after = (reading.weights(desk / each) for each in ("init.st", name))
    same = np.array_equal(
        before["blocks.0.fc1.weight"][reading.masks(desk / name)["blocks.0.fc1.weight"]],
        after["blocks.0.fc1.weight"][reading.masks(desk / name)["blocks.0.fc1.weight"]],
    )
    assert same != bool(update)


@pytest.mark.parametrize("update", find.members("updates"))
def test_every_update(desk: Shell, update: str) -> None:
    aims = ("gmp", "gmp-star", "granet", "ac-dc", "top-kast")
    more = ("--to", "0.8") if update in aims else ()
    every = () if update in ("ac-dc", "str", "top-kast") else ("--update-every", "1")
    start = "init.st" if update in (*aims, "str") else "half.st"
    line = ("train-cycles", "--threads", "1", "--epochs", "2", "--batch-size", "6")
    desk.ok(*line, "--update", update, *more, *every, start, "-o", f"update-{update}.st")
    weights = reading.weights(desk / f"update-{update}.st")
    for key, mask in reading.masks(desk / f"update-{update}.st").items():
        assert not weights[key][~mask].any()


def test_levels(desk: Shell) -> None:
    line = ("levels", "--threads", "1", "--epochs", "1", "--rate", "0.5", "--to", "0.75")
    desk.ok(*line, "--rewind", "init.st", "--out-dir", "levels", "trained.st")
    [last] = rows(desk, "show", "levels/level-1.st")
    assert last["kept"] == round(0.25 * last["prunable"])


def test_verbs_of_weights(desk: Shell) -> None:
    desk.ok("prune", "--rate", "0.2", "trained.st", "-o", "pruned.st")
    desk.ok("rewind", "--to", "init.st", "pruned.st", "-o", "rewound.st")
    desk.ok("transfer-signs", "--from", "trained.st", "rewound.st", "-o", "signs.st")
    desk.ok("average", "trained.st", "other.st", "-o", "mean.st")
    [row] = rows(desk, "diff", "trained.st", "other.st")
    assert row["mask_iou"] == 1.0


def test_measures(desk: Shell) -> None:
    [row] = rows(desk, "eval", "--per-class", "trained.st")
    assert row["bits_per_character"] == pytest.approx(row["loss"] / np.log(2))
    assert len(row["class_accuracy"]) == len(set(TEXT))
    row_length = Ticket.load(desk / "trained.st").meta["input"][0]
    assert row["characters"] == row_length * row["examples"]
    train, test = rows(desk, "lmc", "--points", "3", "trained.st", "other.st")
    assert (train["split"], test["split"]) == ("train", "test")
    assert test["loss"][0] == pytest.approx(row["loss"], rel=1e-6)
    assert test["examples"] == row["examples"]
    [found] = rows(desk, "hessian", "--examples", "8", "--trace", "trained.st")
    [exact] = rows(desk, "hessian", "--examples", "8", "--float64", "trained.st")
    assert found["largest"] == pytest.approx(exact["largest"], rel=2e-3)
    assert found["examples"] == 8
    [cost] = rows(desk, "flops", "trained.st")
    assert cost["macs_sparse"] * 2 == cost["macs"]
    [shown] = rows(desk, "show", "--layers", "trained.st")
    assert shown["connected"] is True
    script = desk.ok("show", "--script", "trained.st").out.decode()
    assert "--optimizer adamw" in script
    assert "--decay-on weights" in script


def test_pyhessian_agrees(desk: Shell) -> None:
    pytest.importorskip("pyhessian")
    line = ("hessian", "--examples", "8", "trained.st")
    [ours], [theirs] = rows(desk, *line), rows(desk, *line, "--method", "pyhessian")
    assert theirs["largest"] == pytest.approx(ours["largest"], rel=2e-2)


@pytest.mark.parametrize("form", ["plain", "packed", "torch-prune", "csr", "masks", "onnx"])
def test_export_and_import(desk: Shell, form: str) -> None:
    if form == "onnx":
        pytest.importorskip("onnx")
    desk.ok("export", f"--{form}", "trained.st", "-o", f"as-{form}")
    take = ("--zeros",) if form == "plain" else ()
    model = () if form == "packed" else ("--model", SIZE, "--data", "short.txt")
    desk.ok("import", *model, *take, f"as-{form}", "-o", f"back-{form}.st")
    ours, back = (reading.masks(desk / name) for name in ("trained.st", f"back-{form}.st"))
    assert ours.keys() == back.keys()
    assert all(np.array_equal(ours[name], back[name]) for name in ours)


def test_onnx_gives_logits_of_every_token(desk: Shell) -> None:
    onnx = pytest.importorskip("onnx")
    reference = pytest.importorskip("onnx.reference")
    desk.ok("export", "--onnx", "trained.st", "-o", "shaped.onnx")
    model = onnx.load(str(desk / "shaped.onnx"))
    [axes] = (each.type.tensor_type.shape.dim for each in model.graph.output)
    assert (len(axes), axes[0].dim_param, axes[2].dim_value) == (3, "N", len(set(TEXT)))
    ticket = Ticket.load(desk / "trained.st")
    tokens = np.arange(5 * ticket.meta["input"][0]).reshape(5, -1) % len(set(TEXT))
    [found] = reference.ReferenceEvaluator(model).run(None, {"images": tokens})
    with torch.no_grad():
        wanted = ticket.model().eval()(torch.from_numpy(tokens))
    np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-4, atol=1e-5)


def test_card_is_of_text(desk: Shell) -> None:
    desk.ok("export", "--card", "trained.st", "-o", "README.md")
    card = (desk / "README.md").read_text(encoding="utf-8")
    assert "text-generation" in card
    assert "| input (tokens) |" in card
    assert "image" not in card


def test_defaults_may_be_changed(desk: Shell) -> None:
    """Another optimizer brings no options of AdamW's; what is asked for is recorded."""
    how = ("--lr", "0.1", "init.st")
    desk.ok(*EPOCH, "--optimizer", "sgd", *how, "-o", "sgd.st")
    desk.ok(*EPOCH, "--decay-on", "all", *how, "-o", "all.st")
    sgd, both = (reading.lineage(desk / name)[-1]["options"] for name in ("sgd.st", "all.st"))
    assert sgd["optimizer"] == "sgd"
    assert "decay_on" not in sgd
    assert both["decay_on"] == "all"
    script = desk.ok("show", "--script", "sgd.st").out.decode()
    assert "--optimizer sgd" in script


REFUSED = [
    (2, ("init", "resnet20", "--data", "shakespeare"), "takes images.*gpt-mini"),
    (2, ("init", "gpt-mini"), "takes text.*--data shakespeare"),
    (2, ("init", "gpt-mini:2-8-3", "--data", "shakespeare"), "heads that divide"),
    (2, ("init", SIZE, "--data", "shakespeare:9"), "1,000 to 419,047"),
    (2, ("init", "gpt-mini:2-8", "--data", "shakespeare"), "layers, width and heads"),
    (1, ("init", SIZE, "--data", "tiny.txt"), "9 characters; wanted at least"),
    (1, ("init", SIZE, "--data", "one.txt"), "1 different characters"),
    (1, ("init", SIZE, "--data", "latin.txt"), "no text in UTF-8.*iconv"),
    (1, ("init", SIZE, "--data", "absent.txt"), "no absent.txt"),
    (2, ("init", SIZE, "--data", "text"), "text:FILE"),
    (2, (*EPOCH, "--label-noise", "0.1", "init.st"), "--label-noise.*images"),
    (2, (*EPOCH, "--mixup", "0.2", "init.st"), "mixup is for images"),
    (1, (*EPOCH, "--data", "shakespeare", "init.st"), "73 classes"),
    (1, ("lmc", "--align", "trained.st", "other.st"), "attention"),
    (2, (*EPOCH, "--decay-on", "some", "init.st"), "decay-on.*all"),
]


@pytest.mark.parametrize(("code", "line", "says"), REFUSED, ids=[" ".join(r[1]) for r in REFUSED])
def test_refusals(desk: Shell, code: int, line: tuple[str, ...], says: str) -> None:
    (desk / "tiny.txt").write_text("too short")
    (desk / "one.txt").write_text("a" * 2000)
    (desk / "latin.txt").write_bytes("\xe9t\xe9 ".encode("latin-1") * 400)
    desk.refuses(code, *line, says=says)


def test_a_text_is_known_by_its_content(desk: Shell) -> None:
    [row] = rows(desk, "show", "init.st")
    assert row["data"].startswith("text:short.txt@sha256:")
    assert (row["input"], row["classes"]) == ([64], len(set(TEXT)))
    shown = desk.ok("data", "short.txt", "shakespeare").out.decode()
    assert "inside the package" in shown

"""Containers and types of other people's files: read exactly, or refused in a line."""

from __future__ import annotations

import argparse
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from sparsetool import Ticket
from tests.verbs import reading
from tests.verbs.foreign import CODE, Desk, network, same, state
from tests.verbs.shell import Shell


@pytest.fixture
def desk(shell: Shell) -> Desk:
    return Desk(shell)


def test_what_lies_beside_the_weights_is_told_by_name(desk: Desk) -> None:
    module = network()
    beside = {
        "args": argparse.Namespace(lr=0.1, out=Path("runs")),
        "best": np.float64(0.9),
        "curve": np.arange(3.0),
        "optimizer": torch.optim.Adam(module.parameters()).state_dict(),
        "seen": {1, 2},
        "epoch": 3,
        "labels": np.array(["cat", "dog"]),
        "objects": np.array([None, {}]),
        "when": np.datetime64("2020-01-01"),
        "version": torch.__version__,
        "random": np.random.default_rng(0),
        "schedule": torch.optim.lr_scheduler.StepLR(torch.optim.SGD(module.parameters()), 1),
        "imaginary": 1j,
    }
    for zipped in (True, False):
        name = desk.put({"state_dict": state(), **beside}, _use_new_zipfile_serialization=zipped)
        assert same(desk.take(name)[0], state())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float8_e4m3fn,
                                   torch.float8_e5m2])  # fmt: skip
def test_small_types_are_widened(desk: Desk, dtype: torch.dtype) -> None:
    held = {key: value.to(dtype) for key, value in state().items()}
    assert same(desk.take(held)[0], held)
    safetensors.torch.save_file(held, desk.shell / "s.safetensors")
    assert same(desk.take("s.safetensors")[0], held)


def test_double_precision_stays(desk: Desk) -> None:
    ticket, _ = desk.take({key: value.double() / 3 for key, value in state().items()})
    assert ticket.weights["1.weight"].dtype == np.float64


def test_a_network_in_double_precision_takes_single_as_it_is(shell: Shell) -> None:
    desk = Desk(shell, CODE.replace("classes))", "classes)).double()"))
    ticket, _ = desk.take(state())
    assert {array.dtype for array in ticket.weights.values()} == {np.dtype(np.float32)}
    assert same(ticket, state())


REFUSED = {
    "integers": (lambda w: (w * 127).round().to(torch.int8), r"768 values of type int8"),
    "complex": (lambda w: w * (1 + 1j), r"complex numbers \(768 of 768"),
    "NaN": (lambda w: torch.where(w == w[0, 0], torch.nan, w), r"1 of 768 values .* are NaN"),
    "infinite": (lambda w: torch.full_like(w, -torch.inf), r"768 of 768 values"),
    "meta": (lambda w: w.to("meta"), r"is a meta tensor"),
    "block scales": (lambda w: w.abs().to(torch.float8_e8m0fnu), r"is a torch\.float8_e8m0fnu"),
    "nested": (lambda w: torch.nested.nested_tensor([w[0], w[1]]), r"is a nested tensor"),
    "quantised": (lambda w: torch.quantize_per_tensor(w, 0.1, 0, torch.qint8), r"quantised"),
    "short": (lambda w: w[:, 1:], r"shape \[12, 63\].*wants \[12, 64\]"),
}


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_ticket_cannot_hold_is_refused_with_name_and_count(desk: Desk, kind: str) -> None:
    make, says = REFUSED[kind]
    desk.refuses({**state(), "1.weight": make(state()["1.weight"])}, says=(r"1\.weight", says))


def test_strided_views_and_expanded_storages(desk: Desk) -> None:
    held = {**state(), "1.weight": state()["1.weight"].t().contiguous().t()}
    held["3.bias"] = torch.ones(1).expand(10)
    assert same(desk.take(held)[0], held)


def test_other_containers(desk: Desk) -> None:
    arrays = {key: value.numpy() for key, value in state().items()}
    np.savez(desk.shell / "w.npz", **arrays)
    (desk.shell / "w.pkl").write_bytes(pickle.dumps(arrays))
    (desk.shell / "t.pkl").write_bytes(pickle.dumps(state()))
    torch.jit.save(torch.jit.script(network()), desk.shell / "w.ts")
    turned = {key: np.asfortranarray(array) for key, array in arrays.items()}
    (desk.shell / "5.pkl").write_bytes(pickle.dumps(turned, 5))
    for name in ("w.npz", "w.pkl", "t.pkl", "w.ts", "5.pkl"):
        assert same(desk.take(name)[0], state()), name


@pytest.mark.parametrize("dtype", ["U1", "M8[Y]", "V4", "g", "O"])
@pytest.mark.parametrize("key", ["1.bias", "1.weight_mask"])
def test_arrays_that_hold_no_numbers_are_named(desk: Desk, dtype: str, key: str) -> None:
    shape = (12,) if key == "1.bias" else (12, 64)
    arrays = {k: v.numpy() for k, v in state().items()}
    np.savez(desk.shell / "w.npz", **{**arrays, key: np.zeros(shape, dtype)})
    desk.refuses("w.npz", says=(rf"{key} is an? ", "which a ticket cannot hold"))


def shards(desk: Desk) -> Path:
    where = {key: f"w-{1 + (key[0] == '3')}.safetensors" for key in state()}
    for file in set(where.values()):
        held = {key: value for key, value in state().items() if where[key] == file}
        safetensors.torch.save_file(held, desk.shell / file)
    index = desk.shell / "w.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": where}))
    return index


def test_shards_by_their_index(desk: Desk) -> None:
    index = shards(desk)
    ticket, said = desk.take(index.name)
    assert same(ticket, state())
    assert "read 4 tensors from 2 shards" in said
    held = safetensors.torch.load_file(desk.shell / "w-1.safetensors")
    safetensors.torch.save_file(
        {**held, "1.bias": held["1.bias"] + 1}, desk.shell / "w-1.safetensors"
    )
    desk.shell.refuses(1, *desk.line(index.name), says="exists and is another result")
    (desk.shell / "w-2.safetensors").unlink()
    desk.refuses(index.name, says=r"there is no w-2\.safetensors")
    index.write_text(json.dumps({"weight_map": {"1.bias": "../w-1.safetensors"}}))
    desk.refuses(index.name, says="which is not beside it")


def test_files_of_other_kinds_are_named(desk: Desk) -> None:
    kinds = {
        b"\x89HDF\r\n\x1a\n" + bytes(99): "an HDF5 file",
        b"GGUF" + bytes(99): "a GGUF file",
        b"\x1f\x8b" + bytes(99): "gzip",
        b"version https://git-lfs.github.com/spec/v1\noid": "Git LFS",
        b"<!DOCTYPE html>": "a web page",
        b"{}": "no index of shards",
        b"": "empty",
        b"PK\x03\x04" + bytes(99): "zip archive",
    }
    for content, says in kinds.items():
        (desk.shell / "x.pt").write_bytes(content)
        desk.refuses("x.pt", says=says)


def test_a_program_of_torch_export_is_named(desk: Desk) -> None:
    with zipfile.ZipFile(desk.shell / "x.pt2", "w") as archive:
        archive.writestr("x/archive_format", "pt2")
        archive.writestr("x/models/model.json", "{}")
    desk.refuses("x.pt2", says=r"a program of torch\.export: save its weights")


def test_a_normalisation_is_remembered_and_used(shell: Shell) -> None:
    """A linear network under other constants is the same function of the raw pixels."""
    (shell / "net.py").write_text(
        "from torch import nn\n"
        "def net(classes): return nn.Sequential(nn.Flatten(), nn.Linear(64, classes))\n"
    )
    mean, std = 0.3052, 0.3758  # the digits' own
    weight, bias = torch.randn(10, 64) / 8, torch.randn(10)
    theirs = {"1.weight": weight * 0.5 / std}
    theirs["1.bias"] = bias + weight.sum(1) * (0.25 - mean) / std
    torch.save({"1.weight": weight, "1.bias": bias}, shell / "own.pt")
    torch.save(theirs, shell / "other.pt")
    net = ("--model", "net.py:net")
    shell.ok("import", "own.pt", *net, "-o", "own.st")
    shell.ok("import", "other.pt", *net, "--normalize", "0.25/0.5", "-o", "other.st")
    assert "normalize" not in reading.meta(shell / "own.st")
    assert Ticket.load(shell / "other.st").meta["normalize"] == {"mean": [0.25], "std": [0.5]}
    lines = shell.ok("eval", "own.st", "other.st", *net, "--threads", "1").out.splitlines()
    own, other = (json.loads(line)["loss"] for line in lines)
    assert other == pytest.approx(own, rel=1e-5)
    train = ("--epochs", "1", "--lr", "1e-6", "--threads", "1", *net)
    shell.ok("train-cycles", "other.st", *train, "-o", "trained.st")
    shell.ok("train-cycles", "own.st", *train, "-o", "plain.st")
    figures = [reading.lineage(shell / f)[-1]["figures"] for f in ("plain.st", "trained.st")]
    assert figures[1]["test_loss"] == pytest.approx(figures[0]["test_loss"], rel=1e-3)
    shell.refuses(1, "lmc", "own.st", "other.st", *net, says="normalised differently")
    for wrong in ("0.5", "0.5/0", "0.5/nan", "1,2/1,2", "x/1"):
        line = ("import", "own.pt", *net, "--normalize", wrong, "-o", "w.st")
        shell.refuses(2, *line)

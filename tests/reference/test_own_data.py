"""Data that somebody brings: turned where channels are last, refused at birth where it is odd."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sparsetool import evaluate, init, train_cycles
from sparsetool.builtin.datasets import file
from sparsetool.data.facts import facts_of
from sparsetool.data.naming import located, recorded_name
from sparsetool.data.resident import DataSet
from sparsetool.errors import SparsetoolError, UsageError

HEAD = """
import numpy as np
import torch

draw = np.random.default_rng(0)


def images(*shape, kind=np.uint8):
    return draw.integers(0, 256, shape).astype(kind)


def labels(count):
    return np.arange(count) % 4


def split(*shape, **more):
    train, test = (images(12, *shape), labels(12)), (images(8, *shape), labels(8))
    return {"train": train, "test": test, **more}


"""


@pytest.fixture
def named(tmp_path: Path) -> Callable[[str], str]:
    """Names data that an expression makes: `named("split(8, 8)")`."""

    def write(expression: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(f"{HEAD}\ndef data():\n    return {expression}\n")
        return recorded_name("datasets", f"{path}:data")

    return write


@pytest.mark.parametrize(
    ("expression", "input", "turned"),
    [
        ("split(32, 32, 3)", (3, 32, 32), True),
        ("split(9, 7, 1)", (1, 9, 7), True),
        ("split(3, 32, 32)", (3, 32, 32), False),
        ("split(3, 32, 3)", (3, 32, 3), False),
        ("split(5, 1, 1)", (5, 1, 1), False),
        ("split(16, 20, 1, channels_last=False)", (16, 20, 1), False),
        ("split(8, 8, 4, channels_last=True)", (4, 8, 8), True),
        ("split(8, 8)", (1, 8, 8), False),
        ("split(6)", (1, 1, 6), False),
        ("((images(12, 8, 8, 3), labels(12)), (images(8, 3, 8, 8), labels(8)))", (3, 8, 8), True),
    ],
)
def test_channels_that_are_last_are_turned_and_that_is_said(
    named: Callable[[str], str], expression: str, input: tuple[int, ...], turned: bool
):
    facts = facts_of(named(expression))
    assert facts.input == input
    assert any("channels are last" in note for note in facts.notes) == turned


def test_turned_images_are_the_images(named: Callable[[str], str]):
    spec = named("split(6, 5, 3)")
    member, argument = located(spec)
    taken, _ = member.load(argument, Path(), "train")
    raw = np.random.default_rng(0).integers(0, 256, (12, 6, 5, 3)).astype(np.uint8)
    assert (taken == raw.transpose(0, 3, 1, 2)).all()
    assert facts_of(spec).mean == pytest.approx((raw / 255).mean((0, 1, 2)).tolist())


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("split(8, 8, pad=-1)", r"mine\.py:data: pad is -1; wanted a whole number, at least 0"),
        ("split(8, 8, pad=9)", "pad is 9; .* at most 8"),
        ("split(8, 8, pad='2')", "pad is '2'"),
        ("split(8, 8, pad=1.5)", r"pad is 1\.5"),
        ("split(8, 8, pad=True)", "pad is True"),
        ("split(8, 8, std=[0])", r"std is \[0\]; wanted 1 numbers above 0, fractions"),
        ("split(8, 8, std=[float('nan')])", r"std is \[nan\]"),
        ("split(8, 8, std=[-1.0])", r"std is \[-1\.0\]"),
        ("split(8, 8, mean=[125.3])", r"mean is \[125\.3\]; .*fractions of the full range"),
        ("split(8, 8, mean='0.5')", r"mean is '0\.5'"),
        ("split(3, 8, 8, mean=[0.5])", r"wanted 3 numbers"),
        ("split(8, 8, classes='4')", "classes is '4'; wanted a whole number"),
        ("split(8, 8, classes=10**12)", r"classes is 1000000000000; .* at most 1,000,000"),
        ("split(8, 8, classes=3)", "label 3 of 3"),
        ("split(8, 8, classes=None, flip=2)", "flip is 2; wanted True or False"),
        ("split(8, 8, epochs=0)", "epochs is 0"),
        ("split(8, 8, batch_size='64')", "batch_size is '64'"),
        ("split(8, 8, lr=float('inf'))", "lr is inf"),
        ("split(8, 8, lr='0.1')", r"lr is '0\.1'"),
        ("split(8, 8, momentum=1)", "momentum is 1; wanted a number, at least 0 and below 1"),
        ("split(8, 8, weight_decay=-1e-4)", r"weight_decay is -0\.0001"),
        ("split(8, 8, channels_last='no')", "channels_last is 'no'"),
        ("split(8, 8, 4)", r"\[12, 8, 8, 4\], whose channels may be first or last"),
        (
            "((images(12, 8, 8), labels(12)), (images(8, 8, 8, kind=np.float32), labels(8)))",
            "train images are uint8, test images float32",
        ),
        ("((images(12, 8, 8), labels(12) * 10**12), (images(8, 8, 8), labels(8)))", "classes is"),
        ("((images(12, 8, 8), labels(12)), (images(8, 8, 9), labels(8)))", "test images are"),
        ("((images(12, 8, 8, kind=int), labels(12)), (images(8, 8, 8), labels(8)))", "int64"),
        ("((np.full((4, 8, 8), 1e300), labels(4)), (images(8, 8, 8), labels(8)))", "finite floats"),
        ("(([[1], [2, 3]], [0, 1]), (images(8, 8, 8), labels(8)))", "no array of numbers"),
        ("((torch.ones(4, 8, 8).bfloat16(), labels(4)), (images(8, 8, 8), labels(8)))", "no array"),
        ("(object(), object())", "neither a pair"),
    ],
)
def test_odd_values_are_refused_at_birth(named: Callable[[str], str], expression: str, says: str):
    spec = named(expression)
    with pytest.raises(SparsetoolError, match=says) as raised:
        init("mlp:4", data=spec)
    assert "\n" not in str(raised.value)


def test_numbers_of_any_kind_are_numbers(named: Callable[[str], str]):
    facts = facts_of(
        named("split(8, 8, pad=np.int64(2), mean=np.array([0.5]), std=0.25, flip=np.True_, lr=1)")
    )
    assert (facts.pad, facts.mean, facts.std, facts.flip) == (2, (0.5,), (0.25,), True)
    assert (facts.recipe["lr"], facts.recipe["epochs"]) == (1.0, 30)


# -- a file of numpy -------------------------------------------------------------------------------


def arrays(**more: Any) -> dict[str, Any]:
    draw = np.random.default_rng(1)
    return {
        "x_train": draw.integers(0, 256, (40, 8, 8, 3)).astype(np.uint8),
        "y_train": np.arange(40) % 4,
        "x_test": draw.integers(0, 256, (8, 8, 8, 3)).astype(np.uint8),
        "y_test": np.arange(8) % 4,
        **more,
    }


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARSETOOL_STATE", str(tmp_path / "state"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_a_file_of_numpy_as_it_is_typed(here: Path):
    np.savez(here / "x.npz", **arrays(pad=2))
    ticket = init("mlp:4", data="x.npz")
    assert str(ticket.meta["data"]).startswith("npz:x.npz@sha256:")
    assert str(here).encode() not in ticket.to_bytes()
    assert (ticket.meta["classes"], ticket.meta["input"]) == (4, [3, 8, 8])
    held = DataSet(str(ticket.meta["data"]))
    assert (held.facts.pad, held.facts.sizes) == (2, {"train": 40, "test": 8})
    assert evaluate(train_cycles(ticket, epochs=1))["examples"] == 8


def test_a_ticket_finds_its_file_again_and_no_other(here: Path, monkeypatch: pytest.MonkeyPatch):
    np.savez(here / "x.npz", **arrays())
    ticket = init("mlp:4", data="./x.npz")
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")
    assert evaluate(ticket)["examples"] == 8
    np.savez(here / "x.npz", **arrays(y_test=np.zeros(8, int)))
    with pytest.raises(SparsetoolError, match=r"x\.npz"):
        evaluate(ticket)


def test_names_as_medmnist_gives_them(here: Path):
    given = arrays()
    renamed = {f"{k[2:]}_{'images' if k[0] == 'x' else 'labels'}": v for k, v in given.items()}
    renamed["train_labels"] = renamed["train_labels"][:, None].astype(np.uint8)
    np.savez(here / "med.npz", **renamed, val_images=given["x_test"], val_labels=given["y_test"])
    facts = facts_of("med.npz")
    assert facts.classes == 4
    assert "med.npz: left aside are val_images, val_labels" in facts.notes


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (
            lambda p: np.savez(p, images=np.ones(3)),
            "no images and labels to train on; it holds",
        ),
        (lambda p: np.savez(p, **arrays(pad=-1)), "pad is -1"),
        (lambda p: np.savez(p, **arrays(x_test=np.array([{}]))), "cannot read x.npz: Object arr"),
        (lambda p: p.write_bytes(b"PK\x03\x04 no archive"), "cannot read x.npz"),
        (lambda p: p.write_bytes(b""), "cannot read x.npz"),
    ],
)
def test_files_that_are_no_data_are_refused(here: Path, made: Callable[[Path], Any], says: str):
    made(here / "x.npz")
    with pytest.raises(SparsetoolError, match=says):
        init("mlp:4", data="x.npz")


# -- names ----------------------------------------------------------------------------------------


def test_a_folder_is_photographs(here: Path):
    from PIL import Image

    for split in ("train", "val"):
        for kind in ("cat", "dog"):
            (here / "photos" / split / kind).mkdir(parents=True)
            Image.new("RGB", (8, 8)).save(here / "photos" / split / kind / "1.png")
    for typed in ("./photos", "photos/", str(here / "photos")):
        assert recorded_name("datasets", typed).startswith("imagefolder:photos@sha256:")
        assert facts_of(typed).classes == 2
    with pytest.raises(UsageError, match=r"set 'photos'.*the folder here is \./photos"):
        init("mlp:4", data="photos")


def test_an_unknown_name_is_answered_with_how_own_data_are_named(here: Path):
    with pytest.raises(UsageError, match=r"FILE\.npz, FILE\.txt, \./FOLDER or FILE\.py:FUNCTION"):
        init("mlp:4", data="digts")
    with pytest.raises(SparsetoolError, match=r"there is no gone\.npz"):
        init("mlp:4", data="gone.npz")
    with pytest.raises(SparsetoolError, match=r"no photographs in \./gone"):
        init("mlp:4", data="./gone")
    assert file.ARGUMENT == "FILE.py:FUNCTION"

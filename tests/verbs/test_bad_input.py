"""`sparsetool guide promises`, "Bad input": what verbs that read a ticket do with a bad one.

The exit code, one line that starts with the verb, nothing on standard output, no file.
"""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

READERS = {
    "mask": ["mask", "--random", "--global", "0.5"],
    "prune": ["prune", "--global", "0.9"],
    "rewind": ["rewind", "--to", "{mlp}"],
    "transfer-signs": ["transfer-signs", "--from", "{mlp}"],
    "train-cycles": ["train-cycles", "--n", "1", "--epochs", "1", "--threads", "1"],
    "eval": ["eval"],
}


def argv(verb: str, shelf: Shelf) -> list[str]:
    return [str(shelf[word[1:-1]]) if word[0] == "{" else word for word in READERS[verb]]


def zipped() -> bytes:
    """What `torch.save` writes: a zip archive with a pickle in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": [1.0, 2.0]}, protocol=2))
    return buffer.getvalue()


def noise() -> bytes:
    return np.random.default_rng(7).bytes(5000)


FOREIGN: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "empty": (lambda: b"", (r"empty",)),
    "one byte": (lambda: b"\x08", ()),
    "zip of torch.save": (zipped, (r"sparsetool import",)),
    "bare pickle": (lambda: pickle.dumps({"a": [0.5] * 100}, protocol=2), (r"sparsetool import",)),
    "JSON": (lambda: b'{"weights": [1, 2, 3], "masks": null}\n' * 40, ()),
    "random bytes": (noise, ()),
    "plain text": (lambda: b"the quick brown fox jumps over the lazy dog\n" * 40, ()),
    "zeros": (lambda: bytes(4096), ()),
    "safetensors of somebody else": (
        lambda: safetensors.numpy.save({"fc.weight": np.ones((4, 4), np.float32)}),
        (),
    ),
    "safetensors with other metadata": (
        lambda: safetensors.numpy.save({"w": np.ones(3, np.float32)}, {"format": "pt"}),
        (),
    ),
}


@pytest.mark.parametrize("verb", READERS)
def test_no_file(verb: str, shell: Shell, shelf: Shelf) -> None:
    shell.refuses(1, *argv(verb, shelf), "nowhere.st", says=r"nowhere\.st")


@pytest.mark.parametrize("verb", READERS)
def test_a_folder(verb: str, shell: Shell, shelf: Shelf) -> None:
    (shell / "folder.st").mkdir()
    shell.refuses(1, *argv(verb, shelf), "folder.st", says=(r"folder\.st", r"folder|directory"))


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("verb", READERS)
def test_foreign_file(verb: str, kind: str, shell: Shell, shelf: Shelf) -> None:
    make, says = FOREIGN[kind]
    (shell / "strange.st").write_bytes(make())
    shell.refuses(1, *argv(verb, shelf), "strange.st", says=(r"strange\.st", *says))


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("verb", READERS)
def test_foreign_standard_input(verb: str, kind: str, shell: Shell, shelf: Shelf) -> None:
    make, says = FOREIGN[kind]
    if kind == "empty":
        says = (r"standard input was empty; the command before the pipe probably failed",)
    shell.refuses(1, *argv(verb, shelf), stdin=make(), says=(r"standard input", *says))
    shell.refuses(1, *argv(verb, shelf), "-", stdin=make(), says=(r"standard input", *says))


@pytest.mark.parametrize("left", [9, 200, 0.5, -1])
@pytest.mark.parametrize("verb", READERS)
def test_truncated(verb: str, left: float, shell: Shell, shelf: Shelf) -> None:
    """How much came is said, and once the header came whole, how much should have come."""
    whole = shelf["half"].read_bytes()
    size = int(len(whole) * left) if isinstance(left, float) else left % len(whole)
    (shell / "short.st").write_bytes(whole[:size])
    said = rf"ended after {size} of {len(whole)} bytes" if size > 5000 else f"after {size} "
    shell.refuses(1, *argv(verb, shelf), "short.st", says=(r"short\.st", said))
    shell.refuses(1, *argv(verb, shelf), stdin=whole[:size], says=(r"standard input", said))


def test_more_bytes_than_the_header_says(shell: Shell, shelf: Shelf) -> None:
    whole = shelf["half"].read_bytes()
    (shell / "long.st").write_bytes(whole + b"\0" * 16)
    shell.refuses(1, *argv("prune", shelf), "long.st", says=r"long\.st")


Change = Callable[[dict[str, np.ndarray], dict], None]


def newer(tensors: dict[str, np.ndarray], facts: dict) -> None:
    facts["schema"] = 97


def no_schema(tensors: dict[str, np.ndarray], facts: dict) -> None:
    del facts["schema"]


def mask_of_other_shape(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][0]
    tensors[f"{name}_mask"] = tensors[f"{name}_mask"][:, :-1]


def mask_of_the_same_size(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][0]
    tensors[f"{name}_mask"] = tensors[f"{name}_mask"].T


def mask_of_numbers(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][0]
    tensors[f"{name}_mask"] = tensors[f"{name}_mask"].astype(np.float32)


def mask_of_nothing(tensors: dict[str, np.ndarray], facts: dict) -> None:
    tensors["ghost.weight_mask"] = np.ones((3, 3), bool)


def weight_missing(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][0]
    del tensors[name], tensors[f"{name}_mask"]


def nan_weight(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][1]
    row, column = np.argwhere(tensors[f"{name}_mask"])[5]
    tensors[name][row, column] = np.nan


def infinite_weight(tensors: dict[str, np.ndarray], facts: dict) -> None:
    name = facts["prunable"][1]
    row, column = np.argwhere(tensors[f"{name}_mask"])[5]
    tensors[name][row, column] = -np.inf


CRAFTED: dict[str, tuple[Change, tuple[str, ...]]] = {
    "newer schema": (newer, (r"97",)),
    "no schema": (no_schema, ()),
    "mask of another shape": (mask_of_other_shape, (r"{name}", r"mask")),
    "mask transposed": (mask_of_the_same_size, (r"{name}", r"mask")),
    "mask of numbers": (mask_of_numbers, (r"{name}", r"mask")),
    "mask of nothing": (mask_of_nothing, (r"ghost\.weight", r"mask")),
    "weight missing": (weight_missing, (r"{name}",)),
    "NaN weights": (nan_weight, (r"{second}", r"nan|not finite|finite")),
    "infinite weights": (infinite_weight, (r"{second}", r"inf|finite")),
}


def crafted(source: Path, change: Change) -> bytes:
    tensors = {name: array.copy() for name, array in reading.arrays(source).items()}
    facts = reading.meta(source)
    change(tensors, facts)
    return reading.pack(tensors, facts)


def test_a_ticket_packed_again_is_accepted(shell: Shell, shelf: Shelf) -> None:
    """Else the refusals below could have another cause than the one crafted."""
    (shell / "same.st").write_bytes(crafted(shelf["half"], lambda tensors, facts: None))
    assert (shell / "same.st").read_bytes() == shelf["half"].read_bytes()
    shell.ok(*argv("prune", shelf), "same.st")


@pytest.mark.parametrize("kind", CRAFTED)
@pytest.mark.parametrize("verb", READERS)
def test_crafted_ticket(verb: str, kind: str, shell: Shell, shelf: Shelf) -> None:
    change, says = CRAFTED[kind]
    first, second = reading.meta(shelf["half"])["prunable"][:2]
    patterns = [p.replace("{name}", first).replace("{second}", second) for p in says]
    (shell / "wrong.st").write_bytes(crafted(shelf["half"], change))
    shell.refuses(1, *argv(verb, shelf), "wrong.st", says=(r"wrong\.st", *patterns))


@pytest.mark.parametrize("text", ["not JSON", "[]", "7", '{"schema": "one"}'])
def test_metadata_that_is_no_ticket(text: str, shell: Shell, shelf: Shelf) -> None:
    data = safetensors.numpy.save(
        {"w": np.ones(3, np.float32)}, {"format": "pt", "sparsetool": text}
    )
    (shell / "odd.st").write_bytes(data)
    shell.refuses(1, *argv("prune", shelf), "odd.st", says=r"odd\.st")


@pytest.mark.parametrize("verb", ["prune", "rewind", "transfer-signs", "train-cycles", "eval"])
def test_a_file_of_masks_alone_is_no_network(verb: str, shell: Shell, shelf: Shelf) -> None:
    shell.ok("mask", "--random", "--global", "0.5", "--mask-only", shelf["mlp"], "-o", "m.st")
    shell.refuses(1, *argv(verb, shelf), "m.st", says=r"masks alone")


@pytest.mark.parametrize(
    ("verb", "option"), [("rewind", "--to"), ("transfer-signs", "--from"), ("mask", "--from")]
)
def test_second_input(verb: str, option: str, shell: Shell, shelf: Shelf) -> None:
    """The other ticket of a verb is read as carefully as the first."""
    (shell / "half.st").write_bytes(shelf["half"].read_bytes())
    (shell / "short.st").write_bytes(shelf["half"].read_bytes()[:5000])
    (shell / "torn.st").write_bytes(zipped())
    (shell / "nan.st").write_bytes(crafted(shelf["half"], nan_weight))
    (shell / "wrong.st").write_bytes(crafted(shelf["half"], mask_of_other_shape))
    for name in ("nowhere", "short", "torn", "nan", "wrong"):
        shell.refuses(1, verb, option, f"{name}.st", "half.st", says=rf"{name}\.st")


@pytest.mark.parametrize(
    ("verb", "option"), [("rewind", "--to"), ("transfer-signs", "--from"), ("mask", "--from")]
)
def test_two_standard_inputs(verb: str, option: str, shell: Shell, shelf: Shelf) -> None:
    data = shelf["half"].read_bytes()
    shell.refuses(2, verb, option, "-", stdin=data, says=r"standard input")
    shell.refuses(2, verb, option, "-", "-", stdin=data, says=r"standard input")


def test_two_standard_inputs_of_eval(shell: Shell, shelf: Shelf) -> None:
    shell.refuses(2, "eval", "-", "-", stdin=shelf["half"].read_bytes(), says=r"standard input")


@pytest.mark.parametrize(
    ("verb", "option"), [("rewind", "--to"), ("transfer-signs", "--from"), ("mask", "--from")]
)
def test_another_architecture(verb: str, option: str, shell: Shell, shelf: Shelf) -> None:
    """Which tensors differ is said: by name, and where shapes differ by both shapes."""
    names = set(reading.meta(shelf["mlp"])["prunable"]) | set(
        reading.meta(shelf["r20d"])["prunable"]
    )
    done = shell.refuses(1, verb, option, shelf["r20d"], shelf["half"])
    assert any(name in done.err for name in names), done.err


def test_another_shape_of_the_same_model(shell: Shell, shelf: Shelf) -> None:
    stem = reading.meta(shelf["r20"])["prunable"][0]
    shell.ok("mask", "--random", "--global", "0.5", shelf["r20"], "-o", "m.st")
    for verb, option in [("rewind", "--to"), ("transfer-signs", "--from"), ("mask", "--from")]:
        done = shell.refuses(1, verb, option, shelf["r20d"], "m.st")
        assert stem in done.err
        assert "3" in done.err.split(stem)[1]


def test_the_crafted_json_is_what_it_seems(shelf: Shelf) -> None:
    """The writer of these tests keeps the metadata that the program wrote, byte for byte."""
    text = reading.header(shelf["half"])["__metadata__"]["sparsetool"]
    again = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again == text

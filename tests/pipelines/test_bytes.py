"""`sparsetool guide formats`: canonical bytes, lineage by digest, pipelines that equal files."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

SIZES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "U8": 1, "BOOL": 1}


@pytest.fixture
def family(shell: Shell, shelf: Shelf) -> list[Path]:
    """A ticket of every kind that the verbs of this landing write."""
    line = {
        "mask": ("mask", "--random", "--erk", "0.8", shelf["r20d"]),
        "masks": ("mask", "--magnitude", "--uniform", "0.8", "--mask-only", shelf["r20d"]),
        "from": ("mask", "--from", "masks.st", "mask.st"),
        "prune": ("prune", "--rate", "0.2", "from.st"),
        "rewind": ("rewind", "--to", shelf["r20d"], "prune.st"),
        "signs": ("transfer-signs", "--from", "prune.st", "--perturb", "0.1", "rewind.st"),
    }
    for name, words in line.items():
        shell.ok(*words, "-o", f"{name}.st")
    own = [shell / f"{name}.st" for name in line]
    return [*own, *(shelf[name] for name in ("mlp", "half", "r20", "r20d", "trained"))]


def test_canonical_form(family: list[Path]) -> None:
    """Header padded to 8 bytes, data by element size then name, no gap, two metadata keys."""
    for path in family:
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        head = json.loads(data[8 : 8 + length])
        assert length % 8 == 0
        metadata = head.pop("__metadata__")
        assert set(metadata) == {"format", "sparsetool"}
        assert metadata["format"] == "pt"
        order = sorted(head, key=lambda name: (-SIZES[head[name]["dtype"]], name))
        at = 0
        for name in order:
            assert head[name]["data_offsets"][0] == at, name
            at = head[name]["data_offsets"][1]
        assert 8 + length + at == len(data)
        text = metadata["sparsetool"]
        assert text == json.dumps(
            json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert data == reading.pack(reading.arrays(path), reading.meta(path))


def test_safetensors_torch_opens_every_ticket(family: list[Path]) -> None:
    for path in family:
        found = safetensors.torch.load_file(path)
        for name, array in reading.arrays(path).items():
            assert (found[name].numpy() == array).all()


def test_masks_are_bool_of_the_parameters_shape(family: list[Path]) -> None:
    for path in family:
        prunable = set(reading.meta(path)["prunable"])
        arrays = reading.arrays(path)
        for name, mask in reading.masks(path).items():
            assert mask.dtype == np.bool_
            if name in arrays:
                assert mask.shape == arrays[name].shape
            assert name in prunable


def test_plus_zero_off_the_mask(family: list[Path]) -> None:
    """Bit for bit, so -0.0 counts as wrong; and no kept weight is lost on the way."""
    for path in family:
        if reading.meta(path)["kind"] == "ticket":
            assert reading.off_mask_bits(path) == 0


def test_negative_weights_leave_no_negative_zero(shell: Shell, shelf: Shelf) -> None:
    """The case that a product gets wrong: every pruned weight was negative."""
    tensors = reading.arrays(shelf["mlp"])
    for name in reading.prunable(shelf["mlp"]):
        tensors[name] = -np.abs(tensors[name])
    (shell / "n.st").write_bytes(reading.pack(tensors, reading.meta(shelf["mlp"])))
    shell.ok("mask", "--random", "--global", "0.5", "n.st", "-o", "m.st")
    shell.ok("prune", "--global", "0.9", "m.st", "-o", "p.st")
    shell.ok("rewind", "--to", "n.st", "p.st", "-o", "r.st")
    shell.ok("transfer-signs", "--from", "n.st", "r.st", "-o", "s.st")
    shell.ok("train-cycles", "--epochs", "1", "s.st", "-o", "t.st")
    for name in "mprst":
        assert reading.off_mask_bits(shell / f"{name}.st") == 0, name


def records(path: Path | bytes) -> list[dict]:
    return reading.lineage(path)


def check_lineage(path: Path | bytes) -> None:
    """Parents before children, each record once, every digest that is named is there."""
    known: list[str] = []
    found = records(path)
    for record in found[:-1]:
        assert set(record["inputs"].values()) <= set(known), "a parent after its child"
        assert record["digest"] not in known, "a record twice"
        known.append(record["digest"])
    assert set(found[-1]["inputs"].values()) <= set(known)
    used = {parent for record in found for parent in record["inputs"].values()}
    assert used == set(known), "a record that nothing descends from"
    for record in found:
        assert {"verb", "options", "seed", "inputs", "achieved", "versions"} <= set(record)


def test_lineage_is_a_topological_list(family: list[Path]) -> None:
    for path in family:
        check_lineage(path)


def test_digests_chain(shell: Shell, shelf: Shelf) -> None:
    """Each digest in a lineage is that of the file which the step really wrote."""
    shell.ok("mask", "--random", "--balanced", "0.5", shelf["mlp"], "-o", "a.st")
    shell.ok("train-cycles", "--epochs", "2", "--save-epoch", "1:w.st", "a.st", "-o", "b.st")
    shell.ok("prune", "--global", "0.9", "b.st", "-o", "c.st")
    shell.ok("rewind", "--to", "w.st", "c.st", "-o", "d.st")
    shell.ok("transfer-signs", "--from", "w.st", "d.st", "-o", "e.st")
    check_lineage(shell / "e.st")
    by_digest = {record["digest"]: record["verb"] for record in records(shell / "e.st")[:-1]}
    for name, verb in zip("abcd", ("mask", "train-cycles", "prune", "rewind"), strict=True):
        assert by_digest[reading.digest(shell / f"{name}.st")] == verb
    assert by_digest[reading.digest(shelf["mlp"])] == "init"
    assert by_digest[reading.digest(shell / "w.st")] == "train-cycles"
    verbs = [record["verb"] for record in records(shell / "e.st")]
    assert verbs.count("init") == verbs.count("mask") == verbs.count("prune") == 1


def test_digest_leaves_out_versions_device_and_figures(shell: Shell, shelf: Shelf) -> None:
    """Another machine's numpy and torch change the file but not its digest."""
    facts, tensors = reading.meta(shelf["trained"]), reading.arrays(shelf["trained"])
    facts["lineage"][-1].update(versions={"torch": "9.9"}, device="cuda", figures={})
    (shell / "t.st").write_bytes(reading.pack(tensors, facts))
    assert (shell / "t.st").read_bytes() != shelf["trained"].read_bytes()
    rows = shell.ok("eval", shelf["trained"], "t.st").out.splitlines()
    first, second = (json.loads(row)["digest"] for row in rows)
    assert first == second == reading.digest(shelf["trained"])
    facts["lineage"][-1]["seed"] += 1
    (shell / "u.st").write_bytes(reading.pack(tensors, facts))
    (row,) = shell.ok("eval", "u.st").out.splitlines()
    assert json.loads(row)["digest"] == reading.digest(shell / "u.st") != first


def test_result_options_only(shell: Shell, shelf: Shelf) -> None:
    """No path, -o, --log, --keep, --save-epoch, --quiet or --force in a record."""
    shell.ok(
        "train-cycles", "--epochs", "1", "--log", "log-here", "--keep", "keep-here",
        "--save-epoch", "1:save-here.st", "--quiet", "--force", shelf["half"], "-o", "out-here.st",
    )  # fmt: skip
    text = json.dumps(reading.meta(shell / "out-here.st"))
    for word in ("here", "quiet", "force", 'keep"', str(shelf["half"].parent), "half.st"):
        assert word not in text, word


CHAIN = [
    "init mlp --data digits --seed 11",
    "mask --random --balanced 0.5",
    "train-cycles --n 2 --epochs 1 --threads 1 --no-store",
    "prune --magnitude --global 0.9",
    "train-cycles --n 1 --epochs 1 --threads 1 --no-store",
]


def test_pipeline_equals_files(shell: Shell) -> None:
    """Through pipes and through -o files: the same bytes, and twice the same."""
    piped = " | ".join(f"sparsetool {part}" for part in CHAIN)
    result = shell.bash(f"set -o pipefail; {piped}")
    assert result.code == 0, result.err
    for number, part in enumerate(CHAIN):
        source = [f"{number - 1}.st"] if number else []
        shell.ok(*part.split(), *source, "-o", f"{number}.st")
    assert result.out == (shell / "4.st").read_bytes()
    assert reading.kept(result.out) == 5020
    check_lineage(result.out)


def test_cycles_add_up_through_a_pipe(shell: Shell, shelf: Shelf) -> None:
    """`--n 1 | --n 3` in two processes equals `--n 4` in this one."""
    line = "train-cycles --epochs 2 --threads 1 --no-store"
    result = shell.bash(
        f"set -o pipefail; sparsetool {line} --n 1 {shelf['half']} | sparsetool {line} --n 3"
    )
    assert result.code == 0, result.err
    assert result.out == shell.ok(*line.split(), "--n", "4", shelf["half"]).out


def test_the_waiting_stages_do_not_hold_torch(shell: Shell, shelf: Shelf) -> None:
    """Rule 7: with standard input still open, nothing of torch is loaded yet."""
    process = shell.start("train-cycles", "--n", "1", torch=False, stdin=-1)
    try:
        data = shelf["half"].read_bytes()
        process.stdin.write(data[: len(data) // 2])
        process.stdin.flush()
        assert not waits_to_end(process, 1.5), "it ended before its input did"
        process.stdin.write(data[len(data) // 2 :])
        process.stdin.close()
        assert process.wait(timeout=60) == 99, "only now it asks for torch"
    finally:
        process.kill()
        process.stdout.close()
        process.stderr.close()


def waits_to_end(process: subprocess.Popen, seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True

"""Damaged input for everything that is read: tickets, JSON Lines, checkpoints.

    python -m tests.fuzz tickets 50000 --seed 1

Mutations know the structure of what they damage: bytes, the header's JSON, the facts, records of
the lineage, offsets and shapes, equal keys, depth, huge numbers, halves of surrogate pairs, NaN.
Whatever comes out, the program says it in one line or takes it: never a traceback, an endless loop,
much memory, nor a file for whole that the safetensors library refuses.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import io
import json
import os
import random
import re
import resource
import signal
import struct
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors

from sparsetool.cli import main
from sparsetool.errors import SparsetoolError
from sparsetool.ticket.value import Ticket

LIMIT_S = 10
LINE = 300
DEEP, HUGE, NAN = "@deep@", "@huge@", "@nan@"  # become JSON that Python would not write
RAW = {DEEP: "[" * 5000 + "]" * 5000, HUGE: "1" + "0" * 400, NAN: "NaN"}
ODD: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1, 2, 7, 2**31, 2**63, 2**64, -(2**70), 0.5, -0.0, 1e308),
    *("", "x", "../x", "--force", "\ud800", "\x1b[2J", "a\nb", "ü" * 3000, DEEP, HUGE, NAN),
    *([], {}, [[]], [None], {"a": 1}, [1, 2], "0" * 64, "train-cycles", "runs", "fc1.weight"),
)
VERBS = (
    *(["show", "--layers", "--lineage", "--json"], ["show", "--script"], ["diff", "{base}"]),
    *(["mask", "--random", "--global", "0.5"], ["prune", "--magnitude", "--rate", "0.1"]),
    *(["rewind", "--to", "{base}"], ["transfer-signs", "--from", "{base}"], ["flops"]),
    *(["mask", "--from", "{file}", "{base}"], ["plot", "layers"], ["plot", "schedule"]),
)
KINDS = ("sweep", "curves", "lmc", "hessian", "signs")


@dataclass
class Tally:
    """What became of mutations; `bad` holds what must not be, with the bytes that did it."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[str, bytes]] = field(default_factory=list)


# -- mutations -----------------------------------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every part of a JSON value is."""
    yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


def changed(value: Any, draw: random.Random) -> Any:
    """A JSON value with one part replaced, dropped, doubled, moved or renamed."""
    value = copy.deepcopy(value)
    path = draw.choice([p for p in places(value) if p] or [()])
    if not path:
        return draw.choice(ODD)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    key, how = path[-1], draw.randrange(6)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, list):
        holder.insert(draw.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
    elif how == 1:
        holder[draw.choice([o for o in ODD if isinstance(o, str)])] = holder.pop(key)
    elif how == 2:
        others = list(holder) if isinstance(holder, dict) else range(len(holder))
        other = draw.choice(list(others))
        holder[key], holder[other] = holder[other], holder[key]
    elif how == 3 and type(holder[key]) in (int, float):
        holder[key] += draw.choice([-1, 1, 8, -8, 0.5, 1000])
    else:
        holder[key] = copy.deepcopy(draw.choice(ODD))
    return value


def text_of(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"))
    for mark, raw in RAW.items():
        text = text.replace(f'"{mark}"', raw)
    return text


def split(data: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def joined(text: str, body: bytes) -> bytes:
    head = text.encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + body


def in_header(data: bytes, draw: random.Random) -> bytes:
    header, body = split(data)
    return joined(text_of(changed(header, draw)), body)


def in_facts(data: bytes, draw: random.Random) -> bytes:
    header, body = split(data)
    facts = json.loads(header["__metadata__"]["sparsetool"])
    facts.pop("checksum", None)
    for _ in range(draw.choice([1, 1, 2])):
        part = draw.choice([None, "lineage", "graph", "prunable", "buffers"])
        if isinstance(facts, dict) and facts.get(part):
            facts[part] = changed(facts[part], draw)
        else:
            facts = changed(facts, draw)
    header["__metadata__"]["sparsetool"] = text_of(facts)
    return joined(json.dumps(header), body)


def in_tensors(data: bytes, draw: random.Random) -> bytes:
    """Offsets, shapes and types that are numbers, but others."""
    header, body = split(data)
    names = [name for name in header if name != "__metadata__"]
    one, two = (header[draw.choice(names)] for _ in range(2))
    how = draw.randrange(6)
    if how == 0:
        one["data_offsets"], two["data_offsets"] = two["data_offsets"], one["data_offsets"]
    elif how == 1:
        one["shape"], two["shape"] = two["shape"], one["shape"]
    elif how == 2:
        one["shape"] = one["shape"][::-1]
    elif how == 3:
        one["data_offsets"] = [
            offset + draw.choice([-8, -1, 1, 8]) for offset in two["data_offsets"]
        ]
    elif how == 4:
        one["dtype"] = draw.choice(["F64", "F32", "F16", "BF16", "I64", "BOOL", "U8", "F8_E4M3"])
    else:
        one["shape"] = [*one["shape"], *draw.choice([[1], [0], [2**40, 0], [1] * 70])]
    return joined(json.dumps(header), body)


def in_text(data: bytes, draw: random.Random) -> bytes:
    """Equal keys, and other text that a JSON writer would not write."""
    header, body = split(data)
    text = json.dumps(header)
    key = re.escape(json.dumps(draw.choice(list(header))))
    twice = re.sub(f"({key}: )", r"\g<1>{},\g<1>", text, count=1)
    return joined(
        draw.choice([twice, text.replace("{", "{ ,", 1), text[:-1], "\ufeff" + text]), body
    )


def in_bytes(data: bytes, draw: random.Random) -> bytes:
    how, at = draw.randrange(5), draw.randrange(len(data))
    if how == 0:
        return data[:at]
    if how == 1:
        return data + bytes(draw.choice([1, 8, 1000]))
    if how == 2:
        return struct.pack("<Q", draw.choice([0, 1, 2**40, 2**64 - 1, at])) + data[8:]
    if how == 3:
        return data[:at] + bytes(draw.randrange(256) for _ in range(9)) + data[at + 9 :]
    flipped = bytearray(data)
    flipped[at] ^= 1 << draw.randrange(8)
    return bytes(flipped)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(in_header, in_facts, in_facts, in_facts, in_tensors, in_text, in_bytes),
)


# -- the program under them ----------------------------------------------------------------------


@contextlib.contextmanager
def limited() -> Iterator[None]:
    def late(number: int, frame: Any) -> None:
        raise TimeoutError

    # Time of the processor: the machine may have others to serve.
    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def call(words: list[str]) -> tuple[int, str]:
    """The program on these words: its code, and what it said on standard error."""
    said = io.StringIO()
    kept, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        with (
            contextlib.redirect_stderr(said),
            contextlib.redirect_stdout(io.StringIO()),
            limited(),
        ):
            return main.run(words), said.getvalue()
    except BaseException as error:  # not even SystemExit may come out
        return 70, f"{type(error).__name__}: {error}"
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)


def judge(words: list[str], data: bytes, tally: Tally) -> None:
    code, said = call(words)
    lines = said.splitlines()
    tally.counts[f"exit {code}"] += 1
    trouble = code not in (0, 1, 2) or "TimeoutError" in said or "MemoryError" in said
    if trouble or (code and (len(lines) != 1 or len(lines[0]) > LINE)):
        tally.bad.append((f"{' '.join(words)}: exit {code}: {said[-300:]}", data))


def ticket(data: bytes, folder: Path, draw: random.Random, tally: Tally) -> None:
    """Read a damaged ticket; if it is taken, the library takes it, and so do verbs."""
    (folder / "x.st").write_bytes(data)
    try:
        with limited():
            Ticket.load(folder / "x.st", "x.st")
    except SparsetoolError as error:
        tally.counts["refused"] += 1
        if len(str(error).splitlines()) != 1 or len(str(error)) > LINE:
            tally.bad.append((f"said in {len(str(error))} characters", data))
        if draw.random() > 0.03:
            return
    except BaseException as error:
        tally.bad.append((f"{type(error).__name__}: {error}", data))
        return
    else:
        tally.counts["taken"] += 1
        try:
            safetensors.deserialize(data)
        except Exception as error:
            tally.bad.append((f"safetensors refuses it: {error}", data))
        if draw.random() < 0.5:
            return
    verb = draw.choice(VERBS)
    files = {"{base}": str(folder / "base.st"), "{file}": str(folder / "x.st")}
    words = [files.get(word, word) for word in verb]
    judge([*words, *([] if "{file}" in verb else [files["{file}"]])], data, tally)


def rows(data: bytes, folder: Path, draw: random.Random, tally: Tally) -> None:
    (folder / "x.jsonl").write_bytes(data)
    words = ["plot", draw.choice(KINDS), str(folder / "x.jsonl")]
    judge([*words, *draw.choice([[], [], ["--terminal"], ["--x", "epochs"]])], data, tally)


def checkpoint(data: bytes, folder: Path, draw: random.Random, tally: Tally) -> None:
    (folder / "x.pt").write_bytes(data)
    words = ["import", str(folder / "x.pt"), "--model", "mlp:16", "-o", str(folder / "y.st")]
    judge([*words, "--force"], data, tally)


# -- what is damaged -----------------------------------------------------------------------------


def tickets() -> list[bytes]:
    """Dense, masked, trained, pruned and rewound tickets, masks alone, and one with buffers."""
    from sparsetool import init, mask, prune, rewind, train_cycles, transfer_signs

    born = init("mlp:16")
    masked = mask(born, criterion="random", density="balanced", sparsity=0.5)
    trained = train_cycles(masked, n=2, epochs=1)
    pruned = prune(trained, sparsity=0.8)
    back = transfer_signs(rewind(pruned, to=born), source=trained)
    alone = mask(born, criterion="random", density="balanced", sparsity=0.5, mask_only=True)
    deep = mask(init("resnet20"), criterion="random", density="erk", sparsity=0.9)
    return [made.to_bytes() for made in (born, masked, trained, pruned, back, alone, deep)]


def lines() -> list[bytes]:
    """Lines as the measuring verbs write them."""
    one = {
        "file": "a.st",
        "digest": "a" * 64,
        "sparsity": 0.5,
        "epochs": 4,
        "labels": {"seed": "0"},
    }
    pair = {"files": ["a.st", "b.st"], "digests": ["a" * 64, "b" * 64], "sparsity": [0.5, 0.8]}
    pair |= {"epochs": [4, 5], "labels": {}, "pair": "a to b"}
    found = [
        {**one, "measure": "eval", "split": "test", "loss": 1.5, "accuracy": 0.5},
        {**one, "measure": "hessian", "eigenvalues": [3.0, 2.0], "options": {"top": 2}},
        {**one, "measure": "flops", "macs": 10, "train_flops": 10**9, "train_flops_all": 10**9},
        {**pair, "measure": "lmc", "split": "test", "alpha": [0.0, 0.5, 1.0], "loss": [1, 2, 1]}
        | {"error": [0.1, 0.2, 0.1], "loss_barrier": 1.0, "options": {"bn": "recompute"}},
        {**pair, "measure": "diff", "sign_flips": 3, "sign_agreement": 0.9, "layers": [one]},
        {"run": "ab", "cycle": 1, "epoch": 1, "epochs": 1, "lr": 0.1, "train_loss": 2.0}
        | {"train_accuracy": 0.3, "test_loss": 2.0, "test_accuracy": 0.2},
    ]
    return [json.dumps(row).encode() for row in found]


def damaged_lines(base: list[bytes], draw: random.Random) -> bytes:
    whole = [json.loads(draw.choice(base)) for _ in range(draw.choice([1, 2, 4]))]
    at = draw.randrange(len(whole))
    for _ in range(draw.choice([1, 1, 2])):
        if isinstance(whole[at], dict):
            whole[at] = changed(whole[at], draw)
    data = "\n".join(map(text_of, whole)).encode(errors="surrogatepass")
    return in_bytes(data, draw) if draw.random() < 0.2 else data


def checkpoints() -> list[bytes]:
    """What `torch.save` and safetensors write for the weights of one network."""
    import torch
    from safetensors.torch import save

    from sparsetool import init

    state = {k: torch.tensor(np.array(w)) for k, w in init("mlp:16").weights.items()}
    buffers = [io.BytesIO(), io.BytesIO(), io.BytesIO()]
    torch.save(state, buffers[0])
    torch.save({"state_dict": state, "epoch": 3}, buffers[1])
    torch.save(state, buffers[2], _use_new_zipfile_serialization=False)
    return [*(buffer.getvalue() for buffer in buffers), save(state)]


def fuzz(what: str, count: int, seed: int = 0) -> Tally:
    """Damage `count` inputs of a kind (`tickets`, `lines` or `checkpoints`) and judge each."""
    draw, tally = random.Random(seed), Tally()
    base = {"tickets": tickets, "lines": lines, "checkpoints": checkpoints}[what]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base.st").write_bytes(base[0])
        for data in base if what == "tickets" else []:
            # Everything is imported before time and memory are counted: an import that is stopped
            # leaves half a module behind.
            (folder / "x.st").write_bytes(data)
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                main.run(["flops", str(folder / "x.st"), "-o", str(folder / "x.jsonl"), "--force"])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(count):
            if what == "tickets":
                data = draw.choice(base)
                for _ in range(draw.choice([1, 1, 1, 2])):
                    with contextlib.suppress(Exception):  # what is damaged already is left
                        data = draw.choice(MUTATIONS)(data, draw)
                ticket(data, folder, draw, tally)
            elif what == "lines":
                rows(damaged_lines(base, draw), folder, draw, tally)
            else:
                data = draw.choice(base)
                checkpoint(in_bytes(data, draw), folder, draw, tally)
        tally.counts["MB more"] = (
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        ) // 1024
    return tally


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["tickets", "lines", "checkpoints"])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for inputs that did what must not be")
    asked = parser.parse_args()
    result = fuzz(asked.what, asked.count, asked.seed)
    print(dict(result.counts), f"{len(result.bad)} bad")
    for number, (told, data) in enumerate(result.bad[:40]):
        print(told)
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"{asked.what}-{number}").write_bytes(data)
    raise SystemExit(bool(result.bad))

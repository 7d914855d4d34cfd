"""What a golden case leaves behind, and how it is compared with what was recorded.

Two things are recorded of each case. `exact`: the SHA-256 of its canonical bytes without versions,
device and checksum (`figures` are in it); it depends on the machine and is recorded by environment.
`near`: counts, options, figures and two sums over every tensor, which must be the same on any
machine but for rounding.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import os
import platform
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np

from tests.pipelines.golden_lines import FILES, MEASURES, TICKETS, lay_out
from tests.verbs import reading
from tests.verbs.shell import Shell

RECORDED = Path(__file__).with_name("golden.json")
MACHINES = ("versions", "device")  # fields of records that say where it was made
DIGESTS = re.compile(r"\b[0-9a-f]{64}\b|(?<=-)[0-9a-f]{8}(?=\.st\b)")
RELATIVE = 1e-4  # of losses, norms, distances ...
DEEP = {"train-resnet20": 1e-2}  # rounding grows through twenty layers and batch norms
EXAMPLES = 0.006  # of accuracies: two of the 360 test digits
CASES = (*TICKETS, *FILES, *MEASURES)


def environment() -> str:
    """What the last bit of a figure depends on."""
    import torch

    found: dict[str, str] = {}
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else ():
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), value.strip())
    cpu = "-".join(found.get(key, "unknown") for key in ("vendor_id", "cpu family", "model"))
    # Kernels of torch, of its BLAS and of numpy are chosen by these variables, too.
    chosen = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_CBWR", "NPY_DISABLE_CPU_FEATURES")
    told = [f"{name}={os.environ[name]}" for name in chosen if name in os.environ]
    return ", ".join(
        [
            f"torch {torch.__version__}",
            f"numpy {np.__version__}",
            platform.machine(),
            f"cpu {cpu}",
            torch.backends.cpu.get_cpu_capability(),
            *told,
        ]
    )


class Made:
    """Cases by name, each made when first asked for, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.shell = Shell(folder / "work", folder / "state")
        self._printed: dict[str, bytes] = {}
        lay_out(self.shell.cwd)

    def file(self, name: str) -> str:
        """The file of a ticket or export, made if it is not there; relative to the folder."""
        line, ending = FILES.get(name) or (TICKETS[name], "st")
        file = f"{name}.{ending}"
        if not (self.shell / file).exists():
            argv = [word.replace("OUT", file) for word in self.words(line)]
            self.shell.ok(*argv, *(() if "OUT" in line else ("-o", file)))
        return file

    def words(self, line: str) -> list[str]:
        return shlex.split(re.sub(r"\{([\w-]+)\}", lambda found: self.file(found[1]), line))

    def content(self, name: str) -> bytes:
        """The bytes of a case: a file's, or what was printed."""
        if name not in MEASURES:
            return (self.shell / self.file(name)).read_bytes()
        if name not in self._printed:
            self._printed[name] = self.shell.ok(*self.words(MEASURES[name])).out
        return self._printed[name]


def exact(name: str, content: bytes) -> str:
    """SHA-256 (hex) of the content, without what says where and by which versions it was made."""
    if name in TICKETS:
        facts = copy.deepcopy(reading.meta(content))
        facts.pop("checksum", None)  # of these very bytes
        for record in facts["lineage"]:
            for key in MACHINES:
                record.pop(key, None)
        content = reading.pack(reading.arrays(content), facts)
    elif name in MEASURES and content.startswith(b"{"):
        content = json.dumps(_without(_rows(content), {*MACHINES})).encode()
    return hashlib.sha256(content).hexdigest()


def near(name: str, content: bytes) -> Any:
    """What must hold on any machine: JSON, floats to six digits."""
    if name in MEASURES:
        content = _numbered(content)
        text = not content.startswith(b"{")
        found = content.decode().splitlines() if text else _without(_rows(content), {*MACHINES})
        return _rounded(found)
    if name == "export-pt":  # a zip file of pickles; `import-pt` reads it
        return {}
    arrays = reading.arrays(content)
    sums = {key: _sums(array) for key, array in arrays.items()}
    if name in FILES:
        return _rounded({"sums": sums})
    facts = reading.meta(content)
    record = facts["lineage"][-1]
    record = {**record, "inputs": sorted(record["inputs"])}
    facts = {k: v for k, v in facts.items() if k not in ("lineage", "graph", "checksum")}
    counts = {key: int(mask.sum()) for key, mask in reading.masks(content).items()}
    return _rounded(
        {"facts": facts, "record": _without(record, {*MACHINES}), "kept": counts, "sums": sums}
    )


def differences(
    found: Any, wanted: Any, relative: float = RELATIVE, at: tuple[Any, ...] = ()
) -> list[str]:
    """Where `found` is not what was recorded, beyond rounding."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        pairs = [((*at, k), found[k], wanted[k]) for k in wanted]
        return [d for place, f, w in pairs for d in differences(f, w, relative, place)]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        if at[:1] != ("sums",):
            places = [((*at, i), f, w) for i, (f, w) in enumerate(zip(found, wanted, strict=True))]
            return [d for place, f, w in places for d in differences(f, w, relative, place)]
        same = all(abs(found[i] - wanted[i]) <= relative * wanted[0] for i in (0, 1))
    elif isinstance(wanted, float) and isinstance(found, int | float):
        fraction = any(word in str(at) for word in ("accuracy", "error", "ece", "per_class"))
        least = EXAMPLES if fraction else 1e-6
        same = math.isclose(found, wanted, rel_tol=relative, abs_tol=least)
    else:
        same = found == wanted
    return [] if same else [f"{'.'.join(map(str, at))}: {found}, recorded {wanted}"]


def read() -> dict[str, dict[str, Any]]:
    """What was recorded: `exact` by environment and case, `near` by case."""
    if not RECORDED.exists():
        return {"exact": {}, "near": {}}
    found: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text())
    return found


def write(golden: dict[str, dict[str, Any]]) -> None:
    """Record it, a line for each case."""

    def lines(cases: dict[str, Any]) -> str:
        found = (f"{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in cases.items())
        return "{\n" + ",\n".join(sorted(found)) + "\n}"

    exact = (f"{json.dumps(k)}: {lines(v)}" for k, v in sorted(golden["exact"].items()) if v)
    near = lines(golden["near"])
    RECORDED.write_text(f'{{"exact": {{{", ".join(exact)}}},\n"near": {near}}}\n')


def _numbered(content: bytes) -> bytes:
    """Digests, which change with the last bit, by numbers in order of appearance."""
    seen: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"digest-{seen.setdefault(found[0][:8], len(seen))}"

    return DIGESTS.sub(number, content.decode()).encode()


def _rows(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.splitlines()]


def _without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {k: _without(v, keys) for k, v in value.items() if k not in keys}
    return [_without(v, keys) for v in value] if isinstance(value, list) else value


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _sums(array: np.ndarray) -> list[float]:
    """Norm, and a sum in which every place has a weight of its own."""
    flat = array.reshape(-1).astype(np.float64)
    return [float(np.linalg.norm(flat)), float(flat @ np.cos(np.arange(1, flat.size + 1)))]

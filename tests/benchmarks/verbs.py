"""Whole processes of verbs that only rearrange numbers, of `--help` and of completion."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sparsetool import init, mask

from .beside import Row, process, seconds

PROGRAM = (sys.executable, "-m", "sparsetool")
NUMPY = (sys.executable, "-c", "import numpy")


def on_resnet50(rounds: int) -> Iterator[Row]:
    """Each verb on a ResNet50 ticket, beside `cp` of its input and the start of numpy."""
    with tempfile.TemporaryDirectory() as folder:
        dense, sparse = Path(folder, "dense.st"), Path(folder, "sparse.st")
        ticket = init("resnet50", data="imagenet")
        ticket.save(dense)
        mask(ticket, criterion="random", density="balanced", sparsity=0.5).save(sparse)
        lines: dict[str, tuple[Sequence[str], Sequence[Path]]] = {
            "mask --random --balanced 0.5": ((), (dense,)),
            "mask --magnitude --global 0.5": ((), (dense,)),
            "prune --magnitude --rate 0.2": ((), (sparse,)),
            "rewind": (("--to", str(dense)), (sparse, dense)),
            "transfer-signs": (("--from", str(dense)), (sparse, dense)),
        }
        for what, (more, inputs) in lines.items():
            yield _verb(what, more, inputs, rounds)


def _verb(what: str, more: Sequence[str], inputs: Sequence[Path], rounds: int) -> Row:
    """One verb: seconds, memory over the sum of its inputs, and both targets."""
    out, copy = inputs[0].with_name("out.st"), inputs[0].with_name("copy.st")
    line = [*PROGRAM, *what.split(), *more, str(inputs[0]), "-o", str(out), "--quiet", "--force"]
    size = sum(path.stat().st_size for path in inputs)
    ours, memory, theirs = [], [], []
    process(line)
    for _ in range(rounds):
        taken, peak = process(line)
        ours.append(taken)
        memory.append(peak / size)
        theirs.append(seconds(lambda: shutil.copyfile(inputs[0], copy)) + process(NUMPY)[0])
    facts = {
        "seconds": statistics.median(ours),
        "target_s": 1.0,
        "memory_over_inputs": statistics.median(memory),
        "memory_target": 3.5,
        "input_MB": size / 1e6,
    }
    return Row(f"{what}, ResNet50", "cp + starting Python with numpy", ours, theirs, None, facts)


def start_up(rounds: int) -> Iterator[Row]:
    """`--help` and a completion, in seconds."""
    python = [process((sys.executable, "-c", "pass"))[0] for _ in range(rounds)]
    completion = Path(__file__).parents[2] / "completions" / "sparsetool.bash"
    asked = "COMP_WORDS=(sparsetool mask --ran) COMP_CWORD=2; _sparsetool; [[ $COMPREPLY ]]"
    lines: dict[str, Sequence[str]] = {
        "--help": (*PROGRAM, "--help"),
        "mask --help": (*PROGRAM, "mask", "--help"),
        "completion in bash, its start too": ("bash", "-c", f"source {completion}; {asked}"),
    }
    for what, words in lines.items():
        process(words)
        taken = [process(words)[0] for _ in range(rounds)]
        yield Row(what, "", taken, [], 0.15, {"python_s": statistics.median(python)})


def pipeline(rounds: int) -> Iterator[Row]:
    """Twelve numpy verbs on ResNet20, in one pipe, in seconds."""
    tool = " ".join(PROGRAM)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "r20.st")
        init("resnet20", data="cifar10").save(file)
        stages = [
            f"{tool} mask --random --balanced 0.2 --quiet {file}",
            *(f"{tool} prune --rate 0.1 --quiet" for _ in range(5)),
            f"{tool} rewind --quiet --to {file}",
            f"{tool} transfer-signs --quiet --from {file} --perturb 0.2",
            *(f"{tool} prune --rate 0.1 --quiet" for _ in range(4)),
        ]
        line = "set -o pipefail; " + " | ".join(stages) + f" > {folder}/out.st"

        def run() -> None:
            subprocess.run(["bash", "-c", line], check=True, stderr=subprocess.PIPE)

        run()
        taken = [seconds(run) for _ in range(rounds)]
    yield Row("12 numpy verbs in a pipe, ResNet20", "", taken, [], 3.0)

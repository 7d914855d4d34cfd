"""Where and how exactly to compute: device, precision, threads.

`auto` depends on the network's input, the device and the processor's features alone, never on
anything measured, so that the same command gives the same bytes.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from ..errors import SparsetoolError, UsageError, nearest

CUBLAS = "CUBLAS_WORKSPACE_CONFIG"
DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "fp32", "bf16", "fp16")
HALF = {"bf16": torch.bfloat16, "fp16": torch.float16}
SMALL = 16 * 16  # pixels or tokens; below, a second thread and half precision only cost time


@dataclass(frozen=True)
class Place:
    """A resolved place to compute.

    Attributes:
        device: `cpu`, `cuda` or `mps`, with an index where one was given (`cuda:1`).
        precision: `fp32`, `bf16` or `fp16` (with loss scaling) of the forward and backward pass;
            weights stay float32.
        threads: CPU threads.
    """

    device: str
    precision: str
    threads: int

    @property
    def kind(self) -> str:
        """The device without its index."""
        return self.device.partition(":")[0]

    @property
    def compile_mode(self) -> str:
        """How `torch.compile` compiles; on CUDA also to CUDA graphs.

        The kernels of a small network take less time than launching them one by one.
        """
        return "reduce-overhead" if self.kind == "cuda" else "default"

    @contextlib.contextmanager
    def entered(self, deterministic: bool = False) -> Iterator[None]:
        """Use these threads, and leave torch's settings and random state as they were.

        float32 means float32: convolutions on CUDA, which torch would compute in TF32, as well.

        Args:
            deterministic: Use only algorithms that give the same bytes every time.
        """
        before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
        had_workspace = CUBLAS in os.environ
        tf32 = torch.backends.cudnn.allow_tf32
        torch.set_num_threads(self.threads)
        torch.backends.cudnn.allow_tf32 = False
        if deterministic:
            os.environ.setdefault(CUBLAS, ":4096:8")  # cuBLAS's own condition
            torch.use_deterministic_algorithms(True)
        try:
            with torch.random.fork_rng(devices=[]):
                yield
        finally:
            torch.set_num_threads(before[0])
            torch.backends.cudnn.allow_tf32 = tf32
            # Setting it imports torch's compiler, for longer than torch itself takes.
            if torch.are_deterministic_algorithms_enabled() != before[1]:
                torch.use_deterministic_algorithms(before[1])
            if not had_workspace:
                os.environ.pop(CUBLAS, None)

    def seed(self, value: int) -> None:
        """Seed the device's own random numbers (dropout), which are drawn nowhere else."""
        # Not torch.manual_seed: it formats a stack trace each time, for a lazy CUDA.
        torch.default_generator.manual_seed(value)
        if self.kind == "cuda":
            # torch.cuda.manual_seed would seed the current GPU, which need not be this one.
            index = torch.device(self.device).index
            index = torch.cuda.current_device() if index is None else index
            torch.cuda.default_generators[index].manual_seed(value)
        elif self.kind == "mps":
            torch.mps.manual_seed(value)

    def autocast(self) -> contextlib.AbstractContextManager[None]:
        """The context of a training step's forward pass."""
        if self.precision == "fp32":
            return contextlib.nullcontext()
        return torch.autocast(self.kind, dtype=HALF[self.precision])


def place(
    input: tuple[int, ...],
    device: str = "auto",
    precision: str = "auto",
    threads: str | int = "auto",
) -> Place:
    """Resolve what was asked for.

    Args:
        input: Channels, height and width of an example, pixels; of text its tokens alone.
        device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
        precision: `auto`, `fp32`, `bf16` or `fp16`.
        threads: A count, or `auto`.

    Raises:
        UsageError: A value that is not known.
        SparsetoolError: A device that this machine does not have.
    """
    small = is_small(input)
    where = _device(device)
    if precision not in PRECISIONS:
        raise UsageError(f"unknown precision '{precision}': {nearest(precision, PRECISIONS)}")
    exact = precision
    if precision == "auto":
        exact = "bf16" if not small and _has_fast_bf16(where) else "fp32"
    return Place(where, exact, _threads(threads, small))


def is_small(input: tuple[int, ...]) -> bool:
    """Whether an example has few pixels, or tokens."""
    return math.prod(input[-2:]) < SMALL


def _device(device: str) -> str:
    kind, colon, number = device.partition(":")
    numbered = kind == "cuda" and number.isdecimal() and number.isascii()
    if kind not in DEVICES or (colon and not numbered):
        raise UsageError(f"unknown device '{device}': {nearest(kind, DEVICES)}")
    if device == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    there = {"cpu": True, "cuda": torch.cuda.is_available()}
    if not there.get(kind, torch.backends.mps.is_available()):
        raise SparsetoolError(
            f"this machine offers no {kind} device to torch {torch.__version__}: give --device auto"
        )
    if number and int(number) >= torch.cuda.device_count():
        raise SparsetoolError(
            f"there is no {device}: this machine's last GPU is cuda:{torch.cuda.device_count() - 1}"
        )
    return device


def _has_fast_bf16(device: str) -> bool:
    if device.startswith("cuda"):
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device == "cpu":
        return cpu_has_bf16()
    return False


def cpu_has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 faster than float32 (as Linux lists its features).

    Where a virtual machine hides the matrix unit (AMX) of an Intel processor that has one, the
    vector instructions for bfloat16 that are left do half as many multiply-adds a second as those
    for float32: 1.35 against 5.5 billion instructions, of 32 and 16, on one core of Emerald Rapids.
    """
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            lines = list(itertools.takewhile(str.strip, file))  # of the first processor
    except OSError:
        return False
    line = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    flags = set(line.split())
    hidden = {"avx512_bf16", "avx512_fp16"} <= flags and "amx_bf16" not in flags
    if hidden and any("GenuineIntel" in line for line in lines):
        return False
    return bool({"avx512_bf16", "amx_bf16", "bf16"} & flags)


def cores() -> int:
    """CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _threads(asked: str | int, small: bool) -> int:
    threads = str(asked)
    if threads == "auto":
        return 1 if small else cores()
    if not threads.isdecimal() or int(threads) < 1:
        raise UsageError(f"--threads must be auto or at least 1, not {threads}")
    if int(threads) > cores():
        raise UsageError(f"--threads {threads} is more than the {cores()} cores here")
    return int(threads)

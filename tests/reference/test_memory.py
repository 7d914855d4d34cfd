"""Freed memory stays in the process, unless the user has set up malloc."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's own malloc")

# Page faults of writing 64 MiB that were freed before; a page is 4 KiB, or 2 MiB where large.
FAULTS = """
import resource
import sys
from sparsetool.compute.allocator import keep_freed
from sparsetool.compute.device import place
import torch

if "keep" in sys.argv:
    keep_freed()

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.empty(2**24).fill_(1.0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

with place((3, 32, 32), device="cpu", threads="1").entered():
    for _ in range(12):  # until freed blocks have grown together
        faults()
    print(sum(faults() for _ in range(4)))
"""


def faults(*words: str, **environment: str) -> int:
    inherited = {name: value for name, value in os.environ.items() if "MALLOC" not in name}
    done = subprocess.run(
        [sys.executable, "-c", FAULTS, *words],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_freed_memory_is_kept() -> None:
    assert faults("keep") < 32


@pytest.mark.parametrize(
    "setting", [{"MALLOC_ARENA_MAX": "2"}, {"GLIBC_TUNABLES": "glibc.malloc.arena_max=2"}]
)
def test_what_the_user_has_set_stays(setting: dict[str, str]) -> None:
    assert faults("keep", **setting) >= 4 * 32


def test_a_library_call_leaves_the_process_as_it_was() -> None:
    assert faults() >= 4 * 32

"""Keep what a step frees for the next step, instead of giving it back to the kernel.

glibc maps blocks of 32 MiB and more from the kernel one by one and gives them back when they are
freed; a step of training asks again for the same gigabyte, and the kernel clears every page of it
again: 22 to 31% of the CPU time of a step of ResNet20 at 32x32, batch 512, on one thread. Results
do not depend on it; the process is larger by 7% (`python -m tests.benchmarks memory`) to 20%.
"""

import ctypes
import os
from functools import lru_cache

# Parameters of mallopt(3).
TRIM_THRESHOLD = -1
MMAP_MAX = -4

NEVER = 2**31 - 1  # bytes at the heap's end; as many as an int holds


@lru_cache
def keep_freed() -> bool:
    """Let this process keep freed memory, unless the user has set up malloc; whether it does so.

    Elsewhere than on glibc it does nothing.
    """
    if _set_by_user():
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    return bool(mallopt and mallopt(MMAP_MAX, 0) and mallopt(TRIM_THRESHOLD, NEVER))


def _set_by_user() -> bool:
    """Whether the environment says how malloc is to behave (mallopt(3), GLIBC_TUNABLES)."""
    return "glibc.malloc" in os.environ.get("GLIBC_TUNABLES", "") or any(
        name.startswith("MALLOC_") for name in os.environ
    )

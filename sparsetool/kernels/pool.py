"""Threads that share the strips of a layer; they sleep while they wait, and give way to others."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

LEAST = 2**20  # multiply-accumulates that a thread is worth
LARGE = 2**24  # bytes that will not be in the caches any more when they are read

_own = threading.local()


def shared(work: Callable[[int, int, int], None], count: int, threads: int) -> None:
    """Divide numbers 0 to count - 1 among threads: equal parts in their order, one for each.

    Args:
        work: Does a part: its number, its first number, and the one after its last.
        count: How many numbers.
        threads: How many parts, if there are enough numbers; one is done by who calls.
    """
    threads = max(1, min(threads, count))
    ends = [count * part // threads for part in range(threads + 1)]
    others = [
        _pool(os.getpid()).submit(work, part, ends[part], ends[part + 1])
        for part in range(1, threads)
    ]
    work(0, 0, ends[1])
    for other in others:
        other.result()


@lru_cache(maxsize=1)
def _pool(process: int) -> ThreadPoolExecutor:
    """The threads of this process, made as they are needed: a copy by `fork` has none of them."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="sparse")


def worth(work: int) -> int:
    """Threads that multiply-accumulates, or numbers to be read, are worth: at most torch's."""
    return max(1, min(torch.get_num_threads(), work // LEAST))


def past_caches(out: Tensor) -> bool:
    """Whether memory is to be written past the caches, which else read it in first."""
    return out.numel() * out.itemsize >= LARGE and out.data_ptr() % 64 == 0


def scratch(name: str, count: int, dtype: np.dtype) -> np.ndarray:
    """Memory of this thread for numbers that are of use until it is asked for again.

    Args:
        name: Of what it is for.
        count: Numbers; the memory begins where a line of the cache does.
        dtype: Of the numbers.
    """
    held = getattr(_own, name, None)
    size = count * dtype.itemsize
    if held is None or len(held) < size:
        raw = np.empty(size + 64, np.uint8)
        skip = -raw.ctypes.data % 64
        held = raw[skip : skip + size]
        setattr(_own, name, held)
    return held[:size].view(dtype)

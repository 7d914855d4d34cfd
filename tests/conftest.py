"""Small tickets without torch, for tests of everything that only rearranges numbers."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from hypothesis import settings

from sparsetool.cli.main import share_cores
from sparsetool.ticket.value import Ticket

# Before torch is imported: several workers share the cores.
share_cores(os.environ)
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Compiled once for all tests, whose state folders are their own.
COMPILED = os.path.join(tempfile.gettempdir(), f"sparsetool-kernels-{os.getuid()}")
os.environ.setdefault("SPARSETOOL_KERNELS", COMPILED)

# A shell's background job, such as CI may be, ignores ^C, and so would what the tests start.
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # as `nohup` leaves it
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1)

# Machines that run the suite are busy; an example's time says nothing about the program.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

Shapes = Mapping[str, tuple[int, ...]]
SHAPES: Shapes = {  # 36 + 144 + 16 + 44 = 240 weights
    "stem.weight": (4, 1, 3, 3),
    "body.weight": (4, 4, 3, 3),
    "side.weight": (4, 4, 1, 1),
    "head.weight": (11, 4),
}


def build(shapes: Shapes = SHAPES, seed: int = 0, dtype: type = np.float32) -> Ticket:
    """A dense ticket with normal weights, a bias, and one batch norm with its buffers."""
    random = np.random.default_rng(seed)

    def drawn(shape: tuple[int, ...]) -> np.ndarray:
        return random.standard_normal(shape).astype(dtype)

    weights = {name: drawn(shape) for name, shape in shapes.items()}
    weights |= {"norm.weight": drawn((3,)), "norm.bias": drawn((3,))}
    weights |= {"norm.running_mean": drawn((3,)), "norm.num_batches_tracked": np.array(seed)}
    meta = {
        "model": "toy",
        "classes": 11,
        "input": [1, 8, 8],
        "data": "digits",
        "seed": seed,
        "prunable": list(shapes),
        "buffers": ["norm.running_mean", "norm.num_batches_tracked"],
        "graph": None,
    }
    born = {"verb": "init", "options": {}, "seed": seed, "inputs": {}, "achieved": {}}
    return Ticket(weights, {}, meta, (born,))


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The program ignores signals at its end; run in this process it must not leave that behind."""
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def make_ticket() -> Callable[..., Ticket]:
    """Makes a small numpy ticket: `make_ticket(shapes, seed)`, both optional."""
    return build

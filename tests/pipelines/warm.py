"""The program started again and again, torch imported once: for tests of many short commands.

A server imports torch and waits at a socket. A client, which stands in for the script `sparsetool`,
sends it its arguments, its folder and its three standard streams; the server makes a copy of itself
that runs the command with these, and the client ends with its exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparsetool.cli import main

# -S -E: a client imports nothing but the standard library, in 15 ms.
HEAVY = (
    *("sparsetool.training.resume", "sparsetool.training.cycles", "sparsetool.networks.convert"),
    *("sparsetool.evaluation.measure", "sparsetool.analysis.lmc", "sparsetool.analysis.hessian"),
    *("sparsetool.masks.masking", "scipy.stats", "matplotlib.backends.backend_agg"),
)
CLIENT = """#!{python} -SE
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(call).to_bytes(8, "big")], [0, 1, 2])
server.sendall(call)
sys.exit(server.recv(1)[0])
"""


@contextmanager
def program(folder: Path) -> Iterator[Path]:
    """An executable in `folder` that does what `sparsetool` does."""
    path, script = folder / "socket", folder / "sparsetool"
    script.write_text(CLIENT.format(python=sys.executable, path=str(path)))
    script.chmod(0o755)
    server = subprocess.Popen([sys.executable, "-m", "tests.pipelines.warm", str(path)])
    try:
        while not path.exists():
            assert server.poll() is None, "the server has ended"
            time.sleep(0.05)
        yield script
    finally:
        server.terminate()
        server.wait()


def serve(path: str) -> None:
    """Run every command that a client sends, each in a copy of this process."""
    for module in HEAVY:
        importlib.import_module(module)
    _load_kernels()
    gc.collect()
    gc.freeze()  # else a copy's garbage collector would write into, and so copy, all of memory

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{path}.new")
        listening.listen()
        os.rename(f"{path}.new", path)  # there, and listening
        while True:
            client = listening.accept()[0]
            if os.fork():  # this process goes on; the copy of the copy is nobody's to wait for
                client.close()
                os.wait()
            elif os.fork():
                os._exit(0)
            else:
                break
    if child := os.fork():
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        client.sendall(bytes([code if code >= 0 else 128 - code]))
        os._exit(0)
    size, streams, _, _ = socket.recv_fds(client, 8, 3)
    with client.makefile("rb") as sent:
        words, folder, environment = json.loads(sent.read(int.from_bytes(size, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    client.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    try:
        main.main(words)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))  # taking torch down would take longer than most commands


def _load_kernels() -> None:
    """Loops of sparse layers, which a process needs a second to load, on one thread."""
    import torch

    from sparsetool.kernels.autograd import convolve
    from sparsetool.kernels.batch_norm import BatchNorm
    from sparsetool.kernels.convolution import Convolution

    torch.set_num_threads(1)
    weight = torch.ones(1, 1, 1, 1, requires_grad=True)
    layer = Convolution(weight.detach() > 0, (2, 2))
    images = convolve(torch.randn(2, 1, 2, 2, requires_grad=True), weight, None, layer)
    norm = BatchNorm.apply(images, None, None, None, None, True, 0.1, 1e-5)
    norm.sum().backward()


if __name__ == "__main__":
    serve(sys.argv[1])

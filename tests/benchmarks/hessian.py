"""The largest Hessian eigenvalue of ResNet20 at 32x32, beside PyHessian at its defaults.

    python tests/benchmarks/hessian.py [--threads 2] [--examples 512] [--rounds 3] [--sparsity 0.9]

Both are measured in turn in one run, after one round that is not counted; times are medians over
rounds, each from the module and the sample to the figure. The truth is ours in float64 to a
residual of 1e-8. Without data at hand the network is trained for a moment on the embedded digits,
enlarged to 32x32 in three channels.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate

from sparsetool import init, mask
from sparsetool.analysis.curvature import hessian
from sparsetool.ticket import Ticket
from sparsetool.training.data import DataSet
from sparsetool.training.module import from_module, tensors


def digits(count: int) -> tuple[Tensor, Tensor]:
    """Enlarged digits: images float [N, 3, 32, 32] and labels [N]."""
    images, labels = next(iter(DataSet("digits").split("train").first(count).batches(count)))
    return interpolate(images, size=32, mode="bilinear").expand(-1, 3, -1, -1), labels


def trained(ticket: Ticket, steps: int, batch: int = 128) -> Ticket:
    """The ticket after a few steps of SGD under its mask."""
    images, labels = digits(10**6)
    module = ticket.model().train().to(memory_format=torch.channels_last)
    masks = {name: torch.from_numpy(kept.copy()) for name, kept in ticket.masks.items()}
    optimiser = torch.optim.SGD(module.parameters(), 0.05, 0.9)
    held = tensors(module)
    torch.manual_seed(0)
    for _ in range(steps):
        chosen = torch.randint(len(labels), (batch,))
        optimiser.zero_grad()
        cross_entropy(module(images[chosen]), labels[chosen]).backward()
        for name, kept in masks.items():
            gradient = held[name].grad
            assert gradient is not None
            gradient *= kept
        optimiser.step()
    return ticket.derive("train-cycles", {}, weights=from_module(module), achieved={})


def theirs(ticket: Ticket, images: Tensor, labels: Tensor) -> tuple[float, int]:
    """PyHessian as its documentation has it, on the plain network; its value and products."""
    library = importlib.import_module("pyhessian.hessian")
    product = library.hessian_vector_product
    made = 0

    def counted(*args: object) -> object:
        nonlocal made
        made += 1
        return product(*args)

    library.hessian_vector_product = counted
    module = ticket.model()
    found = library.hessian(module, nn.CrossEntropyLoss(), data=(images, labels), cuda=False)
    value = found.eigenvalues()[0][0]
    library.hessian_vector_product = product
    module.zero_grad(set_to_none=True)
    return value, made


def timed(call: Callable[[], tuple[float, int]]) -> tuple[float, float, int]:
    start = time.perf_counter()
    value, products = call()
    return time.perf_counter() - start, value, products


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--examples", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60, help="training steps beforehand")
    parser.add_argument("--sparsity", default="0")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    ticket = init("resnet20", data="cifar10")
    if float(given.sparsity):
        ticket = mask(ticket, criterion="random", density="erk", sparsity=given.sparsity)
    ticket = trained(ticket, given.steps)
    images, labels = digits(given.examples)

    def ours() -> tuple[float, int]:
        found = hessian(ticket, images, labels, subspace="full")
        return found["eigenvalues"][0], found["products"]

    exact = {"precision": "float64", "tolerance": 1e-8, "subspace": "full"}
    (truth,) = hessian(ticket, images, labels, **exact)["eigenvalues"]
    print(f"{len(labels)} examples, {given.threads} threads, torch {torch.__version__}")
    print(f"truth {truth:.6f}")
    rows: dict[str, list[tuple[float, float, int]]] = {"ours": [], "pyhessian": []}
    for number in range(given.rounds + 1):
        torch.manual_seed(number)
        for name, call in (
            ("ours", ours),
            ("pyhessian", lambda: theirs(ticket, images, labels)),
        ):
            measured = timed(call)
            if number:
                rows[name].append(measured)
                seconds, value, products = measured
                error = abs(value / truth - 1)
                print(
                    f"{name:10} {seconds:7.2f} s  {products:3d} products  {value:.6f}"
                    f"  relative error {error:.1e}",
                    flush=True,
                )
    ratio = [a[0] / b[0] for a, b in zip(rows["ours"], rows["pyhessian"], strict=True)]
    print(f"ours takes {statistics.median(ratio):.2f} of PyHessian's time (median of rounds)")


if __name__ == "__main__":
    main()

"""The largest Hessian eigenvalue of ResNet20 at 32x32, beside PyHessian at its defaults.

    python -m tests.benchmarks.hessian [--threads 2] [--examples 512] [--rounds 3] [--sparsity 0.9]

Both are measured in turn in one run, after one round that is not counted, each from the module and
the sample to the figure; a line is appended to `results/hessian.jsonl`. Errors are relative to our
value at a tolerance of 1e-5. The network is trained for a moment on the embedded digits,
enlarged to 32x32 in three channels, so that no data need be at hand.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate

from sparsetool import init, mask
from sparsetool.analysis.hessian import hessian
from sparsetool.data.resident import DataSet
from sparsetool.layer_graph.tensors import tensors
from sparsetool.networks.build import from_module
from sparsetool.ticket.value import Ticket

from .beside import Row, interleaved, keep

STEPS = 60  # of training beforehand
Found = dict[str, list[tuple[float, int]]]


def digits(count: int) -> tuple[Tensor, Tensor]:
    """Enlarged digits: images float [N, 3, 32, 32] and labels [N]."""
    images, labels = next(iter(DataSet("digits").split("train").first(count).batches(count)))
    return interpolate(images, size=32, mode="bilinear").expand(-1, 3, -1, -1), labels


def trained(ticket: Ticket, steps: int = STEPS, batch: int = 128) -> Ticket:
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


def largest(
    rounds: int, threads: int = 2, examples: int = 512, sparsity: str = "0"
) -> Iterator[Row]:
    """Ours beside PyHessian's: time, products and error of the largest eigenvalue."""
    torch.set_num_threads(threads)
    ticket = init("resnet20", data="cifar10")
    if float(sparsity):
        ticket = mask(ticket, criterion="random", density="erk", sparsity=sparsity)
    ticket = trained(ticket)
    images, labels = digits(examples)
    found: Found = {"ours": [], "theirs": []}

    def ours_once() -> None:
        made = hessian(ticket, images, labels, subspace="full")
        found["ours"].append((made["eigenvalues"][0], made["products"]))

    def theirs_once() -> None:
        torch.manual_seed(len(found["theirs"]))  # its start vector is drawn from torch
        found["theirs"].append(theirs(ticket, images, labels))

    # In float32, for float64 convolutions take minutes; its error is far below what is compared.
    exact = {"tolerance": 1e-5, "subspace": "full"}
    (truth,) = hessian(ticket, images, labels, **exact)["eigenvalues"]
    taken = interleaved(rounds, ours_once, theirs_once)
    facts = {"threads": threads, "examples": len(labels), "sparsity": sparsity, "truth": truth}
    for whose, made in found.items():
        facts[f"{whose}_products"] = [products for _, products in made[1:]]
        facts[f"{whose}_error"] = max(abs(value / truth - 1) for value, _ in made[1:])
    yield Row("hessian --top 1, ResNet20 at 32x32", "PyHessian at its defaults", *taken, 0.5, facts)  # type: ignore[call-arg]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--examples", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sparsity", default="0")
    given = parser.parse_args()
    rows = list(largest(given.rounds, given.threads, given.examples, given.sparsity))
    for row in rows:
        print(row.line)
    print(f"appended to {keep(rows, 'hessian')}")


if __name__ == "__main__":
    main()

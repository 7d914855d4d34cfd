"""A network in somebody's own loop keeps its mask, and comes back as a ticket."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn, optim
from torch.nn.functional import cross_entropy

from sparsetool import evaluate, init, mask
from sparsetool.cli.script import script
from sparsetool.errors import SparsetoolError
from sparsetool.networks.build import to_module
from sparsetool.ticket.value import Ticket

OPTIMIZERS: dict[str, Callable[[Iterator[nn.Parameter]], optim.Optimizer]] = {
    "sgd": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True),
    "unsteady decay": lambda p: optim.SGD(p, lr=2.0, weight_decay=0.9),  # 1 - lr * decay < 0
    "maximising": lambda p: optim.SGD(p, lr=1e-4, maximize=True),
    "sgd, foreach": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, foreach=True),
    "sgd, fused": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, fused=True),
    "adam": lambda p: optim.Adam(p, lr=1e-3, weight_decay=0.5),
    "adam, amsgrad": lambda p: optim.Adam(p, lr=1e-3, weight_decay=0.5, amsgrad=True),
    "adamw": lambda p: optim.AdamW(p, lr=1e-3, weight_decay=0.5),
    "adamw, foreach": lambda p: optim.AdamW(p, lr=1e-3, weight_decay=0.5, foreach=True),
    "adamw, fused": lambda p: optim.AdamW(p, lr=1e-3, weight_decay=0.5, fused=True),
    "nadam": lambda p: optim.NAdam(p, lr=1e-3, weight_decay=0.5, decoupled_weight_decay=True),
    "rmsprop": lambda p: optim.RMSprop(p, lr=1e-3, momentum=0.9, centered=True, weight_decay=0.1),
    "adagrad": lambda p: optim.Adagrad(p, lr=1e-2, weight_decay=0.1),
    "adadelta": lambda p: optim.Adadelta(p, weight_decay=0.1),
    "asgd": lambda p: optim.ASGD(p, lr=1e-2, weight_decay=0.1),
    "rprop": lambda p: optim.Rprop(p, lr=1e-3),
    "lbfgs": lambda p: optim.LBFGS(p, lr=0.1, max_iter=5, history_size=4),
}


class Mixing(optim.Optimizer):
    """An optimiser that mixes the entries of a matrix, as Muon and Shampoo do."""

    def __init__(self, parameters: Iterator[nn.Parameter]) -> None:
        super().__init__(parameters, {"lr": 0.01})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for parameter in self.param_groups[0]["params"]:
            parameter += self.param_groups[0]["lr"] * (parameter.grad.mean() + 1)


@pytest.fixture(scope="module")
def ticket() -> Ticket:
    return mask(init("mlp:16-12"), criterion="random", density="erk", sparsity=0.8)


def batch(seed: int) -> tuple[Tensor, Tensor]:
    made = torch.Generator().manual_seed(seed)
    return torch.randn(20, 1, 8, 8, generator=made), torch.arange(20) % 10


def train(module: nn.Module, optimizer: optim.Optimizer, steps: int = 4) -> None:
    rate = optim.lr_scheduler.StepLR(optimizer, 2)
    for step in range(steps):
        images, labels = batch(step)

        def closure(images: Tensor = images, labels: Tensor = labels) -> Tensor:
            optimizer.zero_grad()
            loss = cross_entropy(module(images), labels)
            loss.backward()
            return loss

        if isinstance(optimizer, optim.LBFGS):
            optimizer.step(closure)
        else:
            closure()
            optimizer.step()
        rate.step()


def zero_off(module: nn.Module, ticket: Ticket) -> bool:
    """Whether every pruned weight is +0.0, bit for bit, and some kept weight has moved."""
    held = {name: tensor.detach().cpu().numpy() for name, tensor in module.named_parameters()}
    moved = any((held[n] != ticket.weights[n]).any() for n in ticket.masks)
    return moved and all(
        not held[name][~mask].view(np.uint32).any() for name, mask in ticket.masks.items()
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_any_optimiser_keeps_the_mask(ticket: Ticket, name: str):
    module = ticket.model().train()
    train(module, OPTIMIZERS[name](module.parameters()))
    assert zero_off(module, ticket)


def test_an_optimiser_that_mixes_entries_keeps_the_mask(ticket: Ticket):
    module = ticket.model().train()
    train(module, Mixing(module.parameters()))
    assert zero_off(module, ticket)


@pytest.mark.parametrize("kind", [optim.SGD, optim.AdamW])
def test_momentum_from_before_the_mask_revives_nothing(ticket: Ticket, kind: type[optim.Optimizer]):
    options = {"momentum": 0.9} if kind is optim.SGD else {}
    dense = to_module(ticket).train()
    before = kind(dense.parameters(), lr=0.01, **options)  # type: ignore[call-arg]
    train(dense, before)
    module = ticket.model().train()
    after = kind(module.parameters(), lr=0.01, **options)  # type: ignore[call-arg]
    after.load_state_dict(before.state_dict())
    train(module, after, steps=1)
    assert zero_off(module, ticket)


def test_the_guard_shows_only_in_what_it_does(ticket: Ticket):
    """Names, tensors, figures and gradients of what is kept are the plain module's."""
    ours, plain = ticket.model(), to_module(ticket)
    assert list(ours.state_dict()) == list(plain.state_dict())
    images, labels = batch(0)
    for module in (ours, plain):
        cross_entropy(module(images), labels).backward()
    theirs = dict(plain.named_parameters())
    for name, one in ours.named_parameters():
        kept = torch.from_numpy(np.array(ticket.masks.get(name, np.ones(one.shape, bool))))
        assert torch.equal(one.grad, theirs[name].grad * kept)


def test_a_copy_and_a_saved_module_are_guarded_too(ticket: Ticket):
    file = io.BytesIO()
    torch.save(ticket.model(), file)
    file.seek(0)
    for module in (copy.deepcopy(ticket.model()), torch.load(file, weights_only=False)):
        train(module.train(), optim.SGD(module.parameters(), lr=0.1, momentum=0.9))
        assert zero_off(module, ticket)


def test_what_else_writes_is_undone_before_the_next_pass(ticket: Ticket):
    module = ticket.model()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 0.1
    module(batch(0)[0])
    assert zero_off(module, ticket)


def test_two_passes_before_one_backward_pass(ticket: Ticket):
    """Setting zeros anew is no change that autograd would complain of."""
    module = ticket.model().train()
    (module(batch(0)[0]).sum() + module(batch(1)[0]).sum()).backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_a_dense_ticket_and_a_functional_call_are_left_alone(ticket: Ticket):
    assert not init("mlp:4").model()._forward_pre_hooks
    module = ticket.model()
    ones = {name: torch.ones_like(p) for name, p in module.named_parameters()}
    torch.func.functional_call(module, ones, (batch(0)[0],))
    assert all(bool((tensor == 1).all()) for tensor in ones.values())


# -- back to a ticket ----------------------------------------------------------------------------


def trained(ticket: Ticket) -> nn.Module:
    module = ticket.model().train()
    train(module, optim.SGD(module.parameters(), lr=0.1))
    return module


def test_the_ticket_after_somebodys_own_loop(ticket: Ticket):
    module = trained(ticket)
    after = Ticket.load(ticket.with_weights(module).to_bytes())
    record = after.lineage[-1]
    assert (record["verb"], record["inputs"]) == ("own-training", {"ticket": ticket.digest})
    assert after.kept == ticket.kept
    for name, tensor in module.state_dict().items():
        assert (after.weights[name] == tensor.numpy()).all(), name
    assert evaluate(after)["loss"] != evaluate(ticket)["loss"]


@pytest.mark.parametrize("wrapped", [nn.DataParallel, optim.swa_utils.AveragedModel])
def test_wrappers_are_taken_off(ticket: Ticket, wrapped: Callable[[nn.Module], nn.Module]):
    module = trained(ticket)
    one, two = ticket.with_weights(wrapped(module)), ticket.with_weights(module)
    assert one.digest == two.digest


def test_a_broken_mask_is_refused(ticket: Ticket):
    module = trained(ticket)
    name = ticket.prunable[0]
    with torch.no_grad():
        module.get_parameter(name).fill_(1.0)
    count = int(np.count_nonzero(~ticket.masks[name]))
    with pytest.raises(SparsetoolError, match=rf"^{count} pruned weights of {name} are not zero"):
        ticket.with_weights(module)


def test_values_and_networks_that_are_not_the_tickets_are_refused(ticket: Ticket):
    module = trained(ticket)
    with torch.no_grad():
        module.get_parameter("fc1.bias")[:2] = torch.tensor([float("nan"), float("inf")])
    with pytest.raises(SparsetoolError, match=r"2 values of fc1\.bias are NaN or infinite"):
        ticket.with_weights(module)
    with pytest.raises(SparsetoolError, match="does not fit this module"):
        ticket.with_weights(init("mlp:16").model())


def test_half_precision_is_widened_and_double_kept(ticket: Ticket):
    module = trained(ticket)
    assert ticket.with_weights(module.bfloat16()).weights["fc1.bias"].dtype == np.float32
    assert ticket.with_weights(module.double()).weights["fc1.bias"].dtype == np.float64


def test_a_script_tells_of_it_in_a_comment(ticket: Ticket):
    after = ticket.with_weights(trained(ticket))
    lines = script([("after.st", after)]).splitlines()
    assert not any(line.lstrip("| ").startswith("sparsetool own-training") for line in lines)
    comment = next(line for line in lines if "own-training" in line and line.startswith("#"))
    assert ticket.digest[:8] in comment
    later = mask(after, criterion="random", sparsity=0.9)
    text = script([("later.st", later)])
    assert f"test -e own-training-{after.digest[:8]}.st" in text
    assert text.rstrip().endswith(f"own-training-{after.digest[:8]}.st -o later.st")


def test_a_few_lines_say_what_a_ticket_is(ticket: Ticket):
    lines = repr(ticket).splitlines()
    assert lines[0] == "<Ticket of mlp:16-12 on digits (input 1x8x8, 10 classes)"
    assert f"{ticket.kept:,} of {ticket.total:,} prunable weights kept, sparsity 0.8" in lines[1]
    assert lines[2].strip() == "init, mask>"

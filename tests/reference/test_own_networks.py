"""Networks legal in torch: taken as they are, or refused at birth in a line that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sparsetool import evaluate, init, mask, prune, train_cycles
from sparsetool.analysis.hessian import hessian
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.layer_graph.logits import logits_of
from sparsetool.networks.build import to_module
from sparsetool.plugins import own_code
from sparsetool.ticket.matrices import outside
from sparsetool.ticket.value import Ticket
from sparsetool.training.observer import Observer
from tests.reference.unusual_networks import LEGAL


@pytest.fixture
def born(tmp_path: Path) -> Callable[..., Ticket]:
    """Makes a ticket of one of the networks: `born(name, options of init)`."""
    path = tmp_path / "legal.py"
    path.write_text(LEGAL)

    def made(name: str, **options: Any) -> Ticket:
        own_code.allow(f"{path}:{name}")
        return init(f"{path}:{name}", **options)

    return made


def images(count: int = 32) -> torch.Tensor:
    return torch.linspace(-1, 1, count * 64).square().reshape(count, 1, 8, 8)


# -- what a network returns -----------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", ["pair", "listed", "mapping", "field"])
def test_wrapped_logits_are_the_logits_everywhere(born: Callable[..., Ticket], wrapped: str):
    """Curvature, scores, a cycle and figures: all as of the network that returns a tensor."""
    ours, plain = born(wrapped), born("plain")
    labels = torch.arange(32) % 10
    for method in ("lanczos", "pyhessian"):
        one, two = (hessian(t, images(), labels, method=method) for t in (ours, plain))
        assert one["eigenvalues"] == two["eigenvalues"]
    for criterion in ("snip", "synflow", "grasp"):
        one, two = (mask(t, criterion=criterion, sparsity=0.5).masks for t in (ours, plain))
        assert all((one[name] == two[name]).all() for name in two)
    one, two = (train_cycles(t, epochs=1) for t in (ours, plain))
    assert all((one.weights[name] == two.weights[name]).all() for name in two.weights)
    assert evaluate(one) == evaluate(two)
    assert ours.meta["graph"] == plain.meta["graph"] or wrapped == "field"


@pytest.mark.parametrize("made", [{"scores": torch.zeros(1)}, [], (1, 2), None, {"logits": [1.0]}])
def test_what_holds_no_logits_is_refused(made: Any):
    with pytest.raises(SparsetoolError, match="wanted its logits"):
        logits_of(made)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing", r"returns a mapping with 'scores'; wanted its logits"),
        ("narrow", r"float32 \[2, 9\] for 2 images; wanted floats \[2, 10\]"),
        ("fails", r"fails on 2 images of \[1, 8, 8\].*evaluation mode: KeyError: 'key'"),
        ("complicated", r"phase is complex \(64 numbers of complex64\)"),
        ("whole", r"parameter counts is int32; wanted float32"),
        ("not_finite", r"3 initial values of scale are NaN or infinite"),
        ("stateful", r"extra state \(_extra_state\), which a ticket cannot hold"),
        ("masked", r"head\.weight_mask has the name of a mask"),
        ("renamed", r"calls its parameter head\.weight inner\.head\.weight"),
        ("lossy", r"lacks its parameter head\.bias"),
        ("without_gradient", r"logits depend on no parameter that trains"),
        ("scripted", r"is TorchScript, whose layers cannot be seen"),
        ("causal", r"3 initial values of later are NaN or infinite: .*persistent=False"),
        ("unused_lazy", r"does not use its lazy layer of spare\.weight"),
    ],
)
def test_what_no_ticket_can_hold_is_refused_at_birth(
    born: Callable[..., Ticket], name: str, says: str
):
    with pytest.raises(SparsetoolError, match=says):
        born(name, init="model")


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated")
@pytest.mark.parametrize(
    "name", ["lazy", "weight_norm", "spectral_norm", "older_norm", "stateless"]
)
def test_odd_modules_are_born_alike_train_and_come_back(born: Callable[..., Ticket], name: str):
    start = born(name)
    assert start.digest == born(name).digest
    ticket = mask(start, criterion="random", sparsity=0.5)
    trained = train_cycles(ticket, epochs=2)
    assert evaluate(trained)["accuracy"] > evaluate(ticket)["accuracy"]
    module = to_module(trained)
    held = {n: t for n, t in module.state_dict().items() if isinstance(t, torch.Tensor)}
    assert held.keys() == trained.weights.keys()


# -- no gradient ----------------------------------------------------------------------------------


class Heard(Observer):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.mark.parametrize(("name", "still"), [("frozen", "1.weight"), ("auxiliary", "spare.weight")])
def test_masked_weights_without_gradient_stay_and_the_rest_trains(
    born: Callable[..., Ticket], name: str, still: str
):
    ticket = mask(born(name), criterion="random", density="uniform", sparsity=0.5)
    heard = Heard()
    trained = train_cycles(ticket, n=2, epochs=1, watch=heard, weight_decay=0.1)
    assert sum("got no gradient (frozen or unused)" in note for note in heard.notes) == 1
    assert (trained.weights[still] == ticket.weights[still]).all()
    last = ticket.prunable[-1]
    assert (trained.weights[last] != ticket.weights[last]).any()
    assert not trained.off_mask()


def test_a_network_that_is_frozen_whole_has_no_training(born: Callable[..., Ticket]):
    with pytest.raises(SparsetoolError, match="every parameter of the network is frozen"):
        train_cycles(born("all_frozen"), epochs=1)


# -- matrices that are not prunable ---------------------------------------------------------------

OUTSIDE: Mapping[str, dict[str, int]] = {
    "conv1d": {"1.weight": 1024},
    "lstm": {"cell.weight_ih_l0": 512, "cell.weight_hh_l0": 1024},
    "gru": {"cell.weight_ih_l0": 384, "cell.weight_hh_l0": 768},
    "weight_norm": {"1.parametrizations.weight.original1": 1024},
    "embedded": {"2.weight": 128},
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_matrices_outside_the_list_are_known_and_can_be_taken_in(
    born: Callable[..., Ticket], name: str
):
    left = born(name)
    assert outside(left.weights, left.prunable, left.meta["buffers"]) == OUTSIDE[name]
    for pattern in (next(iter(OUTSIDE[name])), next(iter(OUTSIDE[name])).rpartition(".")[0]):
        some = born(name, prune_also=[pattern])
        assert set(some.prunable) > set(left.prunable)
    ticket = born(name, prune_also=list(OUTSIDE[name]))
    assert list(ticket.prunable) == [n for n in ticket.weights if n in ticket.prunable]
    assert set(ticket.prunable) == {*left.prunable, *OUTSIDE[name]}
    assert not outside(ticket.weights, ticket.prunable, ticket.meta["buffers"])
    assert all((ticket.weights[n] == left.weights[n]).all() for n in left.weights)


@pytest.mark.parametrize(
    ("name", "criterion"),
    [
        *(
            (name, c)
            for name in ("conv1d", "lstm", "gru")
            for c in ("magnitude", "snip", "synflow")
        ),
        ("weight_norm", "magnitude"),
        ("weight_norm", "snip"),
    ],
)
def test_matrices_taken_in_are_scored_shared_trained_and_pruned(
    born: Callable[..., Ticket], name: str, criterion: str
):
    start = born(name, prune_also=list(OUTSIDE[name]))
    ticket = mask(start, criterion=criterion, density="erk", sparsity=0.5)
    assert ticket.kept == round(start.total / 2)
    trained = train_cycles(ticket, epochs=1)
    smaller = prune(trained, sparsity=0.8, criterion="magnitude")
    assert smaller.kept == round(start.total / 5)
    for wanted in OUTSIDE[name]:
        moved = trained.weights[wanted] != ticket.weights[wanted]
        assert moved[ticket.masks[wanted]].any()
        assert not moved[~ticket.masks[wanted]].any()
        assert 0 < smaller.kept_by_layer[wanted] < start.weights[wanted].size


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated")
@pytest.mark.parametrize("name", ["weight_norm", "older_norm"])
def test_weight_norm_of_a_wholly_pruned_row_is_zero(born: Callable[..., Ticket], name: str):
    """And the other rows are torch's own, bit for bit."""
    start = born(name, prune_also=["1*"])
    key = start.prunable[0]
    whole = np.ones(start.weights[key].shape, bool)
    whole[3:7] = False
    rest = {other: np.ones(start.weights[other].shape, bool) for other in start.prunable[1:]}
    weights = {**start.weights, key: np.where(whole, start.weights[key], np.float32(0))}
    ticket = Ticket(weights, {key: whole, **rest}, start.meta, start.lineage)
    made, plain = (to_module(t)[1] for t in (ticket, start))
    inputs = images().flatten(1)
    bias = plain.bias.detach()
    wanted = torch.where(torch.tensor(whole.any(1)), plain(inputs), bias)
    assert torch.equal(made(inputs), wanted)
    assert not train_cycles(ticket, epochs=1).off_mask()
    assert mask(ticket, criterion="snip", sparsity=0.9).kept == round(start.total / 10)


def test_a_network_without_layers_is_told_what_to_take_in(born: Callable[..., Ticket]):
    with pytest.raises(UsageError, match=r"--prune-also takes in matrices \(first\)"):
        born("bare")
    assert born("bare", prune_also=["first"]).prunable == ("first",)


def test_a_pattern_that_takes_nothing_in_is_refused(born: Callable[..., Ticket]):
    with pytest.raises(UsageError, match=r"matches no further matrix; there are 1\.weight"):
        born("conv1d", prune_also=["nothing*"])
    with pytest.raises(UsageError, match="every matrix is prunable"):
        born("plain", prune_also=["head.weight"])


def test_the_record_says_what_was_taken_in(born: Callable[..., Ticket]):
    ticket = born("conv1d", prune_also=["1"])
    assert ticket.lineage[0]["options"]["prune_also"] == ["1"]
    assert np.array_equal(ticket.weights["1.bias"], np.zeros(16))

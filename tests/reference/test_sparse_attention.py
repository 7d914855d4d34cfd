"""Attention whose projections are sparse against `nn.MultiheadAttention` as it is, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from sparsetool.kernels import Linear, attention, plan
from sparsetool.kernels.plan import calls
from sparsetool.kernels.products import SparseProducts

WIDTH, HEADS, PLACES, BATCH = 6, 2, 5, 3
BOOL = torch.ones(PLACES, PLACES, dtype=torch.bool).triu(1)


class Attending(nn.Module):
    """Attention as `options` make it, called with `given`, of tokens as rows of an image."""

    input = (1, PLACES, WIDTH)

    def __init__(self, options: dict[str, Any], given: dict[str, Any], other: bool = False) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, **options)
        self.given, self.other = given, other

    def forward(self, images: Tensor) -> Tensor:
        tokens = images.squeeze(1)
        tokens = tokens if self.attention.batch_first else tokens.transpose(0, 1).contiguous()
        others = tokens * 2 if self.other else tokens
        given = {k: v(len(images)) if callable(v) else v for k, v in self.given.items()}
        made, _ = self.attention(tokens, others, others, **given)
        return made if self.attention.batch_first else made.transpose(0, 1)


PLAIN = {"need_weights": False}
ORDINARY: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "places first": ({}, PLAIN),
    "batch first": ({"batch_first": True}, PLAIN),
    "no bias": ({"bias": False}, PLAIN),
    "dropout": ({"dropout": 0.5, "batch_first": True}, PLAIN),
}
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "weights": ({}, {"need_weights": True}, False),
    "mask": ({}, PLAIN | {"attn_mask": BOOL}, False),
    "causal": ({}, PLAIN | {"attn_mask": BOOL, "is_causal": True}, False),
    "padding": ({}, PLAIN | {"key_padding_mask": lambda batch: BOOL[:batch]}, False),
    "keys of its own": ({"kdim": WIDTH, "vdim": WIDTH}, PLAIN, True),
    "other tokens": ({"batch_first": True}, PLAIN, True),
    "added places": ({"add_bias_kv": True, "add_zero_attn": True}, PLAIN, False),
}


@pytest.fixture(autouse=True)
def products(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Linear]]:
    """Every layer that may be sparse is; gives the sparse products that were computed."""
    monkeypatch.setattr(plan, "COSTS", plan.Costs(1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    monkeypatch.setattr(plan, "EARNED", 0.0)
    done: list[Linear] = []
    forward = Linear.forward
    watched = lambda own, *given: done.append(own) or forward(own, *given)  # noqa: E731
    monkeypatch.setattr(Linear, "forward", watched)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield done
    torch.set_default_dtype(before)


def masked(module: Attending) -> dict[str, Tensor]:
    """Masks that keep a third, applied."""
    masks = {}
    for name, weight in module.named_parameters():
        if weight.dim() == 2:
            masks[name] = torch.rand_like(weight) < 0.3
            weight.data *= masks[name]
        else:
            weight.data.uniform_(-1, 1)
    return masks


def context(module: Attending, masks: dict[str, Tensor]) -> Any:
    made = SparseProducts(module, masks, module.input, threads=1, figures=BATCH)
    return made.of_step(BATCH)


def step(module: Attending, images: Tensor) -> dict[str, Tensor]:
    module.zero_grad()
    images = images.clone().requires_grad_()
    torch.manual_seed(7)
    made = module(images)
    made.square().sum().backward()
    grads = {name: weight.grad for name, weight in module.named_parameters()}
    found = {"made": made, "images": images.grad, **grads}
    return {name: each.detach().clone() for name, each in found.items() if each is not None}


def check(module: Attending) -> None:
    masks, images = masked(module), torch.randn(BATCH, *module.input)
    for training in (True, False):
        right = step(module.train(training), images)
        with context(module, masks):
            found = step(module, images)
        assert found.keys() == right.keys()
        for name, tensor in found.items():
            mask = masks.get(name, torch.tensor(True))
            torch.testing.assert_close(tensor * mask, right[name] * mask, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ORDINARY)
def test_both_projections_are_sparse(name: str, products: list[Linear]) -> None:
    check(Attending(*ORDINARY[name]))
    assert len(products) == 2 * 2


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_attention_is_torchs(name: str, products: list[Linear]) -> None:
    check(Attending(*OTHERS[name]))
    assert not products


def test_one_sparse_projection_is_enough(products: list[Linear]) -> None:
    module = Attending(*ORDINARY["batch first"])
    masks = masked(module)
    whole = module.attention.in_proj_weight
    masks["attention.in_proj_weight"][:] = True
    whole.data.normal_()
    images = torch.randn(BATCH, *module.input)
    right = module(images)
    with context(module, {"attention.out_proj.weight": masks["attention.out_proj.weight"]}):
        torch.testing.assert_close(module(images), right, rtol=1e-9, atol=1e-9)
    assert len(products) == 1


def test_calls_are_those_of_its_projections() -> None:
    module = Attending(*ORDINARY["places first"])
    found = calls(module, module.input)
    tokens = PLACES * WIDTH
    assert [(call.weight, call.macs, call.taken, call.given) for call in found] == [
        (id(module.attention.in_proj_weight), 3 * WIDTH * tokens, tokens, 3 * tokens),
        (id(module.attention.out_proj.weight), WIDTH * tokens, tokens, tokens),
    ]
    assert not calls(Attending(*OTHERS["weights"]), module.input)


def test_what_torch_refuses_it_refuses_as_ever() -> None:
    module = Attending(*ORDINARY["batch first"])
    weight, bias = torch.ones(18, WIDTH), torch.zeros(18)
    tokens = torch.zeros(PLACES, BATCH, WIDTH)
    rest = (None, None, False, 0.0, torch.ones(WIDTH, WIDTH), None)
    with (
        context(module, masked(module)),
        pytest.raises(AssertionError, match="not divisible by num_heads 4"),
    ):
        attention.PACKED(tokens, tokens, tokens, WIDTH, 4, weight, bias, *rest, need_weights=False)

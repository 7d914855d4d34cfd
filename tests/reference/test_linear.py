"""Linear layers by kept weights, on rows, against the masked matrix, in float64."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from sparsetool.kernels import Linear, linear, pool, ways

# Tokens, numbers of one that come out and go in, and the share of weights kept.
CASES = {
    "one of all": (1, 1, 1, 1.0),
    "less than a block": (5, 7, 5, 0.5),
    "a block": (16, 16, 16, 0.5),
    "no square": (33, 20, 40, 0.3),
    "less than a group of blocks": (48, 9, 11, 0.4),
    "more channels than a tile": (150, 17, 2 * ways.TILE + 3, 0.2),
    "wide": (90, 2 * ways.TILE + 5, 9, 0.2),
    "many strips": (1100, 130, 140, 0.1),
    "no weight kept": (40, 6, 5, 0.0),
    "every weight kept": (40, 6, 5, 1.0),
    "no token": (0, 4, 3, 0.5),
}


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def unset(like: Tensor) -> Tensor:
    return torch.full_like(like, torch.nan)


def check(case: tuple[int, int, int, float], dtype: torch.dtype, **near: float) -> None:
    """All products are those of the masked matrix; what is behind pruned weights has no part."""
    batch, out, into, density = case
    mask = torch.rand(out, into) < density
    layer = Linear(mask)
    tokens, gradient, weight, bias = (
        torch.randn(shape).to(dtype) for shape in ((batch, into), (batch, out), (out, into), (out,))
    )
    given = torch.where(mask, weight, torch.nan)
    right = torch.where(mask, weight, 0).double()
    made = tokens.double() @ right.t()

    found = unset(gradient)
    layer.forward(tokens, given, found)
    torch.testing.assert_close(found.double(), made, **near)
    layer.forward(tokens, given, found, bias)
    torch.testing.assert_close(found.double(), made + bias.double(), **near)
    inner = unset(tokens)
    layer.input_gradient(gradient, given, inner)
    torch.testing.assert_close(inner.double(), gradient.double() @ right, **near)
    both, outer = unset(tokens), unset(given)
    layer.gradients(gradient, tokens, given, both, outer)
    assert both.equal(inner)
    wanted = torch.where(mask, gradient.double().t() @ tokens.double(), 0)
    torch.testing.assert_close(outer.double(), wanted, **near)
    assert not outer[~mask].any()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", CASES)
def test_products_are_those_of_the_masked_matrix(name: str, dtype: torch.dtype) -> None:
    near = 1e-11 if dtype == torch.float64 else 2e-4
    check(CASES[name], dtype, rtol=near, atol=near)


@given(
    st.integers(1, 200), st.integers(1, 40), st.integers(1, 150), st.floats(0, 1),
    st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=40)
def test_products_of_any_shape(batch: int, out: int, into: int, density: float, seed: int) -> None:
    torch.manual_seed(seed)
    check((batch, out, into, density), torch.float64, rtol=1e-11, atol=1e-11)


def products(threads: int, batch: int) -> list[Tensor]:
    """Of the same numbers each time; the result, and both gradients."""
    torch.manual_seed(1)
    mask = torch.rand(90, 70) < 0.3
    layer, weight = Linear(mask), torch.randn(90, 70)
    tokens, gradient = torch.randn(700, 70)[:batch], torch.randn(700, 90)[:batch]
    found, inner, outer = unset(gradient), unset(tokens), unset(weight)
    torch.set_num_threads(threads)
    try:
        layer.forward(tokens, weight, found)
        layer.gradients(gradient, tokens, weight, inner, outer)
    finally:
        torch.set_num_threads(1)
    return [found, inner, outer]


def test_threads_and_batches_change_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LEAST", 1)
    once, *rest = (products(threads, 700) for threads in (1, 2, 2, 3))
    for other in rest:
        assert [a.equal(b) for a, b in zip(once, other, strict=True)][:2] == [True, True]
        torch.testing.assert_close(once[2], other[2], rtol=1e-4, atol=1e-4)
    assert rest[0][2].equal(rest[1][2])
    fewer = products(1, 437)
    assert once[0][:437].equal(fewer[0])
    assert once[1][:437].equal(fewer[1])


def test_long_sums_are_of_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gradients in weights are added up in float32 for so many blocks alone."""
    monkeypatch.setattr(linear, "ADDED", 1)
    monkeypatch.setattr(linear, "STRIP", 1)
    tokens = torch.zeros(2**10, 1)
    tokens[:64] = 2.0**24
    tokens[64:] = 1.0
    outer = torch.empty(1, 1)
    ones = torch.ones(len(tokens), 1)
    layer = Linear(torch.ones(1, 1, dtype=torch.bool))
    layer.gradients(ones, tokens, outer, torch.empty_like(tokens), outer)
    assert outer.item() == torch.tensor(64 * 2.0**24 + 2**10 - 64).item()

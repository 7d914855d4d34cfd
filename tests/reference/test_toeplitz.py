"""Sparse products of masked convolutions against `conv2d` of the masked weights, in float64."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from sparsetool.kernels import toeplitz
from sparsetool.kernels.toeplitz import Band, Convolution

Pair = tuple[int, int]
EXACT = dict(rtol=1e-11, atol=1e-11)


class Geometry(NamedTuple):
    """A masked convolution, the images that it is given, and the share of weights kept."""

    out: int = 4
    into: int = 3
    kernel: Pair = (3, 3)
    size: Pair = (7, 6)
    stride: Pair = (1, 1)
    padding: Pair = (1, 1)
    dilation: Pair = (1, 1)
    density: float = 0.3
    batch: int = 5

    def mask(self) -> Tensor:
        return torch.rand(self.out, self.into, *self.kernel) < self.density

    def made(self, mask: Tensor) -> Convolution:
        return Convolution(mask, self.size, self.stride, self.padding, self.dilation)

    def convolve(self, images: Tensor, weight: Tensor) -> Tensor:
        return functional.conv2d(images, weight, None, self.stride, self.padding, self.dilation)


CASES = {
    "same size": Geometry(),
    "no padding": Geometry(padding=(0, 0)),
    "more padding than kernel": Geometry(padding=(4, 5)),
    "padding of columns alone": Geometry(padding=(0, 3)),
    "stride": Geometry(stride=(2, 2)),
    "stride beyond the kernel": Geometry(stride=(4, 5), size=(13, 12)),
    "two strides": Geometry(stride=(1, 3), size=(5, 11)),
    "outputs that see nothing": Geometry(kernel=(1, 1), padding=(3, 2), stride=(2, 1)),
    "dilation": Geometry(dilation=(2, 3), padding=(2, 3)),
    "dilation and stride": Geometry(dilation=(3, 2), stride=(2, 3), padding=(3, 1), size=(9, 10)),
    "kernel not square": Geometry(kernel=(1, 5), padding=(0, 2)),
    "even kernel": Geometry(kernel=(2, 4), padding=(1, 2), stride=(2, 2)),
    "kernel beyond the image": Geometry(kernel=(5, 5), padding=(2, 2), size=(2, 3)),
    "1x1": Geometry(kernel=(1, 1), padding=(0, 0)),
    "1x1 with stride": Geometry(kernel=(1, 1), padding=(0, 0), stride=(2, 2)),
    "one pixel out": Geometry(kernel=(7, 6), padding=(0, 0)),
    "linear": Geometry(kernel=(1, 1), padding=(0, 0), size=(1, 1), out=9, into=8),
    "one example": Geometry(batch=1),
    "one channel": Geometry(out=1, into=1, density=0.6),
    "no weight kept": Geometry(density=0.0),
    "every weight kept": Geometry(density=1.0),
}


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def rows(images: Tensor) -> Tensor:
    """[B, C, H, W] as [H, W x C, B]."""
    return images.permute(2, 3, 1, 0).flatten(1, 2).contiguous()


def flat(weight: Tensor) -> Tensor:
    """[O, I, a, b] as [O x a x b x I]."""
    return weight.permute(0, 2, 3, 1).flatten()


def unset(like: Tensor) -> Tensor:
    return torch.full_like(like, torch.nan)


def check(layer: Convolution, case: Geometry, mask: Tensor, dtype: torch.dtype, **near: float):
    """All three products of fresh numbers are those of autograd in float64."""
    images = torch.randn(case.batch, case.into, *case.size, dtype=torch.float64)
    weight = torch.randn(mask.shape, dtype=torch.float64)
    images, weight = images.to(dtype).double(), weight.to(dtype).double()
    images.requires_grad_()
    masked = torch.where(mask, weight, 0).requires_grad_()
    result = case.convolve(images, masked)
    gradient = torch.randn_like(result).to(dtype).double()
    inner, outer = torch.autograd.grad(result, (images, masked), gradient)

    # Weights off the mask and memory to be filled have no part in anything.
    given = flat(torch.where(mask, weight, torch.nan)).to(dtype)
    images_r, gradient_r = rows(images.detach()).to(dtype), rows(gradient).to(dtype)
    assert (layer.channels, layer.output) == (mask.shape[:2], result.shape[2:])
    found = unset(rows(result.detach()).to(dtype))
    layer.forward(images_r, given, found)
    torch.testing.assert_close(found.double(), rows(result.detach()), **near)
    found = unset(images_r)
    layer.input_gradient(gradient_r, given, found)
    torch.testing.assert_close(found.double(), rows(inner), **near)
    found = unset(given)
    layer.weight_gradient(gradient_r, images_r, found)
    torch.testing.assert_close(found.double(), flat(torch.where(mask, outer, 0)), **near)
    assert not found[~flat(mask)].any()


@pytest.mark.parametrize("entries", [1, 150, toeplitz.ENTRIES])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_products_are_those_of_autograd(
    case: Geometry, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In blocks of one row, of a few rows, and of all rows."""
    monkeypatch.setattr(toeplitz, "ENTRIES", entries)
    mask = case.mask()
    check(case.made(mask), case, mask, torch.float64, **EXACT)


@st.composite
def geometries(draw: st.DrawFn) -> Geometry:
    def pair(least: int, most: int) -> Pair:
        return draw(st.tuples(st.integers(least, most), st.integers(least, most)))

    kernel, dilation, padding = pair(1, 4), pair(1, 3), pair(0, 5)
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    least = [max(1, r - 2 * p) for r, p in zip(reach, padding, strict=True)]
    more = pair(0, 6)
    return Geometry(
        out=draw(st.integers(1, 4)),
        into=draw(st.integers(1, 4)),
        kernel=kernel,
        size=(least[0] + more[0], least[1] + more[1]),
        stride=pair(1, 4),
        padding=padding,
        dilation=dilation,
        density=draw(st.sampled_from([0.05, 0.2, 0.5, 1.0])),
        batch=draw(st.integers(1, 3)),
    )


@given(geometries(), st.sampled_from([1, 50, 400, 2**15]), st.integers(0, 2**32))
@settings(max_examples=60)
def test_products_of_any_convolution_are_those_of_autograd(
    case: Geometry, entries: int, seed: int
) -> None:
    torch.manual_seed(seed)
    mask = case.mask()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toeplitz, "ENTRIES", entries)
        layer = case.made(mask)
    check(layer, case, mask, torch.float64, **EXACT)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("entries", [1, 2**15])
def test_channels_without_a_weight(
    axis: int, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes out of one, no gradient out of the other; first, middle and last alike."""
    monkeypatch.setattr(toeplitz, "ENTRIES", entries)
    case = Geometry(out=5, into=5, density=0.5)
    mask = case.mask()
    mask.index_fill_(axis, torch.tensor([0, 2, 4]), False)
    check(case.made(mask), case, mask, torch.float64, **EXACT)


def test_weights_at_one_place_of_the_kernel() -> None:
    """The last place: what other places would reach is not read."""
    case = Geometry(kernel=(3, 2), padding=(2, 1), stride=(2, 1))
    mask = torch.zeros(case.out, case.into, *case.kernel, dtype=torch.bool)
    mask[:, :, -1, -1] = True
    check(case.made(mask), case, mask, torch.float64, **EXACT)


def test_one_layer_serves_batches_of_any_size_and_type() -> None:
    case = Geometry()
    mask = case.mask()
    layer = case.made(mask)
    for batch in (3, 1, 8):
        check(layer, case._replace(batch=batch), mask, torch.float64, **EXACT)
        check(layer, case._replace(batch=batch), mask, torch.float32, rtol=1e-4, atol=1e-4)


def bands(layer: Convolution) -> list[Band]:
    return [*layer._forward, *layer._backward]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_matrices_hold_the_kept_weights_that_meet_a_pixel(
    case: Geometry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zeros of the padding cost nothing; the rows are valid and no row of pixels is left out."""
    mask = case.mask()
    ones = torch.ones(1, case.into, *case.size, dtype=torch.float64)
    meetings = int(case.convolve(ones, mask.double()).sum())
    for entries in (1, 150, 2**15):
        monkeypatch.setattr(toeplitz, "ENTRIES", entries)
        layer = case.made(mask)
        for way, height in ((layer._forward, layer.output[0]), (layer._backward, case.size[0])):
            assert sum(len(band.blocks) * len(band.columns) for band in way) == meetings
            made = [row + at for band in way for row, _ in band.blocks for at in range(band.tall)]
            assert sorted(made) == list(range(height))
        for band in bands(layer):
            values = torch.ones(len(band.columns))
            parts = (band.starts, band.columns, values, band.shape)
            torch.sparse_csr_tensor(*parts, check_invariants=True)


def test_blocks_are_as_tall_as_their_entries_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows: of 10 weights and 6 columns, 60 entries make a row and 180 three rows."""
    case = Geometry()
    mask = torch.zeros(case.out, case.into, *case.kernel, dtype=torch.bool)
    mask.view(-1)[torch.randperm(mask.numel())[:10]] = True
    for entries, heights in ((1, {1}), (179, {1, 2}), (180, {1, 3}), (10**4, {7})):
        monkeypatch.setattr(toeplitz, "ENTRIES", entries)
        layer = case.made(mask)
        assert {band.tall for band in layer._forward} == heights
        check(layer, case, mask, torch.float64, **EXACT)

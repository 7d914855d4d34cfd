"""Products by kept weights against `conv2d` of the masked weights, in float64."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from sparsetool.kernels import Convolution, convolution, pool, ways

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
    groups: int = 1

    @property
    def how(self) -> tuple[Pair, Pair, Pair, int]:
        return self.stride, self.padding, self.dilation, self.groups

    def mask(self) -> Tensor:
        return torch.rand(self.out, self.into // self.groups, *self.kernel) < self.density

    def made(self, mask: Tensor) -> Convolution:
        return Convolution(mask, self.size, *self.how)

    def convolve(self, images: Tensor, weight: Tensor) -> Tensor:
        return functional.conv2d(images, weight, None, *self.how)


CASES = {
    "same size": Geometry(),
    "same size, dilation": Geometry(kernel=(3, 5), dilation=(2, 1), padding=(2, 2)),
    "same size, even kernel": Geometry(kernel=(2, 3), dilation=(2, 1), padding=(1, 1)),
    "same size, groups": Geometry(out=6, into=4, groups=2, batch=70),
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
    "groups": Geometry(out=6, into=4, groups=2),
    "depthwise": Geometry(out=10, into=5, groups=5, stride=(2, 2), density=0.6),
    "two columns": Geometry(size=(5, 2)),
    "three columns": Geometry(size=(3, 3)),
    "one column": Geometry(size=(6, 1)),
    "more channels than a tile": Geometry(into=2 * ways.TILE + 3, out=3, size=(4, 5), density=0.1),
    "whole blocks": Geometry(batch=160, size=(3, 5), out=2, into=2),
    "blocks and a half": Geometry(batch=168, size=(3, 5), out=2, into=2),
    "blocks as neighbours": Geometry(batch=150, size=(3, 2), out=2, into=2),
    "one pixel of many blocks": Geometry(kernel=(1, 1), padding=(0, 0), size=(1, 1), batch=100),
    "one example": Geometry(batch=1),
    "one channel": Geometry(out=1, into=1, density=0.6),
    "no weight kept": Geometry(density=0.0),
    "every weight kept": Geometry(density=1.0),
}


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def blocks(images: Tensor) -> Tensor:
    """[B, C, H, W] as [N, H, W, C, 16], filled up with zeros."""
    more = images.new_zeros(-len(images) % 16, *images.shape[1:])
    whole = torch.cat([images, more]).unflatten(0, (-1, 16))
    return whole.permute(0, 3, 4, 2, 1).contiguous()


def images_of(found: Tensor, batch: int) -> Tensor:
    """[N, H, W, C, 16] as [B, C, H, W]."""
    return found.permute(0, 4, 3, 1, 2).flatten(0, 1)[:batch]


def flat(weight: Tensor) -> Tensor:
    """[O, I, a, b] as [O x a x b x I]."""
    return weight.permute(0, 2, 3, 1).flatten()


def unset(like: Tensor) -> Tensor:
    return torch.full_like(like, torch.nan)


def check(layer: Convolution, case: Geometry, mask: Tensor, dtype: torch.dtype, **near: float):
    """All products of fresh numbers are those of autograd in float64."""
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
    images_r, gradient_r = blocks(images.detach()).to(dtype), blocks(gradient).to(dtype)
    assert (layer.channels, layer.output) == ((case.out, case.into), result.shape[2:])
    found = unset(gradient_r)
    layer.forward(images_r, given, found)
    torch.testing.assert_close(found.double(), blocks(result.detach()), **near)
    backward = unset(images_r)
    layer.input_gradient(gradient_r, given, backward)
    torch.testing.assert_close(backward.double(), blocks(inner), **near)
    found = unset(given)
    layer.weight_gradient(gradient_r, images_r, found)
    torch.testing.assert_close(found.double(), flat(torch.where(mask, outer, 0)), **near)
    assert not found[~flat(mask)].any()
    assert layer.even == (case.stride == (1, 1) and result.shape[2:] == images.shape[2:])
    if layer.even:
        outer_r, inner_r = unset(given), unset(images_r)
        layer.gradients(gradient_r, images_r, given, inner_r, outer_r)
        assert inner_r.equal(backward)
        torch.testing.assert_close(outer_r.double(), found.double(), **near)
        assert not outer_r[~flat(mask)].any()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_products_are_those_of_autograd(case: Geometry) -> None:
    mask = case.mask()
    check(case.made(mask), case, mask, torch.float64, **EXACT)


@st.composite
def geometries(draw: st.DrawFn) -> Geometry:
    def pair(least: int, most: int) -> Pair:
        return draw(st.tuples(st.integers(least, most), st.integers(least, most)))

    kernel, dilation, padding, stride = pair(1, 4), pair(1, 3), pair(0, 5), pair(1, 4)
    if draw(st.booleans()):  # of one size, in and out
        kernel, stride = (2 * kernel[0] - 1, 2 * kernel[1] - 1), (1, 1)
        padding = (dilation[0] * (kernel[0] // 2), dilation[1] * (kernel[1] // 2))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    least = [max(1, r - 2 * p) for r, p in zip(reach, padding, strict=True)]
    more = pair(0, 6)
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    return Geometry(
        out=groups * draw(st.integers(1, 4)),
        into=groups * draw(st.integers(1, 4)),
        kernel=kernel,
        size=(least[0] + more[0], least[1] + more[1]),
        stride=stride,
        padding=padding,
        dilation=dilation,
        density=draw(st.sampled_from([0.05, 0.2, 0.5, 1.0])),
        batch=draw(st.sampled_from([1, 2, 3, 15, 16, 17, 64, 70])),
        groups=groups,
    )


@given(geometries(), st.sampled_from([1, 2**12, ways.STRIP]), st.integers(0, 2**32))
@settings(max_examples=60)
def test_products_of_any_convolution_are_those_of_autograd(
    case: Geometry, strip: int, seed: int
) -> None:
    """In strips of one row, of a few rows, and of all rows."""
    torch.manual_seed(seed)
    mask = case.mask()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "STRIP", strip)
        check(case.made(mask), case, mask, torch.float64, **EXACT)


@pytest.mark.parametrize("axis", [0, 1])
def test_channels_without_a_weight(axis: int) -> None:
    """Nothing comes out of one, no gradient out of the other; first, middle and last alike."""
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
    for batch in (3, 1, 80):
        check(layer, case._replace(batch=batch), mask, torch.float64, **EXACT)
        check(layer, case._replace(batch=batch), mask, torch.float32, rtol=1e-4, atol=1e-4)


def test_no_examples_make_no_images() -> None:
    case = Geometry(batch=0)
    mask = case.mask()
    check(case.made(mask), case, mask, torch.float64, **EXACT)


def products(case: Geometry, threads: int) -> list[Tensor]:
    """All of them, of the same numbers each time."""
    torch.manual_seed(1)
    mask = case.mask()
    layer, (height, width) = case.made(mask), case.made(mask).output
    weight = torch.randn(mask.numel())
    images = blocks(torch.randn(case.batch, case.into, *case.size))
    gradient = blocks(torch.randn(case.batch, case.out, height, width))
    found = [unset(each) for each in (gradient, images, weight, images, weight)]
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        layer.forward(images, weight, found[0])
        layer.input_gradient(gradient, weight, found[1])
        layer.weight_gradient(gradient, images, found[2])
        if layer.even:
            layer.gradients(gradient, images, weight, *found[3:])
    finally:
        torch.set_num_threads(before)
    return found if layer.even else found[:3]


@pytest.mark.parametrize(
    "case",
    [
        Geometry(out=9, into=8, size=(9, 7), batch=150, stride=(2, 1)),
        Geometry(out=9, into=8, size=(9, 7), batch=150),
        Geometry(out=40, into=70, kernel=(1, 1), size=(1, 1), padding=(0, 0), batch=200),
    ],
)
def test_the_same_bytes_every_time_and_images_for_any_threads(
    case: Geometry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts are really shared: as many as there are threads have work."""
    monkeypatch.setattr("sparsetool.kernels.pool.LEAST", 1)
    parts: list[int] = []
    shared = pool.shared

    def watched(work: Callable, count: int, threads: int) -> None:
        parts.append(min(count, threads))
        shared(work, count, threads)

    monkeypatch.setattr(pool, "shared", watched)
    one = products(case, 1)
    for threads in (2, 3):
        parts.clear()
        several = products(case, threads)
        assert set(parts) == {threads}
        assert all(map(torch.equal, several, products(case, threads)))
        for number, (found, right) in enumerate(zip(several, one, strict=True)):
            if number in (2, 4):  # the gradient in the weights
                torch.testing.assert_close(found, right, rtol=1e-3, atol=1e-3)
            else:
                assert found.equal(right)


@pytest.mark.parametrize("batch", [150, 64])
@pytest.mark.parametrize("columns", [8, 7])
def test_moments_of_what_is_made_are_the_same_for_any_threads(
    columns: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are had where rows are whole groups, and threads can share whole blocks fairly."""
    monkeypatch.setattr("sparsetool.kernels.pool.LEAST", 1)
    monkeypatch.setattr(convolution, "MEASURED", 5 * columns)
    case = Geometry(into=ways.TILE + 2, size=(5, columns), batch=batch, density=0.1)
    mask, before = case.mask(), torch.get_num_threads()
    layer, weight = case.made(mask), torch.randn(mask.numel())
    images, bias = blocks(torch.randn(case.batch, case.into, *case.size)), torch.randn(case.out)
    out = unset(torch.empty(len(images), 5, columns, case.out, 16))
    found = {}
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        try:
            found[threads] = layer.forward(images, weight, out, bias, measure=True)
        finally:
            torch.set_num_threads(before)
    had = [threads for threads, each in found.items() if each is not None]
    assert had == ([] if columns == 7 else [1, 2])
    for threads in had:
        about = torch.from_numpy(found[threads].numbers)
        assert about.equal(out[:, 0, 0, :, 0])
        away = (out - about[:, None, None, :, None]).double()
        sums = torch.stack([away.sum((1, 2)), (away**2).sum((1, 2))], 1)
        right = torch.from_numpy(found[threads].sums).double()
        torch.testing.assert_close(right, sums, rtol=1e-5, atol=1e-4)
        assert np.array_equal(found[threads].sums, found[1].sums)


def test_a_copy_of_the_process_has_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparsetool.kernels.pool.LEAST", 1)
    case = Geometry(batch=40)
    right = products(case, 2)
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends a copy that waits for threads that are not there
        os._exit(0 if all(map(torch.equal, products(case, 2), right)) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_an_example_is_made_the_same_in_any_batch() -> None:
    case = Geometry(out=5, into=6, size=(5, 7))
    mask = case.mask()
    layer, weight = case.made(mask), torch.randn(mask.numel())
    images = torch.randn(130, 6, 5, 7)
    whole, alone = torch.empty(9, 5, 7, 5, 16), torch.empty(1, 5, 7, 5, 16)
    layer.forward(blocks(images), weight, whole)
    layer.forward(blocks(images[70:73]), weight, alone)
    assert images_of(alone, 3).equal(images_of(whole, 130)[70:73])


@pytest.mark.parametrize("bad", [torch.inf, torch.nan])
def test_what_no_kept_weight_reads_has_no_part(bad: float) -> None:
    """A channel that is infinite, and examples that are, leave the others as they were."""
    case = Geometry(out=3, into=3, size=(5, 5), batch=20)
    mask = case.mask()
    mask[:, 1] = False
    layer, weight = case.made(mask), torch.randn(mask.numel())
    images, gradient = torch.randn(20, 3, 5, 5), blocks(torch.randn(20, 3, 5, 5))
    images[:, 1] = bad
    out, outer = torch.empty(2, 5, 5, 3, 16), torch.empty(mask.numel())
    layer.forward(blocks(images), weight, out)
    layer.weight_gradient(gradient, blocks(images), outer)
    assert out.isfinite().all()
    assert outer.isfinite().all()
    images[7, 0] = bad
    layer.forward(blocks(images), weight, out)
    assert images_of(out, 20)[torch.arange(20) != 7].isfinite().all()

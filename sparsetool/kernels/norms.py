"""Batch norm of blocked images, with what comes after it, compiled by numba when first used.

Every sum is made in one order, whatever the threads: pixels of a block first, side by side for its
examples, then these, then the blocks. What fills up the last block is left out of sums, and zero in
what is made.

Addresses are of memory [N, P, C, WIDTH]. Shapes: N blocks of WIDTH examples; P pixels; C channels.
"""

from __future__ import annotations

from typing import Any

import numba

from .channels import gradient, inner, moments, normal
from .vectors import clear_one, number
from .ways import WIDTH

_plain, _relu, _add_relu = normal(False, False), normal(True, False), normal(True, True)
_sums, _sums_again = gradient(False, False), gradient(True, False)
_sums_made = gradient(False, True)
_inner, _inner_again = inner(False), inner(True)
_jit = numba.njit(nogil=True, cache=True)


@_jit
def reduced(sums: Any, batch: int, found: Any) -> None:
    """Add up what lies side by side for examples.

    Args:
        sums: [N, 2, C, WIDTH].
        batch: Examples in all.
        found: Takes the sums [N, 2, C], float64.
    """
    for block in range(sums.shape[0]):
        examples = min(WIDTH, batch - block * WIDTH)
        for which in range(2):
            for c in range(sums.shape[2]):
                total = 0.0
                for example in range(examples):
                    total += sums[block, which, c, example]
                found[block, which, c] = total


@_jit
def measure(images: int, shape: Any, about: Any, memory: Any, begin: int, end: int) -> None:
    """Sums of distances from a number, and of their squares, for blocks `begin` to `end`.

    Args:
        images: Address.
        shape: P, C and B, examples in all.
        about: Takes a number of each block and channel, of its first example and pixel [N, C]:
            squares of distances from zero could lose all digits.
        memory: Takes the sums, side by side for examples [N, 2, C, WIDTH].
        begin: The first block.
        end: The block after the last.
    """
    pixels, channels, _ = shape
    size, like = WIDTH * about.itemsize, about[begin, 0]
    for block in range(begin, end):
        first = images + block * pixels * channels * size
        sums, squares = memory[block, 0].ctypes.data, memory[block, 1].ctypes.data
        memory[block] = 0
        for c in range(channels):
            about[block, c] = number(first + c * size, like)
        for pixel in range(pixels):
            at = first + pixel * channels * size
            for c in range(channels):
                moments(at + c * size, about[block, c], sums + c * size, squares + c * size, like)


@_jit
def normalise(
    images: int,
    shape: Any,
    numbers: Any,
    relu: bool,
    other: int,
    top: Any,
    out: int,
    past: bool,
    begin: int,
    end: int,
) -> None:
    """Normalise blocks `begin` to `end`; rectify, after adding other images, on request.

    Args:
        images: Address.
        shape: P, C and B, examples in all.
        numbers: Centers, factors and shifts [3, C].
        relu: Whether to rectify.
        other: Address of the other images, or 0.
        top: The most that is left by rectifying, or no number.
        out: Address of the images that are made.
        past: Whether they are written past the caches.
        begin: The first block.
        end: The block after the last.
    """
    pixels, channels, batch = shape
    center, factor, shift = numbers[0], numbers[1], numbers[2]
    size = WIDTH * numbers.itemsize
    for block in range(begin, end):
        for pixel in range(pixels):
            skip = (block * pixels + pixel) * channels * size
            at, to, also = images + skip, out + skip, other + skip
            for c in range(channels):
                here, there = at + c * size, to + c * size
                if not relu:
                    _plain(here, center[c], factor[c], shift[c], 0, top, there, past, top)
                elif other == 0:
                    _relu(here, center[c], factor[c], shift[c], 0, top, there, past, top)
                else:
                    _add_relu(
                        here, center[c], factor[c], shift[c], also + c * size, top, there, past,
                        top,
                    )  # fmt: skip
        if batch < (block + 1) * WIDTH:
            _fill_up(
                out + block * pixels * channels * size, pixels * channels, batch, size // WIDTH, top
            )


@_jit
def _fill_up(images: int, vectors: int, batch: int, size: int, like: Any) -> None:
    """Write zeros, of some bytes, to the examples that a last block does not have."""
    for vector in range(vectors):
        for example in range(batch % WIDTH, WIDTH):
            clear_one(images + (vector * WIDTH + example) * size, like)


@_jit
def normalise_back(
    ahead: int,
    images: int,
    shape: Any,
    numbers: Any,
    again: bool,
    top: Any,
    other: int,
    made: int,
    passed: int,
    past: bool,
    memory: Any,
    begin: int,
    end: int,
) -> None:
    """Sums of gradients, and of their products with distances, for blocks `begin` to `end`.

    Args:
        ahead: Address of the gradient in what was made.
        images: Address of the images as they were given.
        shape: P, C and B, examples in all.
        numbers: Centers, factors and shifts [3, C], as of `normalise`.
        again: Whether the gradient passes where normalised numbers are above zero alone.
        top: Where these, or what was made, are as much, it does not pass either; or no number.
        other: Address of a gradient to be added to `ahead`, where `made` is given; or 0.
        made: Address of what was made, where the gradient passes where that is above zero; or 0.
        passed: Address that takes the gradient that passes then.
        past: Whether it is written past the caches.
        memory: Takes the sums, side by side for examples [N, 2, C, WIDTH].
        begin: The first block.
        end: The block after the last.
    """
    pixels, channels, _ = shape
    center, factor, shift = numbers[0], numbers[1], numbers[2]
    size = WIDTH * numbers.itemsize
    for block in range(begin, end):
        first, second = memory[block, 0].ctypes.data, memory[block, 1].ctypes.data
        memory[block] = 0
        for pixel in range(pixels):
            skip = (block * pixels + pixel) * channels * size
            for c in range(channels):
                at, add, multiplied = skip + c * size, first + c * size, second + c * size
                if again:
                    _sums_again(
                        ahead + at, images + at, center[c], factor[c], shift[c], top, 0, 0, 0,
                        False, add, multiplied, top,
                    )  # fmt: skip
                elif made == 0:
                    _sums(
                        ahead + at, images + at, center[c], factor[c], shift[c], top, 0, 0, 0,
                        False, add, multiplied, top,
                    )  # fmt: skip
                else:
                    _sums_made(
                        ahead + at, images + at, center[c], factor[c], shift[c], top,
                        other + at if other else 0, made + at, passed + at, past, add,
                        multiplied, top,
                    )  # fmt: skip


@_jit
def inside(
    ahead: int,
    images: int,
    shape: Any,
    numbers: Any,
    again: bool,
    top: Any,
    slopes: Any,
    out: int,
    past: bool,
    begin: int,
    end: int,
) -> None:
    """The gradient in the images, for blocks `begin` to `end`.

    Args:
        ahead: Address of the gradient that passes; with `again` of all of it.
        images: Address of the images as they were given.
        shape: P, C and B, examples in all.
        numbers: Centers, factors and shifts [3, C].
        again: Whether the gradient passes where normalised numbers are above zero alone.
        top: Where these, or what was made, are as much, it does not pass either; or no number.
        slopes: What a distance gives, and what is added [2, C].
        out: Address of the gradient that is made.
        past: Whether it is written past the caches.
        begin: The first block.
        end: The block after the last.
    """
    pixels, channels, batch = shape
    center, factor, shift = numbers[0], numbers[1], numbers[2]
    slope, level = slopes[0], slopes[1]
    size = WIDTH * numbers.itemsize
    for block in range(begin, end):
        for pixel in range(pixels):
            skip = (block * pixels + pixel) * channels * size
            for c in range(channels):
                at = skip + c * size
                if again:
                    _inner_again(
                        ahead + at, images + at, center[c], factor[c], shift[c], top, slope[c],
                        level[c], out + at, past, top,
                    )  # fmt: skip
                else:
                    _inner(
                        ahead + at, images + at, center[c], factor[c], shift[c], top, slope[c],
                        level[c], out + at, past, top,
                    )  # fmt: skip
        if batch < (block + 1) * WIDTH:
            _fill_up(
                out + block * pixels * channels * size, pixels * channels, batch, size // WIDTH, top
            )

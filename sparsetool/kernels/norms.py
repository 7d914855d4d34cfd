"""Batch norm of batch-last images, compiled by numba when it is first used.

One channel after another: the second time that its numbers are read they come from a cache. Every
sum is made in one order, whatever the threads.

Shapes: P pixels; C channels; B examples.
"""

from __future__ import annotations

from typing import Any

import numba

_jit = numba.njit(nogil=True, cache=True)
_sums_jit = numba.njit(nogil=True, cache=True, fastmath={"reassoc", "nsz", "contract"})


@_sums_jit
def _moments(row: Any, about: Any) -> Any:
    """The sum of distances from a number, and of their squares, in vectors."""
    total, squares = row.dtype.type(0), row.dtype.type(0)
    for b in range(len(row)):
        distance = row[b] - about
        total += distance
        squares += distance * distance
    return total, squares


@_sums_jit
def _products(ahead: Any, row: Any, mean: Any) -> Any:
    """The sum of gradients, and of their products with distances from a mean, in vectors."""
    total, product = row.dtype.type(0), row.dtype.type(0)
    for b in range(len(row)):
        total += ahead[b]
        product += ahead[b] * (row[b] - mean)
    return total, product


@_jit
def normalise(
    images: Any, scale: Any, shift: Any, eps: float, out: Any, found: Any, begin: int, end: int
) -> None:
    """Normalise channels `begin` to `end`.

    Args:
        images: [P, C, B].
        scale: [C].
        shift: [C].
        eps: Added to variances.
        out: Takes the result [P, C, B].
        found: Takes means and sums of squared distances from them [2, C], float64.
        begin: The first channel.
        end: The channel after the last.
    """
    pixels, _, examples = images.shape
    count = pixels * examples
    for channel in range(begin, end):
        about = images[0, channel, 0]  # squares of distances from zero could lose all digits
        total, squares = 0.0, 0.0
        for pixel in range(pixels):
            here = _moments(images[pixel, channel], about)
            total += here[0]
            squares += here[1]
        mean = about + total / count
        squares = max(squares - total * total / count, 0.0)
        found[0, channel], found[1, channel] = mean, squares
        factor = images.dtype.type(scale[channel] / (squares / count + eps) ** 0.5)
        center, added = images.dtype.type(mean), images.dtype.type(shift[channel])
        for pixel in range(pixels):
            row, to = images[pixel, channel], out[pixel, channel]
            for b in range(examples):
                to[b] = (row[b] - center) * factor + added


@_jit
def normalise_back(
    gradient: Any,
    images: Any,
    scale: Any,
    found: Any,
    eps: float,
    inside: Any,
    scale_gradient: Any,
    shift_gradient: Any,
    begin: int,
    end: int,
) -> None:
    """The gradients of `normalise` for channels `begin` to `end`.

    Args:
        gradient: In the result [P, C, B].
        images: As they were given [P, C, B].
        scale: [C].
        found: As `normalise` left it.
        eps: As it was given.
        inside: Takes the gradient in the images [P, C, B].
        scale_gradient: Takes that in the scales [C].
        shift_gradient: Takes that in the shifts [C].
        begin: The first channel.
        end: The channel after the last.
    """
    pixels, _, examples = images.shape
    count = pixels * examples
    for channel in range(begin, end):
        mean = images.dtype.type(found[0, channel])
        total, product = 0.0, 0.0
        for pixel in range(pixels):
            here = _products(gradient[pixel, channel], images[pixel, channel], mean)
            total += here[0]
            product += here[1]
        inverse = 1 / (found[1, channel] / count + eps) ** 0.5
        scale_gradient[channel], shift_gradient[channel] = product * inverse, total
        factor = scale[channel] * inverse
        slope = images.dtype.type(-factor * inverse * inverse * product / count)
        level = images.dtype.type(-factor * total / count)
        weight = images.dtype.type(factor)
        for pixel in range(pixels):
            ahead, row = gradient[pixel, channel], images[pixel, channel]
            to = inside[pixel, channel]
            for b in range(examples):
                to[b] = ahead[b] * weight + (row[b] - mean) * slope + level

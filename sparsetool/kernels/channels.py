"""Vectors of WIDTH examples of one channel: what batch norm and its gradients do with them.

As in `vectors`, every function here is one instruction to numba; addresses are in bytes.
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import intrinsic

from .vectors import Code
from .ways import WIDTH


def _rectified(code: Code, made: Any, value: Any) -> Any:
    """`value` where what was `made` is above zero, or no number; else zero."""
    under = code.builder.fcmp_ordered("<=", made, code.zero)
    return code.builder.select(under, code.zero, value)


def _added(code: Code, address: Any, value: Any) -> None:
    code.store(code.builder.fadd(code.load(address), value), address)


@intrinsic
def moments(context: Any, images: Any, about: Any, sums: Any, squares: Any, like: Any) -> Any:
    """Add distances from a number, and their squares, to sums [WIDTH]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, WIDTH)
        images, about, sums, squares = arguments[:4]
        distance = builder.fsub(code.load(images), code.splat(about))
        _added(code, sums, distance)
        code.store(code.fma(distance, distance, code.load(squares)), squares)
        return context.get_dummy_value()

    whole = types.int64
    return types.void(whole, like.dtype, whole, whole, like), generate


def _normal(code: Code, numbers: Any, images: Any) -> tuple[Any, Any]:
    """Distances from the center, and (images - center) * factor + shift."""
    center, factor, shift = (code.splat(each) for each in numbers)
    distance = code.builder.fsub(code.load(images), center)
    return distance, code.fma(distance, factor, shift)


def normal(relu: bool, add: bool) -> Any:
    """A function of numba: out = relu((images - center) * factor + shift + other)."""

    @intrinsic
    def normalise(
        context: Any,
        images: Any,
        center: Any,
        factor: Any,
        shift: Any,
        other: Any,
        out: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            images, *numbers, other, out = arguments[:6]
            made = _normal(code, numbers, images)[1]
            if add:
                made = builder.fadd(made, code.load(other))
            code.store(_rectified(code, made, made) if relu else made, out)
            return context.get_dummy_value()

        whole, number = types.int64, like.dtype
        return types.void(whole, *[number] * 3, whole, whole, like), generate

    return normalise


def gradient(again: bool, after: bool) -> Any:
    """A function of numba: sums of gradients [WIDTH], and of their products with distances.

    Args:
        again: Whether they pass where normalised numbers are above zero alone.
        after: Whether they pass where what was made is, and what passes is written.
    """

    @intrinsic
    def add(
        context: Any,
        ahead: Any,
        images: Any,
        center: Any,
        factor: Any,
        shift: Any,
        made: Any,
        passed: Any,
        sums: Any,
        products: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            ahead, images, center, factor, shift, made, passed, sums, products = arguments[:9]
            distance, normal = _normal(code, (center, factor, shift), images)
            found = code.load(ahead)
            if again:
                found = _rectified(code, normal, found)
            elif after:
                found = _rectified(code, code.load(made), found)
                code.store(found, passed)
            _added(code, sums, found)
            code.store(code.fma(found, distance, code.load(products)), products)
            return context.get_dummy_value()

        whole, number = types.int64, like.dtype
        given = [whole] * 2 + [number] * 3 + [whole] * 4
        return types.void(*given, like), generate

    return add


def inner(again: bool) -> Any:
    """A function of numba: out = gradient * factor + (images - center) * slope + level."""

    @intrinsic
    def write(
        context: Any,
        ahead: Any,
        images: Any,
        center: Any,
        factor: Any,
        shift: Any,
        slope: Any,
        level: Any,
        out: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            ahead, images, center, factor, shift, slope, level, out = arguments[:8]
            distance, normal = _normal(code, (center, factor, shift), images)
            found = code.load(ahead)
            if again:
                found = _rectified(code, normal, found)
            rest = code.fma(distance, code.splat(slope), code.splat(level))
            code.store(code.fma(found, code.splat(factor), rest), out)
            return context.get_dummy_value()

        whole, number = types.int64, like.dtype
        return types.void(*[whole] * 2, *[number] * 5, whole, like), generate

    return write

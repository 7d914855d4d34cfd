"""Vectors of WIDTH examples of one channel: what batch norm and its gradients do with them.

As in `vectors`, every function here is one instruction to numba; addresses are in bytes.
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import intrinsic

from .vectors import LONG, Code
from .ways import WIDTH


def _passed(code: Code, made: Any, top: Any, value: Any) -> Any:
    """`value` where what was `made` is between zero and `top`, or no number; else zero."""
    builder = code.builder
    under = builder.fcmp_ordered("<=", made, code.zero)
    over = builder.fcmp_ordered(">=", made, code.splat(top))
    return builder.select(builder.or_(under, over), code.zero, value)


def _rectified(code: Code, made: Any, top: Any) -> Any:
    """What was `made`, at least zero and at most `top`, or no number."""
    builder, most = code.builder, code.splat(top)
    least = builder.select(builder.fcmp_ordered("<=", made, code.zero), code.zero, made)
    return builder.select(builder.fcmp_ordered(">", made, most), most, least)


def add_moments(code: Code, values: Any, about: Any, sums: Any, squares: Any) -> None:
    """Add distances of vectors from a number, and their squares, to vectors at addresses."""
    total, square, about = code.load(sums), code.load(squares), code.splat(about)
    for value in values:
        distance = code.builder.fsub(value, about)
        total = code.builder.fadd(total, distance)
        square = code.fma(distance, distance, square)
    code.store(total, sums)
    code.store(square, squares)


def add_passing(code: Code, pairs: Any, numbers: Any, top: Any, sums: Any, products: Any) -> None:
    """Add gradients, and their products with distances, to vectors at addresses.

    Args:
        code: Of a function.
        pairs: Gradients, and addresses of what batch norm was given.
        numbers: Its center, factor and shift.
        top: Where results are not above zero, or not below this, a gradient does not pass; unless
            this is None.
        sums: Address.
        products: Address.
    """
    total, product = code.load(sums), code.load(products)
    for value, images in pairs:
        distance, normal = _normal(code, numbers, images)
        found = value if top is None else _passed(code, normal, top, value)
        total = code.builder.fadd(total, found)
        product = code.fma(found, distance, product)
    code.store(total, sums)
    code.store(product, products)


@intrinsic
def moments(context: Any, images: Any, about: Any, sums: Any, squares: Any, like: Any) -> Any:
    """Add distances from a number, and their squares, to sums [WIDTH]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, WIDTH)
        images, about, sums, squares = arguments[:4]
        add_moments(code, [code.load(images)], about, sums, squares)
        return context.get_dummy_value()

    whole = types.int64
    return types.void(whole, like, whole, whole, like), generate


def _normal(code: Code, numbers: Any, images: Any) -> tuple[Any, Any]:
    """Distances from the center, and (images - center) * factor + shift."""
    center, factor, shift = (code.splat(each) for each in numbers)
    distance = code.builder.fsub(code.load(images), center)
    return distance, code.fma(distance, factor, shift)


def normal(relu: bool, add: bool) -> Any:
    """A function of numba: out = relu((images - center) * factor + shift + other) up to `top`."""

    @intrinsic
    def normalise(
        context: Any,
        images: Any,
        center: Any,
        factor: Any,
        shift: Any,
        other: Any,
        top: Any,
        out: Any,
        past: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            images, *numbers, other, top, out, past = arguments[:8]
            made = _normal(code, numbers, images)[1]
            if add:
                made = builder.fadd(made, code.load(other))
            code.write([_rectified(code, made, top) if relu else made], [out], past)
            return context.get_dummy_value()

        whole, number = types.int64, like
        given = whole, *[number] * 3, whole, number, whole, types.boolean
        return types.void(*given, like), generate

    return normalise


def _with(code: Code, address: Any, value: Any) -> Any:
    """`value` and the vector at an address, unless that is 0."""
    builder = code.builder
    before, add, done = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.cbranch(builder.icmp_signed("!=", address, LONG(0)), add, done)
    builder.position_at_end(add)
    added = builder.fadd(value, code.load(address))
    builder.branch(done)
    builder.position_at_end(done)
    return code.phi(code.vector, (value, before), (added, add))


def gradient(again: bool, after: bool) -> Any:
    """A function of numba: sums of gradients [WIDTH], and of their products with distances.

    Args:
        again: Whether they pass where normalised numbers are above zero, and below `top`, alone.
        after: Whether they pass where what was made is, and what passes is written; those of
            `other`, unless its address is 0, are added first.
    """

    @intrinsic
    def add(
        context: Any,
        ahead: Any,
        images: Any,
        center: Any,
        factor: Any,
        shift: Any,
        top: Any,
        other: Any,
        made: Any,
        passed: Any,
        past: Any,
        sums: Any,
        products: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            ahead, images, center, factor, shift, top, other, made, passed, past = arguments[:10]
            found = code.load(ahead)
            if after:
                found = _passed(code, code.load(made), top, _with(code, other, found))
                code.write([found], [passed], past)
            sums, products = arguments[10:12]
            rest = (center, factor, shift), top if again else None, sums, products
            add_passing(code, [(found, images)], *rest)
            return context.get_dummy_value()

        whole, number = types.int64, like
        given = [*[whole] * 2, *[number] * 4, *[whole] * 3, types.boolean, *[whole] * 2]
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
        top: Any,
        slope: Any,
        level: Any,
        out: Any,
        past: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, WIDTH)
            ahead, images, center, factor, shift, top, slope, level, out, past = arguments[:10]
            distance, normal = _normal(code, (center, factor, shift), images)
            found = code.load(ahead)
            if again:
                found = _passed(code, normal, top, found)
            rest = code.fma(distance, code.splat(slope), code.splat(level))
            code.write([code.fma(found, code.splat(factor), rest)], [out], past)
            return context.get_dummy_value()

        whole, number = types.int64, like
        return types.void(*[whole] * 2, *[number] * 6, whole, types.boolean, like), generate

    return write

"""What kept weights do with vectors of neighbouring pixels: products, and their gradients.

As in `vectors`, every function here is one instruction to numba; addresses are in bytes.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .around import MEASURE, NOTHING, PASS_AGAIN
from .channels import add_moments, add_passing
from .vectors import LANES, LONG, Code
from .ways import WIDTH


def product(pixels: int, after: int = NOTHING) -> Any:
    """A function of numba: one output channel of `pixels` x WIDTH numbers.

    out[p] = (start if fresh else out[p]) + sum over k of values[k] * given[offsets[k]][p], one
    after another in the order of k; written past the caches on request.

    Args:
        pixels: Neighbours.
        after: What is added up of the results, see `around`: for MEASURE distances from
            `center` and their squares, to `sums` and `products` [WIDTH]; for PASS results and their
            products with distances of what is at `other`, `beside` pixel by pixel; for PASS_AGAIN
            where that passes a ReLU alone.
    """

    @intrinsic
    def multiply(
        context: Any,
        out: Any,
        out_step: Any,
        given: Any,
        step: Any,
        offsets: Any,
        values: Any,
        count: Any,
        fresh: Any,
        start: Any,
        past: Any,
        other: Any,
        center: Any,
        factor: Any,
        shift: Any,
        top: Any,
        sums: Any,
        products: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            (out, out_step), past = arguments[:2], arguments[9]
            other, center, factor, shift, top, total, products = arguments[10:17]
            code = Code(builder, like, WIDTH)
            results = code.spots(out, out_step, pixels)
            last = _multiplied(code, pixels, results, arguments[2:9])
            if after == MEASURE:
                add_moments(code, last, center, total, products)
            elif after != NOTHING:
                beside = code.spots(other, out_step, pixels)
                norm, again = (center, factor, shift), after == PASS_AGAIN
                pairs = zip(last, beside, strict=True)
                add_passing(code, pairs, norm, top if again else None, total, products)
            code.write(last, results, past)
            return context.get_dummy_value()

        whole, value = types.int64, like
        given = *[whole] * 7, types.boolean, value, types.boolean
        more = whole, *[value] * 4, whole, whole
        return types.void(*given, *more, like), generate

    return multiply


def _multiplied(code: Code, pixels: int, results: list[Any], arguments: Any) -> list[Any]:
    """Vectors of the results, at the end of a loop over weights; `arguments` of `multiply`."""
    given, step, offsets, values, count, fresh, start = arguments
    builder, begun = code.builder, code.splat(start)
    entry = builder.block
    read, head = builder.append_basic_block(), builder.append_basic_block()
    body, done = builder.append_basic_block(), builder.append_basic_block()
    builder.cbranch(fresh, head, read)
    builder.position_at_end(read)
    held = [code.load(each) for each in results]
    builder.branch(head)
    builder.position_at_end(head)
    first = [code.phi(code.vector, (begun, entry), (each, read)) for each in held]
    builder.cbranch(builder.icmp_signed(">", count, ir.Constant(LONG, 0)), body, done)
    builder.position_at_end(body)
    number = code.phi(LONG, (ir.Constant(LONG, 0), head))
    sums = [code.phi(code.vector, (each, head)) for each in first]
    place = builder.add(given, code.offset(offsets, number))
    value = builder.load(code.at(values, code.number, number), align=code.size)
    weight = code.splat(value)
    found = [code.load(each) for each in code.spots(place, step, pixels)]
    added = [code.fma(weight, *each) for each in zip(found, sums, strict=True)]
    for node, each in zip(sums, added, strict=True):
        node.add_incoming(each, body)
    code.next(number, count, body, done)
    builder.position_at_end(done)
    pairs = zip(first, added, strict=True)
    return [code.phi(code.vector, (a, head), (b, body)) for a, b in pairs]


def correlation(pixels: int) -> Any:
    """A function of numba: what `pixels` x WIDTH of one channel's gradient give each weight.

    sums[k] += gradient[p, v] * given[offsets[k]][p, v], for every k LANES sums side by side.
    """

    @intrinsic
    def correlate(
        context: Any,
        sums: Any,
        gradient: Any,
        gradient_step: Any,
        given: Any,
        step: Any,
        offsets: Any,
        count: Any,
        like: Any,
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            sums, gradient, gradient_step, given, step, offsets, count = arguments[:7]
            code = Code(builder, like, LANES)
            places = code.spots(gradient, gradient_step, pixels)
            held = [code.load(each) for each in places]
            head = builder.block
            body, done = builder.append_basic_block(), builder.append_basic_block()
            builder.cbranch(builder.icmp_signed(">", count, ir.Constant(LONG, 0)), body, done)
            builder.position_at_end(body)
            number = code.phi(LONG, (ir.Constant(LONG, 0), head))
            place = builder.add(given, code.offset(offsets, number))
            total = code.at(sums, code.vector, number)
            added = builder.load(total, align=code.size)
            found = code.spots(place, step, pixels)
            for each, address in zip(held, found, strict=True):
                added = code.fma(each, code.load(address), added)
            builder.store(added, total, align=code.size)
            code.next(number, count, body, done)
            builder.position_at_end(done)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 7, like), generate

    return correlate

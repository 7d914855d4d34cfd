"""Vectors of many numbers for numba: loads, fused multiply-adds and sums, as LLVM has them.

LLVM cuts a vector into the registers that a processor has (AVX2, AVX-512, NEON). What numba would
compile from plain loops keeps its sums in memory; here a whole inner loop over kept weights is one
instruction to numba, see `weights`, and its sums stay in registers.

Addresses and steps are in bytes. `like` is any number of the type of the numbers, float32 or
float64. The loops are given addresses in place of arrays: every view of an array that numba makes
is counted, by instructions that other processors must not see half done.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .ways import WIDTH

LONG, INT = ir.IntType(64), ir.IntType(32)
# Numbers in the vectors of a sum: as many as a register holds, of float32.
LANES = 16 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 8


class Code:
    """Writes the instructions of one function.

    Args:
        builder: Of numba's function.
        like: numba's type of `like`.
        lanes: Numbers in a vector.
    """

    def __init__(self, builder: Any, like: Any, lanes: int) -> None:
        self.builder, self.lanes = builder, lanes
        double = like == types.float64
        self.size = 8 if double else 4
        self.number = ir.DoubleType() if double else ir.FloatType()
        self.vector = ir.VectorType(self.number, lanes)
        self.zero = ir.Constant(self.vector, [0.0] * lanes)
        name = f"llvm.fma.v{lanes}f{8 * self.size}"
        signature = ir.FunctionType(self.vector, [self.vector] * 3)
        self._fma = cgutils.get_or_insert_function(builder.module, signature, name)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        return self.builder.call(self._fma, [a, b, c])

    def at(self, address: Any, kind: Any, index: Any = None) -> Any:
        pointer = self.builder.inttoptr(address, kind.as_pointer())
        return pointer if index is None else self.builder.gep(pointer, [index])

    def load(self, address: Any) -> Any:
        return self.builder.load(self.at(address, self.vector), align=self.size)

    def store(self, value: Any, address: Any) -> None:
        self.builder.store(value, self.at(address, self.vector), align=self.size)

    def write(self, values: list[Any], addresses: list[Any], past: Any) -> None:
        """Store results; where `past`, past the caches, at multiples of 64."""
        pairs = list(zip(values, addresses, strict=True))
        with self.builder.if_else(past) as (then, otherwise):
            with then:
                for value, address in pairs:
                    stored = self.builder.store(value, self.at(address, self.vector), align=64)
                    hint = self.builder.module.add_metadata([INT(1)])
                    stored.set_metadata("nontemporal", hint)
            with otherwise:
                for pair in pairs:
                    self.store(*pair)

    def splat(self, number: Any) -> Any:
        unset = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(unset, number, ir.Constant(INT, 0))
        places = ir.Constant(ir.VectorType(INT, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, unset, places)

    def spots(self, base: Any, step: Any, pixels: int) -> list[Any]:
        """Addresses of the vectors of neighbouring pixels, WIDTH numbers each, `step` apart."""
        found = []
        for pixel in range(pixels):
            start = self.builder.add(base, self.builder.mul(step, ir.Constant(LONG, pixel)))
            for number in range(0, WIDTH, self.lanes):
                offset = ir.Constant(LONG, number * self.size)
                found.append(self.builder.add(start, offset))
        return found

    def phi(self, kind: Any, *incoming: tuple[Any, Any]) -> Any:
        node = self.builder.phi(kind)
        for value, block in incoming:
            node.add_incoming(value, block)
        return node

    def next(self, number: Any, count: Any, body: Any, done: Any) -> None:
        """The end of a loop's body."""
        after = self.builder.add(number, ir.Constant(LONG, 1))
        number.add_incoming(after, body)
        self.builder.cbranch(self.builder.icmp_signed("<", after, count), body, done)

    def offset(self, offsets: Any, index: Any) -> Any:
        found = self.builder.load(self.at(offsets, INT, index), align=4)
        return self.builder.sext(found, LONG)


@intrinsic
def copy(context: Any, to: Any, source: Any, like: Any) -> Any:
    """Copy WIDTH numbers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, WIDTH)
        code.store(code.load(arguments[1]), arguments[0])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, like), generate


def _clear(lanes: int) -> Any:
    """A function of numba: write `lanes` zeros."""

    @intrinsic
    def clear(context: Any, to: Any, like: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            code = Code(builder, like, lanes)
            code.store(code.zero, arguments[0])
            return context.get_dummy_value()

        return types.void(types.int64, like), generate

    return clear


clear, clear_lanes, clear_one = _clear(WIDTH), _clear(LANES), _clear(1)


@intrinsic
def number(context: Any, source: Any, like: Any) -> Any:
    """One number."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, 1)
        return builder.load(code.at(arguments[0], code.number), align=code.size)

    return like(types.int64, like), generate


@intrinsic
def whole(context: Any, source: Any, index: Any) -> Any:
    """One of many whole numbers, int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], LONG.as_pointer())
        return builder.load(builder.gep(pointer, [arguments[1]]), align=8)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def put(context: Any, value: Any, to: Any, like: Any) -> Any:
    """Write one number."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, 1)
        builder.store(arguments[0], code.at(arguments[1], code.number), align=code.size)
        return context.get_dummy_value()

    return types.void(like, types.int64, like), generate


@intrinsic
def add_total(context: Any, source: Any, to: Any, like: Any) -> Any:
    """Add the sum of LANES numbers, one after another, to a number, float64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = Code(builder, like, LANES)
        vector = code.load(arguments[0])
        parts = [builder.extract_element(vector, ir.Constant(INT, n)) for n in range(LANES)]
        found = parts[0]
        for part in parts[1:]:
            found = builder.fadd(found, part)
        if like != types.float64:
            found = builder.fpext(found, ir.DoubleType())
        place = code.at(arguments[1], ir.DoubleType())
        builder.store(builder.fadd(builder.load(place, align=8), found), place, align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, like), generate
